"""Commands of people and programs, and their answers."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from uuid import UUID

from eligibility.domain.authorization import Outcome as AuthorizationOutcome
from eligibility.domain.directory import BillingEntity, Clinic, Enrollment, Payer, PriceList, Provider
from eligibility.domain.facts import ChargeSent, DiagnosisSent, Gap, Reading, Refusal, Source
from eligibility.domain.people import Person
from revcycle_kit.delivery.messages import Command
from revcycle_kit.values import Value


class ReceiveMessage(Command, frozen=True, kw_only=True):
    """
    Take a message of an EHR: kept before it is acknowledged.

    `released`: use it although its control id came before with other content.
    """

    organization_id: UUID
    raw: bytes
    reading: Reading
    source: Source
    released: bool = False


class ReplayMessage(Command, frozen=True, kw_only=True):
    """Use a kept message again, as it is read now."""

    message_id: UUID
    reading: Reading


class ReceiptOutcome(StrEnum):
    """The fate of a message, as its sender is told."""

    ACCEPTED = "accepted"
    HELD = "held"
    REFUSED = "refused"
    REPEATED = "repeated"


class Receipt(Value, kw_only=True):
    """The receipt of a message: its outcome, and what it lacks."""

    message_id: UUID
    outcome: ReceiptOutcome
    facts: int = 0
    encounter_ids: tuple[UUID, ...] = ()
    gaps: tuple[Gap, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()


class EnterClinic(Command, frozen=True, kw_only=True):
    """Enter or change a clinic."""

    clinic: Clinic


class EnterBillingEntity(Command, frozen=True, kw_only=True):
    """Enter or change a payee."""

    billing_entity: BillingEntity


class EnterProvider(Command, frozen=True, kw_only=True):
    """Enter or change a clinician."""

    provider: Provider


class EnterPayer(Command, frozen=True, kw_only=True):
    """Enter or change a payer."""

    payer: Payer


class EnterEnrollment(Command, frozen=True, kw_only=True):
    """Enter or change an enrollment."""

    enrollment: Enrollment


class EnterPrices(Command, frozen=True, kw_only=True):
    """Enter the prices a clinic estimates with."""

    prices: PriceList


class Entered(Value, kw_only=True):
    """The id of a directory entry, and whether it differs from what was known."""

    id: UUID
    changed: bool


class CoverageInput(Value, kw_only=True):
    """A coverage as a person at the desk enters it; None keeps what is known."""

    payer_id: UUID | None = None
    member_id: str | None = None
    group_number: str | None = None
    relationship: str | None = None
    subscriber: Person | None = None
    begins_on: date | None = None
    ends_on: date | None = None


class AddCoverage(Command, frozen=True, kw_only=True):
    """Add a coverage that the patient presented."""

    given: CoverageInput
    first: bool = False
    """True: it pays before those already known, unless a rule says otherwise."""


class CorrectCoverage(Command, frozen=True, kw_only=True):
    """Correct a coverage."""

    coverage_id: UUID
    given: CoverageInput


class RemoveCoverage(Command, frozen=True, kw_only=True):
    """Take a coverage off the encounter: it is not the patient's, or has ended."""

    coverage_id: UUID


class CorrectPatient(Command, frozen=True, kw_only=True):
    """Correct who the patient or the guarantor is."""

    patient: Person | None = None
    guarantor: Person | None = None


class VerifyCoverage(Command, frozen=True, kw_only=True):
    """Ask the payer now."""

    coverage_id: UUID | None = None
    """None: every coverage."""


class RequestAuthorization(Command, frozen=True, kw_only=True):
    """Ask a payer for an authorization; after the service it is a retroactive one."""

    coverage_id: UUID | None = None
    codes: tuple[str, ...]
    expedited: bool = False


class RecordAuthorization(Command, frozen=True, kw_only=True):
    """Record what a payer decided by telephone, portal or letter."""

    authorization_id: UUID | None = None
    """None: one that was never asked for through this system."""
    coverage_id: UUID | None = None
    codes: tuple[str, ...] = ()
    outcome: AuthorizationOutcome
    number: str = ""
    units: Decimal | None = None
    valid_from_on: date | None = None
    valid_to_on: date | None = None
    reason: str = ""


class PrepareEstimate(Command, frozen=True, kw_only=True):
    """Estimate what the patient will owe for these services; `requested`: the patient asked for it."""

    codes: tuple[str, ...]
    requested: bool = False


class SignNotice(Command, frozen=True, kw_only=True):
    """Record a notice that the patient signed."""

    kind: Literal["abn", "assignment_of_benefits", "release_of_information", "financial_responsibility"]
    codes: tuple[str, ...] = ()
    signed_on: date


class ElectSelfPay(Command, frozen=True, kw_only=True):
    """The patient pays cash and forbids disclosure to the plan (45 CFR 164.522)."""

    elected_on: date


class AddCharges(Command, frozen=True, kw_only=True):
    """Hand over charges by hand, for an encounter already registered."""

    lines: tuple[ChargeSent, ...]
    diagnoses: tuple[DiagnosisSent, ...] = ()
    complete: bool = True
    reference: str


class FinishEncounter(Command, frozen=True, kw_only=True):
    """The visit ended, as the desk says."""


class CancelEncounter(Command, frozen=True, kw_only=True):
    """The visit did not take place."""

    reason: Literal["cancelled", "no_show", "entered_in_error"] = "cancelled"


class Done(Value, kw_only=True):
    """The answer to a command: the thing that it concerns."""

    id: UUID
    state: str = ""

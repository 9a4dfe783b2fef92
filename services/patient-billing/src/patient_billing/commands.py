"""What people and programs may ask of patient billing, as values."""

from datetime import date
from uuid import UUID

import msgspec

from patient_billing.domain.holds import DisputeKind, HoldReason, Outcome
from patient_billing.domain.ledger import WriteOffClass
from patient_billing.domain.payment import Method, Purpose
from patient_billing.domain.policy import BillingPolicy
from revcycle_kit.delivery.messages import Command
from revcycle_kit.money import ZERO, Cents


class AccountState(msgspec.Struct, frozen=True, kw_only=True):
    """What a command on an account answers: where the account stands, and the id of what was made."""

    account_id: UUID
    created_id: UUID | None
    due_cents: Cents
    credit_cents: Cents
    unapplied_cents: Cents
    held: bool
    settled: bool


class EncounterRef(msgspec.Struct, frozen=True, kw_only=True):
    """An encounter as the edge found it: enough to give a prepayment a home."""

    encounter_id: UUID
    clinic_id: UUID
    guarantor_id: UUID
    service_on: date


class TakePayment(Command, frozen=True, kw_only=True):
    """Take money from or for the patient; the account is opened if this is the first that is heard of it."""

    amount_cents: Cents
    method: Method
    purpose: Purpose
    received_on: date | None = None
    encounter: EncounterRef | None = None
    reference: str = ""
    asked_for: tuple[UUID, ...] = ()
    """The encounters of the statement that it answers, as the edge read them."""


class ReturnPayment(Command, frozen=True, kw_only=True):
    """A payment bounced or was charged back."""

    payment_id: UUID
    reason: str


class TakeRecovery(Command, frozen=True, kw_only=True):
    """An agency collected; `fee_cents` is what it kept, None for its agreed rate."""

    placement_id: UUID
    amount_cents: Cents
    fee_cents: Cents | None = None
    received_on: date | None = None
    reference: str = ""


class RefundCredit(Command, frozen=True, kw_only=True):
    """Send a credit back to the guarantor now."""

    encounter_id: UUID
    amount_cents: Cents


class WriteOff(Command, frozen=True, kw_only=True):
    """Give up part or all of what an encounter owes; the tier was checked at the edge."""

    encounter_id: UUID
    write_off_class: WriteOffClass
    amount_cents: Cents


class StartPlan(Command, frozen=True, kw_only=True):
    """Agree on monthly installments over everything due, or over the encounters named."""

    installments: int
    first_due_on: date
    autopay: bool = False
    encounter_ids: tuple[UUID, ...] = ()


class CancelPlan(Command, frozen=True, kw_only=True):
    """End the running plan by agreement."""


class PlaceHold(Command, frozen=True, kw_only=True):
    """Stop asking."""

    reason: HoldReason


class LiftHold(Command, frozen=True, kw_only=True):
    """Ask again."""

    reason: HoldReason


class OpenDispute(Command, frozen=True, kw_only=True):
    """The guarantor disputes a balance."""

    encounter_id: UUID
    kind: DisputeKind
    amount_cents: Cents


class ResolveDispute(Command, frozen=True, kw_only=True):
    """Decide a dispute."""

    dispute_id: UUID
    outcome: Outcome
    adjusted_cents: Cents = ZERO


class ApplyForAssistance(Command, frozen=True, kw_only=True):
    """The guarantor applies for financial assistance."""


class DecideAssistance(Command, frozen=True, kw_only=True):
    """Decide an application; 10000 basis points forgive everything."""

    application_id: UUID
    percent_basis_points: int


class PlaceWithAgency(Command, frozen=True, kw_only=True):
    """Let an agency collect in the provider's name."""

    encounter_ids: tuple[UUID, ...]


class RecallPlacement(Command, frozen=True, kw_only=True):
    """Take balances back from the agency."""

    placement_id: UUID


class SetContactPreference(Command, frozen=True, kw_only=True):
    """What the guarantor allows: e-mail until opted out, text messages with consent."""

    email_opted_out: bool
    sms_consented: bool


class PresentInsurance(Command, frozen=True, kw_only=True):
    """On the encounter's stream: the patient showed a coverage after the bill."""

    payer_name: str


class SetPolicy(Command, frozen=True, kw_only=True):
    """On the rules' stream: state how patients are billed from a day on."""

    billing_entity_id: UUID
    policy: BillingPolicy


class ClosePeriod(Command, frozen=True, kw_only=True):
    """On the period's stream: close the books through the end of a month."""

    organization_id: UUID
    period: str

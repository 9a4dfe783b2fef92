"""What denials tells itself, asks of its partner, and is asked by people."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from denials.domain.appeal import AppealOutcome
from denials.domain.policy import Category, Correction
from denials.domain.write_off import WriteOffClass
from denials.published import Change
from revcycle_kit.delivery.messages import Command, Effect, Local, Timer
from revcycle_kit.money import Cents
from revcycle_kit.values import Value


class RefusalSeen(Local, frozen=True, kw_only=True):
    """A refusal that could have been prevented: told to its pattern."""

    case_id: UUID
    organization_id: UUID
    payer_id: UUID
    carc: str
    codes: tuple[str, ...]
    category: Category
    on: date


class PaymentOverdue(Timer, frozen=True, kw_only=True):
    """The payer promised to pay, and the day has passed."""

    appeal_id: UUID


class Cover(Value, kw_only=True):
    """The cover sheet of a letter: what the payer's mail room needs; no person is named."""

    appeal_id: UUID
    clinic_id: UUID
    encounter_id: UUID
    payer_code: str
    patient_control_number: str
    payer_claim_control_number: str
    level: int
    level_name: str
    amount_cents: Cents
    refused: tuple[str, ...]
    """`line 2: CO-197` for each amount appealed."""
    filed_on: date
    letter_sha256: str


class LetterSent(Value, kw_only=True):
    """The partner took the letter."""

    letter_sha256: str


class SendLetter(Effect[LetterSent], frozen=True, kw_only=True):
    """A letter on its way to a payer: it names the patient, so it rests sealed."""

    SEALED: ClassVar[bool] = True
    appeal_id: UUID
    letter_pdf: bytes
    cover: Cover


class AssignDenial(Command, frozen=True, kw_only=True):
    """Somebody takes a denial, or gives it back to the pool (empty)."""

    denial_id: UUID
    assignee: str


class RequestCorrection(Command, frozen=True, kw_only=True):
    """The claim is to be sent again, with these changes."""

    denial_ids: tuple[UUID, ...]
    changes: tuple[Change, ...] = ()
    method: Correction | None = None
    """None: the payer's own method."""
    by: str


class FileAppeal(Command, frozen=True, kw_only=True):
    """A letter is to be written and sent about these denials."""

    denial_ids: tuple[UUID, ...]
    argument: str = ""
    enclosures: tuple[str, ...] = ()
    signed_by: str
    late_reason: str = ""
    by: str


class RecordDecision(Command, frozen=True, kw_only=True):
    """The payer answered an appeal."""

    appeal_id: UUID
    outcome: AppealOutcome
    decided_on: date
    expected_cents: Cents | None = None
    """What the payer said it will pay; None: not said."""
    payment_due_by: date | None = None
    """By when the payer said it will pay; None: not said."""
    upheld_denial_ids: tuple[UUID, ...] = ()
    """Where only a part was overturned: the refusals that stand."""


class WriteOffDenial(Command, frozen=True, kw_only=True):
    """An amount is to be given up."""

    denial_id: UUID
    write_off_class: WriteOffClass | None = None
    expected_allowed_cents: Cents | None = None
    """Where no contract price is known and a person knows better."""
    by: str
    roles: tuple[str, ...]


class AcceptDenial(Command, frozen=True, kw_only=True):
    """The refusal was right: nothing was ever to be paid."""

    denial_id: UUID
    by: str
    roles: tuple[str, ...]


class BillPatient(Command, frozen=True, kw_only=True):
    """The refusal stands and the patient owes the amount."""

    denial_id: UUID


class ResumeDenial(Command, frozen=True, kw_only=True):
    """The correction or the promised payment came to nothing: the work comes back."""

    denial_id: UUID


class ActivateRule(Command, frozen=True, kw_only=True):
    """Claims are to be held by a prevention rule."""

    rule_id: UUID
    by: str


class RetireRule(Command, frozen=True, kw_only=True):
    """A prevention rule is to hold no claims any more."""

    rule_id: UUID
    by: str


class Done(Value, kw_only=True):
    """What a deed on a denial leaves behind."""

    denial_id: UUID
    state: Literal["open", "working", "corrected", "appealed", "overturned", "upheld", "resolved"]
    act_by: date


class Corrected(Value, kw_only=True):
    """What a request for correction answers."""

    claim_id: UUID
    method: Correction
    denial_ids: tuple[UUID, ...]


class Filed(Value, kw_only=True):
    """What filing an appeal answers."""

    appeal_id: UUID
    level: int
    level_name: str
    letter_sha256: str
    filed_on: date
    decision_due_by: date


class Decided(Value, kw_only=True):
    """What recording a decision answers."""

    appeal_id: UUID
    outcome: AppealOutcome
    payment_due_by: date | None


class GivenUp(Value, kw_only=True):
    """What a write-off or an acceptance answers."""

    denial_id: UUID
    tier: str
    adjustment_cents: Cents
    write_off_cents: Cents
    approved_at: datetime


class RuleDecided(Value, kw_only=True):
    """What deciding on a rule answers."""

    rule_id: UUID
    state: str

"""What an account announces: one value for each event of the account stream, with the event's own fields."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from patient_billing.domain.contact import Channel
from patient_billing.domain.dispute import Outcome
from patient_billing.domain.hold import HoldReason
from patient_billing.domain.payment import Method, Payment, Purpose
from revcycle_kit.money import Cents


@dataclass(frozen=True, slots=True)
class StatementIssued:
    """A statement went to the guarantor."""

    statement_id: UUID
    encounter_ids: tuple[UUID, ...]
    balance_cents: Cents
    number: int
    issued_on: date
    due_by: date


@dataclass(frozen=True, slots=True)
class PatientPaymentReceived:
    """Money came in."""

    payment_id: UUID
    amount_cents: Cents
    method: Method
    purpose: Purpose
    encounter_id: UUID | None
    received_on: date


@dataclass(frozen=True, slots=True)
class PaymentReturned:
    """A payment bounced or was charged back."""

    payment_id: UUID
    amount_cents: Cents
    reason: str
    returned_on: date


@dataclass(frozen=True, slots=True)
class PaymentPlanStarted:
    """The guarantor pays in installments."""

    plan_id: UUID
    installments_cents: tuple[Cents, ...]
    first_due_on: date


@dataclass(frozen=True, slots=True)
class PaymentPlanMissed:
    """An installment was not paid when due."""

    plan_id: UUID
    installment: int
    amount_cents: Cents
    due_on: date


@dataclass(frozen=True, slots=True)
class PaymentPlanCompleted:
    """All installments are paid."""

    plan_id: UUID
    completed_on: date


@dataclass(frozen=True, slots=True)
class ReminderSent:
    """The guarantor was reminded."""

    channel: Channel
    number: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class AccountHeld:
    """A hold was placed or lifted."""

    reason: HoldReason
    held: bool
    since: date


@dataclass(frozen=True, slots=True)
class DisputeOpened:
    """The guarantor disputes a balance."""

    dispute_id: UUID
    encounter_id: UUID
    amount_cents: Cents
    opened_on: date


@dataclass(frozen=True, slots=True)
class DisputeResolved:
    """The dispute was decided."""

    dispute_id: UUID
    encounter_id: UUID
    outcome: Outcome
    adjusted_cents: Cents
    resolved_on: date


@dataclass(frozen=True, slots=True)
class AssistanceDecided:
    """An application for financial assistance was decided."""

    percent_basis_points: int
    decided_on: date


@dataclass(frozen=True, slots=True)
class AccountPlacedWithAgency:
    """Balances went to an agency."""

    placement_id: UUID
    kind: Literal["early_out", "bad_debt"]
    amount_cents: Cents
    agency: str
    placed_on: date


@dataclass(frozen=True, slots=True)
class AccountSettled:
    """Nothing is open on the account."""

    settled_on: date


Fact = (
    StatementIssued
    | PatientPaymentReceived
    | PaymentReturned
    | PaymentPlanStarted
    | PaymentPlanMissed
    | PaymentPlanCompleted
    | ReminderSent
    | AccountHeld
    | DisputeOpened
    | DisputeResolved
    | AssistanceDecided
    | AccountPlacedWithAgency
    | AccountSettled
)


def payment_received(payment: Payment) -> PatientPaymentReceived:
    """Return the fact that a payment came in."""
    return PatientPaymentReceived(
        payment.payment_id,
        payment.amount_cents,
        payment.method,
        payment.purpose,
        payment.encounter_id,
        payment.received_on,
    )

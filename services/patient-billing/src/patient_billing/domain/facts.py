"""What an account announces: one value for each event of the account stream, with the event's own fields."""

from datetime import date, datetime
from uuid import UUID

from patient_billing.domain.contact import Channel
from patient_billing.domain.dispute import DisputeOutcome
from patient_billing.domain.hold import HoldReason
from patient_billing.domain.payment import Payment, PaymentMethod, PaymentPurpose
from patient_billing.domain.placement import PlacementKind
from revcycle_kit.money import Cents
from revcycle_kit.values import Value


class StatementIssued(Value):
    """A statement went to the guarantor."""

    statement_id: UUID
    encounter_ids: tuple[UUID, ...]
    balance_cents: Cents
    number: int
    issued_on: date
    due_by: date


class PatientPaymentReceived(Value):
    """Money came in."""

    payment_id: UUID
    amount_cents: Cents
    method: PaymentMethod
    purpose: PaymentPurpose
    encounter_id: UUID | None
    received_on: date


class PaymentReturned(Value):
    """A payment bounced or was charged back."""

    payment_id: UUID
    amount_cents: Cents
    reason: str
    returned_on: date


class PaymentPlanStarted(Value):
    """The guarantor pays in installments."""

    plan_id: UUID
    installments_cents: tuple[Cents, ...]
    first_due_on: date


class PaymentPlanMissed(Value):
    """An installment was not paid when due."""

    plan_id: UUID
    installment: int
    amount_cents: Cents
    due_on: date


class PaymentPlanCompleted(Value):
    """All installments are paid."""

    plan_id: UUID
    completed_on: date


class ReminderSent(Value):
    """The guarantor was reminded."""

    channel: Channel
    number: int
    sent_at: datetime


class AccountHeld(Value):
    """A hold was placed or lifted."""

    reason: HoldReason
    held: bool
    since: date


class DisputeOpened(Value):
    """The guarantor disputes a balance."""

    dispute_id: UUID
    encounter_id: UUID
    amount_cents: Cents
    opened_on: date


class DisputeResolved(Value):
    """The dispute was decided."""

    dispute_id: UUID
    encounter_id: UUID
    outcome: DisputeOutcome
    adjusted_cents: Cents
    resolved_on: date


class AssistanceDecided(Value):
    """An application for financial assistance was decided."""

    percent_basis_points: int
    decided_on: date


class AccountPlacedWithAgency(Value):
    """Balances went to an agency."""

    placement_id: UUID
    kind: PlacementKind
    amount_cents: Cents
    agency: str
    placed_on: date


class AccountSettled(Value):
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

"""The events that patient-billing promises: what the patient was billed, paid, promised and was forgiven."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from revcycle_kit.events import Published


class Account(Published, frozen=True, kw_only=True):
    """A fact about a patient account: guarantor × billing entity."""

    STREAM: ClassVar[str] = "account"
    TENANT: ClassVar[str] = "billing_entity"
    account_id: UUID
    billing_entity_id: UUID


class StatementIssued(Account, frozen=True, kw_only=True):
    """A statement went to the guarantor."""

    statement_id: UUID
    encounter_ids: tuple[UUID, ...]
    balance_cents: int
    number: int
    """1 for the first of a dunning cycle."""
    issued_on: date
    due_by: date


class PatientPaymentReceived(Account, frozen=True, kw_only=True):
    """Money came in from or for the patient; unapplied until it is applied."""

    payment_id: UUID
    amount_cents: int
    method: Literal["card", "check", "cash", "ach", "agency", "other"]
    purpose: Literal["copay", "prepayment", "balance", "plan", "recovery"]
    encounter_id: UUID | None
    received_on: date


class PaymentReturned(Account, frozen=True, kw_only=True):
    """A payment bounced or was charged back."""

    payment_id: UUID
    amount_cents: int
    reason: str
    returned_on: date


class PaymentPlanStarted(Account, frozen=True, kw_only=True):
    """The guarantor pays in installments."""

    plan_id: UUID
    installments_cents: tuple[int, ...]
    first_due_on: date


class PaymentPlanMissed(Account, frozen=True, kw_only=True):
    """An installment was not paid when due."""

    plan_id: UUID
    installment: int
    amount_cents: int
    due_on: date


class PaymentPlanCompleted(Account, frozen=True, kw_only=True):
    """All installments are paid."""

    plan_id: UUID
    completed_on: date


class ReminderSent(Account, frozen=True, kw_only=True):
    """The guarantor was reminded."""

    channel: Literal["mail", "email", "sms"]
    number: int
    sent_at: datetime


class EffectGivenUp(Account, frozen=True, kw_only=True):
    """A statement or a reminder did not reach the mail vendor, and is not sent again by itself."""

    document_id: UUID
    effect: Literal["send_statement", "send_reminder"]
    reason: str
    in_doubt: bool
    """The vendor may have it."""
    attempts: int
    given_up_at: datetime


class AccountHeld(Account, frozen=True, kw_only=True):
    """Statements, reminders and placement stop."""

    reason: Literal["bankruptcy", "deceased", "dispute", "ppdr", "assistance_pending"]
    held: bool
    """False: the hold was lifted."""
    since: date


class DisputeOpened(Account, frozen=True, kw_only=True):
    """The guarantor disputes a balance."""

    dispute_id: UUID
    encounter_id: UUID
    amount_cents: int
    opened_on: date


class DisputeResolved(Account, frozen=True, kw_only=True):
    """The dispute was decided."""

    dispute_id: UUID
    encounter_id: UUID
    outcome: Literal["upheld", "adjusted", "withdrawn"]
    adjusted_cents: int
    resolved_on: date


class AssistanceDecided(Account, frozen=True, kw_only=True):
    """An application for financial assistance was decided."""

    percent_basis_points: int
    decided_on: date


class AccountPlacedWithAgency(Account, frozen=True, kw_only=True):
    """The account went to a collection agency."""

    placement_id: UUID
    kind: Literal["early_out", "bad_debt"]
    amount_cents: int
    agency: str
    placed_on: date


class AccountSettled(Account, frozen=True, kw_only=True):
    """Nothing is open on the account."""

    settled_on: date


class PatientPaymentApplied(Published, frozen=True, kw_only=True):
    """Money of a payment was applied to an encounter."""

    encounter_id: UUID
    account_id: UUID
    payment_id: UUID
    amount_cents: int
    """Negative: taken back from the encounter."""
    received_on: date
    applied_on: date


class InsurancePresented(Published, frozen=True, kw_only=True):
    """The patient showed a coverage after the bill."""

    encounter_id: UUID
    account_id: UUID
    payer_name: str
    presented_on: date


class RefundIssued(Published, frozen=True, kw_only=True):
    """Money went back to the guarantor."""

    encounter_id: UUID
    account_id: UUID
    refund_id: UUID
    amount_cents: int
    issued_on: date


class PatientWrittenOff(Published, frozen=True, kw_only=True):
    """A patient balance was given up."""

    encounter_id: UUID
    account_id: UUID
    write_off_class: Literal["bad_debt", "charity", "small_balance", "administrative", "self_pay_discount", "courtesy"]
    amount_cents: int
    """Negative: owed again, because less was due, an agency collected, or the class changed."""
    posted_on: date


class RecoveryReceived(Published, frozen=True, kw_only=True):
    """An agency collected on what had been written off."""

    encounter_id: UUID
    account_id: UUID
    amount_cents: int
    """Negative: the agency took it back."""
    fee_cents: int
    """The agency's share: an expense, outside the encounter."""
    received_on: date


class LedgerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One double entry: the same cents on two accounts."""

    debit: str
    credit: str
    amount_cents: int
    """Always positive; a correction swaps the accounts."""
    service_on: date
    posted_on: date


class LedgerPosted(Published, frozen=True, kw_only=True):
    """
    Entries of the patient ledger, for one encounter.

    Accounts: `receivable.patient`, `transfer.insurance` (what claims transferred), `unapplied.patient`,
    `adjustment.self_pay_discount`, `write_off.<class>`, `refund.patient`. A payment applied is
    `unapplied.patient` → `receivable.patient`; a refund is `receivable.patient` → `refund.patient`.
    """

    encounter_id: UUID
    entries: tuple[LedgerEntry, ...]


class PeriodClosed(Published, frozen=True, kw_only=True):
    """A month of the patient ledger is closed; later entries post into the next."""

    STREAM: ClassVar[str] = "period"
    TENANT: ClassVar[str] = "billing_entity"
    billing_entity_id: UUID
    period: str
    closed_at: datetime

"""What analytics reads of each event beyond keeping it: only the fields that figures and deadlines use."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from revcycle_kit.delivery.messages import Consumed
from revcycle_kit.money import Cents
from revcycle_kit.values import Value

SOURCES = ("eligibility", "claims", "denials", "patient_billing")


class _Eligibility(Consumed, frozen=True, kw_only=True):
    SOURCE: ClassVar[str] = "eligibility"


class CoverageRef(Value, kw_only=True):
    """One coverage, in its order."""

    payer_id: UUID
    rank: int


class EncounterRegistered(_Eligibility, frozen=True, kw_only=True):
    """An encounter became known."""

    billing_entity_id: UUID
    service_on: date
    rendering_provider_id: UUID | None = None
    coverages: tuple[CoverageRef, ...] = ()


class EncounterUpdated(EncounterRegistered, frozen=True, kw_only=True):
    """What is known of an encounter changed."""


class EncounterCancelled(_Eligibility, frozen=True, kw_only=True):
    """The encounter did not take place."""


class ChargesReceived(_Eligibility, frozen=True, kw_only=True):
    """The EHR handed over what was done."""


class _Claims(Consumed, frozen=True, kw_only=True):
    SOURCE: ClassVar[str] = "claims"


class ChargesPosted(_Claims, frozen=True, kw_only=True):
    """Services were charged."""

    charged_cents: Cents
    posted_on: date


class ChargesReversed(_Claims, frozen=True, kw_only=True):
    """Charges were taken back."""

    charged_cents: Cents


class CodingNeeded(_Claims, frozen=True, kw_only=True):
    """The encounter waits for a coder."""


class CodingCompleted(_Claims, frozen=True, kw_only=True):
    """The encounter can be billed."""


class ClaimHeld(_Claims, frozen=True, kw_only=True):
    """A claim failed its edits."""

    claim_id: UUID
    owner: str
    held_at: datetime


class ClaimSubmitted(_Claims, frozen=True, kw_only=True):
    """A claim went out."""

    claim_id: UUID
    payer_id: UUID
    provider_id: UUID | None
    rank: int
    frequency: str
    charge_cents: Cents
    replaces_claim_id: UUID | None
    touched: bool
    first_edited_on: date
    submitted_at: datetime


class ClaimAcknowledged(_Claims, frozen=True, kw_only=True):
    """Somebody on the way received or accepted the claim."""

    claim_id: UUID
    level: str
    outcome: str
    acknowledged_at: datetime


class ClaimRejected(_Claims, frozen=True, kw_only=True):
    """The claim was turned away before adjudication."""

    claim_id: UUID
    rejected_at: datetime


class StatusCode(Value, kw_only=True):
    """One status: category F1 is paid, A4 is not found."""

    category: str


class ClaimStatusReported(_Claims, frozen=True, kw_only=True):
    """The payer answered a claim status inquiry."""

    claim_id: UUID
    codes: tuple[StatusCode, ...]
    reported_at: datetime


class Adjustment(Value, kw_only=True):
    """One adjustment and what it means."""

    amount_cents: Cents
    meaning: str


class AdjudicatedLine(Value, kw_only=True):
    """What the payer decided about one service."""

    charge_cents: Cents
    adjustments: tuple[Adjustment, ...] = ()


class ClaimAdjudicated(_Claims, frozen=True, kw_only=True):
    """A payer's decision was posted."""

    claim_id: UUID
    reversal: bool
    payer_id: UUID
    provider_id: UUID | None
    rank: int
    frequency: str
    status_code: str
    outcome: str
    charge_cents: Cents
    paid_cents: Cents
    lines: tuple[AdjudicatedLine, ...]
    claim_adjustments: tuple[Adjustment, ...] = ()
    rejected_before: bool = False
    posted_on: date


class PatientBalanceDue(_Claims, frozen=True, kw_only=True):
    """Money moved to the patient."""

    billing_entity_id: UUID
    guarantor_id: UUID
    cause: str
    amount_cents: Cents


class PatientBalanceWithdrawn(_Claims, frozen=True, kw_only=True):
    """Money moved back from the patient."""

    amount_cents: Cents


class LedgerEntry(Value, kw_only=True):
    """One double entry."""

    debit: str
    credit: str
    amount_cents: Cents
    posted_on: date


class InsuranceLedgerPosted(_Claims, frozen=True, kw_only=True):
    """Entries of the insurance ledger of an encounter."""

    NAME: ClassVar[str] = "ledger_posted"
    entries: tuple[LedgerEntry, ...]


class CashPosted(_Claims, frozen=True, kw_only=True):
    """Entries of the insurance cash ledger of a remittance."""

    remittance_id: UUID
    entries: tuple[LedgerEntry, ...]


class RemittanceReceived(_Claims, frozen=True, kw_only=True):
    """An 835 arrived."""

    remittance_id: UUID
    payer_id: UUID | None
    trace_number: str
    paid_cents: Cents
    received_at: datetime


class RemittancePosted(_Claims, frozen=True, kw_only=True):
    """Every claim of the 835 was given away or set aside."""

    remittance_id: UUID
    posted_on: date


class RemittanceQuarantined(_Claims, frozen=True, kw_only=True):
    """A remittance, or a claim of it, does not balance."""

    remittance_id: UUID
    amount_cents: Cents


class DepositMatched(_Claims, frozen=True, kw_only=True):
    """The bank's deposit and the remittance name the same money."""

    remittance_id: UUID
    amount_cents: Cents
    deposited_on: date


class _Denials(Consumed, frozen=True, kw_only=True):
    SOURCE: ClassVar[str] = "denials"


class DenialOpened(_Denials, frozen=True, kw_only=True):
    """A payer refused an amount."""

    denial_id: UUID
    act_by: date
    opened_on: date


class CorrectionRequested(_Denials, frozen=True, kw_only=True):
    """The claim is to be sent again."""

    claim_id: UUID
    denial_ids: tuple[UUID, ...]
    requested_at: datetime


class AppealFiled(_Denials, frozen=True, kw_only=True):
    """A letter went to the payer."""

    appeal_id: UUID
    denial_ids: tuple[UUID, ...]
    decision_due_by: date


class AppealDecided(_Denials, frozen=True, kw_only=True):
    """The payer answered an appeal."""

    appeal_id: UUID
    claim_id: UUID
    outcome: str
    payment_due_by: date | None
    decided_on: date


class WriteOffApproved(_Denials, frozen=True, kw_only=True):
    """A refused amount was given up."""

    denial_id: UUID


class DenialResolved(_Denials, frozen=True, kw_only=True):
    """A denial came to its end."""

    denial_id: UUID


class _PatientBilling(Consumed, frozen=True, kw_only=True):
    SOURCE: ClassVar[str] = "patient_billing"


class StatementIssued(_PatientBilling, frozen=True, kw_only=True):
    """A statement went to the guarantor."""

    account_id: UUID
    encounter_ids: tuple[UUID, ...]


class PatientPaymentReceived(_PatientBilling, frozen=True, kw_only=True):
    """Money came in for the patient."""

    account_id: UUID
    amount_cents: Cents


class PaymentReturned(_PatientBilling, frozen=True, kw_only=True):
    """A payment bounced."""

    account_id: UUID
    amount_cents: Cents


class PatientPaymentApplied(_PatientBilling, frozen=True, kw_only=True):
    """Money was applied to the encounter."""

    amount_cents: Cents


class RefundIssued(_PatientBilling, frozen=True, kw_only=True):
    """Money went back to the guarantor."""

    amount_cents: Cents


class PatientLedgerPosted(_PatientBilling, frozen=True, kw_only=True):
    """Entries of the patient ledger of an encounter."""

    NAME: ClassVar[str] = "ledger_posted"
    entries: tuple[LedgerEntry, ...]

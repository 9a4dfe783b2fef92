"""What claims promises to tell: what was charged, sent, answered, paid, and what the patient owes."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from claims.published.values import (
    AcknowledgmentLevel,
    AdjudicatedLine,
    Adjustment,
    BalanceLine,
    ClaimKind,
    EditFinding,
    Imbalance,
    LedgerEntry,
    MissingCode,
    PostedCharge,
    StatusCode,
    SubmittedLine,
)
from revcycle_kit.events import UNSEALED, Published, Sealed
from revcycle_kit.money import Cents


class ChargesPosted(Published, frozen=True, kw_only=True):
    """Services were priced and charged: here the money of an encounter begins."""

    encounter_id: UUID
    charges: tuple[PostedCharge, ...]
    charged_cents: Cents
    late: bool = False
    """True: the claim had been billed already."""
    posted_on: date


class ChargesReversed(Published, frozen=True, kw_only=True):
    """Charges were taken back."""

    encounter_id: UUID
    charges: tuple[PostedCharge, ...]
    charged_cents: Cents
    posted_on: date


class CodingNeeded(Published, frozen=True, kw_only=True):
    """The encounter waits in the coding worklist."""

    encounter_id: UUID
    missing: tuple[MissingCode, ...]
    since: datetime


class CodingCompleted(Published, frozen=True, kw_only=True):
    """All lines have codes that can be billed."""

    encounter_id: UUID
    by: Literal["rules", "coder"]
    completed_at: datetime


class ClaimHeld(Published, frozen=True, kw_only=True):
    """A claim failed its edits and waits for a person or a fact."""

    encounter_id: UUID
    claim_id: UUID
    findings: tuple[EditFinding, ...]
    owner: Literal["biller", "coder", "registration", "enrollment", "system"]
    held_at: datetime


class ClaimSubmitted(Published, frozen=True, kw_only=True):
    """A claim went out to a payer."""

    encounter_id: UUID
    claim_id: UUID
    billing_entity_id: UUID
    provider_id: UUID | None
    payer_id: UUID
    payer_kind: str
    contracted: bool
    rank: int
    kind: ClaimKind
    frequency: str
    """CLM05-3: 1 original, 7 replacement, 8 void."""
    patient_control_number: str
    charge_cents: Cents
    lines: tuple[SubmittedLine, ...]
    service_on: date
    service_through_on: date
    replaces_claim_id: UUID | None = None
    payer_claim_control_number: str | None = None
    touched: bool
    """True: a person had to work on it before it passed its edits."""
    first_edited_on: date
    timely_filing_by: date | None
    submitted_at: datetime
    identity: Sealed = UNSEALED


class EffectGivenUp(Published, frozen=True, kw_only=True):
    """What carries the claim, or asks about it, did not reach the clearinghouse, and is not sent again by itself."""

    encounter_id: UUID
    claim_id: UUID
    effect: Literal["submit_batch", "ask_status"]
    reason: str
    in_doubt: bool
    """The clearinghouse may have it: nothing is sent in its place before that is known."""
    attempts: int
    given_up_at: datetime


class ClaimAcknowledged(Published, frozen=True, kw_only=True):
    """Somebody on the way received or accepted the claim."""

    encounter_id: UUID
    claim_id: UUID
    level: AcknowledgmentLevel
    outcome: Literal["received", "accepted"]
    sender: str
    control_number: str
    codes: tuple[StatusCode, ...] = ()
    payer_claim_control_number: str | None = None
    acknowledged_at: datetime


class ClaimRejected(Published, frozen=True, kw_only=True):
    """The claim was turned away before adjudication: correct it and send it as new."""

    encounter_id: UUID
    claim_id: UUID
    payer_id: UUID
    level: AcknowledgmentLevel
    codes: tuple[StatusCode, ...]
    cause: Literal["eligibility", "enrollment", "payer_routing", "content", "syntax"]
    message: str
    fix: str
    rejected_at: datetime


class ClaimSilent(Published, frozen=True, kw_only=True):
    """Nobody answered in the time in which somebody should have."""

    encounter_id: UUID
    claim_id: UUID
    waiting_for: AcknowledgmentLevel | Literal["adjudication"]
    since: datetime
    next_step: str


class ClaimStatusReported(Published, frozen=True, kw_only=True):
    """The payer answered a claim status inquiry (276/277)."""

    encounter_id: UUID
    claim_id: UUID
    codes: tuple[StatusCode, ...]
    reported_at: datetime


class InformationRequested(Published, frozen=True, kw_only=True):
    """The payer wants records before it decides."""

    encounter_id: UUID
    claim_id: UUID
    codes: tuple[str, ...]
    due_by: date | None
    requested_on: date


class CorrectionDeclined(Published, frozen=True, kw_only=True):
    """A correction that denials asked for is not carried out: nothing goes to the payer for it."""

    encounter_id: UUID
    claim_id: UUID
    denial_ids: tuple[UUID, ...]
    cause: Literal["no_payer", "claim_voided", "unusable_change"]
    """With the first two the payer is asked no more; an unusable change can be asked for again, put right."""
    reason: str
    fix: str
    declined_at: datetime


class ClaimAdjudicated(Published, frozen=True, kw_only=True):
    """A payer's decision on a claim was posted: the n-th for this claim."""

    encounter_id: UUID
    claim_id: UUID
    adjudication: int
    """1 for the first decision; a reversal and a corrected decision count on."""
    reversal: bool
    """True: takes back the decision before it; amounts are negative."""
    payer_id: UUID
    payer_kind: str
    contracted: bool
    billing_entity_id: UUID
    provider_id: UUID | None
    rank: int
    kind: ClaimKind
    frequency: str
    patient_control_number: str
    payer_claim_control_number: str
    status_code: str
    """CLP02 as sent; what was decided is read from the adjustments."""
    outcome: Literal["paid", "patient_only", "partly_denied", "denied", "duplicate", "reversed"]
    charge_cents: Cents
    paid_cents: Cents
    contractual_cents: Cents
    patient_responsibility_cents: Cents
    denied_cents: Cents
    lines: tuple[AdjudicatedLine, ...]
    claim_adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    rejected_before: bool = False
    """True: an earlier copy of this claim had been rejected."""
    service_on: date
    adjudicated_on: date
    posted_on: date
    remittance_id: UUID


class Remittance(Published, frozen=True, kw_only=True):
    """A fact about a payer's remittance file: belongs to the payee."""

    STREAM: ClassVar[str] = "remittance"
    TENANT: ClassVar[str] = "billing_entity"
    remittance_id: UUID
    billing_entity_id: UUID


class RemittanceReceived(Remittance, frozen=True, kw_only=True):
    """An 835 arrived."""

    payer_id: UUID | None
    trace_number: str
    paid_cents: Cents
    claims: int
    payment_on: date | None
    received_at: datetime


class RemittancePosted(Remittance, frozen=True, kw_only=True):
    """Every claim of the 835 was given to its encounter or set aside with its reason."""

    posted_claims: int
    quarantined_claims: int
    unmatched_claims: int
    applied_cents: Cents
    unapplied_cents: Cents
    posted_on: date


class RemittanceQuarantined(Remittance, frozen=True, kw_only=True):
    """A remittance, or one claim of it, does not balance and was not posted."""

    scope: Literal["file", "claim"]
    encounter_id: UUID | None = None
    patient_control_number: str | None = None
    imbalances: tuple[Imbalance, ...]
    amount_cents: Cents
    fix: str
    quarantined_at: datetime


class DepositMatched(Remittance, frozen=True, kw_only=True):
    """The bank's deposit and the remittance name the same money."""

    deposit_id: UUID
    amount_cents: Cents
    deposited_on: date


class UnderpaymentFound(Published, frozen=True, kw_only=True):
    """The payer allowed less than the contract says."""

    encounter_id: UUID
    claim_id: UUID
    line_number: int
    expected_cents: Cents
    allowed_cents: Cents


class CreditBalanceFound(Published, frozen=True, kw_only=True):
    """More was received for the encounter than was owed."""

    encounter_id: UUID
    party: Literal["payer", "patient"]
    amount_cents: Cents
    found_on: date


class PatientBalanceDue(Published, frozen=True, kw_only=True):
    """Money moved from insurance to the patient: only claims says so."""

    encounter_id: UUID
    billing_entity_id: UUID
    guarantor_id: UUID
    patient_id: UUID
    transfer_id: UUID
    cause: Literal["patient_responsibility", "self_pay", "not_covered"]
    amount_cents: Cents
    lines: tuple[BalanceLine, ...]
    service_on: date
    posted_on: date


class PatientBalanceWithdrawn(Published, frozen=True, kw_only=True):
    """Money moved back from the patient."""

    encounter_id: UUID
    billing_entity_id: UUID
    guarantor_id: UUID
    transfer_id: UUID
    amount_cents: Cents
    """Positive: how much less the patient owes."""
    reason: str
    posted_on: date


class InsuranceWrittenOff(Published, frozen=True, kw_only=True):
    """An insurance balance was given up, with approval."""

    encounter_id: UUID
    claim_id: UUID
    write_off_class: Literal["denial", "timely", "small_balance", "administrative", "bundled_correct"]
    write_off_cents: Cents
    """What would have been paid: a loss."""
    adjustment_cents: Cents
    """What would have been adjusted anyway."""
    posted_on: date


class LedgerPosted(Published, frozen=True, kw_only=True):
    """
    Entries of the insurance ledger, for one encounter.

    Accounts: `receivable.insurance`, `revenue.charges`, `payment.insurance`, `adjustment.<class>`,
    `write_off.<class>`, `transfer.patient`.
    """

    encounter_id: UUID
    entries: tuple[LedgerEntry, ...]


class CashPosted(Remittance, frozen=True, kw_only=True):
    """
    Entries of the insurance cash ledger, for one remittance.

    Accounts: `cash.insurance`, `unapplied.insurance`, `payment.insurance`, `liability.recoupment`, `income.nonclaim`.
    """

    entries: tuple[LedgerEntry, ...]


class PeriodClosed(Published, frozen=True, kw_only=True):
    """A month of the insurance ledger is closed; later entries post into the next."""

    STREAM: ClassVar[str] = "period"
    TENANT: ClassVar[str] = "billing_entity"
    billing_entity_id: UUID
    period: str
    """`2026-10`."""
    closed_at: datetime

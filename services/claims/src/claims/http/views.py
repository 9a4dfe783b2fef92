"""What the API answers: plain dataclasses, in the words of the events."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from claims.domain import coding
from claims.domain.adjudication import Decision, LineDecision
from claims.domain.claims import Claim
from claims.domain.encounters import Encounter
from claims.domain.ledger import Entry, Money
from claims.domain.remittance import SetAside
from revcycle_kit.money import Cents

V = TypeVar("V")


def view(kind: type[V], source: object, **more: Any) -> V:
    """Return a view with the source's attributes of the same names, and more."""
    names = [field.name for field in fields(kind) if field.name not in more]  # type: ignore[arg-type]
    return kind(**{name: getattr(source, name) for name in names}, **more)


@dataclass(frozen=True, slots=True)
class MissingView:
    """What a coder has to supply."""

    what: str
    where: str
    fix: str
    line_id: UUID | None


@dataclass(frozen=True, slots=True)
class ChargeView:
    """One service."""

    line_id: UUID
    code: str
    system: str
    modifiers: tuple[str, ...]
    units: Decimal
    charge_cents: Cents | None
    service_on: date
    diagnoses: tuple[str, ...]
    revenue_code: str | None
    posted_on: date | None
    reversed_on: date | None


@dataclass(frozen=True, slots=True)
class EncounterView:
    """An encounter as claims knows it; who the people are stands in no answer."""

    encounter_id: UUID
    clinic_id: UUID
    billing_entity_id: UUID
    visit_class: str
    service_on: date
    coding: str
    diagnoses: tuple[str, ...]
    unmapped: tuple[str, ...]
    charged_cents: Cents
    self_pay: bool
    cancelled: bool
    charges: tuple[ChargeView, ...]
    missing: tuple[MissingView, ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """Why a claim may not leave."""

    edit: str
    field: str
    rule: str
    fix: str
    owner: str
    line_number: int | None


@dataclass(frozen=True, slots=True)
class ClaimItem:
    """A claim in a list."""

    claim_id: UUID
    encounter_id: UUID
    clinic_id: UUID
    payer_id: UUID
    rank: int
    kind: str
    frequency: str
    state: str
    hold_owner: str | None
    patient_control_number: str
    charge_cents: Cents
    service_on: date
    timely_filing_by: date | None
    silent_for: str
    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """One service line as billed."""

    line_number: int
    line_id: UUID
    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    charge_cents: Cents
    service_on: date
    pointers: tuple[int, ...]
    revenue_code: str | None
    expected_allowed_cents: Cents | None


@dataclass(frozen=True, slots=True)
class AdjustmentView:
    """One adjustment and what it means."""

    group: str
    carc: str
    amount_cents: Cents
    meaning: str


@dataclass(frozen=True, slots=True)
class LineDecisionView:
    """What was decided about one line; 0 is the claim as a whole."""

    line_number: int
    charge_cents: Cents
    paid_cents: Cents
    allowed_cents: Cents
    adjustments: tuple[AdjustmentView, ...]
    remarks: tuple[str, ...]
    posting: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision of the payer."""

    adjudication: int
    outcome: str
    reverses: int | None
    remittance_id: UUID
    status_code: str
    charge_cents: Cents
    paid_cents: Cents
    adjudicated_on: date
    posted_on: date
    lines: tuple[LineDecisionView, ...]


@dataclass(frozen=True, slots=True)
class AcknowledgmentView:
    """Proof that somebody has the claim, or refused it."""

    level: str
    outcome: str
    sender: str
    control_number: str
    acknowledged_at: datetime


@dataclass(frozen=True, slots=True)
class PriorView:
    """What an earlier payer did."""

    payer_id: UUID
    rank: int
    paid_cents: Cents
    patient_cents: Cents
    adjudicated_on: date


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim in full."""

    claim: ClaimItem
    diagnoses: tuple[str, ...]
    lines: tuple[LineView, ...]
    authorization_number: str | None
    payer_claim_control_number: str | None
    original_control_number: str | None
    replaces_claim_id: UUID | None
    overridden: tuple[str, ...]
    submitted_at: datetime | None
    status: str
    prior: tuple[PriorView, ...]
    acknowledgments: tuple[AcknowledgmentView, ...]
    decisions: tuple[DecisionView, ...]


@dataclass(frozen=True, slots=True)
class EntryView:
    """One double entry."""

    debit: str
    credit: str
    amount_cents: Cents
    claim_id: UUID | None
    payer_id: UUID | None
    carc: str | None
    service_on: date
    posted_on: date
    deposited_on: date | None


@dataclass(frozen=True, slots=True)
class LedgerView:
    """An encounter's insurance ledger: charged = paid + adjusted + transferred + written off + open."""

    charged_cents: Cents
    paid_cents: Cents
    adjusted_cents: Cents
    transferred_cents: Cents
    written_off_cents: Cents
    open_cents: Cents
    entries: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True)
class RemittanceView:
    """A remittance and what became of its money."""

    remittance_id: UUID
    billing_entity_id: UUID
    payer_id: UUID | None
    trace_number: str
    state: str
    payment_cents: Cents
    payment_on: date | None
    adjustments_cents: Cents
    claims: int
    posted: int
    quarantined: int
    unmatched: int
    applied_cents: Cents
    unapplied_cents: Cents
    deposited_on: date | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ImbalanceView:
    """Where a claim does not add up."""

    level: str
    where: str
    expected_cents: Cents
    found_cents: Cents


@dataclass(frozen=True, slots=True)
class SetAsideView:
    """A payment that could not be posted, why, and what to do."""

    item_id: UUID
    remittance_id: UUID
    billing_entity_id: UUID
    kind: str
    state: str
    patient_control_number: str
    amount_cents: Cents
    charge_cents: Cents
    encounter_id: UUID | None
    reason: str
    fix: str
    imbalances: tuple[ImbalanceView, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class InterchangeView:
    """A file as it was received."""

    file_id: UUID
    sender: str
    control_number: str
    state: str
    reason: str
    size_bytes: int
    sets: tuple[str, ...]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class TakenView:
    """What became of a file that was sent in."""

    file_id: UUID
    state: str
    reason: str
    acknowledgments: int
    remittances: int
    unmatched: int


@dataclass(frozen=True, slots=True)
class DepositView:
    """A deposit, and the remittance it was matched to."""

    deposit_id: UUID
    trace_number: str
    amount_cents: Cents
    deposited_on: date
    remittance_id: UUID | None


@dataclass(frozen=True, slots=True)
class DoneView:
    """It is done."""

    done: bool = True


def encounter_view(encounter: Encounter) -> EncounterView:
    """Show an encounter with what its coder has to supply."""
    return view(
        EncounterView,
        encounter,
        charges=tuple(view(ChargeView, charge) for charge in encounter.charges),
        missing=tuple(view(MissingView, missing_code) for missing_code in coding.missing(encounter)),
    )


def claim_item(claim: Claim) -> ClaimItem:
    """Show a claim in a list."""
    return view(ClaimItem, claim, findings=tuple(view(FindingView, finding) for finding in claim.findings))


def claim_view(claim: Claim) -> ClaimView:
    """Show a claim in full."""
    return view(
        ClaimView,
        claim,
        claim=claim_item(claim),
        lines=tuple(view(LineView, line) for line in claim.lines),
        prior=tuple(view(PriorView, prior) for prior in claim.prior),
        acknowledgments=tuple(view(AcknowledgmentView, acknowledgment) for acknowledgment in claim.acknowledgments),
        decisions=tuple(_decision(decision) for decision in claim.decisions),
    )


def ledger_view(money: Money, entries: Iterable[Entry]) -> LedgerView:
    """Show a ledger with its entries."""
    return LedgerView(
        charged_cents=money.charged,
        paid_cents=money.paid,
        adjusted_cents=money.adjusted,
        transferred_cents=money.transferred,
        written_off_cents=money.written_off,
        open_cents=money.open,
        entries=tuple(view(EntryView, entry) for entry in entries),
    )


def set_aside_view(item: SetAside) -> SetAsideView:
    """Show a payment that was set aside."""
    imbalances = tuple(view(ImbalanceView, imbalance) for imbalance in item.imbalances)
    return view(SetAsideView, item, charge_cents=item.payment.charge_cents, imbalances=imbalances)


def _decision(decision: Decision) -> DecisionView:
    return view(DecisionView, decision, lines=tuple(_line(line) for line in decision.lines))


def _line(line: LineDecision) -> LineDecisionView:
    return view(
        LineDecisionView, line, adjustments=tuple(view(AdjustmentView, adjustment) for adjustment in line.adjustments)
    )

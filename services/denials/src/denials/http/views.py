"""What the HTTP edge shows: denials, appeals, rules."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from denials.domain.appeal import Appeal, AppealOutcome, next_number
from denials.domain.appeal_levels import APPEALS
from denials.domain.corrections import FieldName, propose
from denials.domain.denial import Denial, Outcome, State
from denials.domain.policy import Category, Method, Stage
from denials.domain.prevention import Pattern, RuleState
from denials.domain.underpayment import Underpayment
from denials.domain.write_off import split, tier_for


@dataclass(frozen=True, slots=True, kw_only=True)
class DenialItem:
    """A denial in the worklist."""

    denial_id: UUID
    clinic_id: UUID
    encounter_id: UUID
    claim_id: UUID
    line_number: int | None
    code: str
    payer_id: UUID
    payer_name: str | None
    group: str
    carc: str
    remarks: tuple[str, ...]
    amount_cents: int
    expected_allowed_cents: int | None
    expected_recovery_cents: int
    category: Category
    preventable_at: Stage
    method: Method
    appealable: bool
    act_by: date
    days_left: int
    deadline_basis: str
    state: State
    level: int
    assignee: str
    note: str
    """Why the work came back from claims, and what to do; empty else."""
    service_on: date
    opened_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change to decide on before the claim is sent again."""

    field: FieldName
    line_number: int | None
    ask: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextLevel:
    """Where an appeal would go."""

    level: int
    name: str
    reviewer: str
    decision_days: int
    requires: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffPreview:
    """What giving the amount up would mean."""

    tier: str
    adjustment_cents: int
    write_off_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealView:
    """An appeal."""

    appeal_id: UUID
    clinic_id: UUID
    encounter_id: UUID
    claim_id: UUID
    denial_ids: tuple[UUID, ...]
    payer_id: UUID
    level: int
    level_name: str
    reviewer: str
    amount_cents: int
    filed_on: date
    filed_by: str
    sent_on: date | None
    decision_due_by: date
    letter_sha256: str
    state: str
    outcome: AppealOutcome | None
    expected_cents: int
    decided_on: date | None
    payment_due_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DenialDetail:
    """A denial with all that is needed to decide on it."""

    denial: DenialItem
    why: str
    proposals: tuple[Proposal, ...]
    next_level: NextLevel | None
    write_off: WriteOffPreview
    patient_may_be_billed: bool
    appeals: tuple[AppealView, ...]
    outcome: Outcome | None
    recovered_cents: int
    resolved_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """A prevention rule, or a pattern on its way to one."""

    rule_id: UUID
    payer_id: UUID
    carc: str
    codes: tuple[str, ...]
    category: str
    state: RuleState
    seen: int
    fix: str
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderpaymentView:
    """A line that was allowed less than the contract says."""

    underpayment_id: UUID
    clinic_id: UUID
    encounter_id: UUID
    claim_id: UUID
    line_number: int
    expected_cents: int
    allowed_cents: int
    missing_cents: int
    found_on: date


def item_of(denial: Denial, clinic_id: UUID, payer_name: str | None, today: date) -> DenialItem:
    """Show a denial as the worklist does."""
    return DenialItem(
        denial_id=denial.denial_id,
        clinic_id=clinic_id,
        encounter_id=denial.encounter_id,
        claim_id=denial.claim_id,
        line_number=denial.line_number,
        code=denial.code,
        payer_id=denial.payer_id,
        payer_name=payer_name,
        group=denial.group,
        carc=denial.carc,
        remarks=denial.remarks,
        amount_cents=denial.amount_cents,
        expected_allowed_cents=denial.expected_allowed_cents,
        expected_recovery_cents=denial.expected_recovery_cents,
        category=denial.category,
        preventable_at=denial.preventable_at,
        method=denial.method,
        appealable=denial.appealable,
        act_by=denial.act_by,
        days_left=(denial.act_by - today) // timedelta(days=1),
        deadline_basis=denial.deadline_basis,
        state=denial.state,
        level=denial.level,
        assignee=denial.assignee,
        note=denial.note,
        service_on=denial.service_on,
        opened_on=denial.opened_on,
    )


def detail_of(denial: Denial, item: DenialItem, appeals: tuple[AppealView, ...], today: date) -> DenialDetail:
    """Show a denial with what may be done about it."""
    shares = split(denial.amount_cents, denial.expected_allowed_cents)
    return DenialDetail(
        denial=item,
        why=denial.why,
        proposals=tuple(
            Proposal(field=change.field, line_number=change.line_number, ask=change.ask, why=change.why)
            for change in propose(denial)
        ),
        next_level=_next_level(denial, today),
        write_off=WriteOffPreview(
            tier=tier_for(denial.amount_cents).name,
            adjustment_cents=shares.adjustment_cents,
            write_off_cents=shares.write_off_cents,
        ),
        patient_may_be_billed=denial.patient_may_be_billed,
        appeals=appeals,
        outcome=denial.outcome,
        recovered_cents=denial.recovered_cents,
        resolved_on=denial.resolved_on,
    )


def _next_level(denial: Denial, today: date) -> NextLevel | None:
    if not denial.appealable:
        return None
    level = APPEALS.level(
        next_number(denial, today), payer_kind=denial.payer_kind, contracted=denial.contracted, on=today
    )
    if level is None:
        return None
    return NextLevel(
        level=level.level,
        name=level.name,
        reviewer=level.reviewer,
        decision_days=level.decision_days,
        requires=level.requires,
        citation=level.citation,
    )


def appeal_of(appeal: Appeal, clinic_id: UUID) -> AppealView:
    """Show an appeal."""
    return AppealView(
        appeal_id=appeal.appeal_id,
        clinic_id=clinic_id,
        encounter_id=appeal.encounter_id,
        claim_id=appeal.claim_id,
        denial_ids=appeal.denial_ids,
        payer_id=appeal.payer_id,
        level=appeal.level,
        level_name=appeal.level_name,
        reviewer=appeal.reviewer,
        amount_cents=appeal.amount_cents,
        filed_on=appeal.filed_on,
        filed_by=appeal.filed_by,
        sent_on=appeal.sent_on,
        decision_due_by=appeal.decision_due_by,
        letter_sha256=appeal.letter_sha256,
        state=appeal.state,
        outcome=appeal.outcome,
        expected_cents=appeal.expected_cents,
        decided_on=appeal.decided_on,
        payment_due_by=appeal.payment_due_by,
    )


def rule_of(pattern: Pattern) -> RuleView:
    """Show a prevention rule."""
    return RuleView(
        rule_id=pattern.rule_id,
        payer_id=pattern.payer_id,
        carc=pattern.carc,
        codes=pattern.codes,
        category=pattern.category,
        state=pattern.state,
        seen=pattern.count,
        fix=pattern.fix,
        decided_by=pattern.decided_by,
    )


def underpayment_of(found: Underpayment, clinic_id: UUID) -> UnderpaymentView:
    """Show an underpayment."""
    return UnderpaymentView(
        underpayment_id=found.underpayment_id,
        clinic_id=clinic_id,
        encounter_id=found.encounter_id,
        claim_id=found.claim_id,
        line_number=found.line_number,
        expected_cents=found.expected_cents,
        allowed_cents=found.allowed_cents,
        missing_cents=found.missing_cents,
        found_on=found.found_on,
    )

"""Answers: denials, appeals, rules as the HTTP edge shows them."""

from datetime import date, datetime, timedelta
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel

from denials.domain.appeal import AppealOutcome, next_number
from denials.domain.appeal_levels import APPEALS
from denials.domain.corrections import FieldName, propose
from denials.domain.denial import Denial, Outcome, State
from denials.domain.policy import Category, Correction, Method, Stage
from denials.domain.prevention import RuleState
from denials.domain.write_off import split, tier_for
from revcycle_kit.money import Cents


class _View(BaseModel):
    @classmethod
    def of(cls, source: object, **fields: Any) -> Self:
        """Show what has fields of these names; `fields` go before them."""
        shown = {name: getattr(source, name) for name in cls.model_fields if name not in fields}
        return cls(**shown, **fields)


class DenialItem(_View):
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
    amount_cents: Cents
    expected_allowed_cents: Cents | None
    expected_recovery_cents: Cents
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

    @classmethod
    def of_denial(cls, denial: Denial, clinic_id: UUID, payer_name: str | None, today: date) -> Self:
        """Show a denial as the worklist does."""
        days_left = (denial.act_by - today) // timedelta(days=1)
        return cls.of(denial, clinic_id=clinic_id, payer_name=payer_name, days_left=days_left)


class Proposal(_View):
    """A change to decide on before the claim is sent again."""

    field: FieldName
    line_number: int | None
    ask: str
    why: str


class NextLevel(_View):
    """Where an appeal would go."""

    level: int
    name: str
    reviewer: str
    decision_days: int
    requires: str
    citation: str


class WriteOffPreview(_View):
    """What giving the amount up would mean."""

    tier: str
    adjustment_cents: Cents
    write_off_cents: Cents


class AppealView(_View):
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
    amount_cents: Cents
    filed_on: date
    filed_by: str
    sent_on: date | None
    decision_due_by: date
    letter_sha256: str
    state: str
    outcome: AppealOutcome | None
    expected_cents: Cents
    decided_on: date | None
    payment_due_by: date | None


class DenialDetail(_View):
    """A denial with all that is needed to decide on it."""

    denial: DenialItem
    why: str
    proposals: tuple[Proposal, ...]
    next_level: NextLevel | None
    write_off: WriteOffPreview
    patient_may_be_billed: bool
    appeals: tuple[AppealView, ...]
    outcome: Outcome | None
    recovered_cents: Cents
    resolved_on: date | None

    @classmethod
    def of_denial(cls, denial: Denial, item: DenialItem, appeals: tuple[AppealView, ...], today: date) -> Self:
        """Show a denial with what may be done about it."""
        shares = split(denial.amount_cents, denial.expected_allowed_cents)
        return cls.of(
            denial,
            denial=item,
            proposals=tuple(Proposal.of(change) for change in propose(denial)),
            next_level=_next_level(denial, today),
            write_off=WriteOffPreview.of(shares, tier=tier_for(denial.amount_cents).name),
            appeals=appeals,
        )


class RuleView(_View):
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


class UnderpaymentView(_View):
    """A line that was allowed less than the contract says."""

    underpayment_id: UUID
    clinic_id: UUID
    encounter_id: UUID
    claim_id: UUID
    line_number: int
    expected_cents: Cents
    allowed_cents: Cents
    missing_cents: Cents
    found_on: date


class Done(_View):
    """What a deed on a denial leaves behind."""

    denial_id: UUID
    state: Literal["open", "working", "corrected", "appealed", "overturned", "upheld", "resolved"]
    act_by: date


class Corrected(_View):
    """What a request for correction answers."""

    claim_id: UUID
    method: Correction
    denial_ids: tuple[UUID, ...]


class Filed(_View):
    """What filing an appeal answers."""

    appeal_id: UUID
    level: int
    level_name: str
    letter_sha256: str
    filed_on: date
    decision_due_by: date


class Decided(_View):
    """What recording a decision answers."""

    appeal_id: UUID
    outcome: AppealOutcome
    payment_due_by: date | None


class GivenUp(_View):
    """What a write-off or an acceptance answers."""

    denial_id: UUID
    tier: str
    adjustment_cents: Cents
    write_off_cents: Cents
    approved_at: datetime


class RuleDecided(_View):
    """What deciding on a rule answers."""

    rule_id: UUID
    state: str


def _next_level(denial: Denial, today: date) -> NextLevel | None:
    if not denial.appealable:
        return None
    level = APPEALS.level(
        next_number(denial, today), payer_kind=denial.payer_kind, contracted=denial.contracted, on=today
    )
    if level is None:
        return None
    return NextLevel.of(level)

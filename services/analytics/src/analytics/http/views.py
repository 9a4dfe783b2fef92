"""What the HTTP edge shows: figures with what is needed to check them, journeys in words."""

from datetime import date, datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from analytics.figures.aging import Balance, Bucket, PatientCash
from analytics.figures.deadlines import EXPECTATIONS, Wait
from analytics.figures.encounters import ENDED, Encounter, next_step
from analytics.figures.findings import Finding
from analytics.figures.kpis import Kpi
from analytics.figures.money import Amounts, Cash
from analytics.queries.journeys import Step
from analytics.queries.reconciliation import Checked


class MoneyView(BaseModel):
    """Charged = insurance paid + adjusted + patient paid + written off + insurance open + in transit + patient open."""

    charged: int
    insurance_paid: int
    adjusted: int
    patient_paid: int
    written_off: int
    insurance_open: int
    in_transit: int
    patient_open: int

    @classmethod
    def of(cls, amounts: Amounts) -> Self:
        """Show amounts, in cents."""
        return cls(**{name: getattr(amounts, f"{name}_cents") for name in cls.model_fields})


class KpiView(BaseModel):
    """One figure, its parts, its target and its colour."""

    name: str
    title: str
    value: Decimal | None
    unit: str
    numerator: int
    denominator: int
    target: str | None
    band: str
    formula: str
    date_basis: str
    exclusions: list[str]
    as_of: date

    @classmethod
    def of(cls, kpi: Kpi) -> Self:
        """Show a KPI."""
        target = kpi.target.words(kpi.unit) if kpi.target else None
        same = ("name", "title", "value", "unit", "numerator", "denominator", "band", "formula", "date_basis", "as_of")
        shown = {field: getattr(kpi, field) for field in same}
        return cls(target=target, exclusions=list(kpi.exclusions), **shown)


class ScopeView(BaseModel):
    """Whose figures these are."""

    clinic_id: UUID | None
    payer_id: UUID | None
    provider_id: UUID | None
    month: str | None
    as_of: date


class KpisView(BaseModel):
    """Every KPI of a scope, the five of the seed first."""

    scope: ScopeView
    kpis: list[KpiView]


class DeadlineView(BaseModel):
    """Something that has to happen, and whether it is late."""

    step: str
    expected: str
    subject_id: UUID
    due_at: datetime
    late: bool

    @classmethod
    def of(cls, wait: Wait, now: datetime) -> Self:
        """Show a deadline."""
        return cls(
            step=wait.step,
            expected=EXPECTATIONS[wait.step],
            subject_id=wait.subject_id,
            due_at=wait.due_at,
            late=wait.due_at <= now,
        )


class EncounterView(BaseModel):
    """Where an encounter stands."""

    encounter_id: UUID
    clinic_id: UUID
    state: str
    service_on: date | None
    payer_id: UUID | None
    provider_id: UUID | None
    billing_entity_id: UUID | None
    money_cents: MoneyView
    next_step: str
    deadlines: list[DeadlineView]
    last_event: str
    last_at: datetime | None

    @classmethod
    def of(cls, clinic_id: UUID, encounter: Encounter, now: datetime) -> Self:
        """Show an encounter."""
        return cls(
            encounter_id=encounter.encounter_id,
            clinic_id=clinic_id,
            state=encounter.state,
            service_on=encounter.service_on,
            payer_id=encounter.payer_id,
            provider_id=encounter.provider_id,
            billing_entity_id=encounter.billing_entity_id,
            money_cents=MoneyView.of(encounter.money),
            next_step=next_step(encounter),
            deadlines=[DeadlineView.of(wait, now) for wait in sorted(encounter.waits, key=lambda one: one.due_at)],
            last_event=encounter.last_event,
            last_at=encounter.last_at,
        )


class StepView(BaseModel):
    """One event of a journey, in words."""

    service: str
    event: str
    stream: str
    version: int
    step: int
    at: datetime
    words: str
    amounts_cents: dict[str, int]

    @classmethod
    def of(cls, step: Step) -> Self:
        """Show a step."""
        return cls(**{field: getattr(step, field) for field in cls.model_fields})


class JourneyView(BaseModel):
    """The whole story of one encounter, sorted by (step, service, version)."""

    encounter: EncounterView
    events: list[StepView]


class EncounterCounts(BaseModel):
    """How many encounters there are; closed ones owe nothing or did not take place."""

    registered: int
    open: int
    closed: int
    by_state: dict[str, int]

    @classmethod
    def of(cls, by_state: dict[str, int]) -> Self:
        """Show how many encounters stand where."""
        registered = sum(by_state.values())
        closed = sum(by_state.get(state, 0) for state in ENDED)
        return cls(registered=registered, open=registered - closed, closed=closed, by_state=by_state)


class CashView(BaseModel):
    """Deposits = applied + unapplied + recoupment + non-claim, in cents."""

    deposits: int
    applied: int
    unapplied: int
    recoupment: int
    nonclaim: int
    conserved: bool

    @classmethod
    def of(cls, cash: Cash) -> Self:
        """Show cash."""
        parts = {name: getattr(cash, f"{name}_cents") for name in cls.model_fields if name != "conserved"}
        return cls(conserved=cash.gone_cents == 0 and cash.unknown_cents == 0, **parts)


class MoneyTotals(BaseModel):
    """The money of all encounters in scope, and whether it is conserved in each of them."""

    as_of: date
    encounters: int
    totals_cents: MoneyView
    conserved: bool
    not_conserved: list[UUID]
    """Encounters whose money does not add up (at most 100)."""
    insurance_cash_cents: CashView
    patient_cash: PatientCash

    @classmethod
    def of(cls, as_of: date, balances: list[Balance], whole: Amounts, cash: Cash, patients: PatientCash) -> Self:
        """Show totals, having checked each encounter for itself."""
        lost = [one.encounter_id for one in balances if one.money.gone_cents or one.money.unknown_cents]
        return cls(
            as_of=as_of,
            encounters=len(balances),
            totals_cents=MoneyView.of(whole),
            conserved=not lost,
            not_conserved=lost[:100],
            insurance_cash_cents=CashView.of(cash),
            patient_cash=patients,
        )


class AgingView(BaseModel):
    """What is open by age from service, in cents; credits apart."""

    as_of: date
    buckets: list[Bucket]


class ReconciliationView(BaseModel):
    """What was compared, and what does not agree."""

    as_of: date
    agrees: bool
    checked: Checked
    findings: list[Finding]


class EventCounts(BaseModel):
    """How many events of each type were heard."""

    total: int
    by_type: dict[str, int]

    @classmethod
    def of(cls, by_type: dict[str, int]) -> Self:
        """Show how many events there are of each type."""
        return cls(total=sum(by_type.values()), by_type=by_type)

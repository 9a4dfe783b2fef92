"""Answers: figures with what is needed to check them, journeys in words."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from analytics.figures import aging
from analytics.figures.deadlines import EXPECTATIONS, Wait
from analytics.figures.encounters import ENDED, Encounter, next_step
from analytics.figures.kpis import Kpi
from analytics.figures.money import Amounts, Cash
from analytics.queries.journeys import Step
from analytics.queries.reconciliation import Reconciliation
from analytics.queries.scope import Scope
from revcycle_kit.money import ZERO, Cents


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

    @classmethod
    def of(cls, scope: Scope) -> Self:
        """Show a scope."""
        month = f"{scope.month:%Y-%m}" if scope.month else None
        return cls(
            clinic_id=scope.clinic_id,
            payer_id=scope.payer_id,
            provider_id=scope.provider_id,
            month=month,
            as_of=scope.as_of,
        )


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
            deadlines=[DeadlineView.of(wait, now) for wait in sorted(encounter.waits, key=lambda wait: wait.due_at)],
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


class PatientCash(BaseModel):
    """What patients paid: received = applied to encounters (refunded since or not) + unapplied."""

    received_cents: Cents
    applied_cents: Cents
    unapplied_cents: Cents


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
    def of(
        cls, as_of: date, balances: list[aging.Balance], whole: Amounts, cash: Cash, patients: aging.PatientCash
    ) -> Self:
        """Show totals, having checked each encounter for itself."""
        lost = [balance.encounter_id for balance in balances if balance.money.gone_cents or balance.money.unknown_cents]
        return cls(
            as_of=as_of,
            encounters=len(balances),
            totals_cents=MoneyView.of(whole),
            conserved=not lost,
            not_conserved=lost[:100],
            insurance_cash_cents=CashView.of(cash),
            patient_cash=PatientCash.model_validate(patients, from_attributes=True),
        )


class Bucket(BaseModel):
    """What is open at one age, in cents; credits stand apart and are never netted."""

    age: str
    encounters: int = 0
    insurance_cents: Cents = ZERO
    patient_cents: Cents = ZERO
    insurance_credit_cents: Cents = ZERO
    patient_credit_cents: Cents = ZERO


class AgingView(BaseModel):
    """What is open by age from service, in cents; credits apart."""

    as_of: date
    buckets: list[Bucket]

    @classmethod
    def of(cls, as_of: date, buckets: Iterable[aging.Bucket]) -> Self:
        """Show what is open."""
        return cls(as_of=as_of, buckets=[Bucket.model_validate(bucket, from_attributes=True) for bucket in buckets])


class Checked(BaseModel):
    """How much was compared."""

    encounters: int
    claims: int
    remittances: int
    events: int


class Finding(BaseModel):
    """Two sides that should say the same, and do not."""

    kind: str
    subject: str
    subject_id: UUID
    encounter_id: UUID | None = None
    what: str
    expected: str
    found: str
    expected_cents: Cents | None = None
    found_cents: Cents | None = None
    fix: str


class ReconciliationView(BaseModel):
    """What was compared, and what does not agree."""

    as_of: date
    agrees: bool
    checked: Checked
    findings: list[Finding]

    @classmethod
    def of(cls, compared: Reconciliation) -> Self:
        """Show what was compared."""
        return cls(
            as_of=compared.as_of,
            agrees=not compared.findings,
            checked=Checked.model_validate(compared.checked, from_attributes=True),
            findings=[Finding.model_validate(finding, from_attributes=True) for finding in compared.findings],
        )


class EventCounts(BaseModel):
    """How many events of each type were heard."""

    total: int
    by_type: dict[str, int]

    @classmethod
    def of(cls, by_type: dict[str, int]) -> Self:
        """Show how many events there are of each type."""
        return cls(total=sum(by_type.values()), by_type=by_type)

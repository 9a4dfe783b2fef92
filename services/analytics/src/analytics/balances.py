"""Reading money: the whole, encounter by encounter, by age, and in cash. All of it from what the ledgers posted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.kpi_sums import Scope
from analytics.money import FIELDS, Amounts, Cash
from analytics.storage import account_table, cash_table, encounter_table, posting_table

_P = posting_table.c
_E = encounter_table.c
BUCKETS: Final = (("0-30", 30), ("31-60", 60), ("61-90", 90), ("91-120", 120))
OLDEST: Final = "120+"
"""Ages in days from service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What one encounter owes and is owed, on a day."""

    encounter_id: UUID
    clinic_id: UUID
    service_on: date | None
    money: Amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """What is open at one age, in cents; credits stand apart and are never netted."""

    age: str
    encounters: int = 0
    insurance_cents: int = 0
    patient_cents: int = 0
    insurance_credit_cents: int = 0
    patient_credit_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientCash:
    """What patients paid: received = applied to encounters (refunded since or not) + unapplied."""

    received_cents: int
    applied_cents: int
    unapplied_cents: int


async def balances(
    connection: AsyncConnection, scope: Scope, encounter_ids: Sequence[UUID] | None = None
) -> list[Balance]:
    """Return the money of every encounter in scope, or of some, from what was posted up to the as-of day."""
    query = _balances(scope)
    if encounter_ids is not None:
        query = query.where(_E.id.in_(encounter_ids))
    rows = (await connection.execute(query)).mappings().all()
    return [
        Balance(
            encounter_id=row["id"],
            clinic_id=row["clinic_id"],
            service_on=row["service_on"],
            money=Amounts(**{name: int(row[name]) for name in FIELDS}),
        )
        for row in rows
    ]


def _balances(scope: Scope) -> Select[Any]:
    sums = [func.coalesce(func.sum(_P[name]), 0).label(name) for name in FIELDS]
    in_month = [scope.within(_E.service_on)] if scope.month else []
    return (
        select(_E.clinic_id, _E.id, _E.service_on, *sums)
        .select_from(encounter_table.join(posting_table, and_(_E.clinic_id == _P.clinic_id, _E.id == _P.stream_id)))
        .where(_P.posted_on <= scope.as_of, *scope.owner(_E), *in_month)
        .group_by(_E.clinic_id, _E.id, _E.service_on)
        .order_by(_E.service_on, _E.id)
    )


def total(all_balances: Iterable[Balance]) -> Amounts:
    """Add up encounters."""
    whole = Amounts()
    for one in all_balances:
        whole = whole.plus(one.money)
    return whole


def aged(all_balances: Iterable[Balance], as_of: date) -> list[Bucket]:
    """Sort what is open by its age from service; what is in transit counts with the patient's part."""
    sums: dict[str, list[int]] = {age: [0, 0, 0, 0, 0] for age in (*(name for name, _ in BUCKETS), OLDEST)}
    for one in all_balances:
        insurance = one.money.insurance_open_cents
        patient = one.money.patient_open_cents + one.money.in_transit_cents
        if insurance or patient:
            parts = (1, max(insurance, 0), max(patient, 0), max(-insurance, 0), max(-patient, 0))
            bucket = sums[age_of(one.service_on or as_of, as_of)]
            bucket[:] = [before + part for before, part in zip(bucket, parts, strict=True)]
    return [
        Bucket(
            age=age,
            encounters=parts[0],
            insurance_cents=parts[1],
            patient_cents=parts[2],
            insurance_credit_cents=parts[3],
            patient_credit_cents=parts[4],
        )
        for age, parts in sums.items()
    ]


def age_of(service_on: date, as_of: date) -> str:
    """Return the bucket of an age."""
    days = (as_of - service_on).days
    return next((name for name, limit in BUCKETS if days <= limit), OLDEST)


async def cash(connection: AsyncConnection, as_of: date) -> Cash:
    """Add up the insurance cash that the grant reaches (by billing entity)."""
    names = Cash.__struct_fields__
    sums = [func.coalesce(func.sum(cash_table.c[name]), 0).label(name) for name in names]
    row = (await connection.execute(select(*sums).where(cash_table.c.posted_on <= as_of))).mappings().one()
    return Cash(**{name: int(row[name]) for name in names})


async def patient_cash(connection: AsyncConnection, money: Amounts) -> PatientCash:
    """Compare what came into patient accounts with what encounters took."""
    query = select(func.coalesce(func.sum(account_table.c.received_cents), 0))
    received = int((await connection.execute(query)).scalar_one())
    applied = money.patient_paid_cents + money.refunded_cents
    return PatientCash(received_cents=received, applied_cents=applied, unapplied_cents=received - applied)

"""Balances of encounters and cash, added up by the database from what the ledgers posted."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.figures.aging import Balance, PatientCash
from analytics.figures.money import FIELDS, Amounts, Cash
from analytics.queries.scope import Scope
from analytics.queries.sums import summed
from analytics.storage import account_table, cash_table, encounter_table, posting_table
from revcycle_kit.money import Cents

_P = posting_table.c
_E = encounter_table.c


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
            money=summed(Amounts, row),
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


async def cash(connection: AsyncConnection, as_of: date) -> Cash:
    """Add up the insurance cash that the grant reaches (by billing entity)."""
    names = Cash.__struct_fields__
    sums = [func.coalesce(func.sum(cash_table.c[name]), 0).label(name) for name in names]
    row = (await connection.execute(select(*sums).where(cash_table.c.posted_on <= as_of))).mappings().one()
    return summed(Cash, row)


async def patient_cash(connection: AsyncConnection, money: Amounts) -> PatientCash:
    """Compare what came into patient accounts with what encounters took."""
    query = select(func.coalesce(func.sum(account_table.c.received_cents), 0))
    received = Cents(int((await connection.execute(query)).scalar_one()))
    applied = Cents(money.patient_paid_cents + money.refunded_cents)
    unapplied = Cents(received - applied)
    return PatientCash(received_cents=received, applied_cents=applied, unapplied_cents=unapplied)

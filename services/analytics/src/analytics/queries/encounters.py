"""Encounters by day and by deadline, and how many stand where."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.figures.encounters import State
from analytics.queries.scope import Scope
from analytics.storage import encounter_table

_E = encounter_table.c
_DAY = func.coalesce(_E.service_on, date.min)


async def encounters(
    connection: AsyncConnection,
    scope: Scope,
    states: Sequence[State],
    after: tuple[date, UUID] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return a page of encounters by day of service."""
    query = _in_scope(scope, select(_E.clinic_id, _E.id, _E.body, _DAY.label("day")))
    if states:
        query = query.where(_E.state.in_(states))
    if after is not None:
        query = query.where(tuple_(_DAY, _E.id) > after)
    return (await connection.execute(query.order_by(_DAY, _E.id).limit(limit))).all()


async def deadlines(
    connection: AsyncConnection,
    scope: Scope,
    until: datetime | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return a page of encounters that wait for something, by their earliest deadline."""
    query = _in_scope(scope, select(_E.clinic_id, _E.id, _E.body, _E.next_due_at)).where(_E.next_due_at.is_not(None))
    if until is not None:
        query = query.where(_E.next_due_at <= until)
    if after is not None:
        query = query.where(tuple_(_E.next_due_at, _E.id) > after)
    return (await connection.execute(query.order_by(_E.next_due_at, _E.id).limit(limit))).all()


async def count_states(connection: AsyncConnection, scope: Scope) -> dict[str, int]:
    """Count encounters by state."""
    query = _in_scope(scope, select(_E.state, func.count())).group_by(_E.state).order_by(_E.state)
    return {row[0]: int(row[1]) for row in await connection.execute(query)}


def _in_scope(scope: Scope, query: Any) -> Any:
    in_month = [scope.within(_E.service_on)] if scope.month else []
    return query.where(*scope.owner(_E), *in_month)

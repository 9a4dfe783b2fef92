"""Reading lists: encounters by day and by deadline, and how many there are of what."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.facts import ENDED, State
from analytics.kpi_sums import Scope
from analytics.storage import encounter_table, heard_table
from analytics.views import EncounterCounts, EventCounts

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


async def count_states(connection: AsyncConnection, scope: Scope) -> EncounterCounts:
    """Count encounters by state."""
    query = _in_scope(scope, select(_E.state, func.count())).group_by(_E.state).order_by(_E.state)
    by_state = {row[0]: int(row[1]) for row in await connection.execute(query)}
    registered = sum(by_state.values())
    closed = sum(by_state.get(state, 0) for state in ENDED)
    return EncounterCounts(registered=registered, open=registered - closed, closed=closed, by_state=by_state)


async def count_events(connection: AsyncConnection) -> EventCounts:
    """Count the events heard by type, as far as the grant reaches."""
    query = select(heard_table.c.type, func.count()).group_by(heard_table.c.type).order_by(heard_table.c.type)
    by_type = {row[0]: int(row[1]) for row in await connection.execute(query)}
    return EventCounts(total=sum(by_type.values()), by_type=by_type)


def _in_scope(scope: Scope, query: Any) -> Any:
    in_month = [scope.within(_E.service_on)] if scope.month else []
    return query.where(*scope.owner(_E), *in_month)

"""Encounters by day and by deadline, and how many stand where."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.figures.encounters import Encounter, State
from analytics.queries.scope import Scope
from analytics.storage import encounter_table
from revcycle_kit.database.documents import body_of
from revcycle_kit.values import Value

_E = encounter_table.c
_DAY = func.coalesce(_E.service_on, date.min)
"""The place of an encounter in a list: those without a day of service come first."""


class OfClinic(Value, kw_only=True):
    """An encounter, and the clinic where it was."""

    clinic_id: UUID
    encounter: Encounter


class ByDay(OfClinic, kw_only=True):
    """An encounter in the order of the days of service."""

    day: date


class ByDeadline(OfClinic, kw_only=True):
    """An encounter in the order of deadlines."""

    due_at: datetime


async def find_encounter(connection: AsyncConnection, encounter_id: UUID) -> OfClinic | None:
    """Return an encounter with its clinic, if the grant reaches it."""
    row = (await connection.execute(_listed().where(_E.id == encounter_id))).first()
    return OfClinic(clinic_id=row.clinic_id, encounter=_encounter(row)) if row else None


async def encounters(
    connection: AsyncConnection,
    scope: Scope,
    states: Sequence[State],
    after: tuple[date, UUID] | None,
    limit: int,
) -> list[ByDay]:
    """Return a page of encounters by day of service."""
    query = _in_scope(scope, _listed(_DAY.label("day")))
    if states:
        query = query.where(_E.state.in_(states))
    if after is not None:
        query = query.where(tuple_(_DAY, _E.id) > after)
    rows = await connection.execute(query.order_by(_DAY, _E.id).limit(limit))
    return [ByDay(clinic_id=row.clinic_id, encounter=_encounter(row), day=row.day) for row in rows]


async def deadlines(
    connection: AsyncConnection,
    scope: Scope,
    until: datetime | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[ByDeadline]:
    """Return a page of encounters that wait for something, by their earliest deadline."""
    query = _in_scope(scope, _listed(_E.next_due_at)).where(_E.next_due_at.is_not(None))
    if until is not None:
        query = query.where(_E.next_due_at <= until)
    if after is not None:
        query = query.where(tuple_(_E.next_due_at, _E.id) > after)
    rows = await connection.execute(query.order_by(_E.next_due_at, _E.id).limit(limit))
    return [ByDeadline(clinic_id=row.clinic_id, encounter=_encounter(row), due_at=row.next_due_at) for row in rows]


def _listed(*columns: ColumnElement[Any]) -> Select[Any]:
    return select(_E.clinic_id, body_of(encounter_table), *columns)


def _encounter(row: Row[Any]) -> Encounter:
    return msgspec.json.decode(row.document, type=Encounter)


async def count_states(connection: AsyncConnection, scope: Scope) -> dict[str, int]:
    """Count encounters by state."""
    query = _in_scope(scope, select(_E.state, func.count())).group_by(_E.state).order_by(_E.state)
    return {row[0]: int(row[1]) for row in await connection.execute(query)}


def _in_scope(scope: Scope, query: Select[Any]) -> Select[Any]:
    in_month = [scope.within(_E.service_on)] if scope.month else []
    return query.where(*scope.owner(_E), *in_month)

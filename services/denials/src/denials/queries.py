"""Reads for the HTTP edge: denials, appeals, letters, rules, within the caller's grant."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, Table, case, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from denials.domain.appeal import Appeal
from denials.domain.denial import Denial
from denials.domain.prevention import PreventionRule
from denials.domain.recovery import SOON_DAYS, URGENT_DAYS
from denials.domain.underpayment import Underpayment
from denials.storage import appeal_table, denial_table, letter_table, payer_table, rule_table, underpayment_table
from revcycle_kit.auth import Grant
from revcycle_kit.database.documents import body_of, documents
from revcycle_kit.errors import NotFound
from revcycle_kit.sealing import Sealed
from revcycle_kit.values import Value

T = TypeVar("T")
WorklistKey = tuple[date, int, int, date, UUID]
"""The day of the list, urgency, minus expected recovery, last day, id."""


class WorklistFilter(Value, kw_only=True):
    """Which denials are wanted."""

    states: Collection[str]
    clinic_id: UUID | None = None
    payer_id: UUID | None = None
    category: str | None = None
    assignee: str | None = None
    due_by: date | None = None


class OfClinic(Value, Generic[T]):
    """A document, and the clinic it belongs to."""

    clinic_id: UUID
    document: T


class WorklistItem(Value):
    """A denial in the order of work, with its payer's name."""

    clinic_id: UUID
    denial: Denial
    urgency: int
    payer_name: str | None


async def worklist(  # noqa: PLR0917 - a page of a list in an order
    connection: AsyncConnection,
    grant: Grant,
    wanted: WorklistFilter,
    today: date,
    after: WorklistKey | None,
    limit: int,
) -> list[WorklistItem]:
    """Return denials in the order of work: urgency, then expected recovery, then last day."""
    urgency = _urgency(today)
    order = (urgency, -denial_table.c.expected_recovery_cents, denial_table.c.act_by, denial_table.c.id)
    query = select(
        denial_table.c.clinic_id,
        body_of(denial_table),
        urgency.label("urgency"),
        _payer_name(denial_table.c.payer_id).label("payer_name"),
    ).where(*_conditions(grant, wanted))
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after[1:]))
    rows = await connection.execute(query.order_by(*order).limit(limit))
    return [WorklistItem(row[0], msgspec.json.decode(row[1], type=Denial), row[2], row[3]) for row in rows]


def _urgency(today: date) -> ColumnElement[int]:
    return case(
        (denial_table.c.act_by <= today + timedelta(days=URGENT_DAYS), 0),
        (denial_table.c.act_by <= today + timedelta(days=SOON_DAYS), 1),
        else_=2,
    )


def _conditions(grant: Grant, wanted: WorklistFilter) -> list[ColumnElement[bool]]:
    column = denial_table.c
    equal = {"clinic_id": wanted.clinic_id, "payer_id": wanted.payer_id, "category": wanted.category}
    conditions: list[ColumnElement[bool]] = [column.clinic_id.in_(grant.clinics), column.state.in_(wanted.states)]
    conditions += [column[name] == value for name, value in equal.items() if value is not None]
    if wanted.assignee is not None:
        conditions.append(column.assignee == wanted.assignee)
    if wanted.due_by is not None:
        conditions.append(column.act_by <= wanted.due_by)
    return conditions


def _payer_name(payer_id: UUID | ColumnElement[UUID]) -> Any:
    name = select(payer_table.c.body["name"].astext).where(payer_table.c.id == payer_id)
    return name.limit(1).scalar_subquery()


async def payer_name(connection: AsyncConnection, payer_id: UUID) -> str | None:
    """Return how a payer is called, if the caller's organization knows it."""
    name: str | None = (await connection.execute(select(_payer_name(payer_id)))).scalar_one_or_none()
    return name


async def find_denial(connection: AsyncConnection, grant: Grant, denial_id: UUID) -> OfClinic[Denial]:
    """Return a denial. Raises NotFound, also for what is another's."""
    query = _with_clinic(denial_table, grant).where(denial_table.c.id == denial_id)
    return _only(await _of_clinics(connection, query, Denial), "denial")


async def find_appeal(connection: AsyncConnection, grant: Grant, appeal_id: UUID) -> OfClinic[Appeal]:
    """Return an appeal. Raises NotFound, also for what is another's."""
    query = _with_clinic(appeal_table, grant).where(appeal_table.c.id == appeal_id)
    return _only(await _of_clinics(connection, query, Appeal), "appeal")


async def appeals_about(connection: AsyncConnection, denial: OfClinic[Denial]) -> list[Appeal]:
    """Return the appeals in which a denial was contested, by id."""
    column = appeal_table.c
    on_encounter = (column.clinic_id == denial.clinic_id, column.stream_id == denial.document.encounter_id)
    appeals = await documents(connection, appeal_table, Appeal, *on_encounter)
    return [appeal for appeal in appeals if denial.document.denial_id in appeal.denial_ids]


async def appeals(
    connection: AsyncConnection, grant: Grant, state: str, after: tuple[date, UUID] | None, limit: int
) -> list[OfClinic[Appeal]]:
    """Return appeals, those first that should have been answered longest."""
    order = (appeal_table.c.decision_due_by, appeal_table.c.id)
    query = _with_clinic(appeal_table, grant).where(appeal_table.c.state == state)
    return await _of_clinics(connection, _page(query, order, after, limit), Appeal)


async def sealed_letter(connection: AsyncConnection, grant: Grant, appeal_id: UUID) -> tuple[UUID, Sealed]:
    """Return a letter's clinic, and the letter as it rests. Raises NotFound."""
    column = letter_table.c
    query = select(column.clinic_id, column.sealed).where(column.id == appeal_id, column.clinic_id.in_(grant.clinics))
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("letter")
    return row.clinic_id, Sealed(row.sealed)


async def rules(
    connection: AsyncConnection, organization_id: UUID, states: Collection[str], after: UUID | None, limit: int
) -> list[PreventionRule]:
    """Return prevention rules in these states, by id."""
    column = rule_table.c
    following = (column.id > after,) if after is not None else ()
    in_states = (column.organization_id == organization_id, column.state.in_(states))
    return await documents(connection, rule_table, PreventionRule, *in_states, *following, limit=limit)


async def underpayments(
    connection: AsyncConnection, grant: Grant, after: tuple[int, UUID] | None, limit: int
) -> list[OfClinic[Underpayment]]:
    """Return underpayments, the largest first."""
    order = (-underpayment_table.c.missing_cents, underpayment_table.c.id)
    query = _page(_with_clinic(underpayment_table, grant), order, after, limit)
    return await _of_clinics(connection, query, Underpayment)


def _with_clinic(table: Table, grant: Grant) -> Select[Any]:
    return select(table.c.clinic_id, body_of(table)).where(table.c.clinic_id.in_(grant.clinics))


def _page(
    query: Select[Any], order: Sequence[ColumnElement[Any]], after: tuple[Any, ...] | None, limit: int
) -> Select[Any]:
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    return query.order_by(*order).limit(limit)


async def _of_clinics(connection: AsyncConnection, query: Select[Any], kind: type[T]) -> list[OfClinic[T]]:
    rows = await connection.execute(query)
    return [OfClinic(row[0], msgspec.json.decode(row[1], type=kind)) for row in rows]


def _only(rows: Sequence[OfClinic[T]], noun: str) -> OfClinic[T]:
    if not rows:
        raise NotFound(noun)
    [row] = rows
    return row

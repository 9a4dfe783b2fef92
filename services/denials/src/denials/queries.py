"""What the HTTP edge reads: denials, appeals, letters, rules, within the caller's grant."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Table, Text, case, cast, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from denials.domain.recovery import SOON_DAYS, URGENT_DAYS
from denials.storage import (
    DenialsWork,
    appeal_table,
    denial_table,
    letter_table,
    payer_table,
    rule_table,
    underpayment_table,
)
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.delivery.stores import Documents
from revcycle_kit.errors import NotFound, Refusal

AnyRow = Row[*tuple[Any, ...]]
WorklistKey = tuple[date, int, int, date, UUID]
"""The day of the list, urgency, minus expected recovery, last day, id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorklistFilter:
    """Which denials are asked for."""

    states: Collection[str]
    clinic_id: UUID | None = None
    payer_id: UUID | None = None
    category: str | None = None
    assignee: str | None = None
    due_by: date | None = None


def body_of(table: Table) -> ColumnElement[str]:
    """Read a document's body as text: its store decodes it."""
    return cast(table.c.body, Text).label("document")


def decode(store: str, text: str) -> Any:
    """Return the aggregate that a body says."""
    declared: Documents[Any] = vars(DenialsWork)[store]
    return declared.decode(text.encode())


async def worklist(  # noqa: PLR0917 - a page of a list in an order
    connection: AsyncConnection,
    grant: Grant,
    wanted: WorklistFilter,
    today: date,
    after: WorklistKey | None,
    limit: int,
) -> Sequence[AnyRow]:
    """Return denials in the order of work: urgency, then expected recovery, then last day."""
    urgency = _urgency(today)
    order = (urgency, -denial_table.c.expected_recovery_cents, denial_table.c.act_by, denial_table.c.id)
    query = select(
        denial_table.c.clinic_id,
        denial_table.c.id,
        urgency.label("urgency"),
        body_of(denial_table),
        _payer_name(denial_table).label("payer_name"),
    ).where(*_conditions(grant, wanted))
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after[1:]))
    return (await connection.execute(query.order_by(*order).limit(limit))).all()


def _urgency(today: date) -> ColumnElement[int]:
    return case(
        (denial_table.c.act_by <= today + timedelta(days=URGENT_DAYS), 0),
        (denial_table.c.act_by <= today + timedelta(days=SOON_DAYS), 1),
        else_=2,
    )


def _conditions(grant: Grant, wanted: WorklistFilter) -> list[ColumnElement[bool]]:
    column = denial_table.c
    found: list[ColumnElement[bool]] = [column.clinic_id.in_(grant.clinics), column.state.in_(wanted.states)]
    equal = {"clinic_id": wanted.clinic_id, "payer_id": wanted.payer_id, "category": wanted.category}
    found += [column[name] == value for name, value in equal.items() if value is not None]
    if wanted.assignee is not None:
        found.append(column.assignee == wanted.assignee)
    if wanted.due_by is not None:
        found.append(column.act_by <= wanted.due_by)
    return found


def _payer_name(table: Table) -> ColumnElement[str | None]:
    return (
        select(payer_table.c.body["name"].astext).where(payer_table.c.id == table.c.payer_id).limit(1).scalar_subquery()
    )


async def payer_name(connection: AsyncConnection, payer_id: UUID) -> str | None:
    """Return how a payer is called, if the caller's organization knows it."""
    query = select(payer_table.c.body["name"].astext).where(payer_table.c.id == payer_id).limit(1)
    name: str | None = (await connection.execute(query)).scalar_one_or_none()
    return name


async def one(connection: AsyncConnection, grant: Grant, table: Table, key: UUID, kind: str) -> AnyRow:
    """Return a row of a clinic's table by its id. Raises NotFound, also for what is another's."""
    query: Select[Any] = select(table.c.clinic_id, table.c.stream_id, table.c.id, body_of(table)).where(
        table.c.id == key, table.c.clinic_id.in_(grant.clinics)
    )
    row: AnyRow | None = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound(kind)
    return row


async def stream_of(
    connection: AsyncConnection, grant: Grant, table: Table, keys: Collection[UUID], kind: str
) -> StreamRef:
    """Return the encounter that these belong to. Raises NotFound, and Refusal for several encounters."""
    query = select(table.c.clinic_id, table.c.stream_id, table.c.id).where(
        table.c.id.in_(keys), table.c.clinic_id.in_(grant.clinics)
    )
    rows = (await connection.execute(query)).all()
    if not rows or {row.id for row in rows} != set(keys):
        raise NotFound(kind)
    streams = {(row.clinic_id, row.stream_id) for row in rows}
    if len(streams) > 1:
        raise Refusal(f"The {kind}s belong to several encounters.", f"{kind}_ids", "Send one request for each.")
    [(clinic_id, stream_id)] = streams
    return StreamRef("clinic", clinic_id, "encounter", stream_id)


async def appeals_of(connection: AsyncConnection, row: AnyRow) -> Sequence[AnyRow]:
    """Return the appeals of the encounter that a denial belongs to."""
    column = appeal_table.c
    query = select(column.clinic_id, column.id, body_of(appeal_table)).where(
        column.clinic_id == row.clinic_id, column.stream_id == row.stream_id
    )
    return (await connection.execute(query.order_by(column.id))).all()


async def appeals(
    connection: AsyncConnection, grant: Grant, state: str, after: tuple[date, UUID] | None, limit: int
) -> Sequence[AnyRow]:
    """Return appeals, those first that should have been answered longest."""
    column = appeal_table.c
    query = select(column.clinic_id, column.id, column.decision_due_by, body_of(appeal_table)).where(
        column.clinic_id.in_(grant.clinics), column.state == state
    )
    if after is not None:
        query = query.where(tuple_(column.decision_due_by, column.id) > tuple_(*after))
    return (await connection.execute(query.order_by(column.decision_due_by, column.id).limit(limit))).all()


async def sealed_letter(connection: AsyncConnection, grant: Grant, appeal_id: UUID) -> AnyRow:
    """Return a letter as it rests. Raises NotFound."""
    column = letter_table.c
    query = select(column.clinic_id, column.sha256, column.sealed).where(
        column.id == appeal_id, column.clinic_id.in_(grant.clinics)
    )
    row: AnyRow | None = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("letter")
    return row


async def rules(
    connection: AsyncConnection, organization_id: UUID, states: Collection[str], after: UUID | None, limit: int
) -> Sequence[AnyRow]:
    """Return prevention rules in these states, by id."""
    column = rule_table.c
    query = select(column.id, body_of(rule_table)).where(
        column.organization_id == organization_id, column.state.in_(states)
    )
    if after is not None:
        query = query.where(column.id > after)
    return (await connection.execute(query.order_by(column.id).limit(limit))).all()


async def underpayments(
    connection: AsyncConnection, grant: Grant, after: tuple[int, UUID] | None, limit: int
) -> Sequence[AnyRow]:
    """Return underpayments, the largest first."""
    column = underpayment_table.c
    order = (-column.missing_cents, column.id)
    query = select(column.clinic_id, column.id, column.missing_cents, body_of(underpayment_table)).where(
        column.clinic_id.in_(grant.clinics)
    )
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    return (await connection.execute(query.order_by(*order).limit(limit))).all()

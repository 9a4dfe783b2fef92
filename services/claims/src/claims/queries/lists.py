"""Lists of the API: each within what the connection may see, by an index, a page at a time."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from claims.domain.claims import Claim
from claims.domain.encounters import CodingState
from claims.domain.ledger import Entry
from claims.domain.remittance import Deposit, Remittance, SetAside
from claims.storage import (
    EncounterFile,
    Interchange,
    claim_table,
    deposit_table,
    encounter_table,
    interchange_table,
    ledger_table,
    remittance_table,
    set_aside_table,
)
from revcycle_kit.database.documents import documents
from revcycle_kit.values import Value

ENTRIES_MAX = 5_000


class ClaimFilter(Value, kw_only=True):
    """The claims to list."""

    clinics: frozenset[UUID]
    states: tuple[str, ...] | None
    """None: in any state."""
    payer_id: UUID | None = None
    owner: str | None = None
    encounter_id: UUID | None = None


async def list_claims(
    connection: AsyncConnection, wanted: ClaimFilter, after: tuple[date, UUID] | None, limit: int
) -> list[Claim]:
    """Return claims, the oldest service first."""
    column = claim_table.c
    equal = {"payer_id": wanted.payer_id, "hold_owner": wanted.owner, "stream_id": wanted.encounter_id}
    where: list[ColumnElement[bool]] = [column.clinic_id.in_(wanted.clinics)]
    where += [column[name] == value for name, value in equal.items() if value is not None]
    if wanted.states is not None:
        where.append(column.state.in_(wanted.states))
    order = (column.service_on, column.id)
    return await documents(connection, claim_table, Claim, *where, *_after(order, after), order_by=order, limit=limit)


async def list_coding(
    connection: AsyncConnection, clinics: Collection[UUID], after: tuple[date, UUID] | None, limit: int
) -> list[EncounterFile]:
    """Return the encounters that wait for a coder, the oldest service first."""
    column = encounter_table.c
    order = (column.service_on, column.id)
    where = column.clinic_id.in_(clinics), column.coding == CodingState.WAITING, *_after(order, after)
    return await documents(connection, encounter_table, EncounterFile, *where, order_by=order, limit=limit)


async def list_interchanges(
    connection: AsyncConnection,
    organization_id: UUID,
    state: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Interchange]:
    """Return files as they arrived."""
    column = interchange_table.c
    order = (column.received_at, column.id)
    where = [column.organization_id == organization_id, *_after(order, after)]
    if state is not None:
        where.append(column.state == state)
    return await documents(connection, interchange_table, Interchange, *where, order_by=order, limit=limit)


async def list_deposits(
    connection: AsyncConnection,
    payees: Collection[UUID],
    after: tuple[date, UUID] | None,
    limit: int,
    *,
    unmatched: bool,
) -> list[Deposit]:
    """Return deposits, the oldest first; only those that no remittance explains, or all."""
    column = deposit_table.c
    order = (column.deposited_on, column.id)
    where = [column.billing_entity_id.in_(payees), *_after(order, after)]
    if unmatched:
        where.append(column.remittance_id.is_(None))
    return await documents(connection, deposit_table, Deposit, *where, order_by=order, limit=limit)


async def list_remittances(
    connection: AsyncConnection,
    payees: Collection[UUID],
    state: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Remittance]:
    """Return remittances as they arrived."""
    column = remittance_table.c
    order = (column.received_at, column.id)
    where = [column.billing_entity_id.in_(payees), *_after(order, after)]
    if state is not None:
        where.append(column.state == state)
    return await documents(connection, remittance_table, Remittance, *where, order_by=order, limit=limit)


async def list_set_aside(
    connection: AsyncConnection,
    payees: Collection[UUID],
    wanted: tuple[str, str | None],
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[SetAside]:
    """Return payments set aside in a state, of one kind or (None) of any, the oldest first."""
    state, kind = wanted
    column = set_aside_table.c
    order = (column.since, column.id)
    where = [column.billing_entity_id.in_(payees), column.state == state, *_after(order, after)]
    if kind is not None:
        where.append(column.kind == kind)
    return await documents(connection, set_aside_table, SetAside, *where, order_by=order, limit=limit)


async def entries_of(connection: AsyncConnection, clinics: Collection[UUID], encounter_id: UUID) -> list[Entry]:
    """Return the entries of an encounter's ledger, as they were posted."""
    column = ledger_table.c
    query = (
        select(*(column[name] for name in Entry.__struct_fields__))
        .where(column.stream_id == encounter_id, column.clinic_id.in_(clinics))
        .order_by(column.posted_on, column.id)
        .limit(ENTRIES_MAX)
    )
    return [Entry(**row) for row in (await connection.execute(query)).mappings()]


def _after(order: Sequence[ColumnElement[Any]], last: tuple[Any, ...] | None) -> list[ColumnElement[bool]]:
    """Return the condition that begins a page behind the last row of the page before."""
    return [tuple_(*order) > tuple_(*last)] if last else []

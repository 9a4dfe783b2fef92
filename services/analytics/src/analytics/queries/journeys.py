"""Reading a journey: every event that touched an encounter, in order, in words; what is late; what comes next."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import RowMapping, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.figures.detail import Detail
from analytics.figures.encounters import Encounter
from analytics.figures.words import words_of
from analytics.storage import encounter_table, heard_table, mention_table

_H = heard_table.c
STEPS_MAX: Final = 5_000
"""No journey is longer; one that is has gone wrong."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a journey."""

    service: str
    event: str
    stream: str
    version: int
    step: int
    at: datetime
    words: str
    amounts_cents: dict[str, int]


async def find_encounter(connection: AsyncConnection, encounter_id: UUID) -> tuple[UUID, Encounter] | None:
    """Return an encounter with its clinic, if the grant reaches it."""
    query = select(encounter_table.c.clinic_id, encounter_table.c.body).where(encounter_table.c.id == encounter_id)
    row = (await connection.execute(query)).first()
    return (row.clinic_id, encounter_of(row.body)) if row else None


def encounter_of(body: Any) -> Encounter:
    """Read an encounter from its row."""
    return msgspec.convert(body, Encounter)


async def read_steps(connection: AsyncConnection, clinic_id: UUID, encounter_id: UUID) -> list[Step]:
    """Return every event of the encounter and those of accounts and remittances that name it, in order."""
    own = and_(_H.tenant_id == clinic_id, _H.stream_id == encounter_id)
    named = select(mention_table.c.event_id).where(mention_table.c.encounter_id == encounter_id)
    query = (
        select(heard_table).where(or_(own, _H.id.in_(named))).order_by(_H.step, _H.source, _H.version).limit(STEPS_MAX)
    )
    in_order = query.order_by(_H.step, _H.source, _H.version)
    rows = (await connection.execute(in_order)).mappings().all()
    names = await payer_names(connection, (_detail(row) for row in rows))
    return [_step(row, names) for row in rows]


async def payer_names(connection: AsyncConnection, details: Iterable[Detail]) -> dict[UUID, str]:
    """Return how the payers named in some events are called, as the directory last said, where the grant reaches it."""
    wanted = {detail.payer_id for detail in details if detail.payer_id}
    if not wanted:
        return {}
    query = (
        select(_H.stream_id, _H.detail)
        .where(_H.stream_id.in_(wanted), _H.type == "eligibility.payer_updated.v1")
        .order_by(_H.version)
    )
    return {row.stream_id: row.detail.get("name", "") for row in await connection.execute(query)}


def _detail(row: RowMapping) -> Detail:
    return msgspec.convert(row["detail"], Detail)


def _step(row: RowMapping, names: Mapping[UUID, str]) -> Step:
    told = row["detail"]
    return Step(
        service=row["source"],
        event=row["type"],
        stream=row["stream_kind"],
        version=row["version"],
        step=row["step"],
        at=row["occurred_at"],
        words=words_of(row["type"], _detail(row), names),
        amounts_cents={name: value for name, value in told.items() if name.endswith("_cents") and _amount(value)},
    )


def _amount(value: object) -> bool:
    return isinstance(value, int)

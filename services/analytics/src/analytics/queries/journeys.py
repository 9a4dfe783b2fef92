"""Journeys: every event that touched an encounter, in order, in words."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import RowMapping, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.figures.detail import Detail
from analytics.figures.words import words_of
from analytics.storage import event_table, mention_table
from revcycle_kit.values import Value

_EVENT = event_table.c
STEPS_MAX: Final = 5_000
"""No journey is longer; one that is has gone wrong."""


class Step(Value, kw_only=True):
    """One event of a journey."""

    service: str
    event: str
    stream: str
    version: int
    step: int
    at: datetime
    words: str
    amounts_cents: dict[str, int]


async def read_steps(connection: AsyncConnection, clinic_id: UUID, encounter_id: UUID) -> list[Step]:
    """Return every event of the encounter and those of accounts and remittances that name it, in order."""
    own = and_(_EVENT.tenant_id == clinic_id, _EVENT.stream_id == encounter_id)
    named = select(mention_table.c.event_id).where(mention_table.c.encounter_id == encounter_id)
    query = (
        select(event_table).where(or_(own, _EVENT.id.in_(named))).order_by(_EVENT.step, _EVENT.source, _EVENT.version)
    )
    rows = (await connection.execute(query.limit(STEPS_MAX))).mappings().all()
    names = await payer_names(connection, (_detail(row) for row in rows))
    return [_step(row, names) for row in rows]


async def payer_names(connection: AsyncConnection, details: Iterable[Detail]) -> dict[UUID, str]:
    """Return how the payers named in some events are called, as the directory last said, where the grant reaches it."""
    wanted = {detail.payer_id for detail in details if detail.payer_id}
    if not wanted:
        return {}
    query = (
        select(_EVENT.stream_id, _EVENT.detail)
        .where(_EVENT.stream_id.in_(wanted), _EVENT.type == "eligibility.payer_updated.v1")
        .order_by(_EVENT.version)
    )
    return {row.stream_id: row.detail.get("name", "") for row in await connection.execute(query)}


def _detail(row: RowMapping) -> Detail:
    return msgspec.convert(row["detail"], Detail)


def _step(row: RowMapping, names: Mapping[UUID, str]) -> Step:
    fields = row["detail"]
    return Step(
        service=row["source"],
        event=row["type"],
        stream=row["stream_kind"],
        version=row["version"],
        step=row["step"],
        at=row["occurred_at"],
        words=words_of(row["type"], _detail(row), names),
        amounts_cents={name: value for name, value in fields.items() if name.endswith("_cents") and _amount(value)},
    )


def _amount(value: object) -> bool:
    return isinstance(value, int)

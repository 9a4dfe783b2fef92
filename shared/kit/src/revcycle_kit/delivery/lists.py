"""Lists: what does not take effect or does not go out, for whoever operates a service; and where a reader stands."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from revcycle_kit.bus.protocol import Position
from revcycle_kit.database.connections import Line
from revcycle_kit.delivery import sql
from revcycle_kit.delivery.loading import held_message
from revcycle_kit.delivery.unit import HeldMessage


async def held_messages(line: Line, states: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """List what waits, is parked or stands behind that, oldest first, without contents."""
    async with line.lock:
        rows = await (await line.connection()).fetch(
            sql.LIST_HELD, list(states or ("waiting", "parked", "queued")), limit
        )
    return [dict(row) for row in rows]


async def first_held(line: Line, tenant_id: UUID, stream_id: UUID, source: str) -> HeldMessage | None:
    """Return the head of one held queue."""
    async with line.lock:
        row = await (await line.connection()).fetchrow(sql.FIRST_HELD, tenant_id, stream_id, source)
    return held_message(row) if row else None


async def troubled_effects(line: Line, states: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """List effects that are `failing`, `given_up` or `in_doubt`, longest first, without contents."""
    wanted = list(states or ("failing", "given_up", "in_doubt"))
    async with line.lock:
        rows = await (await line.connection()).fetch(sql.TROUBLED_EFFECTS, wanted, limit)
    return [dict(row) for row in rows]


async def read_positions(
    line: Line, reader: str, partitions: Sequence[tuple[str, int]]
) -> Mapping[tuple[str, int], Position]:
    """Return where a reader stands in some partitions; where it never read, it begins."""
    topics, numbers = [topic for topic, _ in partitions], [number for _, number in partitions]
    async with line.lock:
        connection = await line.connection()
        await connection.execute(sql.ENSURE_POSITIONS, reader, topics, numbers)
        rows = await connection.fetch(sql.READ_POSITIONS, reader, topics, numbers)
    return {(row[0], row[1]): Position(row[2], row[3]) for row in rows}

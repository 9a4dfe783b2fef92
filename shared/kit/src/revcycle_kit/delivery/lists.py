"""Lists: what does not take effect or does not go out, for whoever operates a service; and where a reader stands."""

from collections.abc import Mapping, Sequence
from typing import Any

from revcycle_kit.bus.protocol import Position
from revcycle_kit.database.connections import Line
from revcycle_kit.delivery import sql


async def held_messages(line: Line, states: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """List what waits or is parked, oldest first, without contents."""
    async with line.lock:
        rows = await (await line.connection()).fetch(sql.LIST_HELD, list(states or ("waiting", "parked")), limit)
    return [dict(row) for row in rows]


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

"""
Relay: publishes what a service said, in order per stream, and forgets what was acknowledged.

It scans what is pending, without a cursor; a row that the bus will never take parks itself and the later rows of its
stream.
"""

import struct
from collections.abc import Sequence
from uuid import UUID

import asyncpg
import msgspec

from revcycle_kit.bus.protocol import Bus, Fenced, Publisher, Record
from revcycle_kit.database.connections import Line

PENDING = """
SELECT seq, event_id, stream_id, version, headers, body FROM outbox AS pending
WHERE failure IS NULL AND NOT EXISTS (
    SELECT FROM outbox AS stuck
    WHERE stuck.stream_id = pending.stream_id AND stuck.version < pending.version AND stuck.failure IS NOT NULL)
ORDER BY seq LIMIT $1
"""
ACKNOWLEDGED = "DELETE FROM outbox WHERE seq = ANY($1::bigint[])"
REFUSED = "UPDATE outbox SET failure = $2 WHERE seq = $1"
ONLY_ONE = "SELECT pg_try_advisory_lock($1)"
RELAY_LOCK = struct.unpack(">q", b"rc-relay")[0]
EVENT_BYTES_MAX = 900_000
_headers = msgspec.json.Decoder(dict[str, str]).decode


class OutOfOrder(Exception):  # noqa: N818 - names the state
    """The outbox showed versions of a stream that do not rise: nothing was published."""


class Relay:
    """One service's relay."""

    def __init__(self, topic: str, line: Line, bus: Bus) -> None:
        self._topic = topic
        self._line = line
        self._bus = bus
        self._publisher: Publisher | None = None
        self._leads: asyncpg.Connection | None = None

    async def step(self, limit: int = 1000) -> int:
        """Publish one batch; return how many events were published. Zero also while another relay is live."""
        async with self._line.lock:
            connection = await self._line.connection()
            if not await self._leading(connection):
                return 0
            rows = await connection.fetch(PENDING, limit)
            if not rows:
                return 0
            rows = await self._set_aside(connection, rows)
            return await self._publish(connection, rows)

    async def _leading(self, connection: asyncpg.Connection) -> bool:
        """Take the lead once per connection; a new lead gets a new publisher, which fences the old one."""
        if self._leads is connection and self._publisher is not None:
            return True
        if self._leads is not connection and not await connection.fetchval(ONLY_ONE, RELAY_LOCK):
            return False
        self._leads = connection
        self._publisher = await self._bus.publisher(self._topic)
        return True

    async def _publish(self, connection: asyncpg.Connection, rows: Sequence[asyncpg.Record]) -> int:
        assert self._publisher is not None  # noqa: S101 - _leading made it
        _assert_rising(rows)
        records = [Record(row["event_id"], row["stream_id"], _headers(row["headers"]), row["body"]) for row in rows]
        try:
            acknowledged = await self._publisher.publish(records)
        except Fenced:
            self._publisher = None
            raise
        await connection.execute(ACKNOWLEDGED, [row["seq"] for row in rows if row["event_id"] in acknowledged])
        return len(acknowledged)

    async def _set_aside(
        self, connection: asyncpg.Connection, rows: Sequence[asyncpg.Record]
    ) -> Sequence[asyncpg.Record]:
        """Park what is too large for the bus; the later rows of its stream wait behind it."""
        stuck: set[UUID] = set()
        sound = []
        for row in rows:
            if row["stream_id"] not in stuck and len(row["body"]) > EVENT_BYTES_MAX:
                await connection.execute(REFUSED, row["seq"], f"{len(row['body'])} bytes; at most {EVENT_BYTES_MAX}")
                stuck.add(row["stream_id"])
            if row["stream_id"] not in stuck:
                sound.append(row)
        return sound

    async def close(self) -> None:
        """Let go of the bus and of the lead."""
        if self._publisher is not None:
            await self._publisher.close()
        await self._line.close()


def _assert_rising(rows: Sequence[asyncpg.Record]) -> None:
    last: dict[UUID, int] = {}
    for row in rows:
        before = last.get(row["stream_id"])
        if before is not None and row["version"] != before + 1:
            raise OutOfOrder(f"stream {row['stream_id']}: version {row['version']} after {before}")
        last[row["stream_id"]] = row["version"]

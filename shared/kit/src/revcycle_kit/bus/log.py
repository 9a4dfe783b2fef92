"""
The log: a bus in a PostgreSQL database of its own, for one machine.

One partition per topic, offsets without a gap, visible in commit order because a locked head row hands them out. A
topic remembers its publisher's epoch and its last batch, so that an append whose outcome was lost is not made twice.
"""

import asyncio
from collections.abc import Mapping, Sequence
from math import inf
from uuid import UUID, uuid4

import msgspec

from revcycle_kit.bus.protocol import Chunk, Fenced, LogReplaced, Position, Positions, Publisher, Record, Subscription
from revcycle_kit.database.connections import BROKEN, Line
from revcycle_kit.errors import Unavailable

SCHEMA = """
CREATE TABLE IF NOT EXISTS log (log_id text PRIMARY KEY);
CREATE TABLE IF NOT EXISTS topic (
    name text PRIMARY KEY, next_offset bigint NOT NULL DEFAULT 0, epoch bigint NOT NULL DEFAULT 0,
    last_batch uuid[] NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS record (
    topic text NOT NULL, "offset" bigint NOT NULL, event_id uuid NOT NULL, key uuid NOT NULL, headers jsonb NOT NULL,
    value bytea NOT NULL, PRIMARY KEY (topic, "offset"));
"""
IDENTIFY = "INSERT INTO log (log_id) SELECT $1 WHERE NOT EXISTS (SELECT FROM log)"
LOG_ID = "SELECT log_id FROM log"
OPEN_TOPICS = "INSERT INTO topic (name) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING"
NEW_EPOCH = "UPDATE topic SET epoch = epoch + 1 WHERE name = $1 RETURNING epoch, last_batch"
APPEND = """
WITH head AS (
    UPDATE topic SET next_offset = next_offset + cardinality($3::uuid[]), last_batch = $3
    WHERE name = $1 AND epoch = $2
    RETURNING next_offset - cardinality($3::uuid[]) AS base
), written AS (
    INSERT INTO record (topic, "offset", event_id, key, headers, value)
    SELECT $1, head.base + said.ordinal - 1, said.event_id, said.key, said.headers, said.value
    FROM head, unnest($3::uuid[], $4::uuid[], $5::jsonb[], $6::bytea[])
         WITH ORDINALITY AS said (event_id, key, headers, value, ordinal)
)
SELECT base FROM head
"""
READ = """
SELECT event_id, key, headers, value FROM record
WHERE topic = $1 AND "offset" >= $2 ORDER BY "offset" LIMIT $3
"""
HEADS = "SELECT name, next_offset FROM topic WHERE name = ANY($1::text[])"
POLL_SECONDS_MAX = 0.25
POLL_SECONDS_MIN = 0.005
_NOTHING_READ: tuple[int, int, list[Record]] = (-1, 0, [])
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, str]).decode


class LogBus:
    """The log of one machine; processes share it through its database."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._reading = Line(dsn)
        self._read: dict[str, tuple[int, int, list[Record]]] = {}
        """Offset, limit and records of what was last read of each topic."""
        self._log_id = ""
        self.heads: dict[str, int] = {}
        """What this process knows of each topic's end: lets readers in the same process skip an idle query."""
        self.sole_process = False
        """True: nobody else publishes, so `heads` is the truth."""
        self.horizon: Mapping[str, int] | None = None
        """Where readers in this process stop reading each topic, whatever comes after; None: nowhere."""

    async def start(self) -> None:
        """Make the tables (as their owner) and give the log its identity."""
        line = Line(self._dsn)
        connection = await line.connection()
        await connection.execute(SCHEMA)
        await connection.execute(IDENTIFY, uuid4().hex)
        await line.close()

    async def publisher(self, topic: str) -> Publisher:
        """Return the topic's publisher; the one before it is fenced."""
        return await _LogPublisher.open(self, topic, Line(self._dsn))

    async def subscription(self, reader: str, topics: Sequence[str], positions: Positions) -> Subscription:
        """Return a subscription to these topics from the reader's positions on."""
        del reader
        async with self._reading.lock:
            connection = await self._reading.connection()
            await connection.execute(OPEN_TOPICS, list(topics))
            for row in await connection.fetch(HEADS, list(topics)):
                self.heads.setdefault(row[0], row[1])
        return _LogSubscription(self, list(topics), positions)

    def ahead(self, topic: str, offset: int) -> float:
        """Return how many records may be read of a topic from an offset on, as far as this process knows."""
        end = self.heads.get(topic, 0) if self.sole_process else inf
        if self.horizon is not None:
            end = self.horizon.get(topic, end)
        return end - offset

    async def identity(self) -> str:
        """Return the log's id: another one means another log."""
        if not self._log_id:
            async with self._reading.lock:
                self._log_id = str(await (await self._reading.connection()).fetchval(LOG_ID))
        return self._log_id

    async def read(self, topic: str, offset: int, limit: int) -> list[Record]:
        """
        Return records of a topic from an offset on, one offset each.

        What was read in full never changes: several readers in this process share it. Raises Unavailable when the
        server is out of reach.
        """
        async with self._reading.lock:
            if self._read.get(topic, _NOTHING_READ)[:2] == (offset, limit):
                return self._read[topic][2]
            try:
                rows = await (await self._reading.connection()).fetch(READ, topic, offset, limit)
            except BROKEN as error:
                await self._reading.drop()
                raise Unavailable("the event log") from error
            records = [Record(row[0], row[1], _decode(row[2]), row[3]) for row in rows]
            if len(records) == limit:
                self._read[topic] = (offset, limit, records)
            return records

    async def check(self) -> None:
        """Raise Unavailable when the log's database is out of reach: for readiness."""
        async with self._reading.lock:
            try:
                await (await self._reading.connection()).fetchval("SELECT 1")
            except BROKEN as error:
                await self._reading.drop()
                raise Unavailable("the event log") from error

    async def close(self) -> None:
        """Let go of the database."""
        await self._reading.close()


class _LogPublisher:
    """Appends to one topic, exactly once."""

    def __init__(self, bus: LogBus, topic: str, line: Line, epoch: int, last_batch: frozenset[UUID]) -> None:
        self._bus = bus
        self._topic = topic
        self._line = line
        self._epoch = epoch
        self._last_batch = last_batch

    @classmethod
    async def open(cls, bus: LogBus, topic: str, line: Line) -> "_LogPublisher":
        connection = await line.connection()
        await connection.execute(OPEN_TOPICS, [topic])
        row = await connection.fetchrow(NEW_EPOCH, topic)
        return cls(bus, topic, line, row["epoch"], frozenset(row["last_batch"]))

    async def publish(self, records: Sequence[Record]) -> set[UUID]:
        fresh = [record for record in records if record.event_id not in self._last_batch]
        if fresh:
            await self._append(fresh)
        return {record.event_id for record in records}

    async def _append(self, records: Sequence[Record]) -> None:
        ids = [record.event_id for record in records]
        try:
            base = await (await self._line.connection()).fetchval(
                APPEND,
                self._topic,
                self._epoch,
                ids,
                [record.key for record in records],
                [_encode(record.headers) for record in records],
                [record.value for record in records],
            )
        except BROKEN as error:
            await self._line.drop()
            raise Fenced("the outcome of an append is unknown: start again") from error
        if base is None:
            raise Fenced(f"another publisher writes to {self._topic}")
        self._last_batch = frozenset(ids)
        self._bus.heads[self._topic] = base + len(ids)

    async def close(self) -> None:
        await self._line.close()


class _LogSubscription:
    """Reads topics of the log in turn."""

    def __init__(self, bus: LogBus, topics: list[str], positions: Positions) -> None:
        self._bus = bus
        self._topics = topics
        self._positions = positions
        self._next: dict[str, int] | None = None

    async def fetch(self, limit: int, wait_seconds: float) -> list[Chunk]:
        chunks = await self._fetch_now(limit)
        pause, waited = POLL_SECONDS_MIN, 0.0
        while not chunks and waited < wait_seconds:
            await asyncio.sleep(pause)
            waited += pause
            pause = min(pause * 2, POLL_SECONDS_MAX)
            chunks = await self._fetch_now(limit)
        return chunks

    async def _fetch_now(self, limit: int) -> list[Chunk]:
        standing = self._next if self._next is not None else await self._stand()
        log_id = await self._bus.identity()
        chunks: list[Chunk] = []
        for topic in self._topics:
            base = standing[topic]
            wanted = int(min(limit, self._bus.ahead(topic, base)))
            if wanted <= 0:
                continue
            records = await self._bus.read(topic, base, wanted)
            if records:
                standing[topic] = base + len(records)
                chunks.append(Chunk(topic, 0, log_id, base, standing[topic], records))
                limit -= len(records)
        return chunks

    async def _stand(self) -> dict[str, int]:
        positions: Mapping[tuple[str, int], Position] = await self._positions([(topic, 0) for topic in self._topics])
        log_id = await self._bus.identity()
        for (topic, _), position in positions.items():
            if position.log_id not in ("", log_id):
                raise LogReplaced(f"{topic} was read from another log: restore the log, or rebuild this reader")
        self._next = {topic: position.next_offset for (topic, _), position in positions.items()}
        return self._next

    async def rewind(self) -> None:
        self._next = None

    async def committed(self, chunks: Sequence[Chunk]) -> None:
        """Nothing to tell: the log asks nobody where readers stand."""

    async def close(self) -> None:
        """Nothing is held."""

"""
Writer: runs messages in one transaction on a service's database.

Locks their streams first, in sorted order; loads what the stores hold of them; lets the unit handle them; writes
set-wise; commits. What fails while writing is found by running the messages one by one, each behind a savepoint.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from revcycle_kit.bus.protocol import Chunk
from revcycle_kit.database.connections import TRANSIENT, Line, begin_granted
from revcycle_kit.delivery import flush, loading, sql
from revcycle_kit.delivery.messages import Envelope
from revcycle_kit.delivery.service import Service
from revcycle_kit.delivery.unit import HeldMessage, Outcome, Unit
from revcycle_kit.sealing import Sealer

Judge = Callable[[Outcome, int], None]
"""Sees the outcome before it is committed, and may raise to forbid it (the breaker)."""


class Overtaken(Exception):  # noqa: N818 - a state, not an accident
    """Another worker moved the position first: roll back, read again."""


@dataclass(slots=True)
class Known:
    """The references as last loaded, for whom, and what told that they were current."""

    tenants: frozenset[UUID] = frozenset()
    fingerprint: tuple[tuple[str, int, int], ...] = ()
    values: dict[str, dict[UUID, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction is to do, and which tenants' rows it may see."""

    envelopes: Sequence[Envelope]
    now: datetime
    chunks: Sequence[Chunk]
    retry: Sequence[HeldMessage]
    tenants: Iterable[UUID]


class Writer:
    """One service's writing transactions, one at a time, on a line of its own."""

    def __init__(
        self, service: Service[Any], line: Line, sealer: Sealer, judge: Judge, *, sees_all: bool = True
    ) -> None:
        """Make a writer; `sees_all` where row security shows it every reference (a worker's role)."""
        self._sees_all = sees_all
        self._service = service
        self._line = line
        self._sealer = sealer
        self._judge = judge
        self._flush = flush.Statements(service)
        documents = list(service.documents.values())
        self._load_documents = sql.load_documents(documents) if documents else ""
        references = list(service.references.values())
        self._fingerprint = sql.fingerprint_references(references) if references else ""
        self._known = Known()
        self.alone = False
        """True: nobody else changes references, so those loaded hold until `forget`."""
        self._seen_by: frozenset[UUID] = frozenset()

    async def run(
        self,
        envelopes: Sequence[Envelope],
        now: datetime,
        *,
        chunks: Sequence[Chunk] = (),
        retry: Sequence[HeldMessage] = (),
        tenants: Iterable[UUID] | None = None,
    ) -> Outcome:
        """
        Let the messages take effect in one transaction, with the positions of the chunks that brought them.

        Raises Overtaken when another worker was faster, Unavailable or a database error when the infrastructure failed:
        then nothing took effect.
        """
        batch = Batch(envelopes, now, chunks, retry, _tenants(envelopes, retry) if tenants is None else tenants)
        async with self._line.lock:
            connection = await self._line.connection()
            try:
                return await self._transaction(connection, batch)
            except (asyncpg.PostgresError, ValueError, TypeError, OverflowError) as error:
                await self._roll_back(connection)
                if isinstance(error, TRANSIENT) or not (envelopes or retry):
                    raise
            except BaseException:
                await self._roll_back(connection)
                raise
            return await self._one_by_one(connection, batch)

    def forget(self) -> None:
        """Load the references anew: somebody in this process changed them."""
        self._known = Known()

    async def _roll_back(self, connection: asyncpg.Connection) -> None:
        try:
            await connection.execute("ROLLBACK")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await self._line.drop()

    async def _transaction(self, connection: asyncpg.Connection, batch: "Batch") -> Outcome:
        await self._begin(connection, batch)
        outcome = await self._group(connection, batch.envelopes, batch.now, batch.retry)
        self._judge(outcome, len(batch.envelopes))
        await connection.execute("COMMIT")
        return outcome

    async def _one_by_one(self, connection: asyncpg.Connection, batch: "Batch") -> Outcome:
        """Run each message behind a savepoint; what cannot be written is parked, the rest takes effect."""
        try:
            await self._begin(connection, batch)
            total = Outcome()
            for envelope in batch.envelopes:
                _merge(total, await self._isolated(connection, [envelope], batch.now, ()))
            for message in batch.retry:
                _merge(total, await self._isolated(connection, (), batch.now, [message]))
            self._judge(total, len(batch.envelopes))
            await connection.execute("COMMIT")
        except BaseException:
            await self._roll_back(connection)
            raise
        return total

    async def _isolated(
        self,
        connection: asyncpg.Connection,
        envelopes: Sequence[Envelope],
        now: datetime,
        retry: Sequence[HeldMessage],
    ) -> Outcome:
        await connection.execute("SAVEPOINT message")
        try:
            outcome = await self._group(connection, envelopes, now, retry)
        except (asyncpg.PostgresError, ValueError, TypeError, OverflowError) as error:
            if isinstance(error, TRANSIENT):
                raise
            await connection.execute("ROLLBACK TO SAVEPOINT message")
            asked = [envelope for envelope in envelopes if envelope.asked]
            if asked or retry:
                return Outcome(errors={envelope.message_id: error for envelope in asked})
            return await self._group(connection, envelopes, now, (), park=error)
        return outcome

    async def _begin(self, connection: asyncpg.Connection, batch: "Batch") -> None:
        self._seen_by = frozenset() if self._sees_all else frozenset(batch.tenants)
        await connection.execute(begin_granted(batch.tenants))
        if batch.chunks:
            await self._move_positions(connection, batch.chunks)

    async def _move_positions(self, connection: asyncpg.Connection, chunks: Sequence[Chunk]) -> None:
        moved = await connection.execute(
            sql.MOVE_POSITIONS,
            self._service.name,
            [chunk.topic for chunk in chunks],
            [chunk.partition for chunk in chunks],
            [chunk.base for chunk in chunks],
            [chunk.next_offset for chunk in chunks],
            [chunk.log_id for chunk in chunks],
        )
        if int(moved.rpartition(" ")[2]) != len(chunks):
            raise Overtaken

    async def _group(
        self,
        connection: asyncpg.Connection,
        envelopes: Sequence[Envelope],
        now: datetime,
        retry: Sequence[HeldMessage],
        *,
        park: BaseException | None = None,
    ) -> Outcome:
        unit = Unit(self._service, self._sealer, now)
        everything = [*envelopes, *(message.envelope for message in retry)]
        await self._load(connection, unit, everything)
        taken = await _take_tasks(connection, envelopes, now)
        for envelope in envelopes:
            if envelope.task_id is None or envelope.task_id in taken:
                await unit.take(envelope, park=park)
        for message in retry:
            held = unit.held.get((message.envelope.stream.tenant_id, message.envelope.stream.id), ())
            for current in [queued for queued in held if queued.held_id == message.held_id]:
                await unit.retry(current)
        await self._flush.write(connection, unit)
        if unit.out.learned:
            self._known = Known()
        return unit.out

    async def _load(self, connection: asyncpg.Connection, unit: Unit, envelopes: Sequence[Envelope]) -> None:
        streams = await loading.lock_streams(connection, unit, envelopes)
        if not streams:
            return
        await loading.load_held(connection, unit)
        await loading.load_commands(connection, unit, envelopes)
        await self._load_references(connection, unit)
        if self._load_documents:
            stores = self._service.documents
            tenants, ids = [tenant for tenant, _ in streams], [stream for _, stream in streams]
            for store, stream_id, key, body in await connection.fetch(self._load_documents, tenants, ids):
                unit.stored.setdefault(store, {}).setdefault(stream_id, {})[key] = stores[store].decode(body)

    async def _load_references(self, connection: asyncpg.Connection, unit: Unit) -> None:
        if not self._fingerprint:
            return
        if self.alone and self._known.fingerprint and self._seen_by == self._known.tenants:
            unit.directory = dict(self._known.values)
            return
        now = tuple((row[0], row[1], int(row[2])) for row in await connection.fetch(self._fingerprint))
        if now != self._known.fingerprint or self._seen_by != self._known.tenants:
            values: dict[str, dict[UUID, Any]] = {}
            for name, store in self._service.references.items():
                rows = await connection.fetch(sql.load_references(store))
                values[name] = {row[0]: store.decode(row[1]) for row in rows}
            self._known = Known(self._seen_by, now, values)
        unit.directory = dict(self._known.values)


def _tenants(envelopes: Sequence[Envelope], retry: Sequence[HeldMessage]) -> set[UUID]:
    everything = [*envelopes, *(message.envelope for message in retry)]
    return {envelope.stream.tenant_id for envelope in everything}


async def _take_tasks(connection: asyncpg.Connection, envelopes: Sequence[Envelope], now: datetime) -> set[UUID]:
    wanted = [envelope for envelope in envelopes if envelope.task_id is not None]
    if not wanted:
        return set()
    rows = await connection.fetch(
        sql.TAKE_TASKS,
        [envelope.task_id for envelope in wanted],
        now,
        [envelope.task_state for envelope in wanted],
        [envelope.task_reason for envelope in wanted],
    )
    return {row[0] for row in rows}


def _merge(total: Outcome, part: Outcome) -> None:
    total.said.extend(part.said)
    total.tasks.update(part.tasks)
    total.answers.update(part.answers)
    total.errors.update(part.errors)
    total.learned.update(part.learned)
    total.waits = total.waits or part.waits
    total.applied += part.applied
    total.copies += part.copies
    total.parked += part.parked

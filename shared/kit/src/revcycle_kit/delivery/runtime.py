"""
Runtime: one service at work, bound to a database, a bus, keys and a clock.

It reads the topics the service hears, fires what is due, performs effects, publishes what was said, and answers
commands. `step` and `relay_step` do one round each: loops drive them in production, the simulator drives them by its
clock.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from revcycle_kit.auth.grant import Grant, tenants_of
from revcycle_kit.bus.protocol import Bus, Chunk, Position, Subscription, topic_of
from revcycle_kit.clock import Clock
from revcycle_kit.database.connections import Line, Reads
from revcycle_kit.delivery import lists, sql
from revcycle_kit.delivery.breaker import Breaker, never_pause
from revcycle_kit.delivery.commands import Commands
from revcycle_kit.delivery.effects import LEASE, Effects
from revcycle_kit.delivery.envelopes import envelopes_of, of_task
from revcycle_kit.delivery.messages import Command, CommandCall, Envelope, StreamRef, own_type
from revcycle_kit.delivery.relay import Relay
from revcycle_kit.delivery.service import Service
from revcycle_kit.delivery.sweep import Sweep
from revcycle_kit.delivery.unit import HeldMessage, Outcome
from revcycle_kit.delivery.work import Work
from revcycle_kit.delivery.writer import Writer
from revcycle_kit.errors import NotFound
from revcycle_kit.idempotency import CommandKey
from revcycle_kit.ids import derived_id
from revcycle_kit.sealing import Sealer
from revcycle_kit.telemetry.traces import current_traceparent

W = TypeVar("W", bound=Work)
AT_ONCE = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AtOnce:
    """How much one round takes: what a crash repeats, what partners are asked side by side, what memory holds."""

    messages: int = 500
    effects: int = 100
    published: int = 1000


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a service's database is, by role."""

    worker: str
    api: str


class Runtime(Generic[W]):
    """One service at work; see the module."""

    def __init__(
        self,
        service: Service[W],
        addresses: Addresses,
        bus: Bus,
        sealer: Sealer,
        clock: Clock,
        *,
        machine: Clock | None = None,
    ) -> None:
        """Bind a service; `clock` is business time, `machine` (else `clock`) that of backoff, leases, breaker."""
        self.service = service
        self.clock = clock
        self.machine_clock = machine or clock
        self.sealer = sealer
        self.breaker = Breaker(self.machine_clock.now)
        self.at_once = AtOnce()
        self._bus = bus
        self._lines = {name: Line(addresses.worker) for name in ("work", "tasks", "effects", "relay", "internal")}
        self._lines["api"] = Line(addresses.api)
        self._reads = Reads(addresses.api)
        self._writer = Writer(service, self._lines["work"], sealer, self.breaker.judge)
        self._effects = Effects(service, self._lines["effects"], sealer, self.machine_clock.now)
        self._relay = Relay(topic_of(service.name), self._lines["relay"], bus)
        self._internal_writer = Writer(service, self._lines["internal"], sealer, never_pause)
        self._api_writer = Writer(service, self._lines["api"], sealer, never_pause, sees_all=False)
        self._internal = Commands(partial(self._run_commands, self._internal_writer), own=True)
        self._api = Commands(partial(self._run_commands, self._api_writer))
        self._subscription: Subscription | None = None
        self._alone = False
        self._due: datetime | None = None
        self._due_known = False
        self._effects_due: datetime | None = AT_ONCE
        self._retry_due: datetime | None = None
        self._unsaid = True
        self._sweep = Sweep(service, self._lines["tasks"])
        self._asked: Counter[tuple[UUID, str]] = Counter()
        self.published = 0
        self.heard: Counter[str] = Counter()
        """How many records of each topic took effect through this process."""

    @property
    def alone(self) -> bool:
        """True: this process is the only one at work on the database, so what it knows need not be asked again."""
        return self._alone

    @alone.setter
    def alone(self, alone: bool) -> None:
        self._alone = alone
        for writer in (self._writer, self._internal_writer, self._api_writer):
            writer.alone = alone

    # rounds

    async def round(self, wait_seconds: float = 0.0) -> bool:
        """Do one round and publish what was said; True when anything happened."""
        did = await self.step(wait_seconds)
        return await self.relay_step() > 0 or did

    async def step(self, wait_seconds: float = 0.0) -> bool:
        """
        Do one round: events, due tasks, effects and their replies; True when anything happened.

        Raises what the infrastructure raised; then nothing took effect, and the next round starts from the database.
        """
        self.breaker.judge(Outcome(), 0)
        did = await self._read_and_fire(wait_seconds)
        now = self.clock.now()
        if not self.alone or self._effect_is_due(now):
            did = await self._perform(now) or did
        return did

    def _effect_is_due(self, now: datetime) -> bool:
        """Tell whether an effect is due by business time, or may be tried again by machine time."""
        if self._effects_due is not None and self._effects_due <= now:
            return True
        return self._retry_due is not None and self._retry_due <= self.machine_clock.now()

    async def _perform(self, now: datetime) -> bool:
        """Perform effects and record their replies; remember when the next is due."""
        self._effects_due = self._retry_due = None
        replies = await self._effects.perform(now, self.at_once.effects)
        if replies:
            await self._run(replies, ())
        if self.alone:
            due, self._retry_due = await self._effects.next_due()
            if due is not None and (self._effects_due is None or due < self._effects_due):
                self._effects_due = due
        return bool(replies)

    async def _read_and_fire(self, wait_seconds: float) -> bool:
        tasks = await self._ready_tasks()
        chunks = await self._fetch(0.0 if tasks else wait_seconds)
        envelopes = [*envelopes_of(chunks, self.service.name), *tasks]
        retry = await self._sweep.portion(self.at_once.messages, exclusive=self.alone)
        if not envelopes and not chunks and not retry:
            return False
        await self._run(envelopes, chunks, retry)
        return True

    async def _fetch(self, wait_seconds: float) -> list[Chunk]:
        if not self.service.sources:
            return []
        if self._subscription is None:
            topics = [topic_of(source) for source in self.service.sources]
            self._subscription = await self._bus.subscription(self.service.name, topics, self._positions)
        return await self._subscription.fetch(self.at_once.messages, wait_seconds)

    async def _run(
        self, envelopes: Sequence[Envelope], chunks: Sequence[Chunk], retry: Sequence[HeldMessage] = ()
    ) -> Outcome:
        try:
            await self._fetch_keys([*envelopes, *(held.envelope for held in retry)])
            outcome = await self._writer.run(envelopes, self.clock.now(), chunks=chunks, retry=retry)
        except BaseException:
            await self._start_over()
            raise
        self._note(outcome)
        for chunk in chunks:
            self.heard[chunk.topic] += len(chunk.records)
        if chunks and self._subscription is not None:
            await self._subscription.committed(chunks)
        return outcome

    async def _fetch_keys(self, envelopes: Iterable[Envelope]) -> None:
        """Fetch the keys that handlers will need, so that nobody waits inside a transaction for a remote ring."""
        await self.sealer.preload({envelope.stream.tenant_id for envelope in envelopes})

    async def _start_over(self) -> None:
        self._doubt()
        if self._subscription is not None:
            await self._subscription.rewind()

    def _doubt(self) -> None:
        """Forget what this process believes is left to be done: a transaction failed, or its end is unknown."""
        self._due_known = False
        self._effects_due = AT_ONCE
        self._unsaid = True
        self._sweep.begin()

    def _note(self, outcome: Outcome) -> None:
        """Remember what this transaction left to be done, so that an idle round asks nothing."""
        for row in outcome.tasks.values():
            if row is None:
                continue
            if row.kind == "effect":
                self._effects_due = row.due_at if self._effects_due is None else min(self._effects_due, row.due_at)
            elif self._due is None or row.due_at < self._due:
                self._due = row.due_at
        self._unsaid = self._unsaid or bool(outcome.said)
        if outcome.learned or outcome.waits:
            self._sweep.begin()
        if outcome.learned:
            for writer in (self._writer, self._internal_writer, self._api_writer):
                writer.forget()

    # what is due

    async def _ready_tasks(self) -> list[Envelope]:
        now = self.clock.now()
        if self.alone and self._due_known and (self._due is None or self._due > now):
            return []
        line = self._lines["tasks"]
        self._due, self._due_known = None, False  # from here on `_note` collects what is armed while we ask
        async with line.lock:
            connection = await line.connection()
            rows = await connection.fetch(sql.READY_TASKS, now, self.at_once.messages)
            if len(rows) < self.at_once.messages and self.alone:
                dues = (await connection.fetchval(sql.NEXT_DUE_AFTER, now), self._due)
                self._due = min((due for due in dues if due is not None), default=None)
                self._due_known = True
        return [of_task(row) for row in rows]

    async def next_due(self) -> datetime | None:
        """Return the earliest instant of business time at which something is due."""
        if self.alone and self._due_known:
            dues = [self._due, self._effects_due]
            retry = self._retry_due
        else:
            line = self._lines["tasks"]
            async with line.lock:
                task: datetime | None = await (await line.connection()).fetchval(sql.NEXT_TASK)
            effect, retry = await self._effects.next_due()
            dues = [task, effect]
        if self.machine_clock is self.clock:  # a play that drives both
            dues.append(retry)
        return min((due for due in dues if due is not None), default=None)

    # publishing

    async def relay_step(self) -> int:
        """Publish one batch of what was said; return how many events."""
        if self.alone and not self._unsaid:
            return 0
        self._unsaid = False
        try:
            published = await self._relay.step(self.at_once.published)
        except BaseException:
            self._unsaid = True
            raise
        self._unsaid = self._unsaid or published > 0
        self.published += published
        return published

    # commands and reads

    async def execute(
        self,
        command: Command,
        stream: StreamRef,
        *,
        grant: Grant | None = None,
        key: CommandKey | None = None,
    ) -> Any:
        """
        Let a command take effect and return its answer; `grant=None` is for the service's own edges.

        With a key, a repetition gives the recorded answer as JSON (see `answer_as`). Raises what the handler raised
        (Refusal, NotYet …), NotFound when the stream is not the caller's.
        """
        name = own_type(type(command))
        if grant is not None and stream.tenant_id not in tenants_of(grant):
            raise NotFound(stream.kind.replace("_", " "))
        envelope = Envelope(
            source="",
            name=name,
            stream=stream,
            message_id=self._command_id(name, stream),
            version=0,
            step=0,
            body=b"",
            occurred_at=self.clock.now(),
            traceparent=current_traceparent() or "",
            message=command,
            asked=True,
            command=CommandCall(grant.subject if grant else "", key.key, key.request_hash) if key else None,
        )
        if grant is None:
            return await self._internal.execute(envelope, frozenset({stream.tenant_id}))
        return await self._api.execute(envelope, tenants_of(grant))

    def _command_id(self, name: str, stream: StreamRef) -> UUID:
        """Return a new id; with `alone` one that the same history draws again."""
        if not self.alone:
            return uuid4()
        self._asked[stream.id, name] += 1
        return derived_id(
            "command", str(stream.id), name, str(self._asked[stream.id, name]), self.clock.now().isoformat()
        )

    async def check(self) -> None:
        """Raise Unavailable when the database is out of reach: for readiness."""
        line = self._lines["tasks"]
        async with line.lock:
            await (await line.connection()).fetchval("SELECT 1")

    async def check_bus(self) -> None:
        """Raise Unavailable when the bus is out of reach: for readiness."""
        await self._bus.check()

    async def _run_commands(self, writer: Writer, envelopes: list[Envelope], tenants: Iterable[UUID]) -> Outcome:
        await self._fetch_keys(envelopes)
        try:
            outcome = await writer.run(envelopes, self.clock.now(), tenants=tenants)
        except BaseException:
            self._doubt()
            raise
        self._note(outcome)
        return outcome

    @asynccontextmanager
    async def read(self, grant: Grant) -> AsyncIterator[AsyncConnection]:
        """Open a read-only transaction that sees what the grant covers."""
        async with self._reads.granted(tenants_of(grant)) as connection:
            yield connection

    # what is held

    async def held(self, *states: str, limit: int = 1000) -> list[dict[str, Any]]:
        """List what waits, is parked or stands behind that, oldest first, without contents."""
        return await lists.held_messages(self._lines["tasks"], states, limit)

    async def replay(self, tenant_id: UUID, stream_id: UUID, source: str) -> int:
        """Let one held queue try again, in order, one transaction each; return how many messages took effect."""
        queue = (tenant_id, stream_id, source)
        applied, tried = 0, None
        while (first := await lists.first_held(self._lines["tasks"], *queue)) and first.held_id != tried:
            outcome = await self._run((), (), [first])
            applied, tried = applied + outcome.applied, first.held_id
        return applied

    # effects that do not go out

    async def effects(self, *states: str, limit: int = 1000) -> list[dict[str, Any]]:
        """List effects that are `failing`, `given_up` or `in_doubt`, longest first, without contents."""
        return await lists.troubled_effects(self._lines["tasks"], states, limit)

    async def resend(self, task_id: UUID) -> bool:
        """Send an effect of that list again, with the same content under the same key; False: it is not there."""
        found = await self._effects.resend(task_id, self.clock.now())
        if found:
            self._effects_due = AT_ONCE
        return found

    # life

    async def start(self, *, lease: timedelta | None = None) -> None:
        """
        Take up what a crash interrupted: effects whose outcome is unknown.

        Those begun less than a `lease` ago (five minutes; none where this process is alone) may still be at work.
        """
        if lease is None:
            lease = timedelta(0) if self.alone else LEASE
        endings = await self._effects.recover(self.clock.now(), lease=lease)
        self._effects_due = AT_ONCE
        if endings:
            await self._run(endings, ())

    async def close(self) -> None:
        """Let go of everything."""
        if self._subscription is not None:
            await self._subscription.close()
        await self._relay.close()
        await self._reads.close()
        for line in self._lines.values():
            await line.close()
        await self.service.close()

    async def _positions(self, partitions: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], Position]:
        return await lists.read_positions(self._lines["tasks"], self.service.name, partitions)

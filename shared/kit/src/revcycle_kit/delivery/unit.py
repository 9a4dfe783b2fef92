"""
Unit: the memory of one transaction, in which up to 500 messages are handled in order.

It holds what was loaded, applies each handler's changes whole or not at all, and collects what is to be written.
It makes no queries; `writer` loads before and writes after.
"""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from revcycle_kit.database.connections import TRANSIENT
from revcycle_kit.delivery.messages import CommandCall, Envelope, StreamRef, own_type
from revcycle_kit.delivery.service import Service
from revcycle_kit.delivery.work import Changes, Saying, TaskRequest
from revcycle_kit.errors import IdempotencyConflict, NotYet, Refusal
from revcycle_kit.events import event_type
from revcycle_kit.ids import derived_id, event_id
from revcycle_kit.sealing import Sealed, Sealer

T = TypeVar("T")
ATTEMPTS_MAX = 3
_json = msgspec.json.Encoder().encode


class StreamState(msgspec.Struct):
    """A locked stream as it stands."""

    version: int
    step: int
    held: int
    changed: bool = False


class CursorState(msgspec.Struct):
    """What took effect of another service's stream."""

    version: int
    event_id: UUID
    step: int


class OutboxRow(msgspec.Struct, frozen=True):
    """An event to be published."""

    event_id: UUID
    stream: StreamRef
    version: int
    headers: bytes
    body: bytes


class TaskRow(msgspec.Struct, frozen=True):
    """A task to be written."""

    task_id: UUID
    kind: str
    to: StreamRef
    name: str
    key: str
    due_at: datetime
    body: bytes
    step: int
    traceparent: str


@dataclass(slots=True)
class HeldMessage:
    """A message that waits, is parked, or stands behind one that does."""

    held_id: UUID
    envelope: Envelope
    state: str
    """`waiting`, `parked` or `queued`."""
    reason: str
    fingerprint: str
    attempts: int
    since: datetime


@dataclass(slots=True)
class Outcome:
    """What is to be written, and what the callers of commands are told."""

    said: list[OutboxRow] = field(default_factory=list)
    tasks: dict[tuple[UUID, UUID, str, str], TaskRow | None] = field(default_factory=dict)
    """By natural key; None: the timer is disarmed."""
    dirty: dict[str, dict[UUID, tuple[StreamRef, object]]] = field(default_factory=dict)
    rows: dict[str, list[tuple[StreamRef, UUID, object]]] = field(default_factory=dict)
    learned: dict[str, dict[UUID, tuple[StreamRef, object]]] = field(default_factory=dict)
    cursors: set[tuple[UUID, str, UUID]] = field(default_factory=set)
    held_in: dict[UUID, HeldMessage] = field(default_factory=dict)
    held_out: list[UUID] = field(default_factory=list)
    commands: list[tuple[Envelope, CommandCall, bytes]] = field(default_factory=list)
    answers: dict[UUID, object] = field(default_factory=dict)
    errors: dict[UUID, BaseException] = field(default_factory=dict)
    waits: bool = False
    """True: a message waits for something that it did not wait for before."""
    applied: int = 0
    copies: int = 0
    parked: int = 0


class Unit:
    """One transaction's memory; see the module."""

    def __init__(self, service: Service[Any], sealer: Sealer, now: datetime) -> None:
        self.service = service
        self.sealer = sealer
        self.now = now
        self.streams: dict[tuple[UUID, UUID], StreamState] = {}
        self.cursors: dict[tuple[UUID, str, UUID], CursorState] = {}
        self.stored: dict[str, dict[UUID, dict[UUID, Any]]] = {}
        self.directory: dict[str, dict[UUID, Any]] = {}
        self.held: dict[tuple[UUID, UUID], list[HeldMessage]] = {}
        self.answered: dict[tuple[UUID, str, str], tuple[bytes, bytes]] = {}
        self.out = Outcome()

    # what Work asks

    def loaded(self, store: str, stream: StreamRef) -> Mapping[UUID, Any]:
        """Return the documents of a stream in one store."""
        return self.stored.get(store, {}).get(stream.id, {})

    def known(self, store: str) -> Mapping[UUID, Any]:
        """Return the references of one store."""
        return self.directory.get(store, {})

    def open_identity(self, envelope: Envelope, sealed: Sealed, kind: type[T]) -> T:
        """Open an event's identity: bound to tenant, type and event id."""
        opened = self.sealer.open_text(envelope.stream.tenant_id, envelope.name, envelope.message_id, sealed)
        return msgspec.json.decode(opened, type=kind)

    # one message

    async def take(self, envelope: Envelope, *, park: BaseException | None = None) -> None:
        """Let one message take effect, wait, or be parked; `park` says why it must be parked unseen."""
        if envelope.source and not envelope.held_id and not self._next_in_stream(envelope):
            return
        if envelope.source and self._stands_behind(envelope):
            self._hold(envelope, "queued", "an earlier message of this stream is held", "")
            return
        if await self._attempt(envelope, park=park):
            await self._retry_waiting(envelope)

    def _next_in_stream(self, envelope: Envelope) -> bool:
        """Advance the cursor over an event; a copy is passed over, a gap or a fork is parked."""
        key = (envelope.stream.tenant_id, envelope.source, envelope.stream.id)
        cursor = self.cursors.get(key)
        last = cursor.version if cursor else 0
        if envelope.version <= last:
            self.out.copies += 1
            if envelope.version == last and cursor and cursor.event_id != envelope.message_id:
                self._park(envelope, Fork(f"version {last} was said twice, with other content"))
            return False
        if envelope.version > last + 1:
            self._park(envelope, Gap(f"version {last + 1} is missing: {envelope.version} came"))
            return False
        self.cursors[key] = CursorState(envelope.version, envelope.message_id, envelope.step)
        self.out.cursors.add(key)
        return self.service.reads(envelope)

    def _stands_behind(self, envelope: Envelope) -> bool:
        if envelope.held_id:
            return False
        held = self.held.get((envelope.stream.tenant_id, envelope.stream.id), ())
        return any(message.envelope.source == envelope.source for message in held)

    async def _attempt(self, envelope: Envelope, *, park: BaseException | None = None) -> bool:
        """Run the handler; True when the message took effect."""
        if park is not None:
            self._park(envelope, park)
            return False
        failure: BaseException | None = None
        for _ in range(ATTEMPTS_MAX):
            try:
                await self._handle(envelope)
            except NotYet as missing:
                self._not_yet(envelope, missing)
                return False
            except TRANSIENT:
                raise
            except Exception as error:  # noqa: BLE001 - whatever a handler raises is its message's failure
                failure = error
                if envelope.asked:
                    break
            else:
                self.out.applied += 1
                return True
        self._failed(envelope, failure)
        return False

    async def _handle(self, envelope: Envelope) -> None:
        call = envelope.command
        if call and (before := self.answered.get((envelope.stream.tenant_id, call.subject, call.key))):
            if before[0] != call.request_hash:
                raise IdempotencyConflict
            self.out.answers[envelope.message_id] = msgspec.Raw(before[1])
            return
        work = self.service.work(self, envelope)
        answer = await self.service.handle(envelope, work, self.sealer)
        self._absorb(envelope, work.changes)
        self.out.answers[envelope.message_id] = answer
        if call:
            encoded = _json(answer)
            self.out.commands.append((envelope, call, encoded))
            self.answered[envelope.stream.tenant_id, call.subject, call.key] = (call.request_hash, encoded)

    def _not_yet(self, envelope: Envelope, missing: NotYet) -> None:
        if envelope.asked:
            self.out.errors[envelope.message_id] = missing
        else:
            self._hold(envelope, "waiting", missing.fact, "")

    def _failed(self, envelope: Envelope, failure: BaseException | None) -> None:
        error = failure or RuntimeError("no attempt was made")
        if envelope.asked:
            self.out.errors[envelope.message_id] = error
        else:
            self._park(envelope, error)

    # what a handler asked for becomes part of the transaction, whole or not at all

    def _absorb(self, envelope: Envelope, changes: Changes) -> None:
        stream = envelope.stream
        state = self.streams[stream.tenant_id, stream.id]
        step = max(envelope.step, state.step) + 1
        said = [
            self._outbox_row(envelope, saying, state.version + ordinal, step + ordinal - 1)
            for ordinal, saying in enumerate(changes.sayings, 1)
        ]
        tasks = [self._task_row(envelope, request, step) for request in changes.tasks]
        for (store, key), document in changes.documents.items():
            self.stored.setdefault(store, {}).setdefault(stream.id, {})[key] = document
            self.out.dirty.setdefault(store, {})[key] = (stream, document)
        for store, key, row in changes.rows:
            self.out.rows.setdefault(store, []).append((stream, key, row))
        for (store, key), value in changes.references.items():
            self.directory[store] = {**self.directory.get(store, {}), key: value}
            self.out.learned.setdefault(store, {})[key] = (stream, value)
        for name, timer in changes.cancelled:
            self.out.tasks[stream.tenant_id, stream.id, name, timer] = None
        for row in tasks:
            self._add_task(row)
        if said:
            self.out.said.extend(said)
            state.version += len(said)
            state.step = step + len(said) - 1
            state.changed = True

    def _add_task(self, row: TaskRow) -> None:
        key = (row.to.tenant_id, row.to.id, row.name, row.key)
        if row.kind == "timer" or self.out.tasks.get(key) is None:
            self.out.tasks[key] = row

    def _outbox_row(self, envelope: Envelope, saying: Saying, version: int, step: int) -> OutboxRow:
        event, stream = saying.event, envelope.stream
        if (event.TENANT, event.STREAM) != (stream.tenant_kind, stream.kind):
            raise TypeError(
                f"{type(event).__name__} belongs on a {event.STREAM} stream of a {event.TENANT}, "
                f"not on {stream.kind} of {stream.tenant_kind}: send a Local there"
            )
        kind = event_type(self.service.name, type(event))
        made = event_id(self.service.name, stream.id, version)
        if saying.identity is not None:
            sealed = self.sealer.seal_text(stream.tenant_id, kind, made, _json(saying.identity))
            event = msgspec.structs.replace(event, identity=sealed)
        headers = {
            "ce_specversion": "1.0",
            "ce_id": made,
            "ce_source": f"/{self.service.name}",
            "ce_type": kind,
            "ce_time": self.now.isoformat(),
            "content-type": "application/json",
            f"{stream.tenant_kind}_id": stream.tenant_id,
            f"{stream.kind}_id": stream.id,
            "version": str(version),
            "step": str(step),
            "causation_id": envelope.message_id,
            "traceparent": envelope.traceparent,
        }
        return OutboxRow(made, stream, version, _json(headers), _json(event))

    def _task_row(self, envelope: Envelope, request: TaskRequest, step: int) -> TaskRow:
        name = own_type(type(request.message))
        to = request.to
        task_id = derived_id(str(envelope.message_id), str(to.tenant_id), str(to.id), name, request.key)
        body = _json(request.message)
        if getattr(request.message, "SEALED", False):
            body = self.sealer.seal(to.tenant_id, name, to.id, body)
        return TaskRow(
            task_id, request.kind, to, name, request.key, request.due_at, body, step - 1, envelope.traceparent
        )

    # what cannot take effect now

    def _hold(self, envelope: Envelope, state: str, reason: str, fingerprint: str) -> None:
        key = (envelope.stream.tenant_id, envelope.stream.id)
        waiting = self.held.setdefault(key, [])
        if envelope.held_id:
            [message] = [held for held in waiting if held.held_id == envelope.held_id]
            self.out.waits = self.out.waits or (state == "waiting" and reason != message.reason)
            message.state, message.reason, message.fingerprint = state, reason, fingerprint
            message.attempts += 1
        else:
            held_id = derived_id("held", envelope.source, str(envelope.message_id))
            message = HeldMessage(held_id, envelope, state, reason, fingerprint, 1, self.now)
            waiting.append(message)
            self._count_held(key, 1)
            self.out.waits = self.out.waits or state == "waiting"
        self.out.held_in[message.held_id] = message

    def _park(self, envelope: Envelope, error: BaseException) -> None:
        self.out.parked += 1
        self._hold(envelope, "parked", _without_values(error), fingerprint_of(error))

    def _drop_held(self, message: HeldMessage) -> None:
        key = (message.envelope.stream.tenant_id, message.envelope.stream.id)
        self.held[key].remove(message)
        self.out.held_in.pop(message.held_id, None)
        self.out.held_out.append(message.held_id)
        self._count_held(key, -1)

    def _count_held(self, key: tuple[UUID, UUID], change: int) -> None:
        state = self.streams[key]
        state.held += change
        state.changed = True

    async def _retry_waiting(self, envelope: Envelope) -> None:
        """Something took effect on this stream: let what waits there try again, until nothing moves any more."""
        key = (envelope.stream.tenant_id, envelope.stream.id)
        while await self._retry_once(key):
            pass

    async def _retry_once(self, key: tuple[UUID, UUID]) -> bool:
        """Let what is held on a stream try again, in order per source; True when any of it took effect."""
        blocked: set[str] = set()
        moved = False
        for message in list(self.held.get(key, ())):
            source = message.envelope.source
            if source in blocked:
                continue
            if message.state != "parked" and await self._release(message):
                moved = True
            else:
                blocked.add(source)
        return moved

    async def retry(self, message: HeldMessage) -> None:
        """Let a held message try again, and after it what waits on its stream."""
        if await self._release(message):
            await self._retry_waiting(message.envelope)

    async def _release(self, message: HeldMessage) -> bool:
        """Let a held message try again; True when it took effect, or nobody handles it, and it is held no more."""
        envelope = message.envelope
        envelope.held_id = message.held_id
        if not self.service.reads(envelope):
            self.out.applied += 1
        elif not await self._attempt(envelope):
            return False
        key = (envelope.stream.tenant_id, envelope.source, envelope.stream.id)
        cursor = self.cursors.get(key)
        if envelope.source and envelope.version > (cursor.version if cursor else 0):
            self.cursors[key] = CursorState(envelope.version, envelope.message_id, envelope.step)
            self.out.cursors.add(key)
        self._drop_held(message)
        return True


class Gap(Exception):  # noqa: N818 - a state of the stream
    """A version of another service's stream is missing."""


class Fork(Exception):  # noqa: N818 - a state of the stream
    """A version was said twice with other content: the publisher was restored behind its readers."""


def fingerprint_of(error: BaseException) -> str:
    """Return what groups failures of one kind: the exception's type and its innermost frame of ours."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.endswith(".py") and "site-packages" not in frame.filename]
    place = f"{ours[-1].filename.rsplit('/', 1)[-1]}:{ours[-1].name}" if ours else "elsewhere"
    return f"{type(error).__name__}@{place}"


def _without_values(error: BaseException) -> str:
    """Say what went wrong without repeating the message: only errors that promise to name no values speak."""
    if isinstance(error, (Gap, Fork, Refusal, msgspec.ValidationError)):
        return str(error)
    return f"{type(error).__name__} at {fingerprint_of(error).partition('@')[2]}"

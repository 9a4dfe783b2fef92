"""
Work: what one handler may touch, bound to its message's stream and tenant.

Everything a handler asks for is collected here and becomes real only when the handler returns; a handler that raises
leaves no trace in the transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

import msgspec

from revcycle_kit.delivery.messages import Effect, Envelope, Local, StreamRef, Timer, own_type
from revcycle_kit.events import Published
from revcycle_kit.ids import derived_id
from revcycle_kit.sealing import Sealed, Sealer

T = TypeVar("T")


class Saying(msgspec.Struct, frozen=True):
    """An event to be published, with the identity to be sealed into it."""

    event: Published
    identity: msgspec.Struct | None


class TaskRequest(msgspec.Struct, frozen=True):
    """A task to be written."""

    kind: str
    """`local`, `timer` or `effect`."""
    message: msgspec.Struct
    to: StreamRef
    key: str
    due_at: datetime


@dataclass(slots=True)
class Changes:
    """What a handler asked for, in order."""

    documents: dict[tuple[str, UUID], object] = field(default_factory=dict)
    rows: list[tuple[str, UUID, object]] = field(default_factory=list)
    references: dict[tuple[str, UUID], object] = field(default_factory=dict)
    sayings: list[Saying] = field(default_factory=list)
    tasks: list[TaskRequest] = field(default_factory=list)
    cancelled: list[tuple[str, str]] = field(default_factory=list)


class Transaction(Protocol):
    """What a work asks of the transaction that it is part of."""

    now: datetime
    sealer: Sealer

    def loaded(self, store: str, stream: StreamRef) -> Mapping[UUID, Any]:
        """Return the documents of a stream in one store."""
        ...

    def known(self, store: str) -> Mapping[UUID, Any]:
        """Return the references of one store."""
        ...

    def open_identity(self, envelope: Envelope, sealed: Sealed, kind: type[T]) -> T:
        """Open an event's identity."""
        ...


class Work:
    """
    What one message may touch: stores, outbox, local messages, timers and effects of its own stream.

    A service subclasses it and declares its stores as class attributes.
    """

    def __init__(self, transaction: Transaction, envelope: Envelope) -> None:
        self._transaction = transaction
        self._envelope = envelope
        self._drawn = 0
        self.changes = Changes()

    # what a handler asks

    @property
    def stream(self) -> StreamRef:
        """The stream of the message: the only one this work changes or announces."""
        return self._envelope.stream

    @property
    def now(self) -> datetime:
        """The instant of this transaction."""
        return self._transaction.now

    @property
    def occurred_at(self) -> datetime:
        """When the message's fact happened: the event's time, or when the task was due."""
        return self._envelope.occurred_at

    @property
    def message_id(self) -> UUID:
        """The id of the message: the same at every attempt."""
        return self._envelope.message_id

    def new_id(self) -> UUID:
        """Return a new id, the same at every attempt of the same message."""
        self._drawn += 1
        return derived_id(str(self._envelope.message_id), str(self._drawn))

    def publish(self, event: Published, identity: msgspec.Struct | None = None) -> None:
        """Announce a fact on the message's stream; `identity` is sealed into the event's field of that name."""
        self.changes.sayings.append(Saying(event, identity))

    def send(self, message: Local, to: StreamRef, key: str) -> None:
        """Send a local message to another stream; the same key is delivered once, for ever."""
        self.changes.tasks.append(TaskRequest("local", message, to, key, self.now))

    def later(self, timer: Timer, at: datetime, key: str) -> None:
        """Arm a timer on the message's stream; the same key moves it."""
        self.changes.tasks.append(TaskRequest("timer", timer, self.stream, key, at))

    def cancel(self, timer: type[Timer], key: str) -> None:
        """Disarm a timer of the message's stream, if it is armed."""
        self.changes.cancelled.append((own_type(timer), key))

    def conclude(self, effect: type[Effect[Any]], key: str) -> None:
        """Take an effect that was given up or is in doubt off the list: the partner has it, or it is not wanted."""
        self.changes.cancelled.append((own_type(effect), key))

    def effect(self, effect: Effect[Any], key: str, at: datetime | None = None) -> None:
        """Ask for something to be done outside, under a key that a retry repeats."""
        self.changes.tasks.append(TaskRequest("effect", effect, self.stream, key, at or self.now))

    def open_identity(self, sealed: Sealed, kind: type[T]) -> T:
        """Open the identity that came with the event being handled. Raises Unreadable when we hold no key."""
        return self._transaction.open_identity(self._envelope, sealed, kind)

    def seal(self, value: msgspec.Struct, purpose: str, subject: UUID) -> Sealed:
        """Seal a value for rest under this tenant, bound to a purpose (`claims.encounter`) and a subject."""
        return self._transaction.sealer.seal_text(self.stream.tenant_id, purpose, subject, msgspec.json.encode(value))

    def open(self, sealed: Sealed, purpose: str, subject: UUID, kind: type[T]) -> T:
        """Open what `seal` made for the same tenant, purpose and subject."""
        opened = self._transaction.sealer.open_text(self.stream.tenant_id, purpose, subject, sealed)
        return msgspec.json.decode(opened, type=kind)

    def keyed_hash(self, field_name: str, value: str) -> bytes:
        """Return the hash under which a field's value is found again within this tenant."""
        return self._transaction.sealer.keyed_hash(self.stream.tenant_id, field_name, value)

    # what the stores ask

    def documents(self, store: str) -> Mapping[UUID, Any]:
        """Return the stream's documents of one store, with this handler's changes."""
        loaded = self._transaction.loaded(store, self._envelope.stream)
        if not self.changes.documents:
            return loaded
        changed = {key: value for (name, key), value in self.changes.documents.items() if name == store}
        return {**loaded, **changed} if changed else loaded

    def put(self, store: str, key: UUID, value: object) -> None:
        """Record a document's new value."""
        self.changes.documents[store, key] = value

    def append(self, store: str, key: UUID, row: object) -> None:
        """Record a new row."""
        self.changes.rows.append((store, key, row))

    def references(self, store: str) -> Mapping[UUID, Any]:
        """Return what is known of the directory in one store, with this handler's changes."""
        known = self._transaction.known(store)
        if not self.changes.references:
            return known
        changed = {key: value for (name, key), value in self.changes.references.items() if name == store}
        return {**known, **changed} if changed else known

    def learn(self, store: str, key: UUID, value: object) -> None:
        """Record a reference's new value."""
        self.changes.references[store, key] = value

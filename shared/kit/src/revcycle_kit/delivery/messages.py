"""
What can arrive at a handler: events of other services, local messages, timers, replies of partners, commands.

Each is a frozen struct. Its class says how it is found again: `Consumed` by its publisher, name and version; the
others by their name within the service.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, TypeVar
from uuid import UUID

import msgspec

from revcycle_kit.events import event_name

Answer = TypeVar("Answer")


class StreamRef(msgspec.Struct, frozen=True):
    """
    The line along which things happen in order, and who owns it.

    `tenant_kind` is `clinic`, `billing_entity` or `organization`; `kind` is `encounter`, `account`, `remittance` …
    """

    tenant_kind: str
    tenant_id: UUID
    kind: str
    id: UUID


class Consumed(msgspec.Struct, frozen=True, kw_only=True):
    """
    An event of another service, in the reader's own words: only the fields it uses.

    `SOURCE` is the publishing service; `NAME` overrides the event name where the class is called otherwise.
    """

    SOURCE: ClassVar[str] = ""
    NAME: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """
    Something that waits in the task table; `SEALED` where its body carries an identity.

    `NIGHT` and the like are the service's business: the kit knows only `due_at`.
    """

    SEALED: ClassVar[bool] = False


class Local(Task, frozen=True, kw_only=True):
    """A message to another stream of the same database, unique for ever by its key."""


class Timer(Task, frozen=True, kw_only=True):
    """Something to be done at an instant; arming it again under its key moves it."""


class Effect(Task, Generic[Answer], frozen=True, kw_only=True):
    """
    Something to be done outside, under a deterministic key; `Answer` is what the partner's reply becomes.

    The reply reaches its handler as `Reply[Answer]`.
    """


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """What a person or a program asks through an edge; the handler's return value is the answer."""


@dataclass(frozen=True, slots=True)
class Reply(Generic[Answer]):
    """A partner's answer, beside the effect that asked."""

    effect: Effect[Answer]
    answer: Answer
    key: str


@dataclass(frozen=True, slots=True)
class GivenUp(Generic[Answer]):
    """
    An effect that is not tried again by itself, told to its `given_up` handler on its own stream.

    It stays listed, and goes out under the same key when a person sends it again.
    """

    effect: Effect[Answer]
    key: str
    task_id: UUID
    reason: str
    attempts: int
    in_doubt: bool
    """The partner may have it: nothing else may be sent in its place before that is known."""


def consumed_type(kind: type[Consumed]) -> str:
    """Return the type header that a consumed event answers to."""
    return f"{kind.SOURCE}.{kind.NAME or event_name(kind)}.v{kind.VERSION}"


def own_type(kind: type[msgspec.Struct]) -> str:
    """Return the name under which a task or a command of this class is found again."""
    return event_name(kind)


class Envelope(msgspec.Struct):
    """
    One message on its way to a handler, whatever brought it.

    `source` is the publishing service, or empty for what the service told itself. `version` is the place in the
    publisher's stream (0 for own messages). `step` is the step of the cause.
    """

    source: str
    name: str
    stream: StreamRef
    message_id: UUID
    version: int
    step: int
    body: bytes
    occurred_at: datetime
    traceparent: str = ""
    task_id: UUID | None = None
    task_state: str = "done"
    """What becomes of the task when the message took effect."""
    task_reason: str = ""
    key: str = ""
    message: object = None
    """The message itself where it never was bytes (a command); else `body` is decoded."""
    held_id: UUID | None = None
    """Set when the message comes back from the held table."""
    asked: bool = False
    """True: somebody waits for the answer, and hears of a failure; nothing is held."""
    command: "CommandCall | None" = None


class CommandCall(msgspec.Struct, frozen=True):
    """Who asked a command, and under which idempotency key."""

    subject: str
    key: str
    request_hash: bytes

"""
What the kit asks of a bus: append per key in order, read from a position.

Exactly-once effects rest on the reader's cursors and positions in its own database, never on the bus: a bus may
deliver a record twice; it may neither lose an acknowledged one nor let a later record of a key pass an earlier one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import msgspec

from revcycle_kit.errors import OperatorNeeded


def topic_of(service: str) -> str:
    """Return the name of the topic on which a service tells its events."""
    return f"{service}.events"


class Record(msgspec.Struct, frozen=True):
    """One event on its way: key (the stream), headers and JSON value."""

    event_id: UUID
    key: UUID
    headers: dict[str, str]
    value: bytes


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive records of one partition, read from `base` on; the reader stands at `next_offset` after them."""

    topic: str
    partition: int
    log_id: str
    base: int
    next_offset: int
    records: Sequence[Record]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a reader stands in one partition of one log."""

    next_offset: int
    log_id: str


class Fenced(Exception):  # noqa: N818 - a state, not an accident
    """Another publisher has taken over this topic: stop, and start again from the outbox."""


class LogReplaced(OperatorNeeded):
    """The log is not the one in which the reader's position was taken: an operator must decide."""


class Publisher(Protocol):
    """Appends one service's events to its topic."""

    async def publish(self, records: Sequence[Record]) -> set[UUID]:
        """
        Append records in order per key; return the ids of those acknowledged.

        Raises Fenced when another publisher took over, Unavailable when the bus is out of reach.
        """
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...


class Subscription(Protocol):
    """Reads topics for one reader."""

    async def fetch(self, limit: int, wait_seconds: float) -> list[Chunk]:
        """Return up to `limit` records of assigned partitions, waiting so long when there are none."""
        ...

    async def rewind(self) -> None:
        """Go back to the positions in the reader's database: after any failure, and after losing a race."""
        ...

    async def committed(self, chunks: Sequence[Chunk]) -> None:
        """Hear that these chunks took effect (for lag metrics only)."""
        ...

    async def close(self) -> None:
        """Leave."""
        ...


class Positions(Protocol):
    """The reader's own positions, in its database."""

    async def __call__(self, partitions: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], Position]:
        """Return where the reader stands in these partitions: at the beginning where it never was."""
        ...


class Bus(Protocol):
    """A bus."""

    async def publisher(self, topic: str) -> Publisher:
        """Return the topic's publisher; an earlier one is fenced where the bus can."""
        ...

    async def subscription(self, reader: str, topics: Sequence[str], positions: Positions) -> Subscription:
        """Return a subscription that starts at the reader's positions (or at the beginning)."""
        ...

    async def check(self) -> None:
        """Raise Unavailable when the bus is out of reach: for readiness."""
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...

"""
Where identifiers come from.

An event's id follows from its service, stream and version; the id of what comes
from outside follows from the sender's identifiers; so a retry repeats them. All
other ids are new: ordered by time, or seeded under simulation.
"""

import os
from hashlib import sha256
from time import time_ns
from typing import Final, Protocol
from uuid import UUID

from revcycle_kit.clock import Clock

_CLEAR: Final = ~((0xF000 << 64) | (0xC000 << 48))
_VERSION_7: Final = (7 << 76) | (0b10 << 62)
_VERSION_8: Final = (8 << 76) | (0b10 << 62)
_RANDOM_BITS: Final = 74
_LOW_BITS: Final = 62
_LOW_MASK: Final = (1 << _LOW_BITS) - 1


class IdSource(Protocol):
    """Makes new identifiers."""

    def new_id(self) -> UUID:
        """Return an identifier that this source has not returned before."""
        ...


def event_id(service: str, stream_id: UUID, version: int) -> UUID:
    """Return the id of the event that a service said as this version of a stream (UUIDv8)."""
    return _uuid8(sha256(b"%d:%s" % (version, service.encode()) + stream_id.bytes).digest())


def derived_id(*parts: str) -> UUID:
    """
    Return the id (UUIDv8) that follows from these parts, in this order.

    For what comes from outside: the sender's identifiers are the parts. Each is
    prefixed by its length, so ("ab", "c") and ("a", "bc") differ.
    """
    raw = [part.encode() for part in parts]
    return _uuid8(sha256(b"%d;" % len(raw) + b"".join([b"%d:%s" % (len(part), part) for part in raw])).digest())


class TimeOrderedIds:
    """
    New UUIDv7 (RFC 9562): each is greater than the one before, in this process.

    Within a millisecond, or when the clock goes back, the random part counts up.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock
        self._last_ms = -1
        self._tail = 0

    def new_id(self) -> UUID:
        now_ms = self._now_ms()
        if now_ms > self._last_ms:
            self._last_ms = now_ms
            # the top bit is left clear, so that counting up has room
            self._tail = int.from_bytes(os.urandom(10)) >> (80 - _RANDOM_BITS + 1)
        else:
            self._tail += 1 + int.from_bytes(os.urandom(4))
            if self._tail >> _RANDOM_BITS:
                self._last_ms += 1
                self._tail = 0
        high = self._last_ms << 80 | (self._tail >> _LOW_BITS) << 64
        return UUID(int=high | self._tail & _LOW_MASK | _VERSION_7)

    def _now_ms(self) -> int:
        if self._clock is None:
            return time_ns() // 1_000_000
        return int(self._clock.now().timestamp() * 1_000)


class SeededIds:
    """
    Ids for simulation: a draw is a hash of the seed, a scope and a counter.

    The same seed gives the same ids. Where work may be done in another order,
    draw from `scoped(key)`: what one key draws does not depend on any other.
    """

    def __init__(self, seed: int | str, *scope: str) -> None:
        self._parts = ("seed", str(seed), *scope)
        self._drawn = 0

    def new_id(self) -> UUID:
        self._drawn += 1
        return derived_id(*self._parts, "#", str(self._drawn))

    def scoped(self, *key: str) -> "SeededIds":
        """Return a source of its own for this business key, counting from one."""
        return SeededIds(self._parts[1], *self._parts[2:], *key)


def _uuid8(digest: bytes) -> UUID:
    return UUID(int=int.from_bytes(digest[:16]) & _CLEAR | _VERSION_8)

"""
Outside: the sandbox as the post reaches it, in this process or, as payers and patients are, in one of its own.

Apart it works on another core. Both give the same parcels for the same world, seed and inbound.
"""

import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from io import BufferedRWPair
from typing import Protocol

import msgspec

from revcycle.server.apart import FRAME, ProcessLine, started, their_end
from revcycle_sandbox import Parcel, Sandbox, World


class Outside(Protocol):
    """Everybody who is not a service."""

    start_at: datetime | None
    """When anything happens first; None where nobody lives."""

    async def exchange(self, now: datetime, going: Sequence[Parcel]) -> tuple[list[Parcel], datetime | None]:
        """Let time pass up to `now` and hand parcels over; return what comes out, and when more will by itself."""
        ...


class Here:
    """A sandbox in this process."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.start_at = sandbox.start_at

    async def exchange(self, now: datetime, going: Sequence[Parcel]) -> tuple[list[Parcel], datetime | None]:
        """Do one step."""
        return self._sandbox.step(now, going)


class Nobody:
    """A world in which nobody lives."""

    start_at: datetime | None = None

    async def exchange(self, now: datetime, going: Sequence[Parcel]) -> tuple[list[Parcel], datetime | None]:
        """Let nothing happen."""
        del now, going
        return [], None


class Begin(msgspec.Struct, frozen=True):
    """What a sandbox apart is made of."""

    world: World
    seed: int
    enroll_unknown: bool


class Going(msgspec.Struct, frozen=True, array_like=True):
    """One step to be done."""

    now: datetime
    parcels: Sequence[Parcel]


class Coming(msgspec.Struct, frozen=True, array_like=True):
    """What a step brought forth; the first message tells when the world begins."""

    parcels: list[Parcel]
    next_due: datetime | None


_encode = msgspec.msgpack.Encoder().encode
_begin = msgspec.msgpack.Decoder(Begin).decode
_going = msgspec.msgpack.Decoder(Going).decode
_coming = msgspec.msgpack.Decoder(Coming).decode


class Apart:
    """A sandbox in a process of its own; what is asked at the same time is answered in the order asked."""

    def __init__(self, line: ProcessLine, start_at: datetime | None) -> None:
        self.line = line
        self.start_at = start_at

    async def exchange(self, now: datetime, going: Sequence[Parcel]) -> tuple[list[Parcel], datetime | None]:
        """Ask for one step. Raises EndedEarly when the process is gone."""
        coming = _coming(await self.line.ask(_encode(Going(now, going))))
        return coming.parcels, coming.next_due


@asynccontextmanager
async def apart(world: World, seed: int, *, enroll_unknown: bool) -> AsyncIterator[Apart]:
    """Start a sandbox in a process of its own, and end it."""
    async with started("revcycle.server.outside") as line:
        begun = _coming(await line.ask(_encode(Begin(world, seed, enroll_unknown))))
        yield Apart(line, begun.next_due)


def serve(line: BufferedRWPair) -> None:
    """Be the sandbox at the other end of a line, until it is closed."""
    number, message = _read(line)
    begin = _begin(message)
    sandbox = Sandbox(begin.world, seed=begin.seed, enroll_unknown=begin.enroll_unknown)
    gc.freeze()
    _write(line, number, Coming([], sandbox.start_at))
    with suppress(EOFError):
        while True:
            number, message = _read(line)
            going = _going(message)
            _write(line, number, Coming(*sandbox.step(going.now, going.parcels)))


def _read(line: BufferedRWPair) -> tuple[int, bytes]:
    head = line.read(FRAME.size)
    if len(head) < FRAME.size:
        raise EOFError
    length, number = FRAME.unpack(head)
    return number, line.read(length)


def _write(line: BufferedRWPair, number: int, coming: Coming) -> None:
    message = _encode(coming)
    line.write(FRAME.pack(len(message), number) + message)
    line.flush()


if __name__ == "__main__":
    with their_end() as _line, _line.makefile("rwb") as _file:
        serve(_file)

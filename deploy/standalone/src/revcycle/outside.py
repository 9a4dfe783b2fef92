"""
Outside: the sandbox as the post reaches it, in this process or, as payers and patients are, in one of its own.

Apart it works on another core. Both give the same parcels for the same world, seed and inbound.
"""

import asyncio
import gc
import socket
import struct
import sys
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from io import BufferedRWPair
from typing import Protocol

import msgspec

from revcycle_sandbox import Parcel, Sandbox, World

FRAME = struct.Struct(">I")
"""Before each message: its length in bytes."""
END_SECONDS = 10.0


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


class EndedEarly(Exception):  # noqa: N818 - a state
    """The process of the sandbox ended; it says why on its standard error."""


class Apart:
    """A sandbox in a process of its own; what is asked at the same time is answered in the order asked."""

    def __init__(
        self, process: asyncio.subprocess.Process, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.process = process
        self._reader = reader
        self._writer = writer
        self._asked: deque[asyncio.Future[Coming]] = deque()
        self._ended = False
        self.start_at: datetime | None = None

    async def exchange(self, now: datetime, going: Sequence[Parcel]) -> tuple[list[Parcel], datetime | None]:
        """Ask for one step. Raises EndedEarly when the process is gone."""
        coming = await self._ask(_encode(Going(now, going)))
        return coming.parcels, coming.next_due

    async def begin(self, world: Begin) -> None:
        """Hand the world over."""
        self.start_at = (await self._ask(_encode(world))).next_due

    async def _ask(self, message: bytes) -> Coming:
        if self._ended:
            raise EndedEarly
        answer: asyncio.Future[Coming] = asyncio.get_running_loop().create_future()
        self._asked.append(answer)
        self._writer.write(FRAME.pack(len(message)) + message)
        return await answer

    async def listen(self) -> None:
        """Take answers until the process ends."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                [length] = FRAME.unpack(await self._reader.readexactly(FRAME.size))
                coming = _coming(await self._reader.readexactly(length))
                answer = self._asked.popleft()
                if not answer.done():
                    answer.set_result(coming)
        self._ended = True
        for answer in self._asked:
            if not answer.done():
                answer.set_exception(EndedEarly())


@asynccontextmanager
async def apart(world: World, seed: int, *, enroll_unknown: bool) -> AsyncIterator[Apart]:
    """Start a sandbox in a process of its own, and end it."""
    ours, theirs = socket.socketpair()
    with theirs:
        command = (sys.executable, "-m", "revcycle.outside", str(theirs.fileno()))
        process = await asyncio.create_subprocess_exec(*command, pass_fds=(theirs.fileno(),))
    reader, writer = await asyncio.open_connection(sock=ours)
    outside = Apart(process, reader, writer)
    listening = asyncio.create_task(outside.listen())
    try:
        await outside.begin(Begin(world, seed, enroll_unknown))
        yield outside
    finally:
        writer.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), END_SECONDS)
        if process.returncode is None:
            process.kill()
            await process.wait()
        await listening


def serve(line: BufferedRWPair) -> None:
    """Be the sandbox at the other end of a line, until it is closed."""
    begin = _begin(_read(line) or b"")
    sandbox = Sandbox(begin.world, seed=begin.seed, enroll_unknown=begin.enroll_unknown)
    gc.freeze()
    _write(line, Coming([], sandbox.start_at))
    while message := _read(line):
        going = _going(message)
        _write(line, Coming(*sandbox.step(going.now, going.parcels)))


def _read(line: BufferedRWPair) -> bytes | None:
    head = line.read(FRAME.size)
    return line.read(FRAME.unpack(head)[0]) if len(head) == FRAME.size else None


def _write(line: BufferedRWPair, coming: Coming) -> None:
    message = _encode(coming)
    line.write(FRAME.pack(len(message)) + message)
    line.flush()


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as _line, _line.makefile("rwb") as _file:
        serve(_file)

"""
Apart: a process of its own, and the line to it.

Whatever is asked carries a number, and its answer the same number, so that much may be asked at the same time. Numbers
go up from whoever started the process, and down from the other end.
"""

import asyncio
import socket
import struct
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

FRAME = struct.Struct(">Iq")
"""Before each message: its length in bytes, and its number."""
END_SECONDS = 10.0


class EndedEarly(Exception):  # noqa: N818 - a state
    """A process apart ended; it says why on its standard error."""


Answer = Callable[[bytes], Awaitable[bytes]]
"""What is done with a question."""


async def _nobody_asks(question: bytes) -> bytes:
    raise AssertionError(f"nobody answers {len(question)} bytes")


class Line:
    """One end of a line between two processes: asks, and answers what the other end asks."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, numbers: int) -> None:
        """Make an end whose `numbers` go up (1) or down (-1)."""
        self.answer: Answer = _nobody_asks
        """Answers what the other end asks."""
        self._reader = reader
        self._writer = writer
        self._asked: dict[int, asyncio.Future[bytes]] = {}
        self._number = 0
        self._numbers = numbers
        self._ended = False

    async def ask(self, message: bytes) -> bytes:
        """Return the answer to a message. Raises EndedEarly when the other process is gone."""
        if self._ended:
            raise EndedEarly
        self._number += self._numbers
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._asked[self._number] = answer
        self._send(self._number, message)
        return await answer

    async def listen(self, abandon: Callable[[], None] = lambda: None) -> None:
        """
        Take answers, and answer, until the line is closed or an answer fails.

        `abandon` is called where it is closed while something is still being answered.
        """
        try:
            async with asyncio.TaskGroup() as answering:
                under_way: set[asyncio.Task[None]] = set()
                with suppress(asyncio.IncompleteReadError, ConnectionError):
                    await self._take(answering, under_way)
                if under_way:
                    abandon()
        finally:
            self._ended = True
            for answer in self._asked.values():
                if not answer.done():
                    answer.set_exception(EndedEarly())

    async def _take(self, answering: asyncio.TaskGroup, under_way: set[asyncio.Task[None]]) -> None:
        while True:
            length, number = FRAME.unpack(await self._reader.readexactly(FRAME.size))
            message = await self._reader.readexactly(length)
            if number * self._numbers < 0:
                task = answering.create_task(self._reply(number, message))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
            elif not (answer := self._asked.pop(number)).done():
                answer.set_result(message)

    async def _reply(self, number: int, question: bytes) -> None:
        self._send(number, await self.answer(question))

    def _send(self, number: int, message: bytes) -> None:
        self._writer.write(FRAME.pack(len(message), number) + message)

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


class ProcessLine(Line):
    """The line to a process that we started; made by `started`."""

    def __init__(
        self, process: asyncio.subprocess.Process, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        super().__init__(reader, writer, numbers=1)
        self.process = process

    async def end(self) -> None:
        """Hang up: the process ends by itself, or is ended."""
        self.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.process.wait(), END_SECONDS)
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


@asynccontextmanager
async def started(module: str) -> AsyncIterator[ProcessLine]:
    """
    Start `python -m module N` with the other end of the line as its descriptor N, and end it.

    It has a session of its own: who interrupts us at a terminal does not interrupt it in the middle of a round.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        command = (sys.executable, "-m", module, str(theirs.fileno()))
        process = await asyncio.create_subprocess_exec(*command, pass_fds=(theirs.fileno(),), start_new_session=True)
    line = ProcessLine(process, *await asyncio.open_connection(sock=ours))
    listening = asyncio.create_task(line.listen())
    try:
        yield line
    finally:
        await line.end()
        await listening


def their_end() -> socket.socket:
    """Return the end of the line that this process was started with."""
    return socket.socket(fileno=int(sys.argv[1]))

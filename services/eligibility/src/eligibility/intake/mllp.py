"""
MLLP, the lower-layer protocol of HL7 v2: 0x0B, the message, 0x1C 0x0D.

The server answers only after the injected `receive` has returned, and `receive` returns only after the
message is committed: what was acknowledged cannot be lost, what was not is sent again by the sender.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

START = b"\x0b"
END = b"\x1c\x0d"
ANSWER_BYTES_MAX = 64 * 1024


class FrameError(ConnectionError):
    """The peer does not speak MLLP, or sends more than is allowed; the connection is closed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one sender may use."""

    message_bytes_max: int = 1_000_000
    idle_seconds_max: float = 30.0
    connections_max: int = 64


class MllpServer:
    """
    Listen for EHR systems; one message in flight per connection, as the protocol has it.

    `receive` takes the message and returns its acknowledgment, or None where the sender wants none. If it
    raises, the connection is closed without an answer: nothing was committed, the sender sends again.
    """

    def __init__(self, receive: Callable[[bytes], Awaitable[bytes | None]], limits: Limits | None = None) -> None:
        self._receive = receive
        self._limits = limits or Limits()
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._stopping = False

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Begin to listen; return the port, which the system chooses where 0 is asked for."""
        self._server = await asyncio.start_server(self._connected, host, port, ssl=tls, limit=64 * 1024)
        listening: int = self._server.sockets[0].getsockname()[1]
        return listening

    async def stop(self) -> None:
        """Stop listening and close what is open; a message not yet acknowledged will be sent again."""
        self._stopping = True
        if self._server:
            self._server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._connections) >= self._limits.connections_max:
            writer.close()
            return
        self._connections.add(task)
        try:
            with contextlib.suppress(ConnectionError, TimeoutError, asyncio.IncompleteReadError):
                await self._serve(reader, writer)
        except asyncio.CancelledError:
            if not self._stopping:
                raise  # else it ends here: the stream's own callback would report it as an error
        finally:
            self._connections.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            async with asyncio.timeout(self._limits.idle_seconds_max):
                message = await read_frame(reader, self._limits.message_bytes_max)
            if message is None:
                return
            answer = await self._receive(message)
            if answer is not None:
                writer.write(START + answer + END)
                await writer.drain()


async def read_frame(reader: asyncio.StreamReader, bytes_max: int) -> bytes | None:
    """
    Read one frame; None at the end of the stream.

    Line ends between frames are skipped. Raises FrameError for other bytes outside a frame and for a message
    over the limit, IncompleteReadError for one cut short.
    """
    first = b"\n"
    while first in {b"\r", b"\n"}:
        first = await reader.read(1)
    if not first:
        return None
    if first != START:
        raise FrameError("the frame does not begin with 0x0B")
    collected = bytearray()
    while True:
        chunk = await _up_to_end(reader)
        collected += chunk
        if len(collected) > bytes_max + len(END):
            raise FrameError(f"the message is longer than {bytes_max} bytes")
        if collected.endswith(END):
            return bytes(collected[: -len(END)])


async def _up_to_end(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(END)
    except asyncio.LimitOverrunError as overrun:
        return await reader.readexactly(max(overrun.consumed, 1))


class MllpClient:
    """Send messages to an MLLP server and wait for each acknowledgment."""

    def __init__(self, host: str, port: int, *, tls: ssl.SSLContext | None = None, seconds_max: float = 30.0) -> None:
        self._address = (host, port)
        self._tls = tls
        self._seconds_max = seconds_max
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, message: bytes) -> bytes:
        """
        Send one message and return its acknowledgment.

        Raises ConnectionError or TimeoutError where there is none: send the same message again.
        """
        try:
            async with asyncio.timeout(self._seconds_max):
                return await self._exchange(message)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self.close()
            raise

    async def _exchange(self, message: bytes) -> bytes:
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._address, ssl=self._tls)
        reader, writer = self._streams
        writer.write(START + message + END)
        await writer.drain()
        answer = await read_frame(reader, ANSWER_BYTES_MAX)
        if answer is None:
            raise ConnectionResetError("the server closed the connection without an acknowledgment")
        return answer

    async def close(self) -> None:
        """Close the connection; the next message opens another."""
        if self._streams is None:
            return
        _, writer = self._streams
        self._streams = None
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

"""MLLP over real sockets: frames, limits, and no acknowledgment before the message is kept."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from eligibility.intake.mllp import Limits, MllpClient, MllpServer

Started = Callable[[Callable[[bytes], Awaitable[bytes | None]], Limits], Awaitable[int]]


@pytest.fixture
async def started() -> AsyncIterator[Started]:
    servers: list[MllpServer] = []

    async def start(receive: Callable[[bytes], Awaitable[bytes | None]], limits: Limits) -> int:
        servers.append(MllpServer(receive, limits))
        return await servers[-1].start("127.0.0.1", 0)

    yield start
    for server in servers:
        await server.stop()


async def echo(raw: bytes) -> bytes | None:
    return b"ACK " + raw


async def test_each_message_is_answered_on_one_connection(started: Started) -> None:
    client = MllpClient("127.0.0.1", await started(echo, Limits()))
    assert b"ACK one" == await client.send(b"one")
    assert b"ACK two\rlines" == await client.send(b"two\rlines")
    await client.close()


async def test_nothing_is_acknowledged_before_it_is_kept(started: Started) -> None:
    kept = asyncio.Event()

    async def slow(raw: bytes) -> bytes | None:
        await kept.wait()
        return raw

    client = MllpClient("127.0.0.1", await started(slow, Limits()))
    answer = asyncio.create_task(client.send(b"one"))
    await asyncio.sleep(0.05)
    assert not answer.done()
    kept.set()
    assert b"one" == await answer
    await client.close()


async def test_a_message_that_could_not_be_kept_is_not_acknowledged(started: Started) -> None:
    async def fails(raw: bytes) -> bytes | None:
        raise ConnectionError(len(raw))

    client = MllpClient("127.0.0.1", await started(fails, Limits()))
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await client.send(b"one")


@pytest.mark.parametrize("sent", [b"no frame at all", b"\x0b" + b"x" * 5_000 + b"\x1c\r"])
async def test_what_is_no_frame_or_too_long_closes_the_connection(started: Started, sent: bytes) -> None:
    port = await started(echo, Limits(message_bytes_max=1_000))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    await writer.drain()
    with contextlib.suppress(ConnectionError):
        assert b"" == await reader.read()
    writer.close()


async def test_a_message_far_longer_than_the_buffer_arrives_whole(started: Started) -> None:
    client = MllpClient("127.0.0.1", await started(lambda raw: echo(str(len(raw)).encode()), Limits()))
    assert b"ACK 300000" == await client.send(b"x" * 300_000)
    await client.close()


async def test_an_idle_connection_is_closed(started: Started) -> None:
    port = await started(echo, Limits(idle_seconds_max=0.05))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert b"" == await reader.read()
    writer.close()


async def test_connections_are_limited(started: Started) -> None:
    port = await started(echo, Limits(connections_max=1))
    first = MllpClient("127.0.0.1", port)
    await first.send(b"one")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert b"" == await reader.read()
    writer.close()
    await first.close()


async def test_stopping_while_somebody_is_connected_is_no_error() -> None:
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: reported.append(context))
    try:
        server = MllpServer(answer)
        port = await server.start("127.0.0.1", 0)
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(0.05)
        await server.stop()
        await asyncio.sleep(0)
        writer.close()
    finally:
        asyncio.get_running_loop().set_exception_handler(None)
    assert [] == reported


async def answer(raw: bytes) -> bytes | None:
    return raw

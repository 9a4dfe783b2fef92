"""
Starting and ending aiokafka clients so that nothing of them is left behind.

aiokafka runs a client's work in background tasks. A consumer whose `start` was cancelled, or whose `stop` was given up,
goes on sending heartbeats: to Kafka it is a live member, and the partitions it was given are read by nobody. So a
client that does not end in good order within a bounded time loses its connections and its tasks.
"""

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from revcycle_kit.errors import Unavailable

START_SECONDS_MAX = 3.0
"""How long a client that is not wanted any more may go on starting: to leave a group it must first have joined."""
STOP_SECONDS_MAX = 5.0
"""How long a client may take to end in good order."""
CUT_SECONDS_MAX = 5.0
_finishing: set["asyncio.Task[None]"] = set()


async def started(client: Any) -> None:
    """Start a client, or leave nothing of it behind. Raises Unavailable."""
    starting = asyncio.ensure_future(client.start())
    try:
        await asyncio.shield(starting)
    except asyncio.CancelledError:
        await ended(client, starting)
        raise
    except (KafkaError, OSError) as error:
        await ended(client)
        raise Unavailable(f"Kafka ({type(error).__name__})") from error


async def ended(client: Any, starting: "asyncio.Future[Any] | None" = None) -> None:
    """End a client; it ends also when the caller is cancelled meanwhile."""
    await finished(_end(client, starting))


async def finished(deed: Coroutine[Any, Any, None]) -> None:
    """Do something to its end, also when the caller is cancelled meanwhile: then nobody hears how it ended."""
    task = asyncio.create_task(deed)
    _finishing.add(task)
    task.add_done_callback(_forget)
    await asyncio.shield(task)


def _forget(task: "asyncio.Task[None]") -> None:
    _finishing.discard(task)
    if not task.cancelled():
        task.exception()


async def _end(client: Any, starting: "asyncio.Future[Any] | None") -> None:
    if starting is not None:
        await asyncio.wait({starting}, timeout=START_SECONDS_MAX)
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
    stopping = asyncio.ensure_future(client.stop())
    done, _ = await asyncio.wait({stopping}, timeout=STOP_SECONDS_MAX)
    if not done:
        await _cut(client)
        await asyncio.wait({stopping}, timeout=CUT_SECONDS_MAX)
        stopping.cancel()
    await asyncio.gather(stopping, return_exceptions=True)


async def _cut(client: Any) -> None:
    """Close the connections and cancel what runs in the background: aiokafka has no call for it."""
    if isinstance(client, AIOKafkaConsumer):
        tasks, connections = list(_tasks_of_consumer(client)), client._client  # noqa: SLF001 - see above
    else:
        client._message_accumulator.fail_all(KafkaError("the producer was given up"))  # noqa: SLF001 - see above
        tasks, connections = [client._sender.sender_task], client.client  # noqa: SLF001 - see above
    closing = asyncio.ensure_future(connections.close())
    await asyncio.wait({closing}, timeout=CUT_SECONDS_MAX)
    for task in (closing, *tasks):
        if task is not None:
            task.cancel()
    await asyncio.gather(closing, return_exceptions=True)


def _tasks_of_consumer(consumer: AIOKafkaConsumer) -> Iterator["asyncio.Task[Any] | None"]:
    coordinator, fetcher = consumer._coordinator, consumer._fetcher  # noqa: SLF001 - see _cut
    if coordinator is not None:
        yield coordinator._coordination_task  # noqa: SLF001
        yield coordinator._heartbeat_task  # noqa: SLF001
        yield coordinator._commit_refresh_task  # noqa: SLF001
    if fetcher is not None:
        yield fetcher._fetch_task  # noqa: SLF001

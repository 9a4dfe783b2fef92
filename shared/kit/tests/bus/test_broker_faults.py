"""A broker that is killed and comes back, and one that hangs: nothing is lost, doubled, reordered or piled up."""

import asyncio
import gc
import resource
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from revcycle_kit.delivery.loops import WakeEvent, run_relay, run_worker
from revcycle_kit.errors import Unavailable
from revcycle_kit.testing.kafka_broker import Broker

pytestmark = [pytest.mark.kafka, pytest.mark.slow]
STREAMS = 20
BEFORE_SECONDS = 1.0
PAUSE_SECONDS = 5.0
DRAIN_SECONDS = 30.0
MEMORY_MB_MAX = 100


async def _killed(broker: Broker) -> None:
    await asyncio.to_thread(broker.kill)
    await asyncio.sleep(1)
    await asyncio.to_thread(broker.start)


async def _paused(broker: Broker) -> None:
    await asyncio.to_thread(broker.pause)
    await asyncio.sleep(PAUSE_SECONDS)
    await asyncio.to_thread(broker.resume)


@pytest.mark.parametrize("fault", [_killed, _paused])
async def test_a_broker_that_fails_midstream_loses_doubles_and_reorders_nothing(
    fault: Callable[[Broker], Awaitable[None]], broker_town: Any, own_kafka: Broker, steps: Any
) -> None:
    web, counter = await broker_town.web(), await broker_town.counter()
    wake, done = WakeEvent(), asyncio.Event()
    at_work = [asyncio.create_task(run_relay(web, wake)), asyncio.create_task(run_worker(counter, wake))]
    saying = asyncio.create_task(_say_until(done, web, steps))
    await _until(lambda: counter.heard.total() > STREAMS)
    tasks, memory = len(asyncio.all_tasks()), _memory_mb()

    await fault(own_kafka)
    await asyncio.sleep(BEFORE_SECONDS)
    done.set()
    said = await saying
    await _until(lambda: counter.heard.total() >= STREAMS * said)

    assert {steps.order(stream): list(range(said)) for stream in range(STREAMS)} == await broker_town.heard()
    assert _memory_mb() - memory < MEMORY_MB_MAX
    assert len(asyncio.all_tasks()) <= tasks + 3, "clients of the time before the fault are still at work"
    wake.stop()
    await asyncio.wait_for(asyncio.gather(*at_work), 10)


async def test_a_worker_can_be_stopped_while_its_broker_hangs(broker_town: Any, own_kafka: Broker, steps: Any) -> None:
    """Leaving takes a bounded time, and nothing of the clients stays behind."""
    before = asyncio.all_tasks()
    web, counter = await broker_town.web(), await broker_town.counter()
    await steps.place(web, steps.order(1), 0)
    await steps.publish(web)
    await steps.read(counter, broker_town, 1)
    own_kafka.pause()

    async with asyncio.timeout(25):
        await asyncio.gather(counter.close(), web.close())
    own_kafka.resume()

    gc.collect()
    assert set() == asyncio.all_tasks() - before


async def _say_until(done: asyncio.Event, web: Any, steps: Any) -> int:
    """Say the next number on every stream, some four hundred a second; return how many on each."""
    number = 0
    while not done.is_set():
        await asyncio.gather(*(steps.place(web, steps.order(stream), number) for stream in range(STREAMS)))
        number += 1
        await asyncio.sleep(0.05)
    return number


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(DRAIN_SECONDS):
        while not holds():  # noqa: ASYNC110 - the workers tell nobody how far they are
            await asyncio.sleep(0.1)


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def test_a_bus_says_when_its_broker_is_away(broker_town: Any, own_kafka: Broker) -> None:
    web = await broker_town.web()
    await web.check_bus()

    await asyncio.to_thread(own_kafka.kill)
    with pytest.raises(Unavailable, match="Kafka"):
        await web.check_bus()

    await asyncio.to_thread(own_kafka.start)
    await web.check_bus()

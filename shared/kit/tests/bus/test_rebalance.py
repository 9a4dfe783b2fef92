"""What only Kafka does to a reader: members of its group come and go."""

import asyncio
from typing import Any

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from revcycle_kit.bus.kafka import KafkaBus, KafkaSettings, TopicMisfit
from revcycle_kit.bus.protocol import LogReplaced
from revcycle_kit.delivery.loops import WakeEvent, run_worker
from revcycle_kit.errors import Unavailable

pytestmark = pytest.mark.kafka
STREAMS = 24
CHANGES = 8


async def test_workers_that_join_and_leave_double_and_reorder_nothing(kafka_town: Any, steps: Any) -> None:
    """Members come and go every half second while events flow, one of them before it has even joined."""
    web = await kafka_town.web()
    done = asyncio.Event()
    saying = asyncio.create_task(_say_until(done, web, steps))
    counters = [await kafka_town.counter() for _ in range(CHANGES)]
    members: list[asyncio.Task[None]] = []
    for number, counter in enumerate(counters):
        members.append(asyncio.create_task(_work(counter)))
        await asyncio.sleep(0.05 if number % 3 == 2 else 0.5)
        if number % 2:
            await _leave(members.pop(-1 if number % 3 == 2 else 0))
    done.set()
    said = await saying
    await _until_heard(kafka_town, STREAMS * said)
    for member in members:
        await _leave(member)

    assert {steps.order(stream): list(range(said)) for stream in range(STREAMS)} == await kafka_town.heard()
    assert len([counter for counter in counters if counter.heard.total()]) >= 3


async def _say_until(done: asyncio.Event, web: Any, steps: Any) -> int:
    """Say the next number on every stream, again and again; return how many."""
    number = 0
    while not done.is_set():
        await asyncio.gather(*(steps.place(web, steps.order(stream), number) for stream in range(STREAMS)))
        await steps.publish(web)
        number += 1
        await asyncio.sleep(0.05)
    return number


async def _work(counter: Any) -> None:
    try:
        await run_worker(counter, WakeEvent())
    finally:
        await counter.close()


async def _leave(member: asyncio.Task[None]) -> None:
    member.cancel()
    await asyncio.gather(member, return_exceptions=True)


async def _until_heard(town: Any, expected: int, seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while sum(map(len, (await town.heard()).values())) < expected:  # noqa: ASYNC110 - what took effect is in a database
            await asyncio.sleep(0.1)


async def test_a_member_that_gave_up_while_joining_holds_no_partition(kafka_town: Any, steps: Any) -> None:
    """A consumer left behind would go on with its heartbeats, and nobody would read what it was assigned."""
    web = await kafka_town.web()
    impatient = asyncio.create_task(_work(await kafka_town.counter()))
    patient = asyncio.create_task(_work(await kafka_town.counter()))
    await asyncio.sleep(0.3)
    await _leave(impatient)
    await asyncio.gather(*(steps.place(web, steps.order(stream), 0) for stream in range(STREAMS)))
    await steps.publish(web)

    await _until_heard(kafka_town, STREAMS)

    await _leave(patient)


async def test_a_database_that_fails_while_a_member_finds_its_place_costs_no_event(kafka_town: Any, steps: Any) -> None:
    web, counter = await kafka_town.web(), await kafka_town.counter()
    await steps.place(web, steps.order(1), 0, 1)
    await steps.publish(web)
    lines, counter._lines["tasks"] = counter._lines["tasks"], _Broken()
    for _ in range(3):
        with pytest.raises(Unavailable):
            await counter._fetch(0.2)
    counter._lines["tasks"] = lines

    await steps.read(counter, kafka_town, 2)

    assert {steps.order(1): [0, 1]} == await kafka_town.heard()


class _Broken:
    """A line whose server is out of reach."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()

    async def connection(self) -> asyncpg.Connection:
        raise Unavailable("PostgreSQL (TimeoutError)")


async def test_a_topic_that_was_made_anew_is_told_and_not_read(
    kafka_town: Any, steps: Any, kafka_bootstrap: str, kafka_prefix: str
) -> None:
    """The reader's position lies beyond the end: what it would read is another history."""
    web, counter = await kafka_town.web(), await kafka_town.counter()
    await steps.place(web, steps.order(1), *range(5))
    await steps.publish(web)
    await steps.read(counter, kafka_town, 5)
    await counter.close()
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    await admin.delete_topics([f"{kafka_prefix}web.events"])
    await admin.close()
    successor = await kafka_town.counter()

    with pytest.raises(LogReplaced, match="restore it, or rebuild this reader"):
        await asyncio.wait_for(_step_for_ever(successor), 20)


async def _step_for_ever(counter: Any) -> None:
    while True:
        try:
            await counter.step(0.2)
        except Unavailable:
            await asyncio.sleep(0.1)


async def test_a_topic_with_another_number_of_partitions_is_refused(kafka_bootstrap: str, kafka_prefix: str) -> None:
    """Its keys would be spread otherwise than those already in it."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(f"{kafka_prefix}web.events", 3, 1)])
    await admin.close()
    bus = KafkaBus(KafkaSettings(kafka_bootstrap, prefix=kafka_prefix))

    with pytest.raises(TopicMisfit, match="has 3 partitions, and keys are spread over 12"):
        await bus.publisher("web.events")

"""What readers in one process see of the log: up to a horizon, and, of what another has read, the same."""

from collections.abc import AsyncIterator, Callable, Sequence
from uuid import UUID, uuid4

import pytest

from revcycle_kit.bus.log import LogBus
from revcycle_kit.bus.protocol import Position, Record, Subscription
from revcycle_kit.testing.postgres import FreshDatabase

TOPIC = "web.events"
STREAM = UUID(int=1)


def said(count: int) -> list[Record]:
    return [Record(uuid4(), STREAM, {}, b"{}") for _ in range(count)]


@pytest.fixture
async def bus(fresh_database: Callable[..., FreshDatabase]) -> AsyncIterator[LogBus]:
    bus = LogBus(fresh_database("bus").owner)
    await bus.start()
    yield bus
    await bus.close()


async def from_the_beginning(partitions: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Position]:
    return dict.fromkeys(partitions, Position(0, ""))


async def count(reader: Subscription, limit: int = 100) -> int:
    return sum(len(chunk.records) for chunk in await reader.fetch(limit, 0.0))


async def test_what_is_said_after_the_horizon_was_set_is_read_when_it_moves(bus: LogBus) -> None:
    publisher = await bus.publisher(TOPIC)
    reader = await bus.subscription("counter", [TOPIC], from_the_beginning)
    await publisher.publish(said(3))
    bus.horizon = dict(bus.heads)
    await publisher.publish(said(2))

    assert await count(reader) == 3
    assert await count(reader) == 0
    bus.horizon = dict(bus.heads)
    assert await count(reader) == 2
    await publisher.close()


async def test_a_batch_ends_at_the_horizon_however_much_is_asked_for(bus: LogBus) -> None:
    publisher = await bus.publisher(TOPIC)
    reader = await bus.subscription("counter", [TOPIC], from_the_beginning)
    await publisher.publish(said(5))
    bus.horizon = {TOPIC: 4}

    assert await count(reader, 3) == 3
    assert await count(reader, 3) == 1
    await publisher.close()


async def test_without_a_horizon_and_for_topics_it_does_not_name_everything_is_read(bus: LogBus) -> None:
    publisher = await bus.publisher(TOPIC)
    reader = await bus.subscription("counter", [TOPIC], from_the_beginning)
    await publisher.publish(said(1))
    assert await count(reader) == 1

    bus.horizon = {"other.events": 0}
    await publisher.publish(said(1))
    assert await count(reader) == 1
    await publisher.close()


async def test_a_second_reader_gets_the_same_and_goes_on_where_the_first_came_to_the_end(bus: LogBus) -> None:
    publisher = await bus.publisher(TOPIC)
    first, second = [await bus.subscription(name, [TOPIC], from_the_beginning) for name in ("counter", "archive")]
    records = said(3)
    await publisher.publish(records)
    assert await numbers(first, 3) == await numbers(second, 3) == [record.event_id for record in records]
    assert await numbers(first, 3) == []

    more = said(2)
    await publisher.publish(more)
    assert await numbers(second, 3) == await numbers(first, 3) == [record.event_id for record in more]
    await publisher.close()


async def numbers(reader: Subscription, limit: int) -> list[UUID]:
    return [record.event_id for chunk in await reader.fetch(limit, 0.0) for record in chunk.records]

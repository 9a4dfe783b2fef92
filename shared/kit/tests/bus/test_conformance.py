"""One suite over both buses: what a service may rely on, whichever carries its events."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest

from revcycle_kit.bus.protocol import Fenced, Record
from revcycle_kit.delivery.writer import Overtaken
from revcycle_kit.testing.counting import CounterWork, Heard, PlacedHeard, build_counter

STREAMS = 20
EACH = 10


async def test_events_of_a_stream_take_effect_in_the_order_in_which_they_were_said(town: Any, steps: Any) -> None:
    web, counter = await town.web(), await town.counter()
    for number in range(EACH):
        for stream in range(STREAMS):
            await steps.place(web, steps.order(stream), number)
    await steps.publish(web)

    await steps.read(counter, town, STREAMS * EACH)

    assert {steps.order(stream): list(range(EACH)) for stream in range(STREAMS)} == await town.heard()


async def test_a_reader_that_starts_again_goes_on_where_its_database_stands(town: Any, steps: Any) -> None:
    web, first = await town.web(), await town.counter()
    await steps.place(web, steps.order(1), 0, 1, 2)
    await steps.publish(web)
    await steps.read(first, town, 3)
    await first.close()
    await steps.place(web, steps.order(1), 3, 4)
    await steps.publish(web)

    await steps.read(await town.counter(), town, 5)

    assert {steps.order(1): [0, 1, 2, 3, 4]} == await town.heard()


async def test_a_reader_that_comes_late_hears_everything_from_the_beginning(town: Any, steps: Any) -> None:
    web = await town.web()
    for number in range(5):
        await steps.place(web, steps.order(1), number)
        await steps.publish(web)

    await steps.read(await town.counter(), town, 5)

    assert {steps.order(1): [0, 1, 2, 3, 4]} == await town.heard()


async def test_a_batch_that_was_rolled_back_is_delivered_again(town: Any, steps: Any) -> None:
    """The transaction fails after the fetch: the next round reads the same events again, and each takes effect once."""
    web, counter = await town.web(), await town.counter()
    await steps.place(web, steps.order(1), 0, 1)
    await steps.publish(web)
    judge, counter._writer._judge = counter._writer._judge, _break_down
    for _ in range(100):
        try:
            await counter.step(0.2)
        except ConnectionError:
            break
    counter._writer._judge = judge

    await steps.read(counter, town, 2)

    assert {steps.order(1): [0, 1]} == await town.heard()


def _break_down(*_: Any) -> None:
    raise ConnectionError("the network failed before the commit")


async def test_copies_on_the_bus_have_one_effect(town: Any, steps: Any) -> None:
    """A publisher that did not hear the acknowledgment publishes again: readers skip what they have."""
    web, counter = await town.web(), await town.counter()
    await steps.place(web, steps.order(1), 0, 1, 2)
    rows = await town.query("web", "SELECT event_id, stream_id, headers, body FROM outbox ORDER BY seq")
    records = [Record(row[0], row[1], json.loads(row[2]), row[3]) for row in rows]
    for _ in range(2):
        publisher = await (await town.make_bus()).publisher("web.events")
        await publisher.publish(records[:2])
        await publisher.publish(records[2:])
        await publisher.close()
    await steps.publish(web)

    await steps.read(counter, town, 3)
    await counter.step(1.0)

    assert {steps.order(1): [0, 1, 2]} == await town.heard()


async def test_a_zombie_relay_only_makes_copies(town: Any, steps: Any) -> None:
    """Two processes relay the same outbox: whatever they publish, each event takes effect once, in order."""
    old, new = await town.web(), await town.web()
    counter = await town.counter()
    for number in range(20):
        await steps.place(old, steps.order(number % 3), number)
        results = await asyncio.gather(old.relay_step(), new.relay_step(), return_exceptions=True)
        assert all(isinstance(result, (int, Fenced)) for result in results)
    await steps.publish(old)
    await steps.publish(new)

    await steps.read(counter, town, 20)

    expected = {steps.order(rest): list(range(rest, 20, 3)) for rest in range(3)}
    assert expected == await town.heard()


async def test_a_zombie_worker_that_wakes_up_changes_nothing(town: Any, steps: Any) -> None:
    """Two workers hold the same events; the second to commit finds the position moved and lets go."""
    web, quick, slow = await town.web(), await town.counter(), await town.counter()
    await steps.place(web, steps.order(1), 0, 1)
    await steps.publish(web)
    chunks = await _fetched(slow)
    await slow._subscription.close()
    await steps.read(quick, town, 2)

    with pytest.raises(Overtaken):
        await slow._writer.run([], slow.clock.now(), chunks=chunks)

    assert {steps.order(1): [0, 1]} == await town.heard()


async def _fetched(runtime: Any) -> Any:
    for _ in range(200):
        if chunks := await runtime._fetch(0.2):
            return chunks
    raise AssertionError("nothing was brought")


async def test_a_forked_stream_is_parked_and_told(town: Any, steps: Any) -> None:
    """A publisher restored behind its readers says a version again with other content."""
    web, counter = await town.web(), await town.counter()
    await steps.place(web, steps.order(1), 0)
    [row] = await town.query("web", "SELECT event_id, stream_id, headers, body FROM outbox")
    await steps.publish(web)
    await steps.read(counter, town, 1)
    other = uuid4()
    publisher = await (await town.make_bus()).publisher("web.events")
    await publisher.publish([Record(other, row[1], json.loads(row[2]) | {"ce_id": str(other)}, row[3])])
    await publisher.close()

    while not await counter.held("parked"):
        await counter.step(0.2)

    [held] = await counter.held("parked")
    assert "version 1 was said twice, with other content" == held["reason"]


async def test_poison_blocks_its_own_stream_only_and_replays_in_order(town: Any, steps: Any) -> None:
    web, counter = await town.web(), await town.counter()
    await steps.place(web, steps.order(1), 1, -1, 2)
    await steps.place(web, steps.order(2), 5)
    await steps.publish(web)
    await steps.read(counter, town, 2)
    while len(await counter.held("parked", "queued")) < 2:
        await counter.step(0.2)
    assert {steps.order(1): [1], steps.order(2): [5]} == await town.heard()
    repaired = await town.process(build_counter(_take_anything))

    [parked] = await repaired.held("parked")
    assert 2 == await repaired.replay(parked["tenant_id"], parked["stream_id"], parked["source"])

    assert {steps.order(1): [1, -1, 2], steps.order(2): [5]} == await town.heard()
    assert [] == await repaired.held("parked", "queued", "waiting")


async def _take_anything(placed: PlacedHeard, work: CounterWork) -> None:
    work.heard.add(Heard(work.new_id(), placed.number))


async def test_a_record_of_no_known_stream_does_not_hold_up_what_follows(town: Any, steps: Any) -> None:
    bus = await town.make_bus()
    town.buses.append(bus)
    publisher = await bus.publisher("web.events")
    await publisher.publish([Record(uuid4(), steps.order(1), {"ce_type": "web.placed.v1"}, b"{}")])
    await publisher.close()
    web, counter = await town.web(), await town.counter()
    await steps.place(web, steps.order(1), 0, 1)
    await steps.publish(web)

    await steps.read(counter, town, 2)

    assert {steps.order(1): [0, 1]} == await town.heard()

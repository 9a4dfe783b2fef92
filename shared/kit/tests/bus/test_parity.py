"""The same seeded history leaves the same rows, whichever bus carried it."""

import random
from typing import Any

import pytest

STREAMS = 5
NUMBERS = 60
POISONED = 13
SEED = 20260105


@pytest.mark.kafka
async def test_the_same_history_leaves_the_same_rows_on_both_buses(log_town: Any, kafka_town: Any, steps: Any) -> None:
    """Canonical rows: what took effect, sums, cursors and what is held; no ids, positions or processing times."""
    left = [await _played(town, steps) for town in (log_town, kafka_town)]

    assert left[0] == left[1]
    assert [POISONED, -1] not in [numbers[-2:] for numbers in left[0]["heard"].values()]
    assert "parked" in {row[2] for row in left[0]["held"]}


async def _played(town: Any, steps: Any) -> dict[str, Any]:
    """Play the history: one stream is poisoned midway, and what was said is published now and then."""
    chance = random.Random(SEED)  # noqa: S311 - the same history every time
    web, counter = await town.web(), await town.counter()
    said: dict[int, list[int]] = {stream: [] for stream in range(STREAMS)}
    for number in range(NUMBERS):
        stream, second = chance.randrange(STREAMS), -1 if number == POISONED else number + 100
        await steps.place(web, steps.order(stream), number, second)
        said[stream] += [number, second]
        if chance.random() < 0.2:
            await steps.publish(web)
    await steps.publish(web)
    await steps.read(counter, town, sum(len(_before_the_poison(numbers)) for numbers in said.values()))
    while len(await counter.held("parked", "queued")) < sum(len(_from_the_poison_on(each)) for each in said.values()):
        await counter.step(0.2)
    return await _canonical(town, {steps.order(stream): stream for stream in range(STREAMS)})


def _before_the_poison(numbers: list[int]) -> list[int]:
    return numbers[: numbers.index(-1)] if -1 in numbers else numbers


def _from_the_poison_on(numbers: list[int]) -> list[int]:
    return numbers[len(_before_the_poison(numbers)) :]


async def _canonical(town: Any, names: dict[Any, int]) -> dict[str, Any]:
    tallies = await town.query("counter", "SELECT stream_id, total_cents FROM tally")
    cursors = await town.query("counter", "SELECT stream_id, source, version, step FROM cursor")
    held = await town.query("counter", "SELECT stream_id, version, state, reason FROM held")
    return {
        "heard": {names[stream]: numbers for stream, numbers in (await town.heard()).items()},
        "tallies": sorted((names[row[0]], *row[1:]) for row in tallies),
        "cursors": sorted((names[row[0]], *row[1:]) for row in cursors),
        "held": sorted((names[row[0]], *row[1:]) for row in held),
    }

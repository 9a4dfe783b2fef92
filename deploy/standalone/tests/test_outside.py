"""The sandbox in this process and in one of its own: the same parcels, at the same instants."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from revcycle.server.apart import EndedEarly
from revcycle.server.outside import Here, Outside, apart
from revcycle_sandbox import Parcel, Sandbox, World, demo_world

WORLD = demo_world(seed=4, encounters=6, months=1)


@asynccontextmanager
async def here(world: World) -> AsyncIterator[Outside]:
    yield Here(Sandbox(world, seed=4))


@asynccontextmanager
async def beside(world: World) -> AsyncIterator[Outside]:
    async with apart(world, 4, enroll_unknown=False) as outside:
        yield outside


@pytest.fixture(params=[here, beside], ids=["here", "apart"])
async def outside(request: pytest.FixtureRequest) -> AsyncIterator[Outside]:
    async with request.param(WORLD) as opened:
        yield opened


async def test_it_does_what_the_sandbox_does(outside: Outside) -> None:
    alone = Sandbox(WORLD, seed=4)
    assert alone.start_at is not None
    assert alone.start_at == outside.start_at

    for day in range(4):
        now = alone.start_at + timedelta(days=day)
        assert alone.step(now, []) == await outside.exchange(now, [])


async def test_what_is_asked_at_once_is_answered_each_for_itself(outside: Outside) -> None:
    asked = [
        Parcel(channel="x12.realtime", sender="A", receiver="B", content=b"no", meta={"key": key}) for key in "xyz"
    ]
    assert outside.start_at is not None

    answers = await asyncio.gather(*(outside.exchange(outside.start_at, [each]) for each in asked))

    replies = [{parcel.meta.get("in_reply_to") for parcel in parcels} - {None} for parcels, _ in answers]
    assert [{"x"}, {"y"}, {"z"}] == replies


async def test_a_process_that_ended_answers_nobody_and_says_so() -> None:
    async with apart(WORLD, 4, enroll_unknown=False) as outside:
        assert outside.start_at is not None
        outside.line.process.kill()
        with pytest.raises(EndedEarly):
            await outside.exchange(outside.start_at, [])
        with pytest.raises(EndedEarly):
            await outside.exchange(outside.start_at, [])

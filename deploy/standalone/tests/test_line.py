"""A line between two processes: both ends ask at the same time, and nobody waits for ever."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from revcycle.server.apart import EndedEarly, Line


@pytest.fixture
async def ends() -> AsyncIterator[tuple[Line, Line]]:
    ours, theirs = socket.socketpair()
    made = (
        Line(*await asyncio.open_connection(sock=ours), numbers=1),
        Line(*await asyncio.open_connection(sock=theirs), numbers=-1),
    )
    yield made
    for line in made:
        line.close()


def listening(*lines: Line) -> list[asyncio.Task[None]]:
    return [asyncio.create_task(line.listen()) for line in lines]


async def test_what_is_asked_at_once_from_both_ends_is_answered_each_for_itself(ends: tuple[Line, Line]) -> None:
    ours, theirs = ends

    async def slower_the_shorter(question: bytes) -> bytes:
        await asyncio.sleep(0.05 / len(question))
        return question.upper()

    async def asks_back(question: bytes) -> bytes:
        return await theirs.ask(question * 2)

    ours.answer, theirs.answer = slower_the_shorter, asks_back
    tasks = listening(ours, theirs)

    answers = await asyncio.gather(*(ours.ask(word) for word in (b"a", b"bb", b"ccc")))

    assert [b"AA", b"BBBB", b"CCCCCC"] == answers
    ours.close()
    await asyncio.gather(*tasks)


async def test_who_waits_for_an_end_that_is_gone_is_told(ends: tuple[Line, Line]) -> None:
    ours, theirs = ends
    tasks = listening(ours)
    waiting = asyncio.create_task(ours.ask(b"anybody?"))
    await asyncio.sleep(0)
    theirs.close()

    with pytest.raises(EndedEarly):
        await waiting
    with pytest.raises(EndedEarly):
        await ours.ask(b"still?")
    await asyncio.gather(*tasks)


async def test_an_answer_that_fails_ends_the_line_with_its_reason(ends: tuple[Line, Line]) -> None:
    ours, theirs = ends

    async def failing(question: bytes) -> bytes:
        raise LookupError(len(question))

    ours.answer = failing
    [task] = listening(ours)
    stuck = asyncio.create_task(ours.ask(b"never answered"))
    question = asyncio.create_task(theirs.ask(b"four"))

    with pytest.raises(ExceptionGroup) as told:
        await task
    assert [LookupError] == [type(each) for each in told.value.exceptions]
    with pytest.raises(EndedEarly):
        await stuck
    question.cancel()


async def test_an_end_that_is_answering_when_the_line_closes_is_told_to_leave(ends: tuple[Line, Line]) -> None:
    ours, theirs = ends
    began, left = asyncio.Event(), asyncio.Event()

    async def long(question: bytes) -> bytes:
        began.set()
        await left.wait()
        return question

    theirs.answer = long
    task = asyncio.create_task(theirs.listen(left.set))
    asking = asyncio.create_task(ours.ask(b"?"))
    await began.wait()
    ours.close()

    await task
    assert left.is_set()
    asking.cancel()

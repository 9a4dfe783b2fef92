"""Turns: many ask at the same time, each about a matter of its own; what is about one matter keeps its order."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
SIDE_BY_SIDE = 64
"""How many talk to us at the same time."""


async def in_turns(asked: Iterable[tuple[str, Callable[[], Awaitable[T]]]]) -> list[T]:
    """Do what was asked, side by side but for what names the same matter; return the results in the order asked."""
    queues: dict[str, list[tuple[int, Callable[[], Awaitable[T]]]]] = defaultdict(list)
    for number, (matter, deed) in enumerate(asked):
        queues[matter].append((number, deed))
    free = asyncio.Semaphore(SIDE_BY_SIDE)
    results: dict[int, T] = {}

    async def work_through(queue: list[tuple[int, Callable[[], Awaitable[T]]]]) -> None:
        async with free:
            for number, deed in queue:
                results[number] = await deed()

    await asyncio.gather(*(work_through(queue) for queue in queues.values()))
    return [results[number] for number in sorted(results)]


class Deeds:
    """What is to be done, noted first and then done by several people: one of them does all about one matter."""

    def __init__(self) -> None:
        self._asked: list[tuple[str, Callable[[], Awaitable[bool]]]] = []

    def add(self, matter: str, deed: Callable[[], Awaitable[bool]]) -> None:
        """Note one deed."""
        self._asked.append((matter, deed))

    async def done(self) -> bool:
        """Do it all; True when any of it had an effect."""
        return any(await in_turns(self._asked))

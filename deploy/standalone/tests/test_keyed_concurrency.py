"""Many ask at the same time; what is about one matter keeps its order."""

import asyncio
from collections.abc import Awaitable, Callable

from revcycle.server.keyed_concurrency import SIDE_BY_SIDE, Deeds, in_turns


def steps(seen: list[str], *names: str) -> list[tuple[str, Callable[[], Awaitable[str]]]]:
    """Return deeds named `matter number`; the first of a matter takes longest."""

    def deed(name: str) -> Callable[[], Awaitable[str]]:
        async def do() -> str:
            await asyncio.sleep(0.002 if name.endswith("1") else 0)
            seen.append(name)
            return name

        return do

    return [(name.split()[0], deed(name)) for name in names]


async def test_one_matter_keeps_its_order_and_others_go_ahead() -> None:
    seen: list[str] = []

    await in_turns(steps(seen, "a 1", "a 2", "b 2"))

    assert ["b 2", "a 1", "a 2"] == seen


async def test_results_come_back_in_the_order_asked() -> None:
    assert ["a 1", "b 2", "a 3"] == await in_turns(steps([], "a 1", "b 2", "a 3"))


async def test_no_more_than_allowed_talk_at_once() -> None:
    talking, most = 0, 0

    async def talk() -> None:
        nonlocal talking, most
        talking += 1
        most = max(most, talking)
        await asyncio.sleep(0)
        talking -= 1

    await in_turns((str(number), talk) for number in range(3 * SIDE_BY_SIDE))

    assert SIDE_BY_SIDE == most


async def test_deeds_without_effect_did_nothing() -> None:
    async def refused() -> bool:
        return False

    deeds = Deeds()
    deeds.add("a", refused)

    assert not await deeds.done()
    assert not await Deeds().done()

"""Loops go on whatever fails, rest while nothing happens, and end where they are told or an operator has to decide."""

import asyncio
from collections.abc import Awaitable, Callable
from io import StringIO

import pytest

from revcycle_kit.delivery.loops import WakeEvent, run_until_stopped
from revcycle_kit.errors import OperatorNeeded, Unavailable
from revcycle_kit.telemetry import configure_logs

Turn = Callable[[], Awaitable[bool]]


class Turns:
    """Turns that end as they are listed, then stop the loop; `troubled` is what was seen at each."""

    def __init__(self, wake: WakeEvent, *outcomes: bool | Exception) -> None:
        self._wake = wake
        self._outcomes = list(outcomes)
        self.troubled: list[list[str]] = []

    async def __call__(self) -> bool:
        self.troubled.append(list(self._wake.troubled.values()))
        outcome = self._outcomes.pop(0)
        if not self._outcomes:
            self._wake.stop()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture
def logged() -> StringIO:
    logged = StringIO()
    configure_logs("shop", stream=logged)
    return logged


@pytest.mark.parametrize(
    ("trouble", "event"), [(Unavailable("PostgreSQL"), "delivery paused"), (LookupError("?"), "delivery failed")]
)
async def test_a_loop_goes_on_after_any_trouble_and_is_in_trouble_meanwhile(
    trouble: Exception, event: str, logged: StringIO
) -> None:
    wake = WakeEvent()
    turns = Turns(wake, True, trouble, True, True)

    await asyncio.wait_for(run_until_stopped(wake, "shop", turns), 5)

    assert [[], [], ["shop"], []] == turns.troubled
    assert event in logged.getvalue()


async def test_a_loop_ends_where_an_operator_has_to_decide() -> None:
    wake = WakeEvent()

    with pytest.raises(OperatorNeeded, match="restore"):
        await run_until_stopped(wake, "shop", Turns(wake, OperatorNeeded("restore the log"), True))


async def test_an_idle_loop_is_woken_by_another() -> None:
    wake = WakeEvent()
    turns = Turns(wake, *[False] * 12, True)
    loop = asyncio.create_task(run_until_stopped(wake, "shop", turns))
    async with asyncio.timeout(5):
        while not loop.done():
            wake.notify()
            await asyncio.sleep(0)

    assert 13 == len(turns.troubled)


async def test_a_pause_after_trouble_is_ended_by_the_end_alone() -> None:
    wake = WakeEvent()
    pausing = asyncio.create_task(wake.pause(60))
    await asyncio.sleep(0)
    wake.notify()
    await asyncio.sleep(0)
    assert not pausing.done()

    wake.stop()
    await asyncio.wait_for(pausing, 1)

"""
The loops that drive a runtime: one reads, fires and performs, one publishes; both outlive every outage.

Several loops of one process share a `WakeEvent`: where one did something, the others look at once; an idle one asks
seldom. Whatever fails, a loop waits and begins again; only where an operator has to decide it ends.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from time import monotonic
from typing import Any

from revcycle_kit.bus.protocol import Fenced
from revcycle_kit.database.connections import TRANSIENT
from revcycle_kit.delivery.breaker import Paused
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.delivery.writer import Overtaken
from revcycle_kit.errors import OperatorNeeded, Unavailable
from revcycle_kit.telemetry.logs import get_log

IDLE_SECONDS_MIN = 0.02
IDLE_SECONDS_MAX = 0.25
PAUSE_SECONDS_MIN = 0.1
PAUSE_SECONDS_MAX = 30.0
RECOVER_SECONDS = 300.0
OUTAGE = (*TRANSIENT, Overtaken, Fenced, Paused, Unavailable)
"""What passes by itself."""
_log = get_log()


class WakeEvent:
    """Wakes every loop of a process when something happened in it, ends them, and knows which are in trouble."""

    def __init__(self) -> None:
        self._happened = asyncio.Event()
        self._end = asyncio.Event()
        self.troubled: dict[object, str] = {}
        """Which loops are in trouble now: the service of each."""

    @property
    def stopped(self) -> bool:
        """Tell whether every loop is to end."""
        return self._end.is_set()

    def notify(self) -> None:
        """Say that there may be something to do."""
        self._happened.set()
        self._happened = asyncio.Event()

    def stop(self) -> None:
        """End every loop after its round."""
        self._end.set()
        self.notify()

    async def wait(self, seconds: float) -> None:
        """Wait so long, or until something happens."""
        if not self.stopped:
            await _at_most(self._happened, seconds)

    async def pause(self, seconds: float) -> None:
        """Wait so long whatever happens, but for the end."""
        await _at_most(self._end, seconds)


async def _at_most(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


async def run_worker(runtime: Runtime[Any], wake: WakeEvent, *, notified: bool = False, sole: bool = False) -> None:
    """
    Read, fire and perform until stopped; at the beginning, after trouble and now and then, recover effects.

    `notified`: whoever publishes or commands does it in this process, so a round need not wait at the bus. `sole`: no
    other process performs effects, so what trouble interrupted need not be left alone for a while.
    """
    recovered_at: float | None = None

    async def turn() -> bool:
        nonlocal recovered_at
        if recovered_at is None or monotonic() - recovered_at > RECOVER_SECONDS:
            await runtime.start(lease=timedelta(0) if sole and recovered_at is None else None)
            recovered_at = monotonic()
        try:
            return await runtime.step(0.0 if notified else IDLE_SECONDS_MAX)
        except BaseException:
            recovered_at = None
            raise

    await run_until_stopped(wake, runtime.service.name, turn, notified=notified)


async def run_relay(runtime: Runtime[Any], wake: WakeEvent, *, notified: bool = False) -> None:
    """Publish until stopped."""
    await run_until_stopped(wake, runtime.service.name, runtime.relay_step, notified=notified)


async def run_until_stopped(
    wake: WakeEvent, service: str, turn: Callable[[], Awaitable[Any]], *, notified: bool = True
) -> None:
    """Take one turn after another: at once while something happens, seldom while nothing does, later after trouble."""
    loop, idle, pause = object(), IDLE_SECONDS_MIN, PAUSE_SECONDS_MIN
    idle_max = IDLE_SECONDS_MAX if notified else IDLE_SECONDS_MIN
    while not wake.stopped:
        try:
            busy = await turn()
        except OperatorNeeded:
            raise
        except Exception as trouble:  # noqa: BLE001 - whatever it is, the other loops go on; /ready tells
            _report(service, trouble)
            wake.troubled[loop] = service
            await wake.pause(pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter is no secret
            pause = min(pause * 2, PAUSE_SECONDS_MAX)
            continue
        wake.troubled.pop(loop, None)
        pause = PAUSE_SECONDS_MIN
        if busy:
            idle = IDLE_SECONDS_MIN
            wake.notify()
            await asyncio.sleep(0)  # a turn that waits for nothing must not hold up the others
        else:
            await wake.wait(idle)
            idle = min(idle * 1.5, idle_max)


def _report(service: str, trouble: Exception) -> None:
    """Log an outage in one line, anything else with where it came from."""
    if isinstance(trouble, OUTAGE):
        _log.warning("delivery paused", source=service, reason=type(trouble).__name__)
    else:
        _log.error("delivery failed", source=service, reason=type(trouble).__name__, exc_info=trouble)

"""The loops of a running system: each service reads, fires, performs and publishes; an idle one asks seldom."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import asyncpg

from revcycle.server.outside import Outside
from revcycle_kit.bus.protocol import Fenced
from revcycle_kit.database.connections import TRANSIENT
from revcycle_kit.delivery.breaker import Paused
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.delivery.writer import Overtaken
from revcycle_kit.telemetry import get_log

REST_SECONDS_MIN = 0.02
REST_SECONDS_MAX = 0.25
PAUSE_SECONDS_MIN = 0.1
PAUSE_SECONDS_MAX = 10.0
RECOVER_SECONDS = 300.0
OUTAGE = (*TRANSIENT, Overtaken, Fenced, Paused, asyncpg.InternalClientError)
"""What passes by itself; the last is how asyncpg meets a server that died while nobody asked it anything."""
_log = get_log()


class Pulse:
    """Wakes every loop when something happened in this process, so that idle loops may rest long."""

    def __init__(self) -> None:
        self._beat = asyncio.Event()
        self._end = asyncio.Event()
        self.troubled: dict[object, str] = {}
        """Which loops are in trouble now: the service of each."""

    @property
    def stopped(self) -> bool:
        """Tell whether every loop is to end."""
        return self._end.is_set()

    def beat(self) -> None:
        """Say that there may be something to do."""
        self._beat.set()
        self._beat = asyncio.Event()

    def stop(self) -> None:
        """End every loop after its round."""
        self._end.set()
        self.beat()

    async def rest(self, seconds: float) -> None:
        """Wait so long, or until something happens."""
        if self.stopped:
            return
        await _at_most(self._beat, seconds)

    async def pause(self, seconds: float) -> None:
        """Wait so long whatever happens, but for the end."""
        await _at_most(self._end, seconds)


async def _at_most(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


async def work(runtime: Runtime[Any], pulse: Pulse, *, sole: bool) -> None:
    """
    Read, fire and perform until stopped.

    At the beginning, after trouble, and now and then, effects whose outcome is unknown are taken up again. `sole` says
    that no other process performs them: after trouble none has to be left alone for a while.
    """
    recovered_at = float("-inf")

    async def round_of_work() -> bool:
        nonlocal recovered_at
        if time.monotonic() - recovered_at > RECOVER_SECONDS:
            await _recover(runtime, at_once=sole and recovered_at < 0)
            recovered_at = time.monotonic()
        return await runtime.step()

    def begin_again() -> None:
        nonlocal recovered_at
        recovered_at = float("-inf")

    await _until_stopped(pulse, runtime.service.name, round_of_work, begin_again)


async def _recover(runtime: Runtime[Any], *, at_once: bool) -> None:
    """Take up interrupted effects; not `at_once` means only those that were begun a while ago."""
    runtime.alone = at_once
    try:
        await runtime.start()
    finally:
        runtime.alone = False


async def publish(runtime: Runtime[Any], pulse: Pulse) -> None:
    """Publish what was said until stopped."""
    await _until_stopped(pulse, runtime.service.name, runtime.relay_step)


async def live(outside: Outside, pulse: Pulse) -> None:
    """Let the world's time pass until stopped."""
    await _until_stopped(pulse, "sandbox", outside.turn)


async def _until_stopped(
    pulse: Pulse, service: str, deed: Callable[[], Awaitable[Any]], begin_again: Callable[[], None] = lambda: None
) -> None:
    """Do it again and again; rest longer while nothing happens, and longer still after trouble."""
    rest, pause, mine = REST_SECONDS_MIN, PAUSE_SECONDS_MIN, object()
    while not pulse.stopped:
        try:
            did = await deed()
        except Exception as trouble:  # noqa: BLE001 - whatever it is, the other services go on; /ready tells
            _tell(service, trouble)
            pulse.troubled[mine] = service
            begin_again()
            await pulse.pause(pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter is no secret
            pause = min(pause * 2, PAUSE_SECONDS_MAX)
            continue
        pulse.troubled.pop(mine, None)
        pause = PAUSE_SECONDS_MIN
        if did:
            rest = REST_SECONDS_MIN
            pulse.beat()
            continue
        await pulse.rest(rest)
        rest = min(rest * 1.5, REST_SECONDS_MAX)


def _tell(service: str, trouble: Exception) -> None:
    """Log an outage in one line, anything else with where it came from."""
    if isinstance(trouble, OUTAGE):
        _log.warning("delivery.paused", source=service, reason=type(trouble).__name__)
    else:
        _log.error("delivery.failed", source=service, reason=type(trouble).__name__, exc_info=trouble)

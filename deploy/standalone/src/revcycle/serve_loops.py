"""The loops of a running system: each service reads, fires, performs and publishes; an idle one asks seldom."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any

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
_log = get_log()


class Pulse:
    """Wakes every loop when something happened in this process, so that idle loops may rest long."""

    def __init__(self) -> None:
        self._beat = asyncio.Event()
        self.stopped = False

    def beat(self) -> None:
        """Say that there may be something to do."""
        self._beat.set()
        self._beat = asyncio.Event()

    def stop(self) -> None:
        """End every loop after its round."""
        self.stopped = True
        self.beat()

    async def rest(self, seconds: float) -> None:
        """Wait so long, or until something happens."""
        if self.stopped:
            return
        beat = self._beat
        try:
            await asyncio.wait_for(beat.wait(), seconds)
        except TimeoutError:
            return


async def work(runtime: Runtime[Any], pulse: Pulse, *, sole: bool) -> None:
    """
    Read, fire and perform until stopped.

    After trouble, and now and then, effects whose outcome is unknown are taken up again. `sole` says that no other
    process performs them, so that none has to be left alone for a while.
    """
    recovered_at = float("-inf")

    async def round_of_work() -> bool:
        nonlocal recovered_at
        if time.monotonic() - recovered_at > RECOVER_SECONDS:
            await _recover(runtime, sole=sole)
            recovered_at = time.monotonic()
        return await runtime.step()

    def begin_again() -> None:
        nonlocal recovered_at
        recovered_at = float("-inf")

    await _until_stopped(pulse, runtime.service.name, round_of_work, begin_again)


async def _recover(runtime: Runtime[Any], *, sole: bool) -> None:
    runtime.alone = sole
    try:
        await runtime.start()
    finally:
        runtime.alone = False


async def publish(runtime: Runtime[Any], pulse: Pulse) -> None:
    """Publish what was said until stopped."""
    await _until_stopped(pulse, runtime.service.name, runtime.relay_step)


async def _until_stopped(
    pulse: Pulse, service: str, deed: Callable[[], Awaitable[Any]], begin_again: Callable[[], None] = lambda: None
) -> None:
    """Do it again and again; rest longer while nothing happens, and longer still after trouble."""
    rest, pause = REST_SECONDS_MIN, PAUSE_SECONDS_MIN
    while not pulse.stopped:
        try:
            did = await deed()
        except (*TRANSIENT, Overtaken, Fenced, Paused) as trouble:
            _log.warning("delivery.paused", source=service, reason=type(trouble).__name__)
            begin_again()
            await asyncio.sleep(0 if pulse.stopped else pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter is no secret
            pause = min(pause * 2, PAUSE_SECONDS_MAX)
            continue
        pause = PAUSE_SECONDS_MIN
        if did:
            rest = REST_SECONDS_MIN
            pulse.beat()
            continue
        await pulse.rest(rest)
        rest = min(rest * 1.5, REST_SECONDS_MAX)

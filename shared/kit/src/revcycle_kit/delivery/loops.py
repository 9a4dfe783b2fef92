"""The loops that drive a runtime in production: one reads and fires, one publishes; both outlive every outage."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from revcycle_kit.bus.protocol import Fenced
from revcycle_kit.database.connections import TRANSIENT
from revcycle_kit.delivery.breaker import Paused
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.delivery.writer import Overtaken
from revcycle_kit.telemetry.logs import get_log

PAUSE_SECONDS_MIN = 0.1
PAUSE_SECONDS_MAX = 30.0
IDLE_SECONDS = 0.25
RECOVER_SECONDS = 300.0
_log = get_log()


async def run_worker(runtime: Runtime[Any], stop: asyncio.Event) -> None:
    """Read, fire and perform until told to stop; every few minutes take up what a crash of anybody interrupted."""
    recovered_at: float | None = None

    async def work() -> bool:
        nonlocal recovered_at
        if recovered_at is None or monotonic() - recovered_at > RECOVER_SECONDS:
            await runtime.start()
            recovered_at = monotonic()
        return await runtime.step(IDLE_SECONDS)

    await _until(stop, runtime.service.name, work)


async def run_relay(runtime: Runtime[Any], stop: asyncio.Event) -> None:
    """Publish until told to stop."""
    await _until(stop, runtime.service.name, runtime.relay_step)


async def _until(stop: asyncio.Event, service: str, deed: Callable[[], Awaitable[Any]]) -> None:
    """Do the deed again and again; after trouble with the infrastructure wait 0.1 s, then longer, up to 30 s."""
    pause = PAUSE_SECONDS_MIN
    while not stop.is_set():
        try:
            did = await deed()
        except (*TRANSIENT, Overtaken, Fenced, Paused) as trouble:
            _log.warning("delivery paused", source=service, reason=type(trouble).__name__)
            await _rest(stop, pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter is no secret
            pause = min(pause * 2, PAUSE_SECONDS_MAX)
            continue
        pause = PAUSE_SECONDS_MIN
        if not did:
            await _rest(stop, 0.02)


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return

"""
Simulation: drives the services and the world outside by one clock.

Settle: every service does a round on what was there when the round began, then publishes; parcels travel between the
services and the world; until nothing happens. Then the clock moves to the earliest instant at which anything is due.
"""

import asyncio
from datetime import UTC, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from revcycle.system import System
from revcycle_kit.clock import SimulatedClock
from revcycle_kit.delivery.runtime import AtOnce, Runtime

ROUNDS_MAX = 100_000
AT_ONCE = AtOnce(messages=2000, effects=400, published=4000)
"""Nobody waits while the clock stands still: a round may take much."""
BUS_SECONDS = 0.05
"""How long a round waits for a bus that has not brought yet what was published."""


TICKS = (time(18),)
"""When a simulated day stops: what falls in between happens then, in its own order."""
ZONE = ZoneInfo("America/New_York")


def next_tick(due: datetime) -> datetime:
    """Return the first tick at or after an instant."""
    local = due.astimezone(ZONE)
    for day in (local.date(), local.date() + timedelta(days=1)):
        for tick in TICKS:
            at = datetime.combine(day, tick, ZONE)
            if at >= local:
                return at.astimezone(UTC)
    raise AssertionError("a day has a tick")


class Outside(Protocol):
    """What is not a service: the sandbox with its couriers, and the people at work."""

    async def step(self, now: datetime) -> bool:
        """Do what is due, exchange parcels; True when anything happened."""
        ...

    def next_due(self) -> datetime | None:
        """Return the earliest instant at which something will happen by itself."""
        ...


class Late(Protocol):
    """What came before the service it is for knew what it is about."""

    async def ask_again(self) -> bool:
        """Bring it once more; True when any of it was taken."""
        ...


class Restless(Exception):  # noqa: N818 - a state
    """The system did not come to rest: something makes work for itself without end."""


class Simulation:
    """The services, the world and the clock."""

    def __init__(self, system: System, clock: SimulatedClock, *outside: Outside, late: Late) -> None:
        self._system = system
        self._clock = clock
        self._outside = list(outside)
        self._late = late
        self.rounds = 0
        for runtime in system.runtimes.values():
            runtime.at_once = AT_ONCE

    async def settle(self) -> None:
        """Let everything that can happen now, happen. Raises Restless when it does not end."""
        for _ in range(ROUNDS_MAX):
            self.rounds += 1
            if not await self._round() and not await self._late.ask_again():
                return
        raise Restless(f"not at rest after {ROUNDS_MAX} rounds at {self._clock.now().isoformat()}")

    async def _round(self) -> bool:
        """
        Let each service read, fire and perform, then publish, then let the world act.

        Services run side by side: none sees what another says before the next round, so the order does not matter.
        """
        runtimes = list(self._system.runtimes.values())
        waits = [BUS_SECONDS if self._behind(runtime) else 0.0 for runtime in runtimes]
        did = any(await asyncio.gather(*(runtime.step(wait) for runtime, wait in zip(runtimes, waits, strict=True))))
        said = any(await asyncio.gather(*(runtime.relay_step() for runtime in runtimes)))
        acted = False
        for world in self._outside:
            acted = await world.step(self._clock.now()) or acted
        return did or said or acted or any(self._behind(runtime) for runtime in runtimes)

    def _behind(self, runtime: Runtime[Any]) -> bool:
        """Tell whether a bus still carries what a service has to hear: Kafka brings it when it brings it."""
        return any(
            runtime.heard[f"{source}.events"] < self._system.runtimes[source].published
            for source in runtime.service.sources
            if source in self._system.runtimes
        )

    async def run_until(self, end: datetime) -> None:
        """Settle, move to the next instant at which anything is due, and so on up to `end`."""
        while await self.advance(end):
            pass

    async def advance(self, end: datetime) -> bool:
        """Settle and move the clock once; False when nothing more is due up to `end`."""
        await self.settle()
        due = await self.next_due()
        if due is None or due > end:
            self._clock.advance_to(max(end, self._clock.now()))
            return False
        self._clock.advance_to(max(next_tick(due), self._clock.now()))
        return True

    async def next_due(self) -> datetime | None:
        """Return the earliest instant at which a service or the world has something to do."""
        dues = list(await asyncio.gather(*(runtime.next_due() for runtime in self._system.runtimes.values())))
        dues += [world.next_due() for world in self._outside]
        return min((due for due in dues if due is not None), default=None)

"""
Simulation: drives the services and the world outside by one clock.

Settle: every service does a round on what was there when the round began, and publishes, until nothing happens. Only
then the world has its turn: it takes in what the services sent, and brings what it sends; then the people work. When
all are at rest, the clock moves to the earliest instant at which anything is due. So it does not matter who was faster.
"""

import asyncio
from datetime import UTC, datetime, time, timedelta
from time import monotonic
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from revcycle.server.system import System
from revcycle_kit.bus.protocol import topic_of
from revcycle_kit.clock import SimulatedClock
from revcycle_kit.delivery.runtime import AtOnce, Runtime

ROUNDS_MAX = 100_000
AT_ONCE = AtOnce(messages=2000, effects=400, published=4000)
"""Nobody waits while the clock stands still: a round may take much."""
BUS_SECONDS = 0.05
"""How long a round waits for a bus that has not brought yet what was published."""
PATIENCE_SECONDS = 120.0
"""How long the bus may bring nothing of it, while nothing else happens either."""


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


class World(Protocol):
    """What is not ours."""

    async def turn(self) -> bool:
        """Take in what came, act, and bring what is sent; True when any of it was taken."""
        ...

    def next_due(self) -> datetime | None:
        """Return the earliest instant at which something will happen by itself."""
        ...


class People(Protocol):
    """Who works with the system."""

    async def work(self) -> bool:
        """Do what is to be done now; True when anything was."""
        ...

    def next_due(self) -> datetime | None:
        """Return the earliest instant at which there may be something to do."""
        ...


class Restless(Exception):  # noqa: N818 - a state
    """The system did not come to rest: something makes work for itself without end."""


class Unheard(Exception):  # noqa: N818 - a state
    """The bus does not bring what was published: it is out of order, or lost something."""


class Simulation:
    """The services, the world and the clock."""

    def __init__(self, system: System, clock: SimulatedClock, world: World, people: People) -> None:
        self._system = system
        self._clock = clock
        self._world = world
        self._people = people
        self.rounds = 0
        self.patience_seconds = PATIENCE_SECONDS

    async def settle(self) -> None:
        """Let everything that can happen now, happen. Raises Restless when it does not end, Unheard by a deaf bus."""
        happened = monotonic()
        for _ in range(ROUNDS_MAX):
            self.rounds += 1
            if await self._round():
                happened = monotonic()
            elif behind := self._all_behind():
                if monotonic() - happened > self.patience_seconds:
                    raise Unheard(
                        f"{', '.join(behind)}: nothing of what others published, for {self.patience_seconds} s"
                    )
            elif not (await self._world.turn() or await self._people.work()):
                return
        raise Restless(f"not at rest after {ROUNDS_MAX} rounds at {self._clock.now().isoformat()}")

    async def _round(self) -> bool:
        """
        Let each service read, fire, perform and publish; True when any did.

        Services run side by side: none sees what another says before the next round, so the order does not matter.
        """
        services = list(self._system.runtimes.values())
        waits = [BUS_SECONDS if self._behind(service) else 0.0 for service in services]
        self._system.see_no_further()
        rounds = (service.round(wait) for service, wait in zip(services, waits, strict=True))
        return any(await asyncio.gather(*rounds))

    def _all_behind(self) -> list[str]:
        return [name for name, service in self._system.runtimes.items() if self._behind(service)]

    def _behind(self, service: Runtime[Any]) -> bool:
        """Tell whether a bus still carries what a service has to hear: Kafka brings it when it brings it."""
        return any(
            service.heard[topic_of(source)] < self._system.runtimes[source].published
            for source in service.service.sources
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
        dues = list(await asyncio.gather(*(service.next_due() for service in self._system.runtimes.values())))
        dues += [self._world.next_due(), self._people.next_due()]
        return min((due for due in dues if due is not None), default=None)

"""The simulation comes to rest, waits for a bus that is slow, and says so when the bus brings nothing."""

from collections import Counter
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from revcycle.server.system import System
from revcycle_kit.clock import SimulatedClock
from revcycle_kit.testing.harness import START
from revcycle_simulation.scheduler import Simulation, Unheard


class Service:
    """Publishes or hears: what it reads arrives after so many rounds."""

    def __init__(self, *sources: str, published: int = 0, arrives_after: int = 0) -> None:
        self.service = SimpleNamespace(sources=sources)
        self.published = published
        self.heard: Counter[str] = Counter()
        self.rounds = 0
        self._arrives_after = arrives_after

    async def round(self, wait_seconds: float = 0.0) -> bool:
        del wait_seconds
        self.rounds += 1
        if self.rounds != self._arrives_after:
            return False
        self.heard["web.events"] = 1
        return True


class Nothing:
    """A world in which nothing happens, and nobody works."""

    async def turn(self) -> bool:
        return False

    async def work(self) -> bool:
        return False

    def next_due(self) -> datetime | None:
        return None


def simulation_of(reader: Service) -> Simulation:
    system: Any = SimpleNamespace(
        runtimes={"web": Service(published=1), "counter": reader}, see_no_further=lambda: None
    )
    nothing = Nothing()
    return Simulation(cast("System", system), SimulatedClock(START), nothing, nothing)


async def test_it_goes_on_until_what_was_published_has_been_heard() -> None:
    reader = Service("web", arrives_after=5)

    await simulation_of(reader).settle()

    assert reader.rounds == 6  # the last one finds nothing more


async def test_it_says_who_hears_nothing() -> None:
    simulation = simulation_of(Service("web"))
    simulation.patience_seconds = 0.0

    with pytest.raises(Unheard, match="counter: nothing of what others published"):
        await simulation.settle()

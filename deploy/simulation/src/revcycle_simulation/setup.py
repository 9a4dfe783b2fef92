"""Stage: the five services, the sandbox and the people, ready to play a world by one clock."""

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from eligibility.domain import identifiers
from revcycle.server.directory import Places, enter, pair_visits, places_of
from revcycle.server.doors import Doors, opened_doors
from revcycle.server.outside import Here, Outside, apart
from revcycle.server.parts import parts_over
from revcycle.server.post import Ledger, Post
from revcycle.server.services_apart import services_apart
from revcycle.server.system import Dsn, Progress, System, Where, opened
from revcycle_kit.clock import SimulatedClock
from revcycle_sandbox import Sandbox, World
from revcycle_simulation.scheduler import AT_ONCE, Simulation
from revcycle_simulation.staff.worklists import Orders, Staff


@dataclass(frozen=True, slots=True)
class Play:
    """What is to be played, and where."""

    world: World
    seed: int = 1
    start: datetime | None = None
    """The first instant; else when the world begins."""
    orders: Orders = field(default_factory=Orders)
    """How the staff is told to work."""
    enroll_unknown: bool = False
    edi: Path | None = None
    data: Path | None = None
    """Where the state is kept; else a folder that is removed at the end."""
    kafka: str = ""
    kafka_prefix: str = ""
    databases: Dsn | None = None
    apart: bool = False
    """The sandbox, and some of the services, work in processes of their own: quicker on two cores, slower to start."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that takes part."""

    system: System
    simulation: Simulation
    clock: SimulatedClock
    post: Post
    doors: Doors
    staff: Staff
    places: Places
    pairs: Ledger
    world: World

    def payer_ids(self) -> dict[str, UUID]:
        """Return our ids of the world's payers, by code."""
        return {payer.code: identifiers.payer(self.places.organization_id, payer.code) for payer in self.world.payers}


@asynccontextmanager
async def staged(play: Play, progress: Progress = lambda _: None) -> AsyncIterator[Stage]:
    """Bring everything up, enter the directory, and let it settle."""
    async with AsyncExitStack() as stack:
        data = play.data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="revcycle-")))
        outside = await _outside(stack, play)
        start = play.start or outside.start_at
        if start is None:
            raise ValueError("the world never begins: it has no visits and no messages")
        clock = SimulatedClock(start)
        places, pairs = places_of(play.world), Ledger()
        pair_visits(play.world, places, pairs)
        post = Post(outside, clock, pairs, play.edi)
        system = await stack.enter_async_context(_running(post, data, play, clock, progress))
        doors = await stack.enter_async_context(opened_doors(system, places, pairs, post))
        staff = Staff(system, places, pairs, post, play.orders)
        stack.push_async_callback(staff.close)
        progress("entering the directory")
        await enter(system, play.world, places)
        simulation = Simulation(system, clock, post, staff, late=doors)
        await simulation.settle()
        yield Stage(system, simulation, clock, post, doors, staff, places, pairs, play.world)


async def _outside(stack: AsyncExitStack, play: Play) -> Outside:
    if play.apart:
        return await stack.enter_async_context(apart(play.world, play.seed, enroll_unknown=play.enroll_unknown))
    return Here(Sandbox(play.world, seed=play.seed, enroll_unknown=play.enroll_unknown))


@asynccontextmanager
async def _running(
    post: Post, data: Path, play: Play, clock: SimulatedClock, progress: Progress
) -> AsyncIterator[System]:
    running: list[System] = []
    system_of: Callable[[], System] = lambda: running[0]  # noqa: E731 - named for its reader
    where = Where(
        data,
        kafka=play.kafka,
        kafka_prefix=play.kafka_prefix,
        databases=play.databases,
        temporary=play.data is None,
    )
    async with AsyncExitStack() as stack:
        apart = await stack.enter_async_context(services_apart(post)) if play.apart else ()
        parts = parts_over(post, data, system_of)
        system = await stack.enter_async_context(
            opened(parts, where, clock, alone=True, at_once=AT_ONCE, apart=apart, progress=progress)
        )
        running.append(system)
        yield system

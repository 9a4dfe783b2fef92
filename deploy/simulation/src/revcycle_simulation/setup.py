"""The five services, the sandbox and the people, ready to play a world by one clock."""

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from uuid import UUID

import httpx

from eligibility.domain import identifiers
from eligibility.intake.listener import MllpReceiver
from eligibility.intake.mllp import MllpServer
from eligibility.intake.receiver import MessageReceiver, Sender
from revcycle.server.adapters import LOOPBACK, InboundAdapters
from revcycle.server.composition import parts_over
from revcycle.server.directory import Places, References, enter, places_of, references_of
from revcycle.server.outside import Outside, opened_outside
from revcycle.server.system import Dsn, Progress, System, Where, opened
from revcycle.server.x12_names import transaction_set
from revcycle_kit.clock import SimulatedClock
from revcycle_sandbox import Sandbox, SandboxProgram, World, build_app
from revcycle_simulation.scheduler import AT_ONCE, Simulation
from revcycle_simulation.staff.worklists import Orders, Staff


@dataclass(frozen=True, slots=True)
class Scenario:
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


@dataclass(frozen=True, slots=True)
class SimulationSetup:
    """Everything that takes part."""

    system: System
    simulation: Simulation
    clock: SimulatedClock
    outside: Outside
    adapters: InboundAdapters
    staff: Staff
    places: Places
    references: References
    world: World

    def payer_ids(self) -> dict[str, UUID]:
        """Return our ids of the world's payers, by code."""
        return {payer.code: identifiers.payer(self.places.organization_id, payer.code) for payer in self.world.payers}


@asynccontextmanager
async def set_up(scenario: Scenario, progress: Progress = lambda _: None) -> AsyncIterator[SimulationSetup]:
    """Bring everything up, enter the directory, and let it settle."""
    async with AsyncExitStack() as stack:
        data = scenario.data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="revcycle-")))
        sandbox = Sandbox(scenario.world, seed=scenario.seed, enroll_unknown=scenario.enroll_unknown)
        start = scenario.start or sandbox.start_at
        if start is None:
            raise ValueError("the world never begins: it has no visits and no messages")
        clock = SimulatedClock(start)
        places = places_of(scenario.world)
        references = references_of(scenario.world, places)
        program = SandboxProgram(sandbox, clock.now, watch=_keeping(scenario.edi))
        partners = httpx.ASGITransport(build_app(program, references.printed))
        system = await stack.enter_async_context(_running(partners, data, scenario, clock, progress))
        mllp = await stack.enter_async_context(_listening(system, places))
        adapters = InboundAdapters(system, places, references, mllp)
        stack.push_async_callback(adapters.close)
        outside = await stack.enter_async_context(
            opened_outside(program, partners, adapters.by_channel, clock.now, at_every_turn=True)
        )
        staff = Staff(system, places, references, outside, scenario.orders)
        stack.push_async_callback(staff.close)
        progress("entering the directory")
        await enter(system, scenario.world, places)
        simulation = Simulation(system, clock, outside, staff)
        await simulation.settle()
        yield SimulationSetup(system, simulation, clock, outside, adapters, staff, places, references, scenario.world)


def _keeping(folder: Path | None) -> Callable[[bytes], None]:
    """Return what keeps each interchange as a file, its transaction set in the name; without a folder, nothing does."""
    numbers = count(1)

    def keep(interchange: bytes) -> None:
        if folder is not None:
            name = f"{next(numbers):06}_{transaction_set(interchange) or 'interchange'}.x12"
            (folder / name).write_bytes(interchange)

    return keep


@asynccontextmanager
async def _listening(system: System, places: Places) -> AsyncIterator[tuple[str, int]]:
    """Listen for MLLP on loopback; gives the address."""
    runtime = system.runtimes["eligibility"]
    first = next(iter(places.clinics.values()))
    intake = MllpReceiver(MessageReceiver(runtime), Sender(places.organization_id, first, "mllp"), runtime.clock)
    async with MllpServer(intake.receive) as server:
        yield LOOPBACK, await server.start(LOOPBACK, 0)


@asynccontextmanager
async def _running(
    partners: httpx.AsyncBaseTransport, data: Path, scenario: Scenario, clock: SimulatedClock, progress: Progress
) -> AsyncIterator[System]:
    running: list[System] = []
    system_of: Callable[[], System] = lambda: running[0]  # noqa: E731 - named for its reader
    where = Where(
        data,
        kafka=scenario.kafka,
        kafka_prefix=scenario.kafka_prefix,
        databases=scenario.databases,
        temporary=scenario.data is None,
    )
    parts = parts_over(partners, data, system_of)
    async with opened(parts, where, clock, alone=True, at_once=AT_ONCE, progress=progress) as system:
        running.append(system)
        yield system

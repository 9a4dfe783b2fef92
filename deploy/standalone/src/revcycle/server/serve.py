"""
Serve: the five services and the sandbox by the real clock, in one process, on one port, until stopped.

All state is in the data directory (and, where addresses are given, on their servers): a process that is killed
anywhere begins again where it stood.
"""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import uvicorn

from eligibility.intake.listener import MllpReceiver
from eligibility.intake.mllp import MllpServer
from eligibility.intake.receiver import MessageReceiver, Sender
from revcycle.server.adapters import InboundAdapters
from revcycle.server.composition import Nowhere, parts_over
from revcycle.server.directory import Places, enter, places_of, references_of
from revcycle.server.front import Front, front_of
from revcycle.server.loops import live
from revcycle.server.organization import organization_in, record_of
from revcycle.server.outside import Outside, opened_outside
from revcycle.server.state import (
    SERVING,
    SYSTEM,
    Serving,
    SystemRecord,
    has_database,
    system_of,
    write,
)
from revcycle.server.system import Progress, System, Where, opened
from revcycle_kit.clock import Clock, SystemClock
from revcycle_kit.delivery.loops import WakeEvent, run_relay, run_worker
from revcycle_kit.embedded.layout import write_private
from revcycle_kit.embedded.lock import SupervisorLock
from revcycle_sandbox import Journal, Sandbox, SandboxProgram, World, build_app, demo_world, from_json, to_json

SEED = 1
GOODBYE_SECONDS = 5
EHR_CONNECTIONS = 4


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What to serve, and where."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8000
    """0: any that is free."""
    mllp_port: int = 2575
    kafka: str = ""
    database: str = ""
    sandbox: bool = True


@dataclass(frozen=True, slots=True)
class _Partners:
    """Who is there beside the services, as far as anybody is."""

    transport: httpx.AsyncBaseTransport
    world: World | None = None
    places: Places | None = None
    program: SandboxProgram | None = None


async def serve(options: ServeOptions, progress: Progress, clock: Clock | None = None) -> None:
    """
    Serve until SIGINT or SIGTERM.

    `clock` is business time; what waits for machines, and tokens, go by the clock of this one.

    Raises OSError when a port is taken, EmbeddedPostgresError when the database cannot run.
    """
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        options.data.mkdir(parents=True, exist_ok=True)
        stack.enter_context(_sole(options.data))
        listening = stack.enter_context(_bound(options.host, options.port))
        partners = _partners(options, stack, clock)
        system, record = await stack.enter_async_context(_system(options, partners, clock, progress))
        wake = WakeEvent()
        mllp_port = await stack.enter_async_context(_mllp(options, system, record, wake))
        outside = await _outside(stack, partners, system, (_reached_at(options.host), mllp_port))
        url = f"http://{options.host}:{listening.getsockname()[1]}"
        front = front_of(
            system,
            url=url,
            mllp=f"{options.host}:{mllp_port}",
            directory=str(options.data),
            wake=wake,
            redelivery=outside.redelivery if outside is not None else None,
        )
        stack.enter_context(_told(options.data, Serving(pid=os.getpid(), url=url, mllp_port=mllp_port)))
        progress(f"serving {url}/ and HL7 v2 by MLLP on port {mllp_port}; Ctrl-C stops it")
        await _run(system, outside, listening, front, wake=wake, sole=not options.database)
        progress("stopping")


async def _run(
    system: System, outside: Outside | None, listening: socket.socket, front: Front, *, wake: WakeEvent, sole: bool
) -> None:
    """Run every loop until a signal comes; whichever fails ends all."""
    server = _Server(
        uvicorn.Config(
            front, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=GOODBYE_SECONDS
        )
    )

    def stop() -> None:
        wake.stop()
        server.should_exit = True

    with _on_signals(stop):
        async with asyncio.TaskGroup() as group:
            for runtime in system.runtimes.values():
                group.create_task(run_worker(runtime, wake, notified=True, sole=sole))
                group.create_task(run_relay(runtime, wake, notified=True))
            if outside is not None:
                group.create_task(live(outside, wake))
            group.create_task(server.serve(sockets=[listening]))


class _Server(uvicorn.Server):
    """Leaves signals to us."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


# what is there


def _partners(options: ServeOptions, stack: AsyncExitStack, clock: Clock) -> _Partners:
    """Make the world outside, or take it up where it stood; a system that was made otherwise has none."""
    world = _world(options.data)
    if world is None:
        return _Partners(Nowhere())
    places = places_of(world)
    if not options.sandbox:
        return _Partners(Nowhere(), world, places)
    journal = Journal(options.data / "sandbox" / "journal.jsonl")
    stack.callback(journal.close)
    program = SandboxProgram(Sandbox(world, SEED), clock.now, journal)
    app = build_app(program, references_of(world, places).printed)
    return _Partners(httpx.ASGITransport(app), world, places, program)


async def _outside(stack: AsyncExitStack, partners: _Partners, system: System, mllp: tuple[str, int]) -> Outside | None:
    """Open what leads from the sandbox to the services, where there is one."""
    if partners.program is None or partners.world is None or partners.places is None:
        return None
    references = references_of(partners.world, partners.places)
    adapters = InboundAdapters(system, partners.places, references, mllp, connections=EHR_CONNECTIONS)
    stack.push_async_callback(adapters.close)
    return await stack.enter_async_context(
        opened_outside(partners.program, partners.transport, adapters.by_channel, system.machine_clock.now)
    )


def _world(data: Path) -> World | None:
    """Return the world that was kept; a new one for a new system; None where the system has another origin."""
    kept = data / "sandbox" / "world.json"
    if kept.exists():
        return from_json(kept.read_bytes())
    if has_database(data) or system_of(data) is not None:
        return None
    world = demo_world(SEED, start_on=datetime.now(UTC).date())
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    write_private(kept, to_json(world).decode())
    return world


@asynccontextmanager
async def _system(
    options: ServeOptions, partners: _Partners, clock: Clock, progress: Progress
) -> AsyncIterator[tuple[System, SystemRecord]]:
    """Bring the services up, with a directory."""
    running: list[System] = []
    system_of_parts: Callable[[], System] = lambda: running[0]  # noqa: E731 - named for its reader
    parts = parts_over(partners.transport, options.data, system_of_parts)
    where = Where(options.data, kafka=options.kafka, database=options.database)
    async with opened(parts, where, clock, alone=False, machine=SystemClock(), progress=progress) as system:
        running.append(system)
        yield system, await _entered(options, partners, system, progress)


async def _entered(options: ServeOptions, partners: _Partners, system: System, progress: Progress) -> SystemRecord:
    """Return whose system it is; a new one is told its directory first."""
    embedded = not options.database
    if partners.world is None or partners.places is None:
        record = await organization_in(system.database, embedded=embedded)
    elif (known := system_of(options.data)) is not None:
        return known
    else:
        progress("entering clinics, payees, clinicians, payers and prices")
        await enter(system, partners.world, partners.places)
        record = record_of(partners.places, embedded=embedded)
    write(options.data, SYSTEM, record)
    return record


@asynccontextmanager
async def _mllp(options: ServeOptions, system: System, record: SystemRecord, wake: WakeEvent) -> AsyncIterator[int]:
    """Listen for EHR systems; gives the port."""
    runtime = system.runtimes["eligibility"]
    sender = Sender(record.organization_id, record.clinics[0], "mllp")
    intake = MllpReceiver(MessageReceiver(runtime), sender, runtime.clock)

    async def receive(raw: bytes) -> bytes | None:
        answer = await intake.receive(raw)
        wake.notify()
        return answer

    async with MllpServer(receive) as server:
        yield await server.start(options.host, options.mllp_port)


# what is held while it runs


@contextmanager
def _sole(data: Path) -> Iterator[None]:
    """Hold the directory: two processes would write one journal."""
    lock = SupervisorLock(data)
    lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port before anything is started. Raises OSError when it is taken."""
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        yield listening


def _reached_at(host: str) -> str:
    """Return the address at which we reach ourselves: who listens everywhere, listens on loopback too."""
    return {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - nothing is bound


@contextmanager
def _told(data: Path, serving: Serving) -> Iterator[None]:
    """Let other processes of this user know where it is served."""
    write(data, SERVING, serving)
    try:
        yield
    finally:
        (data / SERVING).unlink(missing_ok=True)


@contextmanager
def _on_signals(stop: Callable[[], None]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)

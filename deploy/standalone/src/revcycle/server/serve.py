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

import uvicorn

from eligibility.intake.listener import MllpReceiver
from eligibility.intake.mllp import MllpServer
from eligibility.intake.receiver import MessageReceiver, Sender
from revcycle.server.directory import Places, enter, pair_visits, places_of
from revcycle.server.front import Front, front_of
from revcycle.server.loops import REST_SECONDS_MAX, Pulse, publish, work
from revcycle.server.organization import organization_in, record_of
from revcycle.server.parts import parts_over
from revcycle.server.post import Ledger, Post
from revcycle.server.sandbox import Journal, JournaledPost, NoPost
from revcycle.server.state import (
    SERVING,
    SYSTEM,
    Serving,
    SystemRecord,
    has_database,
    system_of,
    write,
)
from revcycle.server.steady_doors import SteadyDoors
from revcycle.server.system import Progress, System, Where, opened
from revcycle_kit.clock import Clock, SystemClock
from revcycle_kit.embedded.layout import write_private
from revcycle_kit.embedded.lock import SupervisorLock
from revcycle_sandbox import Sandbox, World, demo_world, from_json, to_json

SEED = 1
GOODBYE_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Asked:
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
class _Outside:
    """The world outside, as far as there is one."""

    post: Post
    world: World | None
    places: Places | None
    pairs: Ledger


async def serve(asked: Asked, progress: Progress, clock: Clock | None = None) -> None:
    """
    Serve until SIGINT or SIGTERM.

    Raises OSError when a port is taken, EmbeddedPostgresError when the database cannot run.
    """
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        asked.data.mkdir(parents=True, exist_ok=True)
        stack.enter_context(_sole(asked.data))
        listening = stack.enter_context(_bound(asked.host, asked.port))
        outside = _outside(asked, stack, clock)
        system, record = await stack.enter_async_context(_system(asked, outside, clock, progress))
        pulse = Pulse()
        mllp_port = await stack.enter_async_context(_mllp(asked, system, record, pulse))
        if outside.places is not None and asked.sandbox:
            doors = SteadyDoors(system, outside.places, outside.pairs, (_reached_at(asked.host), mllp_port))
            stack.push_async_callback(doors.close)
            doors.open(outside.post)
        url = f"http://{asked.host}:{listening.getsockname()[1]}"
        front = front_of(
            system,
            url=url,
            mllp=f"{asked.host}:{mllp_port}",
            directory=str(asked.data),
            pulse=pulse,
            bringing=outside.post.bringing if isinstance(outside.post, JournaledPost) else None,
        )
        stack.enter_context(_told(asked.data, Serving(pid=os.getpid(), url=url, mllp_port=mllp_port)))
        progress(f"serving {url}/ and HL7 v2 by MLLP on port {mllp_port}; Ctrl-C stops it")
        await _run(system, outside.post, listening, front, pulse=pulse, sole=not asked.database)
        progress("stopping")


async def _run(system: System, post: Post, listening: socket.socket, front: Front, *, pulse: Pulse, sole: bool) -> None:
    """Run every loop until a signal comes; whichever fails ends all."""
    server = _Server(
        uvicorn.Config(
            front, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=GOODBYE_SECONDS
        )
    )

    def stop() -> None:
        pulse.stop()
        server.should_exit = True

    with _on_signals(stop):
        async with asyncio.TaskGroup() as group:
            for runtime in system.runtimes.values():
                group.create_task(work(runtime, pulse, sole=sole))
                group.create_task(publish(runtime, pulse))
            group.create_task(_live(post, pulse))
            group.create_task(server.serve(sockets=[listening]))


async def _live(post: Post, pulse: Pulse) -> None:
    """Let the world's time pass."""
    while not pulse.stopped:
        if await post.step():
            pulse.beat()
        else:
            await pulse.rest(REST_SECONDS_MAX)


class _Server(uvicorn.Server):
    """Leaves signals to us."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


# what is there


def _outside(asked: Asked, stack: AsyncExitStack, clock: Clock) -> _Outside:
    """Make the world outside, or take up where it stood; a system that was made otherwise has none."""
    world, pairs = _world(asked.data), Ledger()
    if world is None:
        return _Outside(NoPost(pairs, clock), None, None, pairs)
    places = places_of(world)
    pair_visits(world, places, pairs)
    if not asked.sandbox:
        return _Outside(NoPost(pairs, clock), world, places, pairs)
    journal = Journal(asked.data / "sandbox" / "journal.jsonl")
    stack.callback(journal.close)
    return _Outside(JournaledPost(Sandbox(world, SEED), journal, clock, pairs), world, places, pairs)


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
    asked: Asked, outside: _Outside, clock: Clock, progress: Progress
) -> AsyncIterator[tuple[System, SystemRecord]]:
    """Bring the services up, with a directory."""
    running: list[System] = []
    system_of_parts: Callable[[], System] = lambda: running[0]  # noqa: E731 - named for its reader
    parts = parts_over(outside.post, asked.data, system_of_parts)
    where = Where(asked.data, kafka=asked.kafka, database=asked.database)
    async with opened(parts, where, clock, alone=False, progress=progress) as system:
        running.append(system)
        yield system, await _entered(asked, outside, system, progress)


async def _entered(asked: Asked, outside: _Outside, system: System, progress: Progress) -> SystemRecord:
    """Return whose system it is; a new one is told its directory first."""
    embedded = not asked.database
    if outside.world is None or outside.places is None:
        record = await organization_in(system.database, embedded=embedded)
    elif (known := system_of(asked.data)) is not None:
        return known
    else:
        progress("entering clinics, payees, clinicians, payers and prices")
        await enter(system, outside.world, outside.places)
        record = record_of(outside.places, embedded=embedded)
    write(asked.data, SYSTEM, record)
    return record


@asynccontextmanager
async def _mllp(asked: Asked, system: System, record: SystemRecord, pulse: Pulse) -> AsyncIterator[int]:
    """Listen for EHR systems; gives the port."""
    runtime = system.runtimes["eligibility"]
    sender = Sender(record.organization_id, record.clinics[0], "mllp")
    intake = MllpReceiver(MessageReceiver(runtime), sender, runtime.clock)

    async def receive(raw: bytes) -> bytes | None:
        answer = await intake.receive(raw)
        pulse.beat()
        return answer

    async with MllpServer(receive) as server:
        yield await server.start(asked.host, asked.mllp_port)


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

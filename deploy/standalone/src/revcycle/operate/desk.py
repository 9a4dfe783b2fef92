"""The operator's desk: one way to ask a system, whether a process serves it or only its data lies there."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx

from revcycle.server.composition import Nowhere, parts_over
from revcycle.server.front import front_of
from revcycle.server.organization import grant_of, latest_deed, organization_in
from revcycle.server.state import NoSystemError, SystemRecord, assert_system, serving_of, system_of
from revcycle.server.system import BUS, SERVICES, System
from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.bus.log import LogBus
from revcycle_kit.clock import Clock, SimulatedClock, SystemClock
from revcycle_kit.delivery.runtime import Addresses, Runtime
from revcycle_kit.embedded import EmbeddedPostgres, attach
from revcycle_kit.embedded.cluster import Cluster
from revcycle_kit.keyring_file import FileKeyRing
from revcycle_kit.sealing import Sealer

SECONDS_MAX = 60


class RefusedError(Exception):
    """The system answered no; the text says what and why."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Desk:
    """Asks the system in the name of the whole organization."""

    def __init__(self, client: httpx.AsyncClient, record: SystemRecord) -> None:
        self._client = client
        self.record = record

    async def read(self, path: str, **asked: Any) -> Any:
        """Return what the system answers. Raises RefusedError, NoSystemError."""
        return await self._ask("GET", path, params=asked)

    async def do(self, path: str, body: dict[str, Any]) -> Any:
        """Ask the system to do something. Raises RefusedError, NoSystemError."""
        return await self._ask("POST", path, json=body)

    async def _ask(self, method: str, path: str, **more: Any) -> Any:
        try:
            answer = await self._client.request(method, path, **more)
        except httpx.TransportError as error:
            raise NoSystemError(f"the system at {self._client.base_url} does not answer: {error}") from error
        if answer.is_error:
            raise RefusedError(answer.status_code, _words(answer))
        return answer.json()


def _words(answer: httpx.Response) -> str:
    """Return what a problem says, in one line."""
    try:
        problem = answer.json()
    except ValueError:
        return f"status {answer.status_code}"
    said = [problem.get("title", ""), problem.get("detail", ""), problem.get("fix", "")]
    return " ".join(part for part in said if part) or HTTPStatus(answer.status_code).phrase


@asynccontextmanager
async def opened_desk(data: Path) -> AsyncIterator[Desk]:
    """
    Open the desk of a data directory: over the network where a process serves it, else on its databases.

    Raises NoSystemError where there is none, EmbeddedPostgresError when its databases cannot be opened.
    """
    assert_system(data)
    serving = serving_of(data)
    async with AsyncExitStack() as stack:
        if serving is not None:
            record = await whose(data)
            client = httpx.AsyncClient(base_url=serving.url, timeout=SECONDS_MAX)
        else:
            record, client = await _lying_still(stack, data)
        await stack.enter_async_context(client)
        issued = LocalIssuer(data / "issuer.key").issue("operator", **grant_of(record))
        client.headers["Authorization"] = f"Bearer {issued}"
        yield Desk(client, record)


async def whose(data: Path) -> SystemRecord:
    """Return whose system it is, from its directory. Raises NoSystemError, EmbeddedPostgresError."""
    assert_system(data)
    known = system_of(data)
    if known is not None and not known.embedded:
        return known
    if serving_of(data) is not None:
        return await organization_in(attach(data / "postgres").dsn, embedded=True)
    async with _database(data) as cluster:
        return await organization_in(cluster.dsn, embedded=True)


def told_record(data: Path) -> SystemRecord:
    """Return whose system it is; for callers without a loop."""
    return asyncio.run(whose(data))


def _database(data: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(data / "postgres", databases=(*SERVICES, BUS))


async def _lying_still(stack: AsyncExitStack, data: Path) -> tuple[SystemRecord, httpx.AsyncClient]:
    """Open the databases of a system that nobody serves; nothing in it moves but what is asked."""
    known = system_of(data)
    if known is not None and not known.embedded:
        raise NoSystemError(f"the databases of {data} are on a server elsewhere: start it with `revcycle up` first")
    cluster = await stack.enter_async_context(_database(data))
    record = await organization_in(cluster.dsn, embedded=True)
    clock = await _clock(cluster, known)
    system = await _assembled(stack, data, cluster, clock)
    transport = httpx.ASGITransport(front_of(system))
    return record, httpx.AsyncClient(transport=transport, base_url="http://revcycle", timeout=SECONDS_MAX)


async def _clock(cluster: Cluster, known: SystemRecord | None) -> Clock:
    """Return the clock of the machine; for a system of simulated time, one that stands where that ended."""
    if known is not None:
        return SystemClock()
    latest = await latest_deed(cluster.dsn)
    return SystemClock() if latest is None else SimulatedClock(latest)


async def _assembled(stack: AsyncExitStack, data: Path, cluster: Cluster, clock: Clock) -> System:
    running: list[System] = []
    system_of_parts: Callable[[], System] = lambda: running[0]  # noqa: E731 - named for its reader
    parts = parts_over(Nowhere(), data, system_of_parts)
    machine = SystemClock()
    system = System(parts, clock, LocalIssuer(data / "issuer.key", clock=machine), machine=machine)
    running.append(system)
    bus = LogBus(cluster.dsn(BUS, "owner"))
    stack.push_async_callback(bus.close)
    for part in parts:
        addresses = Addresses(cluster.dsn(part.name, "worker"), cluster.dsn(part.name, "api"))
        sealer = Sealer(FileKeyRing(data / "keys", part.path))
        runtime: Runtime[Any] = Runtime(part.service, addresses, bus, sealer, clock, machine=machine)
        stack.push_async_callback(runtime.close)
        system.register(part, runtime)
    return system

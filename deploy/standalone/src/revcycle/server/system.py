"""
System: the five services on one machine, each with its own database, keys and HTTP application.

They share nothing but the bus. Without addresses of a PostgreSQL server and a Kafka cluster, an embedded server and the
log in it take their place.
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx
from fastapi import FastAPI

from revcycle.server.services import TIMEOUT_SECONDS
from revcycle_kit.auth import Verifier
from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.bus.kafka import KafkaBus, KafkaSettings
from revcycle_kit.bus.log import LogBus
from revcycle_kit.bus.protocol import Bus, topic_of
from revcycle_kit.clock import Clock
from revcycle_kit.database.connections import one_connection
from revcycle_kit.database.migrations import migrate
from revcycle_kit.database.security import assert_protected
from revcycle_kit.delivery.runtime import Addresses, AtOnce, Runtime
from revcycle_kit.delivery.service import Service
from revcycle_kit.embedded import EmbeddedPostgres
from revcycle_kit.keyring_file import FileKeyRing
from revcycle_kit.sealing import Sealer

BUS = "bus"
IN_PRODUCTION = AtOnce()
COLLECT = (100_000, 20, 50)
"""Messages are short-lived and hold no cycles: looking for some every 700 objects costs a good part of the time."""
SERVICES = ("eligibility", "claims", "denials", "patient_billing", "analytics")
TOKEN_LIFETIME = timedelta(minutes=10)
_NO_ENTRY = (
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InsufficientPrivilegeError,
)
Progress = Callable[[str], None]
Role = Literal["owner", "api", "worker"]
Dsn = Callable[[str, Role], str]
"""The address of a database for a role."""


@dataclass(frozen=True, slots=True)
class Part:
    """One service as the standalone composes it."""

    name: str
    """Its name, its package, its database and the prefix of its topic."""
    service: Service[Any]
    app: Callable[[Runtime[Any], Verifier], FastAPI]

    @property
    def path(self) -> str:
        """Its path on the one port, and its name in the key ring."""
        return self.name.replace("_", "-")


@dataclass(frozen=True, slots=True)
class Where:
    """Where the system keeps its state; empty addresses mean embedded."""

    data: Path
    kafka: str = ""
    kafka_prefix: str = ""
    database: str = ""
    """A server with the databases and roles of `deploy/docker`; embedded when empty."""
    databases: Dsn | None = None
    """Databases that stand ready, migrated."""
    temporary: bool = False
    """Nothing is kept: an embedded server's data is deleted at the end, wherever it lies."""


class NotPreparedError(Exception):
    """A server lacks databases or roles that the system needs; the text names them and says what to do."""


class System:
    """The running services; made by `opened`."""

    def __init__(
        self, parts: Iterable[Part], clock: Clock, issuer: LocalIssuer, *, machine: Clock | None = None
    ) -> None:
        """Make an empty one; `clock` is business time, `machine` (else `clock`) that of tokens and of what waits."""
        self.parts = {part.name: part for part in parts}
        self.clock = clock
        self.machine_clock = machine or clock
        self.issuer = issuer
        self.runtimes: dict[str, Runtime[Any]] = {}
        self.apps: dict[str, FastAPI] = {}
        self.log: LogBus | None = None
        """The log, where it carries the events."""
        self.database: Dsn = lambda name, role: f"{name}:{role}"
        self._transports: dict[str, httpx.AsyncBaseTransport] = {}

    def register(self, part: Part, runtime: Runtime[Any]) -> None:
        """Let a service take part."""
        self.runtimes[part.name] = runtime
        self.apps[part.name] = part.app(runtime, self.issuer)
        self._transports[part.name] = httpx.ASGITransport(self.apps[part.name])

    def see_no_further(self) -> None:
        """
        Let readers see what is in the log now, and no more: what is said meanwhile is of the next round.

        Kafka has no such horizon.
        """
        if self.log is not None:
            self.log.horizon = dict(self.log.heads)

    def client(self, name: str, subject: str, **grant: Any) -> httpx.AsyncClient:
        """Return a client of one service's API, without a network, with a token that carries the grant."""
        return httpx.AsyncClient(
            transport=self._transports[name],
            base_url=f"http://{name.replace('_', '-')}",
            auth=_FreshTokens(self, subject, grant),
            timeout=TIMEOUT_SECONDS,
        )


class _FreshTokens(httpx.Auth):
    """Signs each request with a token that has not expired by the clock of the machine."""

    def __init__(self, system: System, subject: str, grant: Mapping[str, Any]) -> None:
        self._system = system
        self._subject = subject
        self._grant = grant
        self._token = ""
        self._good_until: datetime | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Issue a token where there is none that holds, and put it on the request."""
        now = self._system.machine_clock.now()
        if self._good_until is None or now >= self._good_until:
            self._token = self._system.issuer.issue(self._subject, **self._grant)
            self._good_until = now + TOKEN_LIFETIME
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


@asynccontextmanager
async def opened(
    parts: list[Part],
    where: Where,
    clock: Clock,
    *,
    alone: bool,
    at_once: AtOnce = IN_PRODUCTION,
    machine: Clock | None = None,
    progress: Progress = lambda _: None,
) -> AsyncIterator[System]:
    """
    Bring the services up: databases, migrations, bus, keys, applications; close all in reverse.

    `alone` says that no other process works on their databases, so that idle rounds cost nothing; `at_once` how much a
    round takes; `machine` is the time of tokens, backoff and leases, where it is another than business time.
    """
    gc.set_threshold(*COLLECT)
    where.data.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        dsn = where.databases or await _migrated(stack, parts, where, progress)
        bus = await _bus(stack, dsn, where, alone=alone)
        issuer = LocalIssuer(where.data / "issuer.key", clock=machine or clock)
        system = System(parts, clock, issuer, machine=machine)
        system.database = dsn
        system.log = bus if isinstance(bus, LogBus) else None
        for part in parts:
            runtime = _runtime(stack, part, system, where, bus)
            runtime.alone, runtime.at_once = alone, at_once
            system.register(part, runtime)
            await runtime.start()
        gc.freeze()  # what stands now stays: no later search for cycles looks through it
        stack.callback(gc.unfreeze)
        yield system


def _runtime(stack: AsyncExitStack, part: Part, system: System, where: Where, bus: Bus) -> Runtime[Any]:
    addresses = Addresses(system.database(part.name, "worker"), system.database(part.name, "api"))
    sealer = Sealer(FileKeyRing(where.data / "keys", part.path))
    runtime: Runtime[Any] = Runtime(part.service, addresses, bus, sealer, system.clock, machine=system.machine_clock)
    stack.push_async_callback(runtime.close)
    return runtime


async def _migrated(stack: AsyncExitStack, parts: list[Part], where: Where, progress: Progress) -> Dsn:
    dsn = await _databases(stack, parts, where, progress)
    progress("migrating the databases")
    for part in parts:
        await asyncio.to_thread(migrate, part.name, dsn(part.name, "owner"))
        await assert_protected(dsn(part.name, "worker"), dsn(part.name, "api"))
    return dsn


async def _databases(stack: AsyncExitStack, parts: list[Part], where: Where, progress: Progress) -> Dsn:
    names = tuple(part.name for part in parts)
    if where.database:
        await _assert_prepared(where.database, names if where.kafka else (*names, BUS))
        return lambda name, role: on_server(where.database, name, role)
    progress("starting PostgreSQL")
    server = EmbeddedPostgres(where.data / "postgres", databases=(*names, BUS), temporary=where.temporary)
    cluster = await stack.enter_async_context(server)
    return cluster.dsn


def on_server(address: str, name: str, role: str) -> str:
    """Return the address of one role on a given server: user `<name>_<role>`, the password of the given address."""
    split = urlsplit(address)
    password = f":{split.password}" if split.password else ""
    host = split.netloc.rpartition("@")[2]
    return urlunsplit((split.scheme, f"{name}_{role}{password}@{host}", f"/{name}", split.query, ""))


async def _assert_prepared(address: str, names: Iterable[str]) -> None:
    """Raise NotPreparedError for databases and roles that a server lacks, all of them at once."""
    roles: tuple[Role, ...] = ("owner", "api", "worker")
    lacking = [
        f"database {name} for the role {name}_{role} ({type(error).__name__})"
        for name in names
        for role in roles
        if (error := await _refusal(on_server(address, name, role))) is not None
    ]
    if lacking:
        raise NotPreparedError(
            f"the server does not let us into: {'; '.join(lacking)}. Prepare it with deploy/docker/postgres-init.sh, "
            "which makes what is missing with one password for all roles (REVCYCLE_DATABASES names single ones; `bus` "
            "carries the events where no --kafka is given)"
        )


async def _refusal(address: str) -> Exception | None:
    """Return why the server does not let us in. Raises Unavailable where there is no server."""
    try:
        async with one_connection(address):
            return None
    except _NO_ENTRY as error:
        refusal: Exception = error
        return refusal


async def _bus(stack: AsyncExitStack, dsn: Dsn, where: Where, *, alone: bool) -> Bus:
    if where.kafka:
        kafka = KafkaBus(KafkaSettings(where.kafka, prefix=where.kafka_prefix))
        await kafka.ensure(topic_of(name) for name in SERVICES)
        bus: KafkaBus | LogBus = kafka
    else:
        bus = LogBus(dsn(BUS, "owner"))
        bus.sole_process = alone
        await bus.start()
    stack.push_async_callback(bus.close)
    return bus

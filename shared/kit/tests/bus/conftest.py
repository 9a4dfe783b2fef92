"""A web site and a counter on a real bus, twice: on the log in PostgreSQL and on Apache Kafka."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from revcycle_kit.bus.kafka import KafkaBus, KafkaSettings
from revcycle_kit.bus.log import LogBus
from revcycle_kit.bus.protocol import Bus
from revcycle_kit.clock import SimulatedClock
from revcycle_kit.database.connections import grant_text
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.delivery.runtime import Addresses, Runtime
from revcycle_kit.delivery.service import Service
from revcycle_kit.ids import derived_id
from revcycle_kit.sealing import Sealer
from revcycle_kit.testing.counting import Place, build_counter, build_web
from revcycle_kit.testing.harness import create_tables
from revcycle_kit.testing.kafka_broker import Broker
from revcycle_kit.testing.keys import ThrowawayKeys
from revcycle_kit.testing.postgres import FreshDatabase

CLINIC = UUID("0199f000-0000-7000-8000-00000000c111")
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
MakeBus = Callable[[], Awaitable[Bus]]


@dataclass
class Town:
    """The web site, the counter, and as many processes of each as a test wants."""

    make_bus: MakeBus
    databases: dict[str, FreshDatabase]
    made: list[Runtime[Any]] = field(default_factory=list)
    buses: list[Bus] = field(default_factory=list)

    async def process(self, service: Service[Any]) -> Runtime[Any]:
        """Start another process of a service."""
        database = self.databases[service.name]
        bus = await self.make_bus()
        self.buses.append(bus)
        runtime: Runtime[Any] = Runtime(
            service,
            Addresses(database.worker, database.api),
            bus,
            Sealer(ThrowawayKeys()),
            SimulatedClock(START),
        )
        self.made.append(runtime)
        return runtime

    async def web(self) -> Runtime[Any]:
        return await self.process(build_web())

    async def counter(self) -> Runtime[Any]:
        return await self.process(build_counter())

    async def heard(self) -> dict[UUID, list[int]]:
        """Return what took effect, per stream, in order."""
        rows = await self.query("counter", "SELECT stream_id, number FROM heard ORDER BY heard_order")
        heard: dict[UUID, list[int]] = {}
        for row in rows:
            heard.setdefault(row["stream_id"], []).append(row["number"])
        return heard

    async def query(self, name: str, statement: str, *values: Any) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.databases[name].worker)
        try:
            async with connection.transaction():
                await connection.fetchval("SELECT set_config('app.tenants', $1, true)", grant_text([CLINIC]))
                return list(await connection.fetch(statement, *values))
        finally:
            await connection.close()

    async def close(self) -> None:
        for runtime in self.made:
            await runtime.close()
        for bus in self.buses:
            await bus.close()


def order(number: int) -> UUID:
    return derived_id("order", str(number))


async def place(web: Runtime[Any], order_id: UUID, *numbers: int) -> None:
    """Let the web site say numbers on one stream, in one transaction."""
    await web.execute(Place(order_id=order_id, numbers=numbers), StreamRef("clinic", CLINIC, "encounter", order_id))


async def publish(web: Runtime[Any]) -> None:
    """Relay until nothing is pending."""
    while await web.relay_step():
        pass


async def read(counter: Runtime[Any], town: Town, expected: int, seconds: float = 40) -> None:
    """Step the counter until so many numbers took effect; a bus that brings fewer fails the test."""
    deadline = asyncio.get_running_loop().time() + seconds
    while sum(map(len, (await town.heard()).values())) < expected:
        assert asyncio.get_running_loop().time() < deadline, "the bus did not bring what was published"
        await counter.step(0.2)


@pytest.fixture
async def log_town(fresh_database: Callable[..., FreshDatabase]) -> AsyncIterator[Town]:
    """Give a town on the log in PostgreSQL."""
    database = fresh_database("bus")
    bus = LogBus(database.owner)
    await bus.start()
    await bus.close()

    async def make_bus() -> Bus:
        return LogBus(database.owner)

    async with _built(make_bus, fresh_database) as made:
        yield made


@pytest.fixture
async def kafka_town(
    fresh_database: Callable[..., FreshDatabase], kafka_bootstrap: str, kafka_prefix: str
) -> AsyncIterator[Town]:
    """Give a town on the session's broker."""
    async with _built(_kafka(kafka_bootstrap, kafka_prefix), fresh_database) as made:
        yield made


@pytest.fixture
async def broker_town(fresh_database: Callable[..., FreshDatabase], own_kafka: Broker) -> AsyncIterator[Town]:
    """Give a town on a broker of its own, to be killed and paused."""
    async with _built(_kafka(own_kafka.bootstrap, ""), fresh_database) as made:
        yield made


def _kafka(bootstrap: str, prefix: str) -> MakeBus:
    async def make_bus() -> Bus:
        return KafkaBus(KafkaSettings(bootstrap, prefix=prefix))

    return make_bus


@asynccontextmanager
async def _built(make_bus: MakeBus, fresh_database: Callable[..., FreshDatabase]) -> AsyncIterator[Town]:
    databases = {name: fresh_database(name) for name in ("web", "counter")}
    await create_tables(databases["web"], build_web())
    await create_tables(databases["counter"], build_counter())
    connection = await asyncpg.connect(databases["counter"].owner)
    await connection.execute("ALTER TABLE heard ADD COLUMN heard_order bigint GENERATED ALWAYS AS IDENTITY")
    await connection.close()
    made = Town(make_bus, databases)
    try:
        yield made
    finally:
        await made.close()


@pytest.fixture(params=["log", pytest.param("kafka", marks=pytest.mark.kafka)])
def town(request: pytest.FixtureRequest) -> Town:
    """Give a town on each of the two buses."""
    made: Town = request.getfixturevalue(f"{request.param}_town")
    return made


@pytest.fixture
def steps() -> Any:
    """The verbs of these tests."""
    return type(
        "Steps",
        (),
        {
            "order": staticmethod(order),
            "place": staticmethod(place),
            "publish": staticmethod(publish),
            "read": staticmethod(read),
        },
    )

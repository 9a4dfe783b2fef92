"""
A service under test: its real handlers on real PostgreSQL, without a bus, under a simulated clock.

Events are put in as if their publisher had said them; what the service says stays in its outbox, where tests read it.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import msgspec
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from revcycle_kit.auth.grant import Grant
from revcycle_kit.bus.protocol import Chunk, Positions, Publisher, Subscription
from revcycle_kit.clock import SimulatedClock
from revcycle_kit.database.migrations import migrate
from revcycle_kit.database.security import policies
from revcycle_kit.delivery.commands import answer_as
from revcycle_kit.delivery.messages import Command, Envelope, StreamRef
from revcycle_kit.delivery.runtime import Addresses, Runtime
from revcycle_kit.delivery.service import Service
from revcycle_kit.delivery.stores import Documents
from revcycle_kit.delivery.unit import Outcome
from revcycle_kit.events import event_name
from revcycle_kit.idempotency import CommandKey
from revcycle_kit.ids import event_id
from revcycle_kit.sealing import Sealer
from revcycle_kit.testing.keys import ThrowawayKeys
from revcycle_kit.testing.postgres import FreshDatabase

T = TypeVar("T")
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
Build = Callable[..., Awaitable["Harness"]]


class NoBus:
    """Stands where a service under test needs no bus."""

    async def publisher(self, topic: str) -> Publisher:
        """Refuse: a service under test publishes nothing."""
        raise AssertionError(f"nothing is published to {topic} here: read the outbox")

    async def subscription(self, reader: str, topics: Sequence[str], positions: Positions) -> Subscription:
        """Return a subscription that brings nothing: a service under test is told what it hears."""
        del reader, topics, positions
        return Silence()

    async def check(self) -> None:
        """Be there."""

    async def close(self) -> None:
        """Nothing is held."""


class Silence:
    """A subscription that brings nothing."""

    async def fetch(self, limit: int, wait_seconds: float) -> list[Chunk]:
        """Bring nothing, at once."""
        del limit, wait_seconds
        return []

    async def rewind(self) -> None:
        """There is nowhere to go back to."""

    async def committed(self, chunks: Sequence[Chunk]) -> None:
        """Nothing was read."""

    async def close(self) -> None:
        """Nothing is held."""


class Harness:
    """One service under test; see the module."""

    def __init__(self, service: Service[Any], database: FreshDatabase, start: datetime = START) -> None:
        self.clock = SimulatedClock(start)
        self.sealer = Sealer(ThrowawayKeys())
        self.database = database
        self.runtime: Runtime[Any] = Runtime(
            service, Addresses(database.worker, database.api), NoBus(), self.sealer, self.clock
        )
        self._service = service
        self._versions: Counter[tuple[str, UUID]] = Counter()
        self._envelopes: list[Envelope] = []

    # what happens to it

    async def hear(
        self,
        source: str,
        event: msgspec.Struct,
        stream: StreamRef,
        *,
        identity: msgspec.Struct | None = None,
        version: int = 0,
    ) -> Outcome:
        """Let the service hear an event that `source` says next on this stream."""
        kind = f"{source}.{event_name(type(event))}.v{getattr(event, 'VERSION', 1)}"
        return await self.hear_data(
            source, kind, msgspec.to_builtins(event), stream, identity=identity, version=version
        )

    async def hear_example(self, path: Path, **changes: Any) -> Outcome:
        """Let the service hear a reader's example: a whole CloudEvent with its headers and data, identity in plain."""
        example = json.loads(path.read_text())  # noqa: ASYNC240 - a small file, in a test
        headers, told = example["headers"], {**example["data"], **changes}
        tenant = next(name for name in ("clinic_id", "billing_entity_id", "organization_id") if name in headers)
        kinds = [name for name in headers if name.endswith("_id") and name not in {tenant, "ce_id", "causation_id"}]
        stream = StreamRef(tenant[:-3], UUID(headers[tenant]), kinds[0][:-3], UUID(headers[kinds[0]]))
        identity = told.get("identity") if isinstance(told.get("identity"), dict) else None
        return await self.hear_data(headers["ce_source"][1:], headers["ce_type"], told, stream, identity=identity)

    async def hear_again(self) -> Outcome:
        """Let the service hear its last event a second time, as a copy."""
        return await self._run([self._envelopes[-1]])

    async def hear_data(
        self,
        source: str,
        kind: str,
        data: dict[str, Any],
        stream: StreamRef,
        *,
        identity: object = None,
        version: int = 0,
    ) -> Outcome:
        """Let the service hear the data of an event, as it would come: `claims.claim_held.v1`."""
        self._versions[source, stream.id] = version or self._versions[source, stream.id] + 1
        number = self._versions[source, stream.id]
        made = event_id(source, stream.id, number)
        if identity is not None:
            sealed = self.sealer.seal_text(stream.tenant_id, kind, made, msgspec.json.encode(identity))
            data = {**data, "identity": sealed}
        envelope = Envelope(
            source=source,
            name=kind,
            stream=stream,
            message_id=made,
            version=number,
            step=number,
            body=msgspec.json.encode(data),
            occurred_at=self.clock.now(),
        )
        self._envelopes.append(envelope)
        return await self._run([envelope])

    async def _run(self, envelopes: list[Envelope]) -> Outcome:
        return await self.runtime._run(envelopes, ())  # noqa: SLF001 - the harness stands where the bus would

    async def command(
        self,
        command: Command,
        stream: StreamRef,
        *,
        grant: Grant | None = None,
        key: CommandKey | None = None,
        answer: type[Any] | None = None,
    ) -> Any:
        """Let a command take effect and return its answer; `answer` decodes a repeated one."""
        given = await self.runtime.execute(command, stream, grant=grant, key=key)
        return answer_as(answer, given) if answer else given

    async def settle(self) -> None:
        """Let locals, effects, replies and what is due take effect until all is quiet."""
        while await self.runtime.step():
            pass

    async def advance(self, to: datetime) -> None:
        """Move the clock to an instant, stopping at everything that comes due before it."""
        await self.settle()
        while (due := await self.runtime.next_due()) is not None and due <= to:
            self.clock.advance_to(max(due, self.clock.now()))
            await self.settle()
        self.clock.advance_to(to)
        await self.settle()

    # what came of it

    async def said(self, stream_id: UUID | None = None) -> list[tuple[str, dict[str, Any]]]:
        """Return what the service has said so far: event names and their data, in order."""
        return [(row["headers"]["ce_type"].split(".")[1], row["data"]) for row in await self.outbox(stream_id)]

    async def said_names(self, stream_id: UUID | None = None) -> list[str]:
        """Return the names of what the service has said so far, in order."""
        return [name for name, _ in await self.said(stream_id)]

    async def outbox(self, stream_id: UUID | None = None) -> list[dict[str, Any]]:
        """Return what the service has said so far, with its headers."""
        rows = await self.query("SELECT stream_id, headers, body FROM outbox ORDER BY seq")
        return [
            {"headers": json.loads(row["headers"]), "data": json.loads(row["body"])}
            for row in rows
            if stream_id is None or row["stream_id"] == stream_id
        ]

    async def documents(self, store: Documents[T] | str, stream_id: UUID | None = None) -> list[T]:
        """Return the documents of a store (by table name or declaration), of one stream or of all, by id."""
        declared = self._service.documents[store if isinstance(store, str) else store.name]
        rows = await self.query(f'SELECT stream_id, body FROM "{declared.name}" ORDER BY id')  # noqa: S608 - our own name
        return [
            declared.decode(row["body"].encode()) for row in rows if stream_id is None or row["stream_id"] == stream_id
        ]

    async def waiting(self) -> list[dict[str, Any]]:
        """Return what waits for another service's word."""
        return await self.runtime.held("waiting")

    async def parked(self) -> list[dict[str, Any]]:
        """Return what is parked."""
        return await self.runtime.held("parked")

    async def query(self, statement: str, *parameters: Any) -> list[asyncpg.Record]:
        """Read anything, as the worker with every tenant of the streams seen."""
        connection = await asyncpg.connect(self.database.worker)
        try:
            tenants = await connection.fetchval("SELECT array_agg(DISTINCT tenant_id)::text FROM stream")
            async with connection.transaction():
                await connection.fetchval("SELECT set_config('app.tenants', $1, true)", tenants or "{}")
                return list(await connection.fetch(statement, *parameters))
        finally:
            await connection.close()

    async def close(self) -> None:
        """Let go of the database."""
        await self.runtime.close()


async def create_tables(database: FreshDatabase, service: Service[Any]) -> None:
    """Make a service's tables without migrations: for tests of the kit itself."""
    engine = create_async_engine(database.owner.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.begin() as connection:
        await connection.run_sync(service.metadata.create_all)
        for table in service.metadata.sorted_tables:
            tenant = table.info.get("tenant", "tenant_id")
            for statement in policies(table.name, tenant, reference="revision" in table.c):
                await connection.exec_driver_sql(statement)
    await engine.dispose()


@pytest.fixture
async def harness(
    fresh_database: Callable[..., FreshDatabase], session_database: Callable[..., FreshDatabase]
) -> AsyncIterator[Build]:
    """
    Give tests a maker of harnesses.

    `await harness(build(...), package="claims")` migrates once a session; without a package the tables are
    just created.
    """
    made: list[Harness] = []

    async def build(service: Service[Any], *, package: str = "", start: datetime = START) -> Harness:
        if package:
            database = fresh_database(service.name, _migrated(session_database, service.name, package))
        else:
            database = fresh_database(service.name)
            await create_tables(database, service)
        made.append(Harness(service, database, start))
        return made[-1]

    yield build
    for place in made:
        await place.close()


_TEMPLATES: dict[str, FreshDatabase] = {}


def _migrated(session_database: Callable[..., FreshDatabase], name: str, package: str) -> FreshDatabase:
    """Return the session's migrated template of a service, made at the first call."""
    if package not in _TEMPLATES:
        database = session_database(name)
        _in_thread(migrate, package, database.owner)
        _TEMPLATES[package] = database
    return _TEMPLATES[package]


def _in_thread(function: Callable[..., None], *arguments: Any) -> None:
    """Run something that starts an event loop of its own."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(function, *arguments).result()

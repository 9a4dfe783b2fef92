"""Databases for plays: one server on which each gets fresh copies of the migrated databases, in a moment each."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from revcycle.server.system import BUS, SERVICES, Dsn
from revcycle_kit.database.migrations import migrate
from revcycle_kit.embedded import EmbeddedPostgres


class DatabasePool:
    """Gives each play databases of its own; made by `opened_database_pool`."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server
        self._plays = 0

    @asynccontextmanager
    async def databases(self) -> AsyncIterator[Dsn]:
        """Copy the migrated databases for one play; drop them afterwards."""
        self._plays += 1
        prefix = f"play{self._plays}"
        copies = {name: f"{prefix}_{name}" for name in (*SERVICES, BUS)}
        for name, copy in copies.items():
            await asyncio.to_thread(self._server.copy_database, name, copy, roles=name)
        cluster = self._server.cluster
        try:
            yield lambda name, role: cluster.dsn(name, role).replace(f"/{name}?", f"/{copies[name]}?", 1)
        finally:
            for copy in copies.values():
                await asyncio.to_thread(self._server.drop_database, copy, roles=False)


@asynccontextmanager
async def opened_database_pool() -> AsyncIterator[DatabasePool]:
    """Start a server, make and migrate the databases that plays are copied from."""
    with tempfile.TemporaryDirectory(prefix="revcycle-") as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres", databases=(*SERVICES, BUS), temporary=True)
        async with server as cluster:
            for name in SERVICES:
                await asyncio.to_thread(migrate, name, cluster.dsn(name, "owner"))
            yield DatabasePool(server)

"""
Real PostgreSQL for tests: a server for the session, a database of its own for each test that asks.

Use from a root conftest.py: `pytest_plugins = ["revcycle_kit.testing.postgres"]`. Each xdist worker runs its own
embedded server (commits are not written to disk: only tests may do that). `REVCYCLE_TEST_DATABASE_URL`, the address
of a superuser on a real server, is used instead where it is set.
"""

import contextlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlsplit, urlunsplit

import pytest

from revcycle_kit.embedded import EmbeddedPostgres, Role
from revcycle_kit.embedded.databases import RoleNames, connection, copy_database, drop_database, provision
from revcycle_kit.embedded.supervisor import run

REAL_SERVER = "REVCYCLE_TEST_DATABASE_URL"
PREFIX = "revcycle-test-"


@dataclass(frozen=True)
class FreshDatabase:
    """A database of one test, with the address for each of its roles (asyncpg's form, over a socket or TCP)."""

    name: str
    roles: RoleNames
    owner: str
    api: str
    worker: str

    def dsn(self, role: Role) -> str:
        """Give the address for a role."""
        return {"owner": self.owner, "api": self.api, "worker": self.worker}[role]


class DatabaseServer(Protocol):
    """A server on which tests make databases: embedded or given."""

    def connect_as_superuser(self, database: str) -> AbstractAsyncContextManager[Any]:
        """Give a superuser's connection to the named database."""

    def make(self, name: str) -> FreshDatabase:
        """Make an empty database with roles of its own."""

    def copy(self, name: str, template: FreshDatabase) -> FreshDatabase:
        """Make a copy of the template, for the template's roles."""

    def drop(self, database: FreshDatabase) -> None:
        """Drop the database, and its roles unless it was a copy."""


class EmbeddedServer:
    """Databases on the session's embedded server."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server

    def connect_as_superuser(self, database: str) -> AbstractAsyncContextManager[Any]:
        return self._server.connect_as_superuser(database)

    def make(self, name: str) -> FreshDatabase:
        self._server.ensure_database(name)
        return self._described(name, RoleNames(name))

    def copy(self, name: str, template: FreshDatabase) -> FreshDatabase:
        self._server.copy_database(template.name, name, roles=template.roles.prefix)
        return self._described(name, template.roles)

    def drop(self, database: FreshDatabase) -> None:
        self._server.drop_database(database.name, roles=database.roles.prefix == database.name)

    def _described(self, name: str, roles: RoleNames) -> FreshDatabase:
        dsn = self._server.cluster.dsn
        return FreshDatabase(name, roles, *(dsn(name, role, roles.prefix) for role in ("owner", "api", "worker")))


class GivenServer:
    """Databases on a server of which we know a superuser's address."""

    def __init__(self, address: str) -> None:
        self._address = urlsplit(address)
        self._passwords: dict[str, str] = {}

    def connect_as_superuser(self, database: str) -> AbstractAsyncContextManager[Any]:
        return connection(urlunsplit(self._address._replace(path=f"/{database}")))

    def make(self, name: str) -> FreshDatabase:
        roles = RoleNames(name)
        self._passwords |= {role: secrets.token_hex(16) for role in roles.all}
        run(provision(self.connect_as_superuser, name, roles, self._passwords.__getitem__))
        return self._described(name, roles)

    def copy(self, name: str, template: FreshDatabase) -> FreshDatabase:
        run(copy_database(self.connect_as_superuser, template.name, name, template.roles))
        return self._described(name, template.roles)

    def drop(self, database: FreshDatabase) -> None:
        own_roles = database.roles if database.roles.prefix == database.name else None
        run(drop_database(self.connect_as_superuser, database.name, own_roles))

    def _described(self, name: str, roles: RoleNames) -> FreshDatabase:
        return FreshDatabase(name, roles, *(self._dsn(name, role) for role in roles.all))

    def _dsn(self, name: str, role: str) -> str:
        _, _, host = self._address.netloc.rpartition("@")
        login = f"{quote(role)}:{self._passwords[role]}@{host}"
        return urlunsplit(self._address._replace(netloc=login, path=f"/{name}"))


@contextmanager
def database_server() -> Iterator[DatabaseServer]:
    """Give a server for tests, for as long as the block runs."""
    given = os.environ.get(REAL_SERVER)
    if given:
        yield GivenServer(given)
        return
    _sweep()
    directory = Path(tempfile.gettempdir()) / f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
    server = EmbeddedPostgres(directory, without_durability=True)
    server.start()
    try:
        yield EmbeddedServer(server)
    finally:
        server.remove()


class DatabaseFactory(Protocol):
    """Makes a uniquely named database, empty or a copy of a template; it is dropped when the fixture ends."""

    def __call__(self, name: str, template: FreshDatabase | None = None) -> FreshDatabase: ...


@contextmanager
def database_factory(server: DatabaseServer) -> Iterator[DatabaseFactory]:
    """Give a factory whose databases are dropped at the end of the block."""
    with ExitStack() as made:

        def fresh(name: str, template: FreshDatabase | None = None) -> FreshDatabase:
            unique = f"{name.replace('-', '_')}_{secrets.token_hex(4)}"
            database = server.copy(unique, template) if template else server.make(unique)
            made.callback(server.drop, database)
            return database

        yield fresh


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[DatabaseServer]:
    """Give the session's PostgreSQL, started when the first test needs it."""
    with database_server() as server:
        yield server


@pytest.fixture(scope="session")
def session_database(postgres_server: DatabaseServer) -> Iterator[DatabaseFactory]:
    """Make databases that live as long as the session: migrated once, they are templates for `fresh_database`."""
    with database_factory(postgres_server) as factory:
        yield factory


@pytest.fixture
def fresh_database(postgres_server: DatabaseServer) -> Iterator[DatabaseFactory]:
    """Make databases for one test: `fresh_database("claims")`, or a copy: `fresh_database("claims", template)`."""
    with database_factory(postgres_server) as factory:
        yield factory


def _sweep() -> None:
    """Delete what test sessions left that were killed; their servers have stopped with them."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError, ValueError, KeyError):
            if left.stat().st_uid == os.geteuid() and not _lives(int(left.name.removeprefix(PREFIX).split("-")[0])):
                home = (left / json.loads((left / "layout.json").read_text(encoding="utf-8"))["pgdata"]).parent
                shutil.rmtree(home)
                shutil.rmtree(left, ignore_errors=True)


def _lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() or not Path("/proc").exists()

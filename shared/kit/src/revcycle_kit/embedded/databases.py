"""Databases and their three roles: who may migrate, who may serve, who may work."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import asyncpg

from revcycle_kit.embedded.errors import EmbeddedPostgresError, NotDurableError
from revcycle_kit.embedded.settings import DURABLE

Role = Literal["owner", "api", "worker"]
ROLES: tuple[Role, ...] = ("owner", "api", "worker")
MAINTENANCE = "postgres"
NAME = re.compile(r"[a-z][a-z0-9_]{0,54}")

Connect = Callable[[str], AbstractAsyncContextManager[Any]]
"""Opens a superuser's connection to the named database."""

CREATE_ROLE = "CREATE ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD %L"

DATABASE_GRANTS = (
    "ALTER DATABASE %1$I OWNER TO %2$I",
    "REVOKE ALL ON DATABASE %1$I FROM PUBLIC",
    "GRANT CONNECT ON DATABASE %1$I TO %2$I, %3$I, %4$I",
)
SCHEMA_GRANTS = (
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO %3$I, %4$I",
    "ALTER DEFAULT PRIVILEGES FOR ROLE %2$I GRANT USAGE ON SCHEMAS TO %3$I, %4$I",
    "ALTER DEFAULT PRIVILEGES FOR ROLE %2$I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %3$I, %4$I",
    "ALTER DEFAULT PRIVILEGES FOR ROLE %2$I GRANT USAGE, SELECT ON SEQUENCES TO %3$I, %4$I",
)


@dataclass(frozen=True)
class RoleNames:
    """The three login roles of a database. A migration finds its own by the same suffixes."""

    prefix: str

    def of(self, role: Role) -> str:
        return f"{self.prefix}_{role}"

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(self.of(role) for role in ROLES)


def check_name(database: str) -> str:
    """Give the name back if it can be a database's. Raises EmbeddedPostgresError."""
    if not NAME.fullmatch(database):
        raise EmbeddedPostgresError(
            f"{database!r} cannot name a database here: a letter, then letters, digits and underscores, "
            "all lower case, at most 55 characters"
        )
    return database


@asynccontextmanager
async def connection(dsn: str) -> AsyncIterator[Any]:
    """One connection, closed at the end."""
    opened = await asyncpg.connect(dsn)
    try:
        yield opened
    finally:
        await opened.close()


async def provision(connect: Connect, database: str, roles: RoleNames, password_of: Callable[[str], str]) -> None:
    """
    Make the database and its roles where they are missing, and set who may do what.

    The owner migrates. What it creates, api and worker may read and write, but they own nothing, cannot bypass row
    security, and can connect to no other database. Safe to repeat, also after a kill in the middle.
    """
    async with connect(MAINTENANCE) as admin:
        for role in roles.all:
            if not await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role):
                await _run(admin, CREATE_ROLE, role, password_of(role))
        if not await _exists(admin, database):
            await _run(admin, "CREATE DATABASE %I", database)
        for statement in DATABASE_GRANTS:
            await _run(admin, statement, database, *roles.all)
    async with connect(database) as admin:
        for statement in SCHEMA_GRANTS:
            await _run(admin, statement, database, *roles.all)


async def copy_database(connect: Connect, template: str, database: str, roles: RoleNames) -> None:
    """Make a database from another, with the same roles; who is connected to the template is disconnected."""
    async with connect(MAINTENANCE) as admin:
        await admin.fetch("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", template)
        await _run(admin, "CREATE DATABASE %I TEMPLATE %I", database, template)
        for statement in DATABASE_GRANTS:
            await _run(admin, statement, database, *roles.all)


async def drop_database(connect: Connect, database: str, roles: RoleNames | None) -> None:
    """Drop a database, disconnecting whoever uses it, and its roles unless another database shares them."""
    async with connect(MAINTENANCE) as admin:
        await _run(admin, "DROP DATABASE IF EXISTS %I WITH (FORCE)", database)
        for role in roles.all if roles else ():
            await _run(admin, "DROP ROLE IF EXISTS %I", role)


async def close_to_strangers(connect: Connect) -> None:
    """Nobody but the superuser may connect to the databases that every cluster has."""
    async with connect(MAINTENANCE) as admin:
        for database in (MAINTENANCE, "template1"):
            await _run(admin, "REVOKE ALL ON DATABASE %I FROM PUBLIC", database)


async def assert_durable(connect: Connect) -> None:
    """Refuse a server, or a role or database on it, under which a commit could be lost. Raises NotDurableError."""
    async with connect(MAINTENANCE) as admin:
        off = [name for name in DURABLE if await admin.fetchval("SELECT current_setting($1)", name) != "on"]
        overrides = await admin.fetch(
            "SELECT setting FROM pg_db_role_setting, unnest(setconfig) AS setting"
            " WHERE split_part(setting, '=', 1) = ANY($1::text[]) AND split_part(setting, '=', 2) <> 'on'",
            list(DURABLE),
        )
    wrong = [f"{name} is not on" for name in off] + [f"a role or database sets {row['setting']}" for row in overrides]
    if wrong:
        raise NotDurableError(
            f"the database would lose committed work: {'; '.join(wrong)}. Remove it from postgresql.conf, "
            "postgresql.auto.conf or ALTER ROLE/DATABASE … SET, then start again"
        )


async def _exists(admin: Any, database: str) -> bool:
    return bool(await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", database))


async def _run(admin: Any, statement: str, *names: str) -> None:
    """Execute a statement whose names and literals the server itself quotes."""
    quoted = await admin.fetchval("SELECT format($1, VARIADIC $2::text[])", statement, list(names))
    await admin.execute(quoted)

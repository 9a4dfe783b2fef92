"""
Connections: one asyncpg connection for a writer, an SQLAlchemy engine for reads.

Writers work set-wise with arrays on a raw asyncpg connection; reads of the HTTP edge go through SQLAlchemy Core. Both
set the grant as the first statement of every transaction, so nothing of it outlives the transaction.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from revcycle_kit.errors import Unavailable

BROKEN = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    TimeoutError,
    asyncpg.InternalClientError,
)
"""What a lost connection or server looks like from here."""
TRANSIENT = (
    *BROKEN,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.DiskFullError,
    Unavailable,
)
"""Trouble with the infrastructure, not with the message: try again, without limit."""


def outage_of(error: BaseException) -> Unavailable | None:
    """Return what to tell a caller where an error, also as SQLAlchemy wraps it, is an outage that passes."""
    invalidated = isinstance(error, DBAPIError) and error.connection_invalidated
    cause = error.orig.__cause__ if isinstance(error, DBAPIError) and error.orig else error
    if isinstance(cause, Unavailable):
        return cause
    return Unavailable(f"PostgreSQL ({type(cause).__name__})") if invalidated or isinstance(cause, TRANSIENT) else None


SESSION = {"lock_timeout": "10s", "statement_timeout": "120s"}
"""What holds for every connection of a writer: nothing waits or runs for ever."""


class Line:
    """
    One asyncpg connection that is made when needed and dropped when broken.

    Used by one task at a time: a writer, a relay, a log.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: asyncpg.Connection | None = None
        self.lock = asyncio.Lock()

    async def connection(self) -> asyncpg.Connection:
        """Return the connection, made anew where there is none. Raises Unavailable when the server is out of reach."""
        if self._connection is None or self._connection.is_closed():
            try:
                self._connection = await asyncpg.connect(self._dsn, timeout=10, server_settings=SESSION)
                await self._connection.set_type_codec(
                    "jsonb", schema="pg_catalog", format="binary", encoder=_to_jsonb, decoder=_from_jsonb
                )
            except BROKEN as error:
                raise Unavailable(f"PostgreSQL ({type(error).__name__})") from error
        return self._connection

    async def drop(self) -> None:
        """Close the connection without ceremony: the next use makes a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*BROKEN):
                connection.terminate()

    async def close(self) -> None:
        """Close the connection in good order."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*BROKEN):
                await connection.close(timeout=5)


def _to_jsonb(value: bytes) -> bytes:
    return b"\x01" + value


def _from_jsonb(value: bytes) -> bytes:
    return value[1:]


class Reads:
    """Reads of the HTTP edge: an SQLAlchemy engine whose transactions begin with the caller's grant."""

    def __init__(self, dsn: str, *, connections: int = 4) -> None:
        self._engine = engine_of(dsn, pool_size=connections, max_overflow=0, isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def granted(self, tenants: Iterable[UUID]) -> AsyncIterator[AsyncConnection]:
        """
        Open a read-only transaction that sees these tenants' rows and no others.

        Raises Unavailable when the server is out of reach, before or while it is read.
        """
        try:
            async with self._begun(begin_granted(tenants, mode="READ ONLY")) as connection:
                yield connection
        except (*TRANSIENT, DBAPIError) as error:
            if outage := outage_of(error):
                raise outage from error
            raise

    @asynccontextmanager
    async def _begun(self, begin: str) -> AsyncIterator[AsyncConnection]:
        """Begin with the grant; where a pooled connection had died meanwhile, they all did: begin on a new one."""
        async with AsyncExitStack() as stack:
            try:
                connection = await stack.enter_async_context(self._transaction(begin))
            except BROKEN:
                await self._engine.dispose()
                connection = await stack.enter_async_context(self._transaction(begin))
            yield connection

    @asynccontextmanager
    async def _transaction(self, begin: str) -> AsyncIterator[AsyncConnection]:
        """Open a transaction of our own beneath SQLAlchemy: it and its grant are one message to the server."""
        async with self._engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            try:
                await driver.execute(begin)
                yield connection
                await driver.execute("COMMIT")
            except Exception:
                await _roll_back(connection, driver)
                raise
            except BaseException:  # cancelled: where the transaction stands is not known
                await connection.invalidate()
                raise

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


async def _roll_back(connection: AsyncConnection, driver: Any) -> None:
    """End a transaction that failed; a connection that cannot is not used again."""
    try:
        await driver.execute("ROLLBACK")
    except BROKEN:
        await connection.invalidate()


@asynccontextmanager
async def one_connection(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Give a connection for a moment. Raises Unavailable when the server is out of reach."""
    try:
        connection = await asyncpg.connect(dsn, timeout=10)
    except BROKEN as error:
        raise Unavailable(f"PostgreSQL ({type(error).__name__})") from error
    try:
        yield connection
    finally:
        await connection.close()


def engine_of(dsn: str, **options: Any) -> AsyncEngine:
    """Make an engine that reads an address as asyncpg does (`sslmode` and the like): SQLAlchemy would read another."""
    connect = partial(asyncpg.connect, dsn, timeout=10)
    return create_async_engine("postgresql+asyncpg://", async_creator=connect, **options)


def begin_granted(tenants: Iterable[UUID], mode: str = "READ WRITE") -> str:
    """Return the statements that begin a transaction which sees these tenants' rows; ids hold nothing but hex."""
    return f"BEGIN {mode}; SET LOCAL app.tenants = '{grant_text(tenants)}'"


def grant_text(tenants: Iterable[UUID]) -> str:
    """Return the grant as row security reads it: a PostgreSQL array of tenant ids."""
    return "{" + ",".join(sorted(str(tenant) for tenant in tenants)) + "}"

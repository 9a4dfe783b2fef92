"""Migrations make exactly what the tables say, and leave no table open to another tenant."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from revcycle_kit.database.migrations import check, migrate
from revcycle_kit.database.security import unprotected
from revcycle_kit.testing.postgres import FreshDatabase


def in_thread(function: Callable[[str, str], None], dsn: str) -> None:
    """Run what starts an event loop of its own."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(function, "eligibility", dsn).result()


async def test_the_migrations_make_every_table_and_protect_it(fresh_database: Callable[[str], FreshDatabase]) -> None:
    database = fresh_database("eligibility")

    in_thread(migrate, database.owner)
    in_thread(check, database.owner)

    engine = create_async_engine(database.worker.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.connect() as connection:
        open_to_others: list[str] = await connection.run_sync(_unprotected)
    await engine.dispose()
    assert [] == open_to_others


def _unprotected(connection: Connection) -> list[str]:
    return unprotected(connection)

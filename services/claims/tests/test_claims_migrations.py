"""Migrations make exactly what the tables say, leave no table open to another tenant, and the ledgers append-only."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from claims.storage import metadata
from revcycle_kit.database.migrations import check, migrate
from revcycle_kit.database.security import unprotected
from revcycle_kit.testing.postgres import FreshDatabase


def in_thread(function: Callable[[str, str], None], package: str, dsn: str) -> None:
    """Run what starts an event loop of its own."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(function, package, dsn).result()


async def test_the_migrations_make_every_table_and_protect_it(fresh_database: Callable[[str], FreshDatabase]) -> None:
    database = fresh_database("claims")

    in_thread(migrate, "claims", database.owner)
    in_thread(check, "claims", database.owner)

    engine = create_async_engine(database.worker.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.connect() as connection:
        open_to_others: list[str] = await connection.run_sync(_unprotected)
    await engine.dispose()
    assert [] == open_to_others
    assert {"claim", "encounter", "ledger_entry", "cash_entry", "outbox"} <= set(metadata.tables)


@pytest.mark.parametrize("table", ["ledger_entry", "cash_entry"])
async def test_nobody_who_serves_can_change_a_ledger(
    fresh_database: Callable[[str], FreshDatabase], table: str
) -> None:
    database = fresh_database("claims")
    in_thread(migrate, "claims", database.owner)

    for dsn in (database.worker, database.api):
        connection = await asyncpg.connect(dsn)
        for statement in (f"UPDATE {table} SET amount_cents = 0", f"DELETE FROM {table}", f"TRUNCATE {table}"):  # noqa: S608
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        await connection.close()


def _unprotected(connection: Connection) -> list[str]:
    return unprotected(connection)

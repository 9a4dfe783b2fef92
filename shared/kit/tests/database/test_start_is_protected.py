"""No process works on a database whose row security does not hold for its roles; an outage it waits out."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from revcycle_kit.database.connections import Reads
from revcycle_kit.database.security import Unprotected, assert_protected
from revcycle_kit.delivery.loops import WakeEvent
from revcycle_kit.errors import Unavailable
from revcycle_kit.program import ServiceSettings, _until_protected
from revcycle_kit.testing.harness import create_tables
from revcycle_kit.testing.postgres import FreshDatabase
from revcycle_kit.testing.shop import Carrier, build

Change = Callable[[str], Awaitable[None]]


@pytest.fixture
async def database(fresh_database: Callable[[str], FreshDatabase]) -> FreshDatabase:
    made = fresh_database("shop")
    await create_tables(made, build(Carrier()))
    return made


@pytest.fixture
async def change(database: FreshDatabase) -> AsyncIterator[Change]:
    """Let the owner change the database."""
    connection = await asyncpg.connect(database.owner)

    async def run(statement: str) -> None:
        await connection.execute(statement)

    yield run
    await connection.close()


async def test_a_database_that_is_protected_may_be_worked_on(database: FreshDatabase) -> None:
    await assert_protected(database.worker, database.api)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("ALTER TABLE shop_order DISABLE ROW LEVEL SECURITY", "table shop_order"),
        ("ALTER TABLE shop_order NO FORCE ROW LEVEL SECURITY", "table shop_order"),
        ("DROP POLICY tenant ON shop_order", "table shop_order"),
        ("CREATE TABLE stranger (id int)", "table stranger"),
        ("CREATE VIEW peek AS SELECT * FROM shop_order", "view peek"),
        ("CREATE FUNCTION peek() RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT 1'", "function peek"),
    ],
)
async def test_what_is_open_is_named_and_nothing_is_served(
    database: FreshDatabase, change: Change, statement: str, named: str
) -> None:
    await change(statement)
    with pytest.raises(Unprotected, match=named):
        await assert_protected(database.worker, database.api)


async def test_an_owner_at_work_is_refused(database: FreshDatabase) -> None:
    with pytest.raises(Unprotected, match="owner of shop_order"):
        await assert_protected(database.owner)


async def test_a_process_says_what_is_open_and_ends(database: FreshDatabase, change: Change) -> None:
    await change("ALTER TABLE shop_order DISABLE ROW LEVEL SECURITY")
    settings = ServiceSettings(database_worker=database.worker, database_api=database.api)
    with pytest.raises(SystemExit, match="table shop_order"):
        await _until_protected(settings, WakeEvent())


async def test_a_process_waits_for_a_server_that_is_away_until_it_is_stopped() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = f"postgresql://u:p@127.0.0.1:{free.getsockname()[1]}/shop"
        with pytest.raises(Unavailable):
            await assert_protected(nowhere)
        wake = WakeEvent()
        waiting = asyncio.create_task(
            _until_protected(ServiceSettings(database_worker=nowhere, database_api=nowhere), wake)
        )
        await asyncio.sleep(0.1)
        assert not waiting.done()
        wake.stop()
        await asyncio.wait_for(waiting, 5)


async def test_reads_understand_an_address_as_workers_do(database: FreshDatabase) -> None:
    """`sslmode` is asyncpg's and libpq's word; SQLAlchemy's own reading of an address would refuse it."""
    reads: Any = Reads(f"{database.api}&sslmode=prefer" if "?" in database.api else f"{database.api}?sslmode=prefer")
    async with reads.granted([]) as connection:
        assert (await connection.exec_driver_sql("SELECT 1")).scalar_one()
    await reads.close()

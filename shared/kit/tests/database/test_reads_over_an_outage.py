"""A read while PostgreSQL is out of reach is answered 503, and works again when the server is back."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from revcycle_kit.auth import LocalIssuer
from revcycle_kit.database.connections import Reads, one_connection
from revcycle_kit.embedded import EmbeddedPostgres
from revcycle_kit.http import any_role, service_app
from revcycle_kit.testing.postgres import FreshDatabase

CLINIC = UUID("0199a0c0-0000-7000-8000-00000000000a")
END_OWN_SESSION = "SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(5)"
RAISE = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{}'; END $$"
END_OTHER_SESSIONS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
"""


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    """A server that a test may stop, in a place that the server's user can enter."""
    place = Path(tempfile.mkdtemp(prefix=f"revcycle-outage-{os.getpid()}-"))
    place.chmod(0o711)
    server = EmbeddedPostgres(place / "pg", databases=("claims",), without_durability=True)
    server.start()
    yield server
    server.remove()
    shutil.rmtree(place)


@pytest.fixture
async def asked(tmp_path: Path) -> AsyncIterator[Callable[[str], httpx.AsyncClient]]:
    """Make a caller of a service that reads the database at an address."""
    reading: list[Reads] = []

    def at(dsn: str) -> httpx.AsyncClient:
        reading.append(Reads(dsn))
        issuer = LocalIssuer(tmp_path / "token.key")
        app = service_app(name="testing", routers=[_routes(reading[-1])], verifier=issuer)
        token = issuer.issue("ada", roles=("biller",), clinics=[CLINIC])
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        return httpx.AsyncClient(
            transport=transport, base_url="http://test", headers={"Authorization": f"Bearer {token}"}
        )

    yield at
    for each in reading:
        await each.close()


def _routes(reads: Reads) -> APIRouter:
    router = APIRouter(prefix="/v1")
    statements = {
        "one": "SELECT 1",
        "end": END_OWN_SESSION,
        "wrong": "SELECT 1 / 0",
        "full": RAISE.format("53100"),
        "starting": RAISE.format("57P03"),
    }

    @router.get("/reads/{what}", dependencies=[any_role()])
    async def read(what: str) -> int:
        async with reads.granted([CLINIC]) as connection:
            await connection.execute(text(statements[what]))
        return 1

    return router


def _assert_out_of_reach(answer: httpx.Response) -> None:
    body: dict[str, Any] = answer.json()
    assert (503, "application/problem+json") == (answer.status_code, answer.headers["Content-Type"])
    assert "out of reach. Try again" in body["detail"]
    assert int(answer.headers["Retry-After"]) > 0


async def test_a_read_while_the_server_is_stopped_is_answered_503_and_works_when_it_is_back(
    server: EmbeddedPostgres, asked: Callable[[str], httpx.AsyncClient]
) -> None:
    async with asked(server.cluster.dsn("claims", "api")) as client:
        assert 200 == (await client.get("/v1/reads/one")).status_code
        await server.stop_async()
        _assert_out_of_reach(await client.get("/v1/reads/one"))
        await server.start_async()
        assert 200 == (await client.get("/v1/reads/one")).status_code


async def test_a_read_whose_session_ends_under_it_is_answered_503_and_the_next_one_works(
    fresh_database: Callable[[str], FreshDatabase], asked: Callable[[str], httpx.AsyncClient]
) -> None:
    async with asked(fresh_database("claims").api) as client:
        _assert_out_of_reach(await client.get("/v1/reads/end"))
        assert 200 == (await client.get("/v1/reads/one")).status_code


@pytest.mark.parametrize("outage", ["full", "starting"])
async def test_a_disk_that_is_full_and_a_server_that_starts_are_answered_503(
    outage: str, fresh_database: Callable[[str], FreshDatabase], asked: Callable[[str], httpx.AsyncClient]
) -> None:
    async with asked(fresh_database("claims").api) as client:
        _assert_out_of_reach(await client.get(f"/v1/reads/{outage}"))


async def test_a_statement_that_is_wrong_is_no_outage(
    fresh_database: Callable[[str], FreshDatabase], asked: Callable[[str], httpx.AsyncClient]
) -> None:
    async with asked(fresh_database("claims").api) as client:
        assert 500 == (await client.get("/v1/reads/wrong")).status_code


async def test_sessions_that_ended_while_nobody_read_are_replaced_unnoticed(
    fresh_database: Callable[[str], FreshDatabase], asked: Callable[[str], httpx.AsyncClient]
) -> None:
    database = fresh_database("claims")
    async with asked(database.api) as client:
        await asyncio.gather(client.get("/v1/reads/one"), client.get("/v1/reads/one"))
        async with one_connection(database.api) as other:
            assert 2 == len(await other.fetch(END_OTHER_SESSIONS))
        assert 200 == (await client.get("/v1/reads/one")).status_code


async def test_a_read_that_failed_leaves_its_session_as_good_as_new(
    fresh_database: Callable[[str], FreshDatabase], asked: Callable[[str], httpx.AsyncClient]
) -> None:
    database = fresh_database("claims")
    async with asked(database.api) as client:
        await client.get("/v1/reads/wrong")
        assert 200 == (await client.get("/v1/reads/one")).status_code
        async with one_connection(database.api) as other:
            assert 1 == len(await other.fetch(END_OTHER_SESSIONS))


async def test_a_read_writes_nothing(fresh_database: Callable[[str], FreshDatabase]) -> None:
    reads = Reads(fresh_database("claims").api)
    with pytest.raises(DBAPIError, match="read-only transaction"):
        async with reads.granted([CLINIC]) as connection:
            await connection.execute(text("DELETE FROM pg_catalog.pg_description"))
    await reads.close()

"""The databases that tests get: their own, with the roles that services have."""

from pathlib import Path

import asyncpg
import pytest

from revcycle_kit.embedded import EmbeddedPostgres
from revcycle_kit.embedded.cluster import address
from revcycle_kit.embedded.passwords import SUPERUSER
from revcycle_kit.testing.postgres import REAL_SERVER, DatabaseFactory, FreshDatabase, database_factory, database_server


async def _execute(dsn: str, *statements: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _value(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


@pytest.fixture
def claims(fresh_database: DatabaseFactory) -> FreshDatabase:
    return fresh_database("claims")


async def test_api_and_worker_write_what_the_owner_makes(claims: FreshDatabase) -> None:
    await _execute(claims.owner, "CREATE TABLE note (id bigint GENERATED ALWAYS AS IDENTITY, text text)")
    await _execute(claims.api, "INSERT INTO note (text) VALUES ('a')")
    await _execute(claims.worker, "UPDATE note SET text = 'b'")

    assert "b" == await _value(claims.api, "SELECT text FROM note")


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE mine (id int)", "DROP TABLE note", "TRUNCATE note", "SET ROLE revcycle_admin"]
)
@pytest.mark.parametrize("role", ["api", "worker"])
async def test_api_and_worker_define_nothing(claims: FreshDatabase, role: str, statement: str) -> None:
    await _execute(claims.owner, "CREATE TABLE note (id int)")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await _execute(getattr(claims, role), statement)


async def test_a_copy_has_the_tables_of_its_template_and_its_own_rows(
    fresh_database: DatabaseFactory, claims: FreshDatabase
) -> None:
    await _execute(claims.owner, "CREATE TABLE note (id int)", "INSERT INTO note VALUES (1)")
    copy = fresh_database("claims", claims)
    await _execute(copy.api, "INSERT INTO note VALUES (2)")

    assert (1, 2) == (
        await _value(claims.api, "SELECT count(*) FROM note"),
        await _value(copy.api, "SELECT count(*) FROM note"),
    )


async def test_two_fresh_databases_are_strangers(fresh_database: DatabaseFactory, claims: FreshDatabase) -> None:
    other = fresh_database("claims")

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
        await _execute(claims.worker.replace(f"/{claims.name}?", f"/{other.name}?"), "SELECT 1")


async def test_a_real_server_serves_as_well_where_its_address_is_given(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = EmbeddedPostgres(place / "pg", without_durability=True)
    with real as cluster:
        monkeypatch.setenv(REAL_SERVER, address("postgres", SUPERUSER, cluster.passwords, cluster.sockets))
        with database_server() as server, database_factory(server) as fresh:
            made = fresh("claims")
            await _execute(made.owner, "CREATE TABLE note AS SELECT 7 AS id")
            copy = fresh("claims", made)
            assert 7 == await _value(copy.api, "SELECT id FROM note")
        async with real.connect_as_superuser("postgres") as admin:
            assert 0 == await admin.fetchval("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'claims%'")
            assert 0 == await admin.fetchval("SELECT count(*) FROM pg_database WHERE datname LIKE 'claims%'")

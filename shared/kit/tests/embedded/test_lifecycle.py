"""An embedded PostgreSQL starts, stops, keeps what was committed, and refuses what would lose or expose it."""

import itertools
import os
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import asyncpg
import pytest

from revcycle_kit.embedded import DirectoryInUseError, EmbeddedPostgres, EmbeddedPostgresError, NotDurableError, attach
from revcycle_kit.embedded.databases import ROLES

Query = Callable[[str, str], Awaitable[Any]]


class MakeServer(Protocol):
    """Makes an embedded server that is removed after the test."""

    def __call__(self, directory: Path, **options: Any) -> EmbeddedPostgres: ...


async def test_what_was_committed_is_there_after_a_restart(place: Path, make_server: MakeServer, query: Query) -> None:
    server = make_server(place / "pg")
    async with server as cluster:
        await query(cluster.dsn("claims", "owner"), "CREATE TABLE note AS SELECT 7 AS id")
    async with server as cluster:
        assert 7 == await query(cluster.dsn("claims", "api"), "SELECT id FROM note")


async def test_a_database_added_later_joins_those_that_exist(
    place: Path, make_server: MakeServer, query: Query
) -> None:
    async with make_server(place / "pg") as cluster:
        await query(cluster.dsn("claims", "owner"), "CREATE TABLE note AS SELECT 7 AS id")
    async with make_server(place / "pg", databases=("claims", "patient_billing")) as cluster:
        assert 7 == await query(cluster.dsn("claims", "worker"), "SELECT id FROM note")
        assert "patient_billing_api" == await query(cluster.dsn("patient_billing", "api"), "SELECT current_user")


async def test_another_process_of_the_same_user_finds_the_running_server(
    place: Path, make_server: MakeServer, query: Query
) -> None:
    async with make_server(place / "pg"):
        assert 1 == await query(attach(place / "pg").dsn("claims", "api"), "SELECT 1")

    with pytest.raises(EmbeddedPostgresError, match="no embedded PostgreSQL"):
        attach(place)


async def test_the_server_is_set_as_promised(place: Path, make_server: MakeServer, query: Query) -> None:
    expected = {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "server_version_num": "18",
        "jit": "off",
        "TimeZone": "UTC",
    }
    async with make_server(place / "pg") as cluster:
        dsn = cluster.dsn("claims", "api")
        actual = {name: await query(dsn, f"SHOW {name}") for name in expected}
        locale = await query(dsn, "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'claims'")

    assert expected == actual | {"server_version_num": actual["server_version_num"][:2]}
    assert "bC.UTF-8" == locale


@pytest.mark.parametrize("change", ["fsync = off", "full_page_writes = off", "synchronous_commit = off"])
def test_a_server_that_could_lose_commits_is_refused(place: Path, make_server: MakeServer, change: str) -> None:
    server = make_server(place / "pg")
    with server:
        configuration = server.layout.pgdata / "postgresql.conf"
    with configuration.open("a") as file:
        file.write(f"{change}\n")

    with pytest.raises(NotDurableError, match=change.split(" ", maxsplit=1)[0]):
        server.start()
    assert server.postmaster_pid is None


async def test_a_role_whose_commits_could_be_lost_is_refused(
    place: Path, make_server: MakeServer, query: Query
) -> None:
    server = make_server(place / "pg")
    async with server as cluster:
        await query(cluster.dsn("claims", "worker"), "ALTER ROLE CURRENT_USER SET synchronous_commit = off")

    with pytest.raises(NotDurableError, match="synchronous_commit=off"):
        await server.start_async()


async def test_a_wrong_password_is_refused(place: Path, make_server: MakeServer, query: Query) -> None:
    async with make_server(place / "pg") as cluster:
        dsn = cluster.dsn("claims", "owner")
        password = dsn.split(":")[2].split("@")[0]
        for wrong in ("", "wrong", password[:-1]):
            with pytest.raises(asyncpg.InvalidPasswordError):
                await query(dsn.replace(f":{password}@", f":{wrong}@"), "SELECT 1")


async def test_a_role_connects_to_no_other_database(place: Path, make_server: MakeServer, query: Query) -> None:
    async with make_server(place / "pg", databases=("claims", "analytics")) as cluster:
        for role, other in itertools.product(ROLES, ("analytics", "postgres", "template1")):
            dsn = cluster.dsn("claims", role).replace("/claims?", f"/{other}?")
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
                await query(dsn, "SELECT 1")


def test_a_second_supervisor_is_refused_and_told_who_has_the_directory(place: Path, make_server: MakeServer) -> None:
    with make_server(place / "pg"), pytest.raises(DirectoryInUseError, match=f"process {os.getpid()} "):
        EmbeddedPostgres(place / "pg").start()


def test_only_its_owner_reads_what_the_server_keeps(place: Path, make_server: MakeServer) -> None:
    server = make_server(place / "pg")
    with server:
        layout = server.layout
        for directory in (layout.pgdata, layout.sockets):
            assert 0o700 == stat.S_IMODE(directory.stat().st_mode)
        for file in (layout.passwords, layout.log, layout.sockets / ".s.PGSQL.5432"):
            assert 0 == stat.S_IMODE(file.stat().st_mode) & 0o077


def test_no_password_is_in_the_log_or_in_a_printed_object(place: Path, make_server: MakeServer) -> None:
    server = make_server(place / "pg")
    with server as cluster:
        password = cluster.dsn("claims", "owner").split(":")[2].split("@")[0]

    assert password not in repr(cluster)
    assert password not in server.layout.log.read_text()


def test_data_without_its_passwords_is_refused_with_what_to_restore(place: Path, make_server: MakeServer) -> None:
    server = make_server(place / "pg")
    with server:
        passwords = server.layout.passwords
    passwords.unlink()

    with pytest.raises(EmbeddedPostgresError, match=r"passwords.json is missing.*restore"):
        server.start()


def test_data_of_another_major_version_is_refused_untouched(place: Path, make_server: MakeServer) -> None:
    server = make_server(place / "pg")
    with server:
        version = server.layout.pgdata / "PG_VERSION"
    version.write_text("16\n")

    with pytest.raises(EmbeddedPostgresError, match="of PostgreSQL 16, and this is 18"):
        server.start()


@pytest.mark.parametrize("name", ["patient-billing", "Claims", "1st", "", "a" * 56, 'x"; DROP DATABASE claims'])
def test_a_name_that_cannot_be_a_database_is_refused(place: Path, name: str) -> None:
    with pytest.raises(EmbeddedPostgresError, match="cannot name a database"):
        EmbeddedPostgres(place / "pg", databases=(name,))


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(place: Path, make_server: MakeServer) -> None:
    server = make_server(place / ("long-" * 20) / "pg")
    with server:
        sockets = server.layout.sockets
        assert 0o700 == stat.S_IMODE(sockets.stat().st_mode)
        assert not sockets.is_relative_to(place)
    with server:
        assert sockets == server.layout.sockets


def test_a_data_directory_that_was_moved_starts_where_it_is_now(place: Path, make_server: MakeServer) -> None:
    with EmbeddedPostgres(place / "before", databases=("claims",)):
        pass
    (place / "before").rename(place / "after")

    server = make_server(place / "after")
    with server:
        assert place / "after" / "pgdata" == server.layout.pgdata

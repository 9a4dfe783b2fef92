"""A normal user runs the whole thing without root, and users do not get into each other's way."""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest

from revcycle_kit.embedded import EmbeddedPostgres
from revcycle_kit.embedded.account import ServerAccount

NOBODY = ServerAccount("nobody", 65534, 65534)
STRANGER = ServerAccount("stranger", 65533, 65533)
SCRIPT = """
import asyncio, pathlib, sys
import asyncpg
from revcycle_kit.embedded import EmbeddedPostgres, EmbeddedPostgresError

async def main():
    server = EmbeddedPostgres(pathlib.Path(sys.argv[1]), databases=("claims",))
    async with server as cluster:
        connection = await asyncpg.connect(cluster.dsn("claims", "owner"))
        await connection.execute("CREATE TABLE IF NOT EXISTS note (id int)")
        await connection.execute("INSERT INTO note VALUES (1)")
        print(await connection.fetchval("SELECT count(*) FROM note"), server.layout.account.uid)
        await connection.close()

try:
    asyncio.run(main())
except EmbeddedPostgresError as error:
    sys.exit(str(error))
"""

pytestmark = pytest.mark.usefixtures("as_root")


class MakeServer(Protocol):
    """Makes an embedded server that is removed after the test."""

    def __call__(self, directory: Path, **options: Any) -> EmbeddedPostgres: ...


@pytest.fixture
def run_as() -> Callable[[ServerAccount, Path], "subprocess.CompletedProcess[str]"]:
    """Run the script as another user; skips where no interpreter of this version is reachable for others."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    candidates = (Path(sys.executable), Path(f"/usr/bin/python{version}"), Path(f"/usr/local/bin/python{version}"))
    source = str(Path(__file__).resolve().parents[2] / "src")
    found = [python for python in candidates if NOBODY.may_enter(python)]
    if not (found and NOBODY.may_enter(Path(source)) and NOBODY.may_enter(Path(sysconfig.get_path("purelib")))):
        pytest.skip(f"no Python {version} and no packages that another user can reach")

    def run(account: ServerAccount, directory: Path) -> "subprocess.CompletedProcess[str]":
        environment = {"PYTHONPATH": os.pathsep.join((source, sysconfig.get_path("purelib"))), "PATH": "/usr/bin:/bin"}
        return subprocess.run(
            [str(found[0]), "-B", "-c", SCRIPT, str(directory)],
            cwd="/", env=environment, capture_output=True, text=True, check=False, timeout=120, **account.identity(),
        )  # fmt: skip

    return run


@pytest.fixture
def home(place: Path) -> Path:
    """Give a private home of the user nobody."""
    home = place / "nobody"
    home.mkdir(mode=0o700)
    NOBODY.own(home)
    return home


RunAs = Callable[[ServerAccount, Path], "subprocess.CompletedProcess[str]"]


def test_a_normal_user_runs_the_server_as_himself_in_his_private_home(run_as: RunAs, home: Path) -> None:
    outputs = [run_as(NOBODY, home / "pg") for _ in range(2)]

    assert ["1 65534", "2 65534"] == [done.stdout.strip() for done in outputs], outputs


def test_root_may_run_a_users_data_and_the_user_gets_it_back(run_as: RunAs, home: Path) -> None:
    assert "1 65534" == run_as(NOBODY, home / "pg").stdout.strip()
    server = EmbeddedPostgres(home / "pg", databases=("claims", "denials"))
    with server:
        assert 65534 == server.layout.account.uid

    done = run_as(NOBODY, home / "pg")
    assert "2 65534" == done.stdout.strip(), done.stderr


def test_a_users_data_is_refused_to_another_user_who_is_told_whose_it_is(
    run_as: RunAs, place: Path, make_server: MakeServer
) -> None:
    with make_server(place / "pg"):
        pass

    done = run_as(STRANGER, place / "pg")
    assert done.returncode
    assert "belongs to user 0, and this is user 65533: start as its owner" in done.stderr

"""`revcycle up --database` on a server that deploy/docker/postgres-init.sh prepared, without Kafka."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

from revcycle.cli import app
from revcycle.server.system import on_server
from revcycle_kit.embedded import EmbeddedPostgres
from revcycle_kit.embedded.supervisor import run
from revcycle_kit.telemetry import configure_logs

SECONDS_MAX = 60


@pytest.fixture(autouse=True)
def _logs_outlive_the_runner() -> Iterator[None]:
    """Log to the real standard error again: the command line was told to use the runner's, which is closed."""
    yield
    configure_logs("tests")


def address(server: EmbeddedPostgres, password: str = "compose0test") -> str:
    return f"postgresql://any:{password}@/?host={quote(str(server.cluster.sockets))}&port=5432"


def served(data: Path, process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    """Return what answers `/ready`, once everything is."""
    until = time.monotonic() + SECONDS_MAX
    while True:
        assert process.poll() is None, (data.parent / "log").read_text()
        assert time.monotonic() < until, (data.parent / "log").read_text()
        with suppress(OSError, ValueError):
            url = json.loads((data / "serving.json").read_text())["url"]
            with urlopen(f"{url}/ready", timeout=10) as answer:  # noqa: S310 - our own server
                told: dict[str, Any] = json.loads(answer.read())
                return told
        time.sleep(0.1)


def test_it_serves_without_kafka_and_stops_in_good_order(server: EmbeddedPostgres, tmp_path: Path) -> None:
    data = tmp_path / "data"
    options = ["--data", str(data), "--port", "0", "--mllp-port", "0", "--no-sandbox", "--database", address(server)]
    command = [sys.executable, "-m", "revcycle.cli", "up", *options]
    with (tmp_path / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            told = served(data, process)
            process.send_signal(signal.SIGTERM)
            assert 0 == process.wait(timeout=40)
        finally:
            process.kill()
    assert {"pass"} == set(told["checks"].values())
    assert not (data / "postgres").exists()


async def _drop_log(server: EmbeddedPostgres) -> None:
    async with server.connect_as_superuser("postgres") as connection:
        await connection.execute("DROP DATABASE bus")


def test_a_server_without_the_logs_database_is_told_so(server: EmbeddedPostgres, tmp_path: Path) -> None:
    run(_drop_log(server))
    done = CliRunner().invoke(
        app, ["up", "--data", str(tmp_path / "data"), "--port", "0", "--mllp-port", "0", "--database", address(server)]
    )
    assert 1 == done.exit_code
    assert "database bus for the role bus_owner" in done.stderr
    assert "postgres-init.sh" in done.stderr
    assert "--kafka" in done.stderr
    assert "database claims" not in done.stderr
    assert "compose0test" not in done.output


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgresql://any:PW@server:5432/", "postgresql://claims_api:PW@server:5432/claims"),
        ("postgresql://any:P%40W@[::1]:5432/", "postgresql://claims_api:P%40W@[::1]:5432/claims"),
        ("postgresql://any:PW@server/?sslmode=require", "postgresql://claims_api:PW@server/claims?sslmode=require"),
        ("postgresql://any@/?host=%2Frun", "postgresql://claims_api@/claims?host=%2Frun"),
    ],
)
def test_every_role_is_found_on_the_server_that_was_given(given: str, expected: str) -> None:
    assert expected == on_server(given, "claims", "api")

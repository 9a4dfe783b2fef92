"""The composition of docker-compose.yml, started as processes of this machine."""

import os
import re
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from revcycle_kit.embedded import EmbeddedPostgres
from revcycle_kit.embedded.binaries import find_binaries
from revcycle_kit.embedded.passwords import SUPERUSER

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "compose0test"
VARIABLES = {"REVCYCLE_DATABASE_PASSWORD": PASSWORD}
PORT = 8000
MLLP_PORT = "2575"
STATE = "/var/lib/revcycle"
START_SECONDS_MAX = 120
Service = dict[str, Any]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Composition:
    """What the file declares, with names, ports and volumes of this machine in their places."""

    services: dict[str, Service]
    folder: Path
    sockets: Path
    bootstrap: str
    prefix: str
    more: dict[str, dict[str, str]] = field(default_factory=dict)
    """Further environment, by service."""
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    later_seconds: float = 0.0

    def __post_init__(self) -> None:
        self.ports = {name: free_port() for name in self.services}
        self.mllp_port = free_port()
        self._clock = self.folder / "clock"
        self._clock.write_bytes(struct.pack("d", 0.0))

    # time

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.later_seconds)

    def move_clock(self, by: timedelta) -> None:
        """Let every process live so much later, at once."""
        self.later_seconds += by.total_seconds()
        with self._clock.open("r+b") as file:
            file.write(struct.pack("d", self.later_seconds))

    # processes

    def start(self) -> None:
        """Start everything that is ours, each when what it depends on is as it has to be."""
        waiting = [name for name, service in self.services.items() if service["image"].startswith("revcycle/")]
        until = time.monotonic() + START_SECONDS_MAX
        while waiting:
            for name in [name for name in waiting if self._may_start(self.services[name])]:
                waiting.remove(name)
                self.processes[name] = self._started(name)
            assert time.monotonic() < until, f"{waiting} still wait for what they depend on"
            time.sleep(0.1)

    def _may_start(self, service: Service) -> bool:
        return all(self._holds(name, told["condition"]) for name, told in service.get("depends_on", {}).items())

    def _holds(self, name: str, condition: str) -> bool:
        if name not in self.processes:
            return name in ("postgres", "kafka")
        if condition == "service_healthy":
            return self.is_healthy(name)
        left = self.processes[name].poll()
        assert left in (None, 0), f"{name} ended with {left}:\n{self.said(name)}"
        return left == 0

    def _started(self, name: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, *self.services[name]["command"][1:]]
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                command, env=self._environment(name), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def _environment(self, name: str) -> dict[str, str]:
        service = self.services[name]
        state = self.folder / service["volumes"][0].partition(":")[0]
        state.mkdir(mode=0o700, exist_ok=True)
        own = {"REVCYCLE_PORT": str(self.ports[name])}
        told = {**service["environment"], **own, "REVCYCLE_KAFKA_PREFIX": self.prefix, **self.more.get(name, {})}
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": str(ROOT / "tests/deployment/clock"),
            "REVCYCLE_TEST_CLOCK": str(self._clock),
            **{key: self._local(interpolated(value).replace(STATE, str(state))) for key, value in told.items()},
        }

    def _local(self, value: str) -> str:
        """Put what is on this machine in the place of what would be on the composition's network."""
        value = value.replace("0.0.0.0", "127.0.0.1").replace("kafka:9092", self.bootstrap)  # noqa: S104 - replaced
        value = re.sub(r"@postgres:5432/(\w+)", rf"@/\1?host={quote(str(self.sockets))}&port=5432", value)
        value = str(self.mllp_port) if value == MLLP_PORT else value
        value = "127.0.0.1" if value in self.services else value
        return re.sub(rf"http://([a-z-]+):{PORT}", lambda it: self.url(it[1]), value)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def is_healthy(self, name: str) -> bool:
        with suppress(OSError):
            return bool(urllib.request.urlopen(f"{self.url(name)}/health", timeout=2).status == 200)  # noqa: S310 - ours
        left = self.processes[name].poll()
        assert left is None, f"{name} ended with {left}:\n{self.said(name)}"
        return False

    def said(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")[-3000:]

    def kill_and_start(self, *names: str) -> None:
        """Kill -9 processes, and start them again as their restart policy says."""
        for name in names:
            assert self.services[name]["restart"] == "unless-stopped"
            self.processes[name].kill()
            self.processes[name].wait()
            self.processes[name] = self._started(name)

    def ended(self) -> list[str]:
        """Name the processes that should run and do not."""
        return [name for name, it in self.processes.items() if it.poll() is not None and not name.endswith("-migrate")]

    def stop(self) -> dict[str, int]:
        """Ask every process to stop; return how each of those that should run ended."""
        running = {name: it for name, it in self.processes.items() if it.poll() is None}
        for process in running.values():
            process.terminate()
        for process in self.processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()
        return {name: process.returncode for name, process in running.items()}


def interpolated(text: str) -> str:
    """Replace `${NAME:-default}` by the default and `${NAME:?message}` by what this test sets."""
    text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)
    return re.sub(r"\$\{(\w+):\?[^}]*\}", lambda it: VARIABLES[it[1]], text)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    """Give a PostgreSQL server with the databases and roles that deploy/docker/postgres-init.sh makes."""
    postgres = EmbeddedPostgres(tmp_path / "postgres", without_durability=True)
    postgres.start()
    secret = tmp_path / "database_password"
    secret.write_text(PASSWORD)
    environment = {
        "PATH": f"{find_binaries().root / 'bin'}:{os.environ['PATH']}",
        "PGHOST": str(postgres.cluster.sockets),
        "PGPASSWORD": postgres.cluster.passwords.of(SUPERUSER),
        "POSTGRES_USER": SUPERUSER,
        "REVCYCLE_DATABASE_PASSWORD_FILE": str(secret),
    }
    try:
        subprocess.run([str(ROOT / "deploy/docker/postgres-init.sh")], env=environment, check=True)
        yield postgres
    finally:
        postgres.remove()


@pytest.fixture
def compose(
    tmp_path: Path, server: EmbeddedPostgres, kafka_bootstrap: str, kafka_prefix: str
) -> Iterator[Callable[..., Composition]]:
    """Give a maker of compositions: `compose({"sandbox": {"NAME": "value"}})`, with further environment by service."""
    made: list[Composition] = []

    def make(more: dict[str, dict[str, str]] | None = None) -> Composition:
        services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
        folder = tmp_path / "composition"
        folder.mkdir()
        made.append(Composition(services, folder, server.cluster.sockets, kafka_bootstrap, kafka_prefix, more or {}))
        return made[-1]

    yield make
    for each in made:
        each.stop()

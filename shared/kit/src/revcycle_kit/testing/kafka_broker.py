"""
Real brokers for tests, and the faults done to them: killed, stopped for a while, started again on the same data.

A broker is found in this order: Docker, when an engine answers; the Maven artifacts with Java 17 (`deploy/kafka`).
"""

import os
import shutil
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit

START_SECONDS_MAX = 240.0
"""The first start may have to fetch Kafka."""
IMAGE = "apache/kafka:4.3.1"
LOOPBACK = "127.0.0.1"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


class NoBrokerError(Exception):
    """No Apache Kafka can be had here; the text names what is missing."""


class Broker(Protocol):
    """One broker of ours. Its address stays the same across restarts."""

    @property
    def bootstrap(self) -> str:
        """Host and port, as clients take it."""

    def start(self) -> None:
        """Start it, or start it again on the data it had; returns when it takes connections."""

    def kill(self) -> None:
        """End it without warning (SIGKILL)."""

    def pause(self) -> None:
        """Let it hang: connections stay open and nothing answers (SIGSTOP)."""

    def resume(self) -> None:
        """Let it go on after `pause`."""

    def remove(self) -> None:
        """End it and delete its data."""


@dataclass
class JavaBroker:
    """The broker that `deploy/kafka/run` starts: Maven artifacts and Java. It ends with the process `owner`."""

    script: Path
    directory: Path
    owner: int
    port: int = field(default_factory=_free_port)
    controller_port: int = field(default_factory=_free_port)
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def bootstrap(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def start(self) -> None:
        options = ["--data", str(self.directory / "data"), "--owner", str(self.owner)]
        ports = ["--port", str(self.port), "--controller-port", str(self.controller_port)]
        with (self.directory / "broker.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own script
                [str(self.script), *options, *ports],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        _await_answer(self.bootstrap, self._is_running, self._said)

    def kill(self) -> None:
        if self._process:
            self._signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def leave(self) -> int:
        """Give the process id, and the process into the hands of `owner`: nobody here waits for it any more."""
        process, self._process = self._process, None
        if process is None:
            raise NoBrokerError("the broker is not running")
        process.returncode = 0  # else it would be reported as forgotten
        return process.pid

    def _signal(self, number: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(number)

    def _is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _said(self) -> str:
        return (self.directory / "broker.log").read_bytes()[-3000:].decode("utf-8", "replace")


@dataclass
class DockerBroker:
    """The broker of the project's image, in a container that publishes one port on loopback."""

    port: int = field(default_factory=_free_port)
    _container: Any = None

    @property
    def bootstrap(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def start(self) -> None:
        if self._container is None:
            self._container = self._made()
            self._container.start()
        else:
            self._container.get_wrapped_container().start()
        _await_answer(self.bootstrap, lambda: True, lambda: str(self._container.get_logs()))

    def kill(self) -> None:
        self._container.get_wrapped_container().kill()

    def pause(self) -> None:
        self._container.get_wrapped_container().pause()

    def resume(self) -> None:
        self._container.get_wrapped_container().unpause()

    def remove(self) -> None:
        if self._container is not None:
            self._container.stop()

    def _made(self) -> Any:
        from testcontainers.core.container import DockerContainer  # noqa: PLC0415 - only where Docker is

        container: Any = DockerContainer(IMAGE)
        container.ports = {f"{self.port}/tcp": (LOOPBACK, self.port)}
        for name, value in _container_settings(self.port).items():
            container = container.with_env(name, value)
        return container


def _container_settings(port: int) -> dict[str, str]:
    """Give the settings of the image for one node, as `deploy/kafka/run` sets them."""
    return {
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_NODE_ID": "1",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:29093",
        "KAFKA_LISTENERS": f"PLAINTEXT://:{port},CONTROLLER://:29093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://{LOOPBACK}:{port}",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "KAFKA_LOG_RETENTION_MS": "-1",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_BROKER_SESSION_TIMEOUT_MS": "3000",
        "KAFKA_BROKER_HEARTBEAT_INTERVAL_MS": "500",
        "KAFKA_HEAP_OPTS": "-Xmx512m",
    }


def started_broker(directory: Path, owner: int) -> Broker:
    """
    Start a broker with whatever this machine has, its data in `directory`, to end with the process `owner`.

    Raises NoBrokerError, naming everything that was tried and what was missing.
    """
    missing: list[str] = []
    for broker in _candidates(directory, owner, missing):
        try:
            broker.start()
        except Exception as error:  # noqa: BLE001 - whatever Docker or Java did, the next way is tried
            missing.append(f"{type(broker).__name__} did not start: {error}")
            broker.remove()
        else:
            return broker
    raise NoBrokerError("; ".join(missing))


def _candidates(directory: Path, owner: int, missing: list[str]) -> Iterator[Broker]:
    if docker_answers():
        yield DockerBroker()
    else:
        missing.append("no Docker engine answers")
    script = run_script()
    if script is None:
        missing.append("deploy/kafka/run is not in a directory above this one")
        return
    absent = [program for program in ("java", "mvn") if shutil.which(program) is None]
    if absent:
        missing.append(f"{' and '.join(absent)} not installed (Debian: openjdk-17-jre-headless, maven)")
        return
    directory.mkdir(parents=True, exist_ok=True)
    yield JavaBroker(script, directory, owner)


def docker_answers() -> bool:
    """Whether a Docker engine is there and answers within two seconds; the client program alone is not enough."""
    address = urlsplit(os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock")
    try:
        with _connected(address) as connection:
            connection.sendall(b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n")
            return b" 200 " in connection.recv(64)
    except OSError:
        return False


def _connected(address: SplitResult) -> socket.socket:
    if address.scheme != "unix":
        return socket.create_connection((address.hostname or LOOPBACK, address.port or 2375), timeout=2)
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(2)
        connection.connect(address.path)
    except OSError:
        connection.close()
        raise
    return connection


def run_script() -> Path | None:
    """Find `deploy/kafka/run` of the repository that this file, or the working directory, is in."""
    for start in (Path(__file__).resolve(), Path.cwd()):
        for above in (start, *start.parents):
            script = above / "deploy" / "kafka" / "run"
            if script.is_file():
                return script
    return None


def answers(bootstrap: str) -> bool:
    """Whether a broker is ready at this address: it says which requests it knows (ApiVersions, version 0)."""
    host, _, port = bootstrap.rpartition(":")
    request = struct.pack(">hhih", 18, 0, 1, -1)
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=2) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            return connection.recv(4) != b""
    except OSError:
        return False


def _await_answer(bootstrap: str, is_running: Callable[[], bool], log_tail: Callable[[], str]) -> None:
    give_up_at = time.monotonic() + START_SECONDS_MAX
    while not answers(bootstrap):
        if not is_running() or time.monotonic() > give_up_at:
            raise NoBrokerError(f"the broker at {bootstrap} did not start; it said:\n{log_tail()}")
        time.sleep(0.1)

"""
Real Apache Kafka for tests: one broker a session, topics of its own for each test.

Use from a root conftest.py: `pytest_plugins = ["revcycle_kit.testing.kafka"]`, mark tests `@pytest.mark.kafka`. The
broker is the one at `REVCYCLE_KAFKA` (host:port) where that is set; else one is started (`kafka_broker`). Where none
can be had the tests are skipped and the end of the run says so once; with CI=true they fail.
"""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from revcycle_kit.embedded.supervisor import run
from revcycle_kit.testing.kafka_broker import Broker, JavaBroker, NoBrokerError, answers, started_broker

ADDRESS = "REVCYCLE_KAFKA"
WORKER = "PYTEST_XDIST_WORKER"
STATE = "broker.json"
SKIPPED = "no Apache Kafka here"


def shared_broker(directory: Path, owner: int) -> tuple[str, Broker | None]:
    """
    Give the address of the broker that several processes share, started by whichever comes first.

    It ends with the process `owner`. A container ends with the process that started it, so it is not shared: then the
    broker is given too, for the caller to remove. Raises NoBrokerError.
    """
    directory.mkdir(mode=0o700, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = directory / STATE
        found = json.loads(state.read_text(encoding="utf-8")) if state.exists() else {}
        if found and answers(found["bootstrap"]):
            return found["bootstrap"], None
        broker = started_broker(directory / "broker", owner)
        if not isinstance(broker, JavaBroker):
            return broker.bootstrap, broker
        state.write_text(json.dumps({"bootstrap": broker.bootstrap, "pid": broker.leave()}), encoding="utf-8")
        return broker.bootstrap, None


def given_broker() -> str | None:
    """Give the address in the environment. Raises NoBrokerError when nothing answers there."""
    address = os.environ.get(ADDRESS)
    if address and not answers(address):
        raise NoBrokerError(f"nothing answers at {address}, which {ADDRESS} names; start it or unset the variable")
    return address


@pytest.fixture(scope="session")
def kafka_bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of the session's broker: `host:port`."""
    broker: Broker | None = None
    with _or_skip():
        address = given_broker()
        if address is None and WORKER in os.environ:
            address, broker = shared_broker(_shared_directory(os.getppid()), os.getppid())
        if address is None:
            broker = started_broker(tmp_path_factory.mktemp("kafka"), os.getpid())
            address = broker.bootstrap
    yield address
    if broker:
        broker.remove()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the broker that the workers of this session shared."""
    directory = _shared_directory(os.getpid())
    if hasattr(config, "workerinput") or not directory.exists():
        return
    with contextlib.suppress(OSError, ValueError, KeyError):
        os.kill(json.loads((directory / STATE).read_text(encoding="utf-8"))["pid"], signal.SIGKILL)
    shutil.rmtree(directory, ignore_errors=True)


def _shared_directory(session: int) -> Path:
    return Path(tempfile.gettempdir()) / f"revcycle-kafka-{os.getuid()}-{session}"


@pytest.fixture
def kafka_prefix(kafka_bootstrap: str) -> Iterator[str]:
    """Give a prefix for the names of this test's topics and groups; topics that have it are deleted at the end."""
    prefix = f"t{secrets.token_hex(5)}."
    yield prefix
    run(_delete_topics(kafka_bootstrap, prefix))


@pytest.fixture
def own_kafka(tmp_path: Path) -> Iterator[Broker]:
    """Give a broker of the test's own, to be killed, paused and started again."""
    with _or_skip():
        broker = started_broker(tmp_path / "kafka", os.getpid())
    yield broker
    broker.remove()


async def _delete_topics(bootstrap: str, prefix: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        topics = [topic for topic in await admin.list_topics() if topic.startswith(prefix)]
        if topics:
            await admin.delete_topics(topics)
    finally:
        await admin.close()


@contextmanager
def _or_skip() -> Iterator[None]:
    """Skip the test where no broker can be had; in continuous integration nothing real is skipped."""
    try:
        yield
    except NoBrokerError as error:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(f"{SKIPPED}, and CI=true forbids to skip: {error}", pytrace=False)
        pytest.skip(f"{SKIPPED}: {error}")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say once, loudly, that the Kafka tests did not run, and what is missing."""
    reasons = [
        str(report.longrepr[2])
        for report in terminalreporter.stats.get("skipped", [])
        if SKIPPED in str(report.longrepr)
    ]
    if reasons:
        reason = reasons[0].removeprefix("Skipped: ")
        terminalreporter.write_line(f"KAFKA NOT TESTED: {len(reasons)} tests skipped, {reason}", red=True, bold=True)

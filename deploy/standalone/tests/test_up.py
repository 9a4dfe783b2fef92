"""A system that runs as a process of its own: it serves, it survives, it stops."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from revcycle.cli import app
from revcycle_kit.embedded import EmbeddedPostgres
from revcycle_kit.embedded.layout import recorded
from revcycle_kit.telemetry import configure_logs

SECONDS_MAX = 45
SERVICES = ("eligibility", "claims", "denials", "patient-billing", "analytics")


@pytest.fixture(autouse=True)
def _logs_outlive_the_runner() -> Iterator[None]:
    """Log to the real standard error again: the command line was told to use the runner's, which is closed."""
    yield
    configure_logs("tests")


class Running:
    """A process, and how to reach what it serves."""

    def __init__(self, data: Path, process: "subprocess.Popen[bytes]") -> None:
        self.data = data
        self.process = process
        self.url = ""

    def told(self) -> dict[str, Any]:
        """Return where it says that it serves, once it does."""

        def serving() -> Any:
            assert self.process.poll() is None, self.data.with_suffix(".log").read_text()
            path = self.data / "serving.json"
            told = json.loads(path.read_text()) if path.exists() else {}
            return told if told.get("pid") == self.process.pid else None

        found: dict[str, Any] = until(serving)
        self.url = found["url"]
        return found

    def token(self, *options: str) -> str:
        return revcycle("token", "--data", str(self.data), *options).stdout.strip()

    def client(self, *options: str) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.token(*options)}"}, timeout=20)


def revcycle(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def until(look: Callable[[], Any]) -> Any:
    """Look again and again until there is something; a system that is starting again is looked at again."""
    give_up_at = time.monotonic() + SECONDS_MAX
    while time.monotonic() < give_up_at:
        try:
            if found := look():
                return found
        except (httpx.TransportError, json.JSONDecodeError):
            pass
        time.sleep(0.1)
    raise AssertionError("it did not come about in time")


@contextmanager
def running(data: Path, *options: str) -> Iterator[Running]:
    command = [
        sys.executable,
        "-m",
        "revcycle.cli",
        "up",
        "--data",
        str(data),
        "--port",
        "0",
        "--mllp-port",
        "0",
        *options,
    ]
    log = data.with_suffix(".log")
    with log.open("ab") as errors, subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors) as process:
        system = Running(data, process)
        try:
            system.told()
            yield system
        finally:
            process.kill()


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One system for the tests that do it no harm."""
    data = tmp_path_factory.mktemp("up") / "data"
    with running(data) as found:
        yield found
    remove(data)


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A directory for a system of the test's own."""
    yield tmp_path / "data"
    remove(tmp_path / "data")


def remove(data: Path) -> None:
    """Remove a database, wherever it lies."""
    server = EmbeddedPostgres(data / "postgres")
    server.start()
    server.remove()


def register(client: httpx.Client, visit: str) -> tuple[str, str]:
    """Register an encounter by hand; return its clinic and its id."""
    clinics = client.get("/eligibility/v1/directory/clinics").raise_for_status().json()
    clinic_id = clinics[0]["clinic_id"]
    body = {
        "medical_record_number": f"M{visit}",
        "patient": {"family": "DOE", "given": "JANE", "birth_on": "1980-01-01", "sex": "F"},
        "visit_number": visit,
        "service_on": "2026-02-03",
        "coverages": [{"payer_code": _payer(client), "member_id": "NOBODY1"}],
    }
    path = f"/eligibility/v1/clinics/{clinic_id}/encounters"
    client.post(path, json=body).raise_for_status()
    [row] = until(lambda: client.get(path, params={"visit_number": visit}).raise_for_status().json()["items"])
    return clinic_id, row["encounter_id"]


def _postmaster(data: Path) -> Path:
    """Return the file in which the server's process names itself."""
    return recorded(data / "postgres").pgdata / "postmaster.pid"


def _payer(client: httpx.Client) -> str:
    payers = client.get("/eligibility/v1/directory/payers").raise_for_status().json()
    return str(payers[0]["payer_code"])


def said(client: httpx.Client, encounter_id: str) -> set[str]:
    """Return the names of an encounter's events as analytics has heard them; empty where it has heard of none."""
    answer = client.get(f"/analytics/v1/journeys/{encounter_id}")
    if answer.is_error:
        return set()
    return {event["event"].split(".")[1] for event in answer.json()["events"]}


def has_said(client: httpx.Client, encounter_id: str, event: str) -> bool:
    return bool(until(lambda: event in said(client, encounter_id)))


def test_an_encounter_survives_the_kill_of_the_process_and_goes_on(data: Path) -> None:
    with running(data) as system, system.client() as client:
        clinic_id, encounter_id = register(client, "KILL1")
        assert has_said(client, encounter_id, "encounter_registered")
        system.process.kill()
        system.process.wait()
    with running(data) as system, system.client() as client:
        assert "encounter_registered" in said(client, encounter_id)
        assert has_said(client, encounter_id, "coverage_refused")  # the sandbox answered: it knows no such member
        path = f"/eligibility/v1/clinics/{clinic_id}/encounters/{encounter_id}/finish"
        client.post(path, headers={"Idempotency-Key": "finish"}).raise_for_status()
        assert has_said(client, encounter_id, "encounter_finished")


def test_an_encounter_survives_the_kill_of_postgres_and_goes_on(system: Running) -> None:
    with system.client() as client:
        _, encounter_id = register(client, "KILL2")
        os.kill(int(_postmaster(system.data).read_text().splitlines()[0]), signal.SIGKILL)
        assert has_said(client, encounter_id, "coverage_refused")
        assert until(lambda: client.get("/ready").is_success)


def test_ctrl_c_stops_it_in_good_order(data: Path) -> None:
    with running(data, "--no-sandbox") as system:
        system.process.send_signal(signal.SIGINT)
        assert 0 == system.process.wait(timeout=40)
        assert not (system.data / "serving.json").exists()
        assert not _postmaster(system.data).exists()


def test_the_first_page_leads_to_every_service_and_loads_nothing_from_elsewhere(system: Running) -> None:
    with httpx.Client(base_url=system.url, timeout=20) as client:
        pages = {path: client.get(path).raise_for_status() for path in ("/", *(f"/{name}/docs" for name in SERVICES))}
        for name in SERVICES:
            assert f'href="/{name}/docs"' in pages["/"].text
            assert client.get(f"/{name}/openapi.json").json()["info"]["title"].startswith("revcycle")
        for page in pages.values():
            assert not re.findall(r'(?:src|href)="(?:https?:)?//|<script|@import|url\(', page.text)
            assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_every_service_answers_under_its_name_and_only_with_a_token(system: Running) -> None:
    paths = ("/claims/v1/claims", "/denials/v1/denials", "/analytics/v1/kpis", "/operate/v1/held", "/metrics")
    with system.client() as known, httpx.Client(base_url=system.url) as stranger:
        assert [200] * len(paths) == [known.get(path).status_code for path in paths]
        assert [401] * len(paths) == [stranger.get(path).status_code for path in paths]
        assert 200 == stranger.get("/health").status_code
        assert set(SERVICES) == set(stranger.get("/ready").json()["checks"])


def test_a_token_has_only_the_roles_that_were_asked_for(system: Running) -> None:
    with system.client("--roles", "front_desk") as client:
        assert 200 == client.get("/eligibility/v1/directory/clinics").status_code
        assert 403 == client.get("/operate/v1/held").status_code


def test_a_second_process_on_the_same_directory_is_told_so(system: Running) -> None:
    done = revcycle("up", "--data", str(system.data), "--port", "0", "--mllp-port", "0")
    assert 1 == done.exit_code
    assert str(system.process.pid) in done.stderr


def test_a_taken_port_is_named(system: Running, tmp_path: Path) -> None:
    port = system.url.rpartition(":")[2]
    done = revcycle("up", "--data", str(tmp_path / "other"), "--port", port)
    assert 1 == done.exit_code
    assert f"port {port}" in done.stderr


def test_operators_look_into_a_system_that_runs(system: Running) -> None:
    with system.client() as client:
        _, encounter_id = register(client, "LOOK1")
        assert has_said(client, encounter_id, "encounter_registered")
    told = json.loads(revcycle("journey", "LOOK1", "--data", str(system.data), "--json").stdout)
    assert encounter_id == told["encounter"]["encounter_id"]
    assert 0 == revcycle("reconcile", "--data", str(system.data)).exit_code

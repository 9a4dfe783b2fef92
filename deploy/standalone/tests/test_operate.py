"""Operators look into a system that lies still, and free what is held; all through the command line."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from typer.testing import CliRunner, Result

from revcycle.cli import app
from revcycle.server.system import BUS, SERVICES
from revcycle_kit.bus.protocol import Record
from revcycle_kit.embedded import EmbeddedPostgres
from revcycle_kit.telemetry import configure_logs
from revcycle_sandbox import load_scenario
from revcycle_simulation.setup import Scenario, SimulationSetup, set_up

SCENARIO = {
    "payers": [{"code": "PPO01", "fees": {"G0463": "180.00"}}],
    "plans": [{"code": "PLAN", "payer": "PPO01", "copays": {"G0463": "30.00"}}],
    "patients": [
        {
            "mrn": "P1",
            "family": "DOE",
            "given": "JANE",
            "birth_on": "1980-01-01",
            "coverages": [{"payer": "PPO01", "member_id": "M1", "plan": "PLAN"}],
        }
    ],
    "visits": [
        {"number": "V1", "mrn": "P1", "service_on": "2026-01-12", "services": [{"code": "G0463", "amount": "250.00"}]}
    ],
}
BAD = b'{"encounter_id": 7}'
REPAIR = "UPDATE held SET body = $2 WHERE stream_id = $1"
GIVE_UP = """
UPDATE task SET state = 'given_up', reason = $2, troubled_since = changed_at
WHERE $1::uuid IS NOT NULL AND name = 'submit_batch' AND state = 'done'
"""
SHIFT = "UPDATE posting SET charged_cents = charged_cents + $2 WHERE stream_id = $1"


@pytest.fixture(autouse=True)
def _logs_outlive_the_runner() -> Iterator[None]:
    """Log to the real standard error again: the command line was told to use the runner's, which is closed."""
    yield
    configure_logs("tests")


class Kept:
    """A system of simulated time whose process has ended, with one message parked in claims."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.encounter_id = UUID(int=0)
        self.good = b""

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments, "--data", str(self.data)])

    def read(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json").stdout)

    def change(self, database: str, statement: str, value: object) -> None:
        """Change rows about the encounter behind the system's back."""

        async def changed(server: EmbeddedPostgres) -> None:
            async with server.connect_as_superuser(database) as connection:
                await connection.execute(statement, self.encounter_id, value)

        server = EmbeddedPostgres(self.data / "postgres", databases=(*SERVICES, BUS))
        with server:
            asyncio.run(changed(server))


async def _play(kept: Kept) -> None:
    async with set_up(Scenario(load_scenario(SCENARIO), data=kept.data)) as setup:
        await setup.simulation.run_until(setup.clock.now() + timedelta(days=60))
        kept.encounter_id = setup.references.encounter_of["V1"]
        await _park(setup, kept)


async def _park(setup: SimulationSetup, kept: Kept) -> None:
    """Let claims hear an event about the encounter that nobody can read."""
    claims = setup.system.runtimes["claims"]
    bus: Any = claims._bus
    told = [record for record in await bus.read("eligibility.events", 0, 1000) if record.key == kept.encounter_id][-1]
    headers = told.headers
    kept.good = told.value
    publisher = await bus.publisher("eligibility.events")
    bad = Record(uuid4(), kept.encounter_id, headers | {"version": str(int(headers["version"]) + 1)}, BAD)
    await publisher.publish([bad])
    await publisher.close()
    await setup.simulation.settle()
    assert await claims.held("parked")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    found = Kept(tmp_path_factory.mktemp("operate") / "data")
    asyncio.run(_play(found))
    yield found
    server = EmbeddedPostgres(found.data / "postgres")
    server.start()
    server.remove()


def test_a_journey_is_found_by_the_visit_number_and_by_its_id(kept: Kept) -> None:
    by_visit = kept.read("journey", "V1")
    assert str(kept.encounter_id) == by_visit["encounter"]["encounter_id"]
    assert by_visit == kept.read("journey", str(kept.encounter_id))


def test_a_journey_tells_events_in_order_with_amounts(kept: Kept) -> None:
    events = kept.read("journey", "V1")["events"]
    assert sorted(event["step"] for event in events) == [event["step"] for event in events]
    shown = kept.run("journey", "V1").stdout
    assert "250.00" in shown
    assert "Next:" in shown


def test_kpis_stand_where_simulated_time_ended(kept: Kept) -> None:
    found = kept.read("kpis")
    assert "2026-01-12" < found["scope"]["as_of"] < "2026-03-31"
    assert "target" in kept.run("kpis").stdout


def test_a_sound_system_reconciles(kept: Kept) -> None:
    done = kept.run("reconcile")
    assert 0 == done.exit_code
    assert "Our own books agree" in done.stdout


def test_money_that_does_not_add_up_is_unsound(kept: Kept) -> None:
    kept.change("analytics", SHIFT, 100)
    try:
        done = kept.run("reconcile", "--json")
        assert 1 == done.exit_code
        assert "not_conserved" in {finding["kind"] for finding in json.loads(done.stdout)["unsound"]}
    finally:
        kept.change("analytics", SHIFT, -100)


def test_a_parked_message_is_listed_and_shown_without_its_contents(kept: Kept) -> None:
    [row] = kept.read("parked", "list")["held"]
    assert ("claims", str(kept.encounter_id), "parked") == (row["service"], row["stream_id"], row["state"])
    assert row["reason"]
    shown = kept.run("parked", "show", row["fingerprint"]).stdout
    assert row["stream_id"] in shown
    assert "body" not in shown


def test_a_replay_without_repair_leaves_it_parked(kept: Kept) -> None:
    done = kept.run("parked", "replay", str(kept.encounter_id), "--json")
    assert 1 == done.exit_code
    assert (0, 1) == (json.loads(done.stdout)["applied"], len(json.loads(done.stdout)["left"]))


def test_a_repaired_message_takes_effect_by_its_fingerprint(kept: Kept) -> None:
    [row] = kept.read("parked", "list")["held"]
    kept.change("claims", REPAIR, kept.good)
    try:
        done = kept.run("parked", "replay", "--fingerprint", row["fingerprint"], "--json")
        assert 0 == done.exit_code
        assert {"applied": 1, "left": []} == json.loads(done.stdout)
        assert "Nothing is held" in kept.run("parked", "list").stdout
    finally:
        kept.change("claims", REPAIR, BAD)


def test_services_read_on_when_told(kept: Kept) -> None:
    assert {"resumed": ["claims"]} == kept.read("parked", "resume", "claims")
    refused = kept.run("parked", "resume", "nobody")
    assert (2, True) == (refused.exit_code, "There is no such service" in refused.stderr)


def test_an_effect_that_was_given_up_is_listed_shown_and_sent_again(kept: Kept) -> None:
    assert [] == kept.read("effects", "list")
    assert "Everything went out." in kept.run("effects", "list").stdout
    kept.change("claims", GIVE_UP, "Rejected")

    [row] = kept.read("effects", "list")
    assert ("claims", "submit_batch", "given_up", "Rejected") == (
        row["service"],
        row["name"],
        row["state"],
        row["reason"],
    )
    assert "Contents are not shown" in kept.run("effects", "show", row["task_id"][:8]).stdout

    assert {"resent": [row["task_id"]]} == kept.read("effects", "resend", row["task_id"])
    assert [] == kept.read("effects", "list")
    refused = kept.run("effects", "resend", row["task_id"])
    assert (2, True) == (refused.exit_code, "no effect is in trouble" in refused.output)


@pytest.mark.parametrize(
    "command", [["kpis"], ["reconcile"], ["journey", "V1"], ["parked", "list"], ["parked", "replay", "--all"]]
)
def test_a_directory_without_a_system_is_named(command: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(app, [*command, "--data", str(tmp_path / "nothing")])
    assert 2 == done.exit_code
    assert str(tmp_path / "nothing") in done.stderr
    assert "revcycle up" in done.stderr


def test_an_unknown_encounter_is_named(kept: Kept) -> None:
    done = kept.run("journey", "V404")
    assert 2 == done.exit_code
    assert "V404" in done.stderr

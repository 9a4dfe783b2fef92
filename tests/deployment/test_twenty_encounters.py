"""What docker-compose.yml declares, running: twenty encounters from the EHR's messages to what patients owe."""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from revcycle.server.directory import places_of
from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.embedded import EmbeddedPostgres
from revcycle_sandbox import World, demo_world, to_json

pytestmark = [pytest.mark.kafka, pytest.mark.slow, pytest.mark.timeout(300)]
ENCOUNTERS = 20
SERVICES = ("eligibility", "claims", "denials", "patient_billing", "analytics")
DAYS_PASSED = 40
"""The visits are over when the system starts, so that time need not pass for them."""
MOVES = (*(timedelta(days=1),) * 4, *(timedelta(days=4),) * 9)
MOVE_OF_THE_KILLS = 5
"""Claims are with the payers then, and remittances begin to come."""
AT_LEAST = {
    "claims.claim_submitted.v1": 12,
    "claims.claim_acknowledged.v1": 12,
    "claims.claim_adjudicated.v1": 10,
    "claims.remittance_posted.v1": 4,
    "claims.deposit_matched.v1": 4,
    "claims.patient_balance_due.v1": 5,
    "patient_billing.statement_issued.v1": 3,
}
"""Of twenty encounters a few are without coverage, held for people, or denied; the others pass all these stations."""
QUIET_SECONDS_MAX = 60
PENDING = """
SELECT (SELECT count(*) FROM outbox WHERE failure IS NULL)
     + (SELECT count(*) FROM task WHERE state IN ('ready', 'pending', 'sending') AND due_at <= $1)
"""
PUBLISHED = "SELECT coalesce(sum(version), 0)::bigint FROM stream"
READ = "SELECT reader, topic, sum(next_offset)::bigint AS read FROM position GROUP BY 1, 2"


async def test_twenty_encounters_pass_through_what_the_compose_file_declares(
    compose: Callable[..., Any], server: EmbeddedPostgres, tmp_path: Path
) -> None:
    """
    Registered by MLLP and FHIR, claimed, paid by 835, billed to patients: analytics heard it all.

    A relay, the sandbox and an API are killed on the way. Charged = insurance paid + adjusted + patient paid + written
    off + insurance open + in transit + patient open, for each of them, and the services agree with one another, with
    the payers and with the bank.
    """
    world = _world()
    file = tmp_path / "world.json"
    file.write_bytes(to_json(world))
    composition = compose({"sandbox": {"REVCYCLE_SANDBOX_WORLD": str(file)}})
    await asyncio.to_thread(composition.start)
    rest = Rest(composition, server)

    await rest.settled(lambda: _registered(composition, world))
    for number, move in enumerate(MOVES):
        composition.move_clock(move)
        if number == MOVE_OF_THE_KILLS:
            composition.kill_and_start("claims-relay", "sandbox", "patient-billing-api")
        await rest.settled()

    assert {"hl7v2", "fhir"} <= await _formats(composition, world)
    seen = await _seen(composition, world)
    assert composition.ended() == []
    assert _expected(world) == {encounter["encounter_id"] for encounter in seen.encounters}
    assert [] == [
        encounter["encounter_id"] for encounter in seen.encounters if not _conserved(encounter["money_cents"])
    ]
    assert seen.money["conserved"]
    assert [] == seen.findings
    assert AT_LEAST == {name: min(seen.events.get(name, 0), least) for name, least in AT_LEAST.items()}
    ended = composition.stop()
    assert set(ended.values()) <= {0, -signal.SIGTERM}, "some process failed, or had to be killed"


def _world() -> World:
    start_on = datetime.now(UTC).date() - timedelta(days=DAYS_PASSED)
    return demo_world(seed=1, encounters=ENCOUNTERS, months=1, start_on=start_on)


def _expected(world: World) -> set[str]:
    places, facility_of = places_of(world), {clinic.code: clinic.facility or clinic.code for clinic in world.clinics}
    return {str(places.encounter_id(facility_of[visit.clinic], visit.number)) for visit in world.visits}


def _conserved(money: dict[str, int]) -> bool:
    """Charged is the sum of all that became of it."""
    return money["charged"] == sum(amount for name, amount in money.items() if name != "charged")


@dataclass(frozen=True, slots=True)
class Seen:
    """What analytics shows."""

    encounters: list[dict[str, Any]]
    money: dict[str, Any]
    events: dict[str, int]
    findings: list[dict[str, Any]]


async def _seen(composition: Any, world: World) -> Seen:
    async with _reader(composition, world, "analytics-api") as analytics:
        shown = [
            (await analytics.get(path)).raise_for_status().json()
            for path in ("/v1/encounters?limit=200", "/v1/money", "/v1/event-counts", "/v1/reconciliation")
        ]
    return Seen(shown[0]["items"], shown[1], shown[2]["by_type"], shown[3]["findings"])


def _reader(composition: Any, world: World, name: str) -> httpx.AsyncClient:
    """Give a client of one API, with a token of the composition's own issuer."""
    issuer = LocalIssuer(composition.folder / "keys" / "issuer.key", clock=composition)
    token = issuer.issue("auditor", **places_of(world).grant)
    return httpx.AsyncClient(base_url=composition.url(name), headers={"Authorization": f"Bearer {token}"}, timeout=30)


async def _registered(composition: Any, world: World) -> bool:
    async with _reader(composition, world, "analytics-api") as analytics:
        answer = await analytics.get("/v1/encounters?limit=200")
    return answer.is_success and len(answer.json()["items"]) == ENCOUNTERS


async def _formats(composition: Any, world: World) -> set[str]:
    """Return the formats of the messages that the clinics' EHRs sent."""
    formats: set[str] = set()
    async with _reader(composition, world, "eligibility-api") as eligibility:
        for clinic_id in places_of(world).clinics.values():
            answer = await eligibility.get(f"/v1/clinics/{clinic_id}/messages?limit=200")
            formats |= {message["format"] for message in answer.raise_for_status().json()["items"]}
    return formats


class Rest:
    """Tells when nothing more can happen until time passes."""

    def __init__(self, composition: Any, server: EmbeddedPostgres) -> None:
        self._composition = composition
        self._server = server

    async def settled(self, also: Callable[[], Any] | None = None) -> None:
        """Wait until all is quiet, twice in a row, and `also` holds."""
        until = asyncio.get_running_loop().time() + QUIET_SECONDS_MAX
        quiet = 0
        while quiet < 2:
            await asyncio.sleep(0.5)
            unquiet = await self._unquiet() or (also is not None and not await also() and "not all registered")
            quiet = 0 if unquiet else quiet + 1
            ended = self._composition.ended()
            assert not ended, [self._composition.said(name) for name in ended]
            assert asyncio.get_running_loop().time() < until, unquiet

    async def _unquiet(self) -> str:
        """Say what still happens; empty when nothing does."""
        published, read = {}, []
        for name in SERVICES:
            async with self._server.connect_as_superuser(name) as database:
                if pending := await database.fetchval(PENDING, self._composition.now()):
                    return f"{name} has {pending} things to do"
                published[f"{name}.events"] = await database.fetchval(PUBLISHED)
                read += await database.fetch(READ)
        behind = [row["reader"] for row in read if row["read"] < published[row["topic"]]]
        if behind:
            return f"{behind} have not read everything"
        async with httpx.AsyncClient(base_url=self._composition.url("sandbox")) as sandbox:
            try:
                waiting = (await sandbox.get("/health")).json()["waiting"]
            except httpx.TransportError:
                return "the sandbox is starting again"
        return f"{waiting} parcels wait at the sandbox" if waiting else ""

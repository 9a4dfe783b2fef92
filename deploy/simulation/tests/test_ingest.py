"""Files of our own making are taken in, played to the end, and accounted for; codes send one on to paid."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from revcycle.ingest.listing import Lister
from revcycle.ingest.outcomes import endings_of
from revcycle.ingest.report import Ending, Report
from revcycle_simulation.database_pool import DatabasePool, opened_database_pool
from revcycle_simulation.ingest import IngestOptions, ingest_into, play_on, scenario_for
from revcycle_simulation.setup import SimulationSetup, set_up

UNKNOWN_PAYER = "MOONSHINE MUTUAL"
DOCTOR = "1999999992^HOUSE^ANN^^^^^^NPI"


def _segment(name: str, fields: dict[int, str]) -> str:
    return "|".join([name, *(fields.get(number, "") for number in range(1, max(fields) + 1))])


def charged(
    number: int, *, code: str = "G0463", payer: str = UNKNOWN_PAYER, member: str = "M1", dollars: str = "200.00"
) -> bytes:
    """Write a DFT with all that a claim needs, of one service."""
    person = f"PROBE^G{number}"
    patient = {3: f"P{number}^^^TEST^MR", 5: person, 7: "19800101", 8: "F", 11: "1 MAIN ST^^ALBANY^NY^12207"}
    charge = {1: "1", 4: "20260110", 6: "CG", 7: f"{code}^^HCPCS", 10: "1", 11: dollars, 19: "I10^^I10", 20: DOCTOR}
    insurance = {3: payer.replace(" ", "")[:10], 4: payer, 16: person, 17: "SEL", 18: "19800101", 36: member}
    segments = [
        f"MSH|^~\\&|PROBE|TESTHOUSE|||20260110120000||DFT^P03|C{number}|P|2.5.1",
        _segment("EVN", {1: "P03", 2: "20260110120000"}),
        _segment("PID", patient),
        _segment("PV1", {2: "O", 7: DOCTOR, 19: f"V{number}", 44: "20260110"}),
        _segment("FT1", charge),
        _segment("DG1", {1: "1", 3: "I10^^I10"}),
        _segment("IN1", {1: "1", **insurance}),
    ]
    return "\r".join(segments).encode()


def _claim_of(number: int, patient: dict[str, str], coverage: dict[str, str]) -> dict[str, Any]:
    snomed = "http://snomed.info/sct"
    return {
        "resourceType": "Claim",
        "id": "k",
        "status": "active",
        "use": "claim",
        "type": {"coding": [{"code": "professional"}]},
        "patient": patient,
        "created": "2026-01-12",
        "insurance": [{"sequence": 1, "focal": True, "coverage": coverage}],
        "item": [
            {
                "sequence": 1,
                "encounter": [{"reference": f"Encounter/e{number}"}],
                "productOrService": {"coding": [{"system": snomed, "code": "185349003"}]},
                "net": {"value": 150.00, "currency": "USD"},
            }
        ],
    }


def bundle(number: int) -> bytes:
    """Write a FHIR bundle whose procedure and diagnosis are SNOMED CT; its coverage has no member number."""
    patient, coverage = {"reference": "Patient/p"}, {"reference": "Coverage/c"}
    resources: list[dict[str, Any]] = [
        {
            "resourceType": "Patient",
            "id": "p",
            "identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": f"F{number}"}],
            "name": [{"family": "Probe", "given": [f"Fay{number}"]}],
            "birthDate": "1975-05-05",
            "gender": "female",
            "address": [{"line": ["2 MAIN ST"], "city": "ALBANY", "state": "NY", "postalCode": "12207"}],
        },
        {
            "resourceType": "Practitioner",
            "id": "d",
            "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1999999992"}],
            "name": [{"family": "House", "given": ["Ann"]}],
        },
        {
            "resourceType": "Coverage",
            "id": "c",
            "status": "active",
            "beneficiary": patient,
            "payor": [{"display": UNKNOWN_PAYER}],
        },
        {
            "resourceType": "Encounter",
            "id": f"e{number}",
            "status": "finished",
            "class": {"code": "AMB"},
            "subject": patient,
            "participant": [{"type": [{"coding": [{"code": "PPRF"}]}], "individual": {"reference": "Practitioner/d"}}],
            "period": {"start": "2026-01-12T09:00:00Z", "end": "2026-01-12T09:30:00Z"},
        },
        _claim_of(number, patient, coverage),
    ]
    return json.dumps(
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources]}
    ).encode()


def unwatched(word: str, done: float) -> None:
    """Let nobody watch."""


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[DatabasePool]:
    async with opened_database_pool() as opened:
        yield opened


@pytest.fixture
async def setup(pool: DatabasePool) -> AsyncIterator[SimulationSetup]:
    async with pool.databases() as databases:
        play = replace(scenario_for(IngestOptions(())), databases=databases)
        async with set_up(play) as opened:
            yield opened


async def ingested(setup: SimulationSetup, folder: Path, files: dict[str, bytes], *, play: bool = True) -> Report:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return await ingest_into(setup, IngestOptions((folder,), play=play), unwatched)


async def test_a_coded_visit_of_people_and_a_payer_nobody_knows_ends_paid(
    setup: SimulationSetup, tmp_path: Path
) -> None:
    report = await ingested(setup, tmp_path, {"a.hl7": charged(1)})
    assert {"paid": 1} == report.outcomes(), report.reasons("claim_held")
    assert report.sound
    assert 200_00 == report.money_cents["charged"]
    assert 96_00 == report.money_cents["insurance_paid"], "60 % of the charge is allowed, 80 % of that is paid"
    assert 24_00 == report.money_cents["patient_paid"]


async def test_a_visit_without_a_member_number_is_enrolled_by_name_and_paid(
    setup: SimulationSetup, tmp_path: Path
) -> None:
    report = await ingested(setup, tmp_path, {"a.hl7": charged(1, member="")})
    assert {"paid": 1} == report.outcomes(), report.reasons("claim_held")


async def test_a_service_that_the_payer_refuses_is_a_denial_with_its_name(
    setup: SimulationSetup, tmp_path: Path
) -> None:
    report = await ingested(setup, tmp_path, {"a.hl7": charged(1, code="L1833", payer="SUMMIT SANDBOX HEALTH")})
    assert [("denied", "CO-4 coding")] == [(each.outcome, each.reason) for each in report.endings]
    assert report.sound


async def test_one_call_with_codes_sends_a_waiting_encounter_on_to_paid(setup: SimulationSetup, tmp_path: Path) -> None:
    report = await ingested(setup, tmp_path, {"a.json": bundle(1)})
    (waiting,) = report.endings
    assert ("waiting_for_codes", "missing: procedure, diagnosis (received as snomed)") == (
        waiting.outcome,
        waiting.reason,
    )
    async with setup.system.client("claims", "coder", **setup.places.grant) as coder:
        path = f"/v1/encounters/{waiting.encounter_id}"
        (charge,) = (await coder.get(path)).json()["charges"]
        codes = {"lines": [{"line_id": charge["line_id"], "code": "G0463"}], "diagnoses": ["I10"]}
        answer = await coder.post(f"{path}/coding", json=codes, headers={"Idempotency-Key": "one"})
        assert "done" == answer.json()["coding"]
    await play_on(setup, unwatched)
    assert Ending(waiting.encounter_id, "paid", "by the payer") == await ending(setup, waiting.encounter_id)


async def ending(setup: SimulationSetup, encounter_id: str) -> Ending:
    lister = Lister(setup.system, setup.places)
    try:
        (found,) = await endings_of([encounter_id], lister, setup.clock.now().date())
    finally:
        await lister.close()
    return found


async def test_whatever_lies_in_a_folder_is_accounted_for(setup: SimulationSetup, tmp_path: Path) -> None:
    message = charged(1)
    files = {
        "01.hl7": message,
        "02.hl7": message,
        "03.hl7": charged(1, dollars="300.00"),
        "04.hl7": message[:40],
        "05.json": bundle(2)[:300],
        "06.json": b"[" * 100_000,
        "07.bin": bytes(range(256)) * 40,
        "08": b"",
        "09.hl7": charged(9, member="M9") + b"\r\r" + charged(10, member="M10"),
        "10.json": b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": 7}}]}',
        "11.txt": "Grüße, kein HL7.".encode("utf-16"),
        "12.pdf": b"%PDF-1.4",
    }
    report = await ingested(setup, tmp_path, files)
    fates = {(Path(message.path).name, message.number): message.fate for message in report.taken}
    assert "accepted" == fates["01.hl7", 1] == fates["09.hl7", 1] == fates["09.hl7", 2]
    assert "repeated" == fates["02.hl7", 1]
    assert "held" == fates["03.hl7", 1], "the same control id with other content"
    assert {name for name, _ in fates} == set(files)
    unusable = {"04.hl7", "05.json", "06.json", "07.bin", "08", "10.json", "11.txt", "12.pdf"}
    assert {"refused"} == {fate for (name, _), fate in fates.items() if name in unusable}
    assert all(message.reasons for message in report.taken if message.fate in ("refused", "held"))
    assert {"paid": 3} == report.outcomes()
    assert report.sound


async def test_without_play_time_stands_still_and_the_endings_say_where_it_waits(
    setup: SimulationSetup, tmp_path: Path
) -> None:
    before = setup.clock.now()
    report = await ingested(setup, tmp_path, {"a.hl7": charged(1), "b.json": bundle(1)}, play=False)
    assert before == setup.clock.now()
    assert 2 == len(report.endings)
    assert "paid" not in report.outcomes()
    assert 1 == report.outcomes()["waiting_for_codes"]
    assert report.sound


async def test_a_folder_taken_in_twice_changes_nothing_the_second_time(setup: SimulationSetup, tmp_path: Path) -> None:
    files = {"a.hl7": charged(1), "b.json": bundle(1)}
    first = await ingested(setup, tmp_path, files)
    second = await ingested(setup, tmp_path, files)
    assert {"accepted": 0, "held": 0, "refused": 0, "repeated": 2} == second.fates()
    assert first.money_cents == second.money_cents
    assert first.outcomes() == second.outcomes()

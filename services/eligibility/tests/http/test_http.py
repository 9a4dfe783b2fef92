"""The HTTP edge: who may do what, what is refused, and what a newcomer reads."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from eligibility.domain import identifiers
from eligibility.partners.clearinghouse import NoClearinghouse
from eligibility.service import build
from eligibility.testing.api import ROLES, Api, serving
from eligibility.testing.practice import CLINIC, ORGANIZATION, PAYEE, START
from revcycle_kit.testing.harness import Harness

OTHER_ORGANIZATION = UUID("00000000-0000-8000-8000-00000000000b")
OTHER_CLINIC = UUID("00000000-0000-8000-8000-00000000000d")
ADMISSION = (
    b"MSH|^~\\&|EHR|RIVER|RCM|RC|20260105090000||ADT^A04|{control}|P|2.5.1\r"
    b"PID|1||MRN1^^^RIVER^MR||DOE^JANE||19800203|F|||2 Oak St^^Albany^NY^12207\r"
    b"PV1|1|O|||||1234567893^HART^ANN||||||||||||V100|||||||||||||||||||||||||20260105083000\r"
    b"IN1|1|PPO01|PPO01|Northern PPO||||GRP1||||||||DOE^JANE|SEL|19800203||||||||||||||||||M1\r"
)


@pytest.fixture
async def api(harness: Callable[..., Awaitable[Harness]], tmp_path: Path) -> AsyncIterator[Api]:
    """Serve the API without a clearinghouse."""
    at_work = await harness(build(NoClearinghouse()), package="eligibility", start=START)
    async with serving(at_work, tmp_path) as served:
        yield served


async def entered(api: Api) -> None:
    """Enter a clinic and a payer."""
    clinic = {"name": "River", "time_zone": "America/New_York", "billing_entity_ids": [str(PAYEE)]}
    answer = await api.send("PUT", f"/v1/clinics/{CLINIC}", {**clinic, "facility_codes": ["RIVER"]}, key="c")
    assert 200 == answer.status_code, answer.text
    payer = {"name": "Northern PPO", "payer_code": "PPO01", "kind": "commercial", "filing_indicator": "CI"}
    answer = await api.send("POST", "/v1/payers", {**payer, "timely_filing_days": 90, "real_time": False}, key="p")
    assert {"id": str(identifiers.payer(ORGANIZATION, "PPO01")), "changed": True} == answer.json()


async def admitted(api: Api) -> str:
    """Enter a clinic and take an admission in; return the encounter's id."""
    await entered(api)
    answer = await api.send("POST", f"/v1/clinics/{CLINIC}/messages", ADMISSION.replace(b"{control}", b"1"))
    [receipt] = answer.json()
    assert "accepted" == receipt["outcome"]
    [encounter_id] = receipt["encounter_ids"]
    return str(encounter_id)


async def test_an_admission_can_be_found_by_its_visit_number_and_read_whole(api: Api) -> None:
    encounter_id = await admitted(api)

    page = (await api.send("GET", f"/v1/clinics/{CLINIC}/encounters?visit_number=V100")).json()
    assert [encounter_id] == [row["encounter_id"] for row in page["items"]]
    assert "DOE" not in json.dumps(page)

    told = (await api.send("GET", f"/v1/clinics/{CLINIC}/encounters/{encounter_id}")).json()
    assert ("DOE", "V100", "M1") == (told["patient"]["family"], told["visit_number"], told["coverages"][0]["member_id"])


async def test_a_repeated_message_says_so(api: Api) -> None:
    await admitted(api)
    answer = await api.send("POST", f"/v1/clinics/{CLINIC}/messages", ADMISSION.replace(b"{control}", b"1"))
    assert ["repeated"] == [receipt["outcome"] for receipt in answer.json()]


async def test_a_file_of_several_messages_is_accounted_for_one_by_one(api: Api) -> None:
    await entered(api)
    file = ADMISSION.replace(b"{control}", b"1") + b"MSH|^~\\&|EHR|RIVER|||20260105||ORU^R01|2|P|2.5\r"
    answer = await api.send("POST", f"/v1/clinics/{CLINIC}/messages", file)
    assert ["accepted", "refused"] == [receipt["outcome"] for receipt in answer.json()]


async def test_a_held_message_is_listed_with_what_it_lacks_and_can_be_replayed(api: Api) -> None:
    await entered(api)
    raw = ADMISSION.replace(b"{control}", b"1").replace(b"MRN1^^^RIVER^MR", b"")
    await api.send("POST", f"/v1/clinics/{CLINIC}/messages", raw)

    listed = (await api.send("GET", f"/v1/clinics/{CLINIC}/messages?state=held")).json()
    [held] = listed["items"]
    assert "PID-3" == held["gaps"][0]["where"]

    answer = await api.send("POST", f"/v1/clinics/{CLINIC}/messages/replay", {"states": ["held"]})
    assert ["held"] == [receipt["outcome"] for receipt in answer.json()]
    [again] = (await api.send("GET", f"/v1/clinics/{CLINIC}/messages")).json()["items"]
    assert 2 == again["attempts"]


async def test_a_message_held_for_its_control_id_is_used_once_released(api: Api) -> None:
    await admitted(api)
    other = ADMISSION.replace(b"{control}", b"1").replace(b"V100", b"V200")
    [held] = (await api.send("POST", f"/v1/clinics/{CLINIC}/messages", other)).json()
    assert "held" == held["outcome"]

    path = f"/v1/clinics/{CLINIC}/messages/{held['message_id']}/release"
    assert "accepted" == (await api.send("POST", path)).json()["outcome"]

    found = (await api.send("GET", f"/v1/clinics/{CLINIC}/encounters?visit_number=V200")).json()
    assert 1 == len(found["items"])


async def test_a_registration_by_hand_is_the_same_encounter_each_time(api: Api) -> None:
    await entered(api)
    asked = {
        "medical_record_number": "M7",
        "patient": {"family": "ROE", "given": "ANN", "birth_on": "1990-01-01"},
        "visit_number": "W1",
        "service_on": "2026-01-05",
        "coverages": [{"payer_code": "PPO01", "member_id": "M7"}],
    }
    first = (await api.send("POST", f"/v1/clinics/{CLINIC}/encounters", asked)).json()
    asked["visit_class"] = "emergency"
    again = (await api.send("POST", f"/v1/clinics/{CLINIC}/encounters", asked)).json()
    assert first["encounter_ids"] == again["encounter_ids"]
    assert ["encounter_registered", "coverage_order_decided", "encounter_updated"] == (
        await api.harness.said_names(UUID(first["encounter_ids"][0]))
    )


async def test_charges_by_hand_reach_claims_and_the_same_reference_adds_nothing(api: Api) -> None:
    encounter_id = await admitted(api)
    path = f"/v1/clinics/{CLINIC}/encounters/{encounter_id}/charges"
    asked = {"reference": "slip-1", "lines": [{"code": "G0463", "amount_cents": 250_00}]}
    assert "1 lines" == (await api.send("POST", path, asked, key="a")).json()["state"]
    assert "0 lines" == (await api.send("POST", path, asked, key="b")).json()["state"]
    assert 1 == (await api.harness.said_names()).count("charges_received")


@pytest.mark.parametrize(
    "line",
    [
        {"code": "G0463", "amount_cents": 2.5},
        {"code": "'; drop", "amount_cents": 1},
        {"code": "G0463", "surprise": 1},
        {"code": "G0463", "units": "-1"},
        {"code": "G0463", "modifiers": ["toolong"]},
    ],
)
async def test_a_charge_that_is_none_is_refused_naming_the_field(api: Api, line: dict[str, Any]) -> None:
    path = f"/v1/clinics/{CLINIC}/encounters/{UUID(int=5)}/charges"
    answer = await api.send("POST", path, {"reference": "slip", "lines": [line]}, key="a")
    assert 422 == answer.status_code
    assert answer.json()["errors"][0]["where"].startswith("body.lines[0]")


async def test_a_credit_without_its_charge_is_refused_with_what_to_do(api: Api) -> None:
    encounter_id = await admitted(api)
    asked = {"reference": "slip-1", "lines": [{"code": "G0463", "credit": True}]}
    answer = await api.send("POST", f"/v1/clinics/{CLINIC}/encounters/{encounter_id}/charges", asked, key="a")
    assert 422 == answer.status_code
    assert "charges_received" not in await api.harness.said_names()


async def test_an_encounter_with_charges_is_not_cancelled_and_one_without_is(api: Api) -> None:
    encounter_id = await admitted(api)
    path = f"/v1/clinics/{CLINIC}/encounters/{encounter_id}"
    asked = {"reference": "slip-1", "lines": [{"code": "G0463"}]}
    await api.send("POST", f"{path}/charges", asked, key="a")
    assert 409 == (await api.send("POST", f"{path}/cancel", {}, key="b")).status_code
    await api.send("POST", f"{path}/finish", key="c")
    assert "encounter_finished" in await api.harness.said_names()


async def test_a_clinicians_npi_is_checked(api: Api) -> None:
    answer = await api.send("POST", "/v1/providers", {"npi": "1234567890", "family": "HART"}, key="a")
    assert (422, "npi") == (answer.status_code, answer.json()["errors"][0]["where"])


async def test_an_entry_that_messages_named_is_listed_as_provisional(api: Api) -> None:
    await entered(api)
    raw = ADMISSION.replace(b"{control}", b"1").replace(b"PPO01|PPO01|Northern PPO", b"X|X9|Southern Health")
    await api.send("POST", f"/v1/clinics/{CLINIC}/messages", raw)
    found = (await api.send("GET", "/v1/directory/payers?provisional=true")).json()
    assert ["X9"] == [entry["payer_code"] for entry in found]


async def test_without_a_key_a_command_is_not_taken(api: Api) -> None:
    path = f"/v1/clinics/{CLINIC}/encounters/{UUID(int=5)}/verifications"
    assert 400 == (await api.send("POST", path, {})).status_code


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/clinics/{clinic}/encounters"),
        ("GET", "/v1/clinics/{clinic}/encounters/{encounter}"),
        ("GET", "/v1/clinics/{clinic}/messages"),
        ("GET", "/v1/clinics/{clinic}/inquiries"),
        ("GET", "/v1/clinics/{clinic}/authorizations"),
        ("POST", "/v1/clinics/{clinic}/messages"),
        ("POST", "/v1/clinics/{clinic}/messages/replay"),
        ("POST", "/v1/clinics/{clinic}/encounters/{encounter}/finish"),
        ("DELETE", "/v1/clinics/{clinic}/encounters/{encounter}/coverages/{encounter}"),
    ],
)
async def test_another_clinics_data_does_not_exist(api: Api, method: str, path: str) -> None:
    encounter_id = await admitted(api)
    stranger = api.as_caller(*ROLES, clinic=OTHER_CLINIC)
    body = {"states": ["accepted"]} if path.endswith("replay") else None
    own_path = path.format(clinic=CLINIC, encounter=encounter_id)
    answer = await api.send(method, own_path, body, key="k", **stranger)
    assert 404 == answer.status_code, answer.text

    other_path = path.format(clinic=OTHER_CLINIC, encounter=encounter_id)
    if method == "GET" and "{encounter}" not in path:
        assert [] == (await api.send(method, other_path, **stranger)).json()["items"]
    elif "{encounter}" in path:
        assert 404 == (await api.send(method, other_path, body, key="j", **stranger)).status_code


async def test_another_organizations_directory_does_not_exist(api: Api) -> None:
    await entered(api)
    stranger = api.as_caller(*ROLES, organization=OTHER_ORGANIZATION)
    assert [] == (await api.send("GET", "/v1/directory/payers", **stranger)).json()


@pytest.mark.parametrize(
    ("method", "path", "role"),
    [
        ("PUT", f"/v1/clinics/{CLINIC}", "front_desk"),
        ("POST", f"/v1/clinics/{CLINIC}/messages", "front_desk"),
        ("GET", f"/v1/clinics/{CLINIC}/encounters", "intake"),
    ],
)
async def test_a_role_may_do_only_its_own(api: Api, method: str, path: str, role: str) -> None:
    answer = await api.send(method, path, {"name": "x", "time_zone": "UTC"}, key="a", **api.as_caller(role))
    assert 403 == answer.status_code


async def test_what_another_organization_has_cannot_be_entered(api: Api) -> None:
    clinic = {"name": "River", "time_zone": "America/New_York"}
    payee = {"name": "River", "tin": "000000000", "npi": "1234567893"}
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("PUT", f"/v1/clinics/{OTHER_CLINIC}", clinic),
        ("PUT", f"/v1/clinics/{CLINIC}", {**clinic, "billing_entity_ids": [str(OTHER_CLINIC)]}),
        ("PUT", f"/v1/billing-entities/{OTHER_CLINIC}", payee),
        ("PUT", f"/v1/billing-entities/{PAYEE}", {**payee, "clinic_ids": [str(OTHER_CLINIC)]}),
        ("PUT", f"/v1/clinics/{OTHER_CLINIC}/prices", {"prices": []}),
        ("POST", "/v1/providers", {"npi": "1234567893", "family": "HART", "clinic_ids": [str(OTHER_CLINIC)]}),
    ]
    answers = [await api.send(*one, key=f"theirs-{number}") for number, one in enumerate(asked)]

    assert [404] * len(asked) == [answer.status_code for answer in answers]
    assert [] == await api.harness.said_names()


@pytest.mark.parametrize("field", ["charge_cents", "allowed_cents"])
async def test_a_price_below_zero_is_refused(api: Api, field: str) -> None:
    price = {"code": "99213", "charge_cents": 100, "allowed_cents": {"x": 0}}
    price[field] = -1 if field == "charge_cents" else {"x": -1}
    answer = await api.send("PUT", f"/v1/clinics/{CLINIC}/prices", {"prices": [price]}, key="below")
    assert 422 == answer.status_code
    assert field in answer.json()["errors"][0]["where"]

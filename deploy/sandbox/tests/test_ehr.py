"""What the clinics' EHRs send, and what their desks answer."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from revcycle_sandbox import Parcel, Sandbox, load_scenario, truth
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.parcels import json_parcel
from revcycle_sandbox.world import Enrollment, Provider

NIGHT = datetime(2026, 12, 31, tzinfo=UTC)
COVERED = {"payer": "PPO01", "member_id": "M1", "plan": "PLAN"}


def world(visit: dict[str, Any], **patient: Any) -> Any:
    """A scenario with one patient and one visit."""
    person = {"mrn": "P1", "family": "DOE", "given": "JANE", "birth_on": date(1980, 2, 1), "coverages": [COVERED]}
    seen = {"number": "V1", "mrn": "P1", "service_on": date(2026, 1, 12), "services": [{"code": "G0463"}]}
    return load_scenario(
        {
            "payers": [{"code": "PPO01", "fees": {"G0463": "180.00"}}],
            "plans": [{"code": "PLAN", "payer": "PPO01"}],
            "patients": [person | patient],
            "visits": [seen | visit],
        }
    )


def everything(sandbox: Sandbox) -> list[Parcel]:
    return sandbox.step(NIGHT)[0]


def fields(parcel: Parcel, segment: str) -> list[str]:
    """Fields of the first segment of that name; [n] is field n."""
    return next(line.split("|") for line in parcel.content.decode().split("\r") if line.startswith(segment))


def kinds(parcels: list[Parcel]) -> list[str]:
    return [fields(parcel, "MSH")[8][:7] for parcel in parcels if parcel.channel == "ehr.hl7"]


def test_a_scheduled_visit_is_booked_registered_ended_and_charged() -> None:
    sent = everything(Sandbox(world({"scheduled_days_before": 5}), 1))
    assert ["ADT^A28", "SIU^S12", "ADT^A04", "ADT^A03", "DFT^P03"] == kinds(sent)


@pytest.mark.parametrize(("cancelled", "trigger"), [("cancelled", "SIU^S15"), ("no_show", "SIU^S26")])
def test_an_appointment_that_does_not_happen_is_called_off(cancelled: str, trigger: str) -> None:
    sent = everything(Sandbox(world({"scheduled_days_before": 5, "cancelled": cancelled}), 1))
    assert ["ADT^A28", "SIU^S12", trigger] == kinds(sent)


def test_registration_names_patient_visit_and_insurance() -> None:
    arrival = next(message for message in everything(Sandbox(world({}), 1)) if "A04" in fields(message, "MSH")[8])
    assert ("P1^^^CLINIC^MR", "DOE^JANE", "19800201") == tuple(fields(arrival, "PID")[place] for place in (3, 5, 7))
    assert "V1^^^CLINIC^VN" == fields(arrival, "PV1")[19]
    insurance = fields(arrival, "IN1")
    assert ("PPO01", "PAYER PPO01", "SEL", "M1") == tuple(insurance[place] for place in (3, 4, 17, 36))


def test_a_charge_carries_code_units_modifiers_and_diagnosis() -> None:
    service = {"code": "G0127", "units": 2, "modifiers": ["59"], "amount": "130.00"}
    charge = everything(Sandbox(world({"services": [service], "diagnoses": ["E11.42"]}), 1))[-1]
    told = fields(charge, "FT1")
    assert ("20260112", "CG", "2", "130.00") == tuple(told[place] for place in (4, 6, 10, 11))
    assert ("E11.42^^I10", "G0127^^HCPCS", "59") == (told[19], told[25], told[26])


def test_a_late_charge_comes_by_itself() -> None:
    services = [{"code": "G0463"}, {"code": "A4550", "late_after_days": 20}]
    charges = [
        message for message in everything(Sandbox(world({"services": services}), 1)) if b"DFT" in message.content
    ]
    assert ["G0463^^HCPCS", "A4550^^HCPCS"] == [fields(charge, "FT1")[25] for charge in charges]


def test_a_fhir_clinic_sends_one_bundle_with_all_of_it() -> None:
    [sent] = everything(Sandbox(world({"feed": "fhir", "services": [{"code": "G0463", "amount": "250.10"}]}), 1))
    assert "ehr.fhir" == sent.channel
    resources = {entry["resource"]["resourceType"]: entry["resource"] for entry in json.loads(sent.content)["entry"]}
    assert {"Patient", "Practitioner", "Encounter", "Condition", "Organization", "Coverage", "Claim"} == set(resources)
    [item] = resources["Claim"]["item"]
    assert ("G0463", 250.10) == (item["productOrService"]["coding"][0]["code"], item["net"]["value"])
    assert "M1" == resources["Coverage"]["subscriberId"]


def test_a_separator_in_a_name_does_not_break_the_message() -> None:
    arrival = everything(Sandbox(world({}, family="O|DD^NAME"), 1))[0]
    assert "O\\F\\DD\\S\\NAME^JANE" == fields(arrival, "PID")[5]


def ask(sandbox: Sandbox, **question: Any) -> list[Parcel]:
    """Ask the desk in February and give what comes of it."""
    asked_at = datetime(2026, 2, 2, 9, tzinfo=UTC)
    body = {"question_id": "Q1", "visit_number": "V1"} | question
    sandbox.step(asked_at - timedelta(hours=1))
    sandbox.step(asked_at, [json_parcel("question", "BILLER", "CLINIC", body)])
    return sandbox.step(asked_at + timedelta(days=3))[0]


def test_asked_about_registration_the_desk_sends_the_truth() -> None:
    """Registered with a wrong member id; an A08 with the right one leaves beside the answer."""
    sandbox = Sandbox(world({"presented": [{"payer": "PPO01", "member_id": "WRONG"}]}), 1)
    update, answer = ask(sandbox, about="registration")
    assert ("ADT^A08", "M1") == (fields(update, "MSH")[8][:7], fields(update, "IN1")[36])
    assert answer.body()["registration_corrected"] is True


def test_what_was_missing_comes_with_the_correction() -> None:
    sandbox = Sandbox(world({"missing": ["birth_on"]}), 1)
    update, _answer = ask(sandbox, about="registration")
    assert "19800201" == fields(update, "PID")[7]


def test_a_right_registration_is_not_sent_again() -> None:
    [answer] = ask(Sandbox(world({}), 1), about="registration")
    assert answer.body()["registration_corrected"] is False


def test_asked_about_a_denial_the_coder_gives_what_fits_its_reason() -> None:
    fixes = [{"field": "modifiers", "value": "RT", "line_number": 1, "for_carc": "4"}]
    [for_modifier] = ask(Sandbox(world({"fixes": fixes}), 1), about="denial", carc="4")
    [for_necessity] = ask(Sandbox(world({"fixes": fixes}), 1), about="denial", carc="50")
    assert [{"field": "modifiers", "value": "RT", "line_number": 1}] == for_modifier.body()["changes"]
    assert [] == for_necessity.body()["changes"]


def test_a_question_about_no_known_visit_is_answered_as_such() -> None:
    [answer] = ask(Sandbox(world({}), 1), about="coding", visit_number="NONE")
    assert "no visit has this number" == answer.body()["message"]


def test_an_appointment_names_what_is_planned() -> None:
    """HL7 v2 chapter 10: AIS-3 is the service; a payer can only be asked about what is known beforehand."""
    sent = everything(Sandbox(world({"scheduled_days_before": 5}), 1))
    booked = next(message for message in sent if "S12" in fields(message, "MSH")[8])
    assert "G0463^^HCPCS" == fields(booked, "AIS")[3]


def supervisors(member_id: str) -> list[dict[str, Any]]:
    """Ask who supervised the visit of a clinician whom the payer does not know yet; there is one colleague."""
    enrolled = [{"payer": "PPO01", "npi": "1245319599", "effective_on": date(2026, 6, 1)}]
    clinicians = [
        {"npi": npi, "family": family, "given": "ANN", "clinics": ["CLINIC"]}
        for npi, family in (("1245319599", "NEW"), ("1234567893", "OLD"))
    ]
    visit = {"provider_npi": "1245319599"}
    made = msgspec.structs.replace(
        world(visit, coverages=[COVERED | {"member_id": member_id}]),
        enrollments=msgspec.convert(enrolled, tuple[Enrollment, ...]),
        providers=msgspec.convert(clinicians, tuple[Provider, ...]),
    )
    sandbox = Sandbox(made, 1)
    sandbox.step(NIGHT)
    question = {"question_id": "Q", "visit_number": "V1", "about": "enrollment"}
    sandbox.step(NIGHT, [json_parcel("question", "BILLER", "CLINIC", question)])
    [answer] = [parcel for parcel in sandbox.step(NIGHT + timedelta(days=3))[0] if parcel.channel == "answer"]
    changes: list[dict[str, Any]] = answer.body()["changes"]
    return changes


@pytest.mark.parametrize(("documented", "lines"), [(True, [None, 1]), (False, [])])
def test_a_credentialed_supervisor_is_named_for_claim_and_lines_where_the_record_has_one(
    documented: bool,  # noqa: FBT001 - a case of the table
    lines: list[int | None],
) -> None:
    seen_on = date(2026, 1, 12)
    people = (f"M{number}" for number in range(50))
    member_id = next(person for person in people if documented == truth.documented(Draws(1), person, "G0463", seen_on))
    expected = [("rendering_provider_id", "1234567893", line) for line in lines]
    told = [
        (supervisor["field"], supervisor["value"], supervisor["line_number"]) for supervisor in supervisors(member_id)
    ]
    assert expected == told

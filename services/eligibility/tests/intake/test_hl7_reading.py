"""What HL7 v2 messages mean."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from eligibility.domain.facts import (
    Appointment,
    Cancellation,
    Charges,
    ClassChange,
    Discharge,
    Merge,
    Reading,
    Registration,
)
from eligibility.intake import Scope, read
from eligibility.testing.hl7 import hl7_message

SCOPE = Scope(UUID(int=10), "America/New_York")
PID = "PID|1||MRN1^^^RIVER^MR~9^^^SSA^SS||DOE^JANE^Q^^^^L||19800203|F|||2 Oak St^^Albany^NY^12207-1234||(518)555-0100"
PV1 = "PV1|1|O|||||1234567893^HART^ANN|55^NOVAK^IVA|||||||||||V100|||||||||||||||||||||||||20260105083000"
FT1 = "FT1|1|T1||20260105||{kind}|{code}|||{units}|{amount}|{unit}|||||||{dx}||||||{procedure}|{modifiers}"


def header(kind: str) -> str:
    return f"MSH|^~\\&|EHR|RIVER|RCM|RC|20260105090000||{kind}|C1|P|2.5.1"


def charge(**fields: str) -> str:
    blank = dict.fromkeys(("kind", "code", "units", "amount", "unit", "dx", "procedure", "modifiers"), "")
    return FT1.format(**{**blank, "kind": "CG", "code": "G0463", **fields})


def registration_in(reading: Reading) -> Registration:
    [fact] = reading.facts
    assert isinstance(fact, Registration)
    return fact


def charges_in(reading: Reading) -> Charges:
    [charges] = [fact for fact in reading.facts if isinstance(fact, Charges)]
    return charges


def test_a_registration_names_patient_encounter_and_clinicians() -> None:
    told = registration_in(read(hl7_message(header("ADT^A04"), PID, PV1), SCOPE))
    person, encounter = told.patient.person, told.encounter
    assert encounter is not None
    assert ("MRN1", "RIVER") == (told.patient.medical_record_number, told.patient.assigner)
    assert ("DOE", "JANE", date(1980, 2, 3), "F", "5185550100") == (
        person.family,
        person.given,
        person.birth_on,
        person.sex,
        person.phone,
    )
    assert "122071234" == person.address.postal_code
    assert ("V100", "outpatient", date(2026, 1, 5)) == (
        encounter.visit_number,
        encounter.visit_class,
        encounter.service_on,
    )
    assert datetime(2026, 1, 5, 13, 30, tzinfo=UTC) == encounter.admitted_at
    assert [("attending", "1234567893", ""), ("referring", None, "55")] == [
        (each.role, each.npi, each.local_id) for each in encounter.providers
    ]


def test_the_same_visit_has_the_same_id_in_every_message() -> None:
    admitted = registration_in(read(hl7_message(header("ADT^A04"), PID, PV1), SCOPE))
    charged = charges_in(read(hl7_message(header("DFT^P03"), "PID|1||MRN1^^^RIVER^MR", PV1, charge()), SCOPE))
    assert admitted.encounter is not None
    assert admitted.encounter.encounter_id == charged.encounter.encounter_id
    assert admitted.patient.patient_id == charged.patient.patient_id


def test_record_numbers_are_told_apart_by_their_assigner() -> None:
    one = registration_in(read(hl7_message(header("ADT^A04"), PID, PV1), SCOPE))
    other = registration_in(read(hl7_message(header("ADT^A04"), PID.replace("^^^RIVER^MR", "^^^LAKE^MR"), PV1), SCOPE))
    assert one.patient.patient_id != other.patient.patient_id


def test_an_encounter_without_any_number_is_told_by_patient_day_and_class() -> None:
    first = registration_in(read(hl7_message(header("ADT^A01"), PID, "PV1|1|I"), SCOPE)).encounter
    again = registration_in(read(hl7_message(header("ADT^A01"), PID, "PV1|1|I"), SCOPE)).encounter
    other = registration_in(read(hl7_message(header("ADT^A01"), PID, "PV1|1|E"), SCOPE)).encounter
    assert first
    assert again
    assert other
    assert first.encounter_id == again.encounter_id != other.encounter_id
    assert (None, date(2026, 1, 5)) == (first.service_on, first.reported_on)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [("SEL^Self", "18"), ("SPO", "01"), ("PAR", "19"), ("CHD", "19"), ("OTH", "G8"), ("^Spouse", "01"), ("", "18")],
)
def test_the_relationship_to_the_subscriber_is_told_as_x12_has_it(sent: str, expected: str) -> None:
    insurance = f"IN1|1|PL|P1|Plan||||G1||||||||DOE^JANE|{sent}|||||||||||||||||||M1"
    told = registration_in(read(hl7_message(header("ADT^A04"), PID, PV1, insurance), SCOPE))
    assert told.coverages is not None
    [coverage] = told.coverages
    assert (expected, "P1", "M1", "G1") == (
        coverage.relationship,
        coverage.payer_code,
        coverage.member_id,
        coverage.group_number,
    )


@pytest.mark.parametrize(("field", "place"), [(36, "IN1"), (49, "IN1"), (61, "IN2"), (6, "IN2")])
def test_the_member_number_is_found_wherever_senders_put_it(field: int, place: str) -> None:
    first = "IN1|1|PL|P1|Plan"
    number = "|" * field + "M7"
    segments = [first + number[first.count("|") :], ""] if place == "IN1" else [first, f"IN2{number}"]
    told = registration_in(read(hl7_message(header("ADT^A04"), PID, PV1, *filter(None, segments)), SCOPE))
    assert told.coverages is not None
    assert "M7" == told.coverages[0].member_id


def test_silence_about_insurance_is_not_the_absence_of_insurance() -> None:
    silent = registration_in(read(hl7_message(header("ADT^A08"), PID, PV1), SCOPE))
    self_pay = registration_in(read(hl7_message(header("ADT^A08"), PID, PV1.replace("V100||", "V100|SELF|")), SCOPE))
    nothing = registration_in(read(hl7_message(header("ADT^A08"), PID, PV1, "IN1|1|X|X|NO INSURANCE"), SCOPE))
    assert (None, (), ()) == (silent.coverages, self_pay.coverages, nothing.coverages)


def test_what_a_claim_will_lack_is_named_with_its_field() -> None:
    told = registration_in(read(hl7_message(header("ADT^A04"), "PID|1||MRN1", PV1, "IN1|1|P|P1|Plan"), SCOPE))
    assert [("patient_name", "PID-5"), ("birth_on", "PID-7"), ("address", "PID-11"), ("member_id", "IN1[1]-36")] == [
        (gap.what, gap.where) for gap in told.missing
    ]


def test_a_null_field_is_cleared_and_an_absent_one_left() -> None:
    told = registration_in(read(hl7_message(header("ADT^A08"), 'PID|1||MRN1||DOE^JANE||||||""', PV1), SCOPE))
    assert ("address",) == told.patient.cleared


@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        ("ADT^A03", Discharge),
        ("ADT^A06", ClassChange),
        ("ADT^A07", ClassChange),
        ("ADT^A11", Cancellation),
        ("ADT^A13", Cancellation),
        ("SIU^S12", Appointment),
        ("SIU^S13", Appointment),
        ("SIU^S15", Cancellation),
        ("SIU^S26", Cancellation),
        ("ADT^A28", Registration),
        ("ADT^A31", Registration),
        ("BAR^P01", Registration),
    ],
)
def test_each_event_becomes_its_fact(kind: str, fact: type) -> None:
    reading = read(hl7_message(header(kind), "SCH|P1|F1|||||||||^^^20260110093000", PID, PV1), SCOPE)
    assert [fact] == [type(each) for each in reading.facts]


def test_person_level_events_open_no_encounter() -> None:
    told = registration_in(read(hl7_message(header("ADT^A31"), PID), SCOPE))
    assert (None, False) == (told.encounter, told.opens)


def test_an_appointment_says_when_and_what_is_planned() -> None:
    schedule = "SCH|P1|F1|||||||||^^30^20260110093000"
    reading = read(hl7_message(header("SIU^S12"), schedule, PID, "AIS|1|A|J1745^Infusion"), SCOPE)
    [fact] = reading.facts
    assert isinstance(fact, Appointment)
    assert (datetime(2026, 1, 10, 14, 30, tzinfo=UTC), ("J1745",)) == (fact.starts_at, fact.services)
    assert fact.registration.encounter is not None
    assert ("F1", date(2026, 1, 10)) == (
        fact.registration.encounter.appointment_number,
        fact.registration.encounter.service_on,
    )


def test_every_pair_of_a_merge_message_is_a_merge() -> None:
    pairs = ["PID|1||A^^^H^MR", "MRG|B^^^H^MR", "PID|2||C^^^H^MR", "MRG|D^^^H^MR"]
    reading = read(hl7_message(header("ADT^A40"), *pairs), SCOPE)
    merges = [fact for fact in reading.facts if isinstance(fact, Merge)]
    assert [("A", "B"), ("C", "D")] == [(each.surviving.medical_record_number, each.retired_number) for each in merges]


def test_a_merge_without_the_retired_number_is_held() -> None:
    reading = read(hl7_message(header("ADT^A40"), PID, "MRG|"), SCOPE)
    assert ("held", "MRG-1") == (reading.outcome, reading.gaps[0].where)


def test_a_charge_carries_what_was_sent() -> None:
    sent = charge(
        units="2", amount="250.00&USD", dx="E11.9^^I10~29857009^^SCT", procedure="99214^^C4", modifiers="25~59"
    )
    [line] = charges_in(read(hl7_message(header("DFT^P03"), PID, PV1, sent), SCOPE)).lines
    assert ("99214", "hcpcs", ("25", "59"), Decimal(2), 250_00) == (
        line.code,
        line.system,
        line.modifiers,
        line.units,
        line.amount_cents,
    )
    assert [("E11.9", "icd10cm"), ("29857009", "snomed")] == [(each.code, each.system) for each in line.diagnoses]


@pytest.mark.parametrize(
    ("fields", "cents"),
    [
        ({"amount": "0.000000"}, None),
        ({"amount": ""}, None),
        ({"amount": "", "unit": "12.50", "units": "3"}, 37_50),
        ({"amount": "786.3299999999999"}, 786_33),
    ],
)
def test_an_amount_of_zero_leaves_the_price_to_the_fee_schedule(fields: dict[str, str], cents: int | None) -> None:
    [line] = charges_in(read(hl7_message(header("DFT^P03"), PID, PV1, charge(**fields)), SCOPE)).lines
    assert cents == line.amount_cents


@pytest.mark.parametrize("fields", [{"kind": "CR"}, {"kind": "CD"}, {"amount": "-25.00"}, {"units": "-1"}])
def test_a_credit_is_known_by_its_type_or_its_sign(fields: dict[str, str]) -> None:
    [line] = charges_in(read(hl7_message(header("DFT^P03"), PID, PV1, charge(**fields)), SCOPE)).lines
    assert line.credit
    assert line.units > 0
    assert line.amount_cents in {None, 25_00}


def test_payments_and_adjustments_are_noted_not_charged() -> None:
    reading = read(hl7_message(header("DFT^P03"), PID, PV1, charge(), charge(kind="PY"), charge(kind="AJ")), SCOPE)
    assert 1 == len(charges_in(reading).lines)
    assert ["FT1[2]: transaction type PY is no charge", "FT1[3]: transaction type AJ is no charge"] == list(
        reading.notes
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("XRCHEST^Chest^L", "local"),
        ("99213", "hcpcs"),
        ("G0463^^HCPCS", "hcpcs"),
        ("71045^^C4", "hcpcs"),
        ("SUP1", "local"),
    ],
)
def test_the_code_system_is_the_named_one_else_read_from_the_shape(code: str, expected: str) -> None:
    [line] = charges_in(read(hl7_message(header("DFT^P03"), PID, PV1, charge(code=code)), SCOPE)).lines
    assert expected == line.system


def test_a_procedure_segment_supplies_the_code_that_the_charge_lacks() -> None:
    reading = read(hl7_message(header("DFT^P03"), PID, PV1, charge(code="SUP1^^L"), "PR1|1||71045^^C4"), SCOPE)
    assert "71045" == charges_in(reading).lines[0].code


def test_charges_without_insurance_wait_for_the_registration_and_say_so() -> None:
    reading = read(hl7_message(header("DFT^P03"), PID, PV1, charge()), SCOPE)
    assert [Charges] == [type(fact) for fact in reading.facts]
    assert "registration" == reading.gaps[0].what


def test_charges_with_insurance_register_the_encounter_themselves() -> None:
    reading = read(hl7_message(header("DFT^P03"), PID, PV1, "IN1|1|P|P1|Plan", charge()), SCOPE)
    assert [Registration, Charges] == [type(fact) for fact in reading.facts]


@pytest.mark.parametrize(
    "kind", ["ORU^R01", "ORM^O01", "MDM^T02", "VXU^V04", "ACK", "ADT^A60", "ADT^A24", "XYZ^Q99", ""]
)
def test_other_messages_are_refused_with_a_named_reason(kind: str) -> None:
    reading = read(hl7_message(header(kind), PID), SCOPE)
    assert "refused" == reading.outcome
    assert "MSH-9" == reading.refusals[0].where
    assert reading.refusals[0].fix


@pytest.mark.parametrize("raw", [b"", b"  \r\n", b"garbage", b"MSH", b'{"resourceType": "Nothing"}', b"{"])
def test_nothing_a_sender_can_send_crashes_the_reader(raw: bytes) -> None:
    reading = read(raw, SCOPE)
    assert "refused" == reading.outcome
    assert reading.refusals[0].problem
    assert reading.refusals[0].fix

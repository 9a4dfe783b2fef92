"""What messages do: registration, update, discharge, class change, cancellation, merge, charges."""

from eligibility.testing.hl7 import hl7_message
from eligibility.testing.practice import Practice

HEADER = "MSH|^~\\&|EHR|RIVER|RCM|RC|20260105090000||{kind}|{control}|P|2.5.1"
PID = "PID|1||MRN1^^^RIVER^MR||DOE^JANE^Q||19800203|F|||2 Oak St^^Albany^NY^12207||5185550100"
PV1 = "PV1|1|O|||||1234567893^HART^ANN||||||||||||V100^^^RIVER^VN|||||||||||||||||||||||||20260105083000"
IN1 = "IN1|1|PPO01|PPO01|Northern PPO||||GRP1||||20250101||||DOE^JANE|SEL|19800203||||||||||||||||||M1"
FT1 = (
    "FT1|1|T1||20260105||CG|G0463^^HCPCS|||1|250.00||||||||E11.9^^I10~I10^^I10|1234567893^HART^ANN|||||G0463^^HCPCS|25"
)


def header(kind: str, control: str) -> str:
    return HEADER.format(kind=kind, control=control)


async def test_an_admission_registers_the_encounter_and_decides_who_pays_first(practice: Practice) -> None:
    receipt = await practice.receive(hl7_message(header("ADT^A04", "1"), "EVN|A04|20260105090000", PID, PV1, IN1))

    assert "accepted" == receipt.outcome
    said = dict(await practice.harness.said())
    registered = said["encounter_registered"]
    assert ("2026-01-05", "outpatient", "11") == tuple(
        registered[name] for name in ("service_on", "visit_class", "place_of_service")
    )
    assert [] == registered["missing"]
    assert "only_one" == said["coverage_order_decided"]["rule"]
    assert "DOE" not in str(said)


async def test_the_same_message_again_has_no_second_effect(practice: Practice) -> None:
    raw = hl7_message(header("ADT^A04", "1"), PID, PV1, IN1)

    await practice.receive(raw)
    before = await practice.harness.said_names()
    again = await practice.receive(raw)

    assert "repeated" == again.outcome
    assert before == await practice.harness.said_names()


async def test_the_same_control_id_with_other_content_is_held_and_can_be_released(practice: Practice) -> None:
    await practice.receive(hl7_message(header("ADT^A04", "1"), PID, PV1, IN1))
    other = hl7_message(header("ADT^A04", "1"), PID.replace("MRN1", "MRN2"), PV1.replace("V100", "V200"), IN1)

    held = await practice.receive(other)

    assert "held" == held.outcome
    assert "control_id" == held.gaps[0].what
    assert 1 == (await practice.harness.said_names()).count("encounter_registered")


async def test_charges_before_the_registration_wait_for_it_and_follow_it(practice: Practice) -> None:
    await practice.receive(
        hl7_message(header("DFT^P03", "1"), "PID|1||MRN1^^^RIVER^MR", "PV1|1|O" + "|" * 17 + "V100", FT1)
    )
    assert "charges_received" not in await practice.harness.said_names()

    await practice.receive(hl7_message(header("ADT^A04", "2"), PID, PV1, IN1))

    names = await practice.harness.said_names()
    assert names.index("encounter_registered") < names.index("charges_received")
    [charge] = dict(await practice.harness.said())["charges_received"]["charges"]
    assert ("G0463", ["25"], 250_00) == (charge["code"], charge["modifiers"], charge["amount_cents"])


async def test_charges_by_account_number_find_the_encounter_by_visit_number(practice: Practice) -> None:
    with_account = PID + "|||||A7"
    await practice.receive(hl7_message(header("ADT^A04", "1"), with_account, PV1, IN1))

    await practice.receive(hl7_message(header("DFT^P03", "2"), "PID|1||MRN1^^^RIVER^MR" + "|" * 15 + "A7", FT1))

    said = await practice.harness.said()
    registered = dict(said)["encounter_registered"]["encounter_id"]
    assert registered == dict(said)["charges_received"]["encounter_id"]


async def test_a_credit_names_the_line_it_takes_back(practice: Practice) -> None:
    await practice.receive(hl7_message(header("DFT^P03", "1"), PID, PV1, IN1, FT1))
    credit = FT1.replace("|CG|", "|CR|").replace("|T1|", "|T9|")

    await practice.receive(hl7_message(header("DFT^P03", "2"), PID, PV1, IN1, credit))

    charged, credited = (data for name, data in await practice.harness.said() if name == "charges_received")
    assert credited["charges"][0]["credit"]
    assert charged["charges"][0]["line_id"] == credited["charges"][0]["line_id"]


async def test_a_discharge_finishes_the_encounter_once(practice: Practice) -> None:
    await practice.receive(hl7_message(header("ADT^A04", "1"), PID, PV1, IN1))
    await practice.receive(hl7_message(header("ADT^A03", "2"), PID, PV1 + "|20260105093000"))
    await practice.receive(hl7_message(header("ADT^A03", "3"), PID, PV1 + "|20260105093000"))

    assert 1 == (await practice.harness.said_names()).count("encounter_finished")


async def test_a_class_change_to_inpatient_changes_the_place_of_service(practice: Practice) -> None:
    await practice.receive(hl7_message(header("ADT^A04", "1"), PID, PV1, IN1))
    await practice.receive(hl7_message(header("ADT^A06", "2"), PID, PV1.replace("|O|", "|I|")))

    updated = dict(await practice.harness.said())["encounter_updated"]
    assert ("inpatient", "21") == (updated["visit_class"], updated["place_of_service"])


async def test_an_older_snapshot_does_not_undo_a_newer_one(practice: Practice) -> None:
    await practice.receive(hl7_message(header("ADT^A04", "1"), PID, PV1, IN1))
    stale = header("ADT^A08", "2").replace("20260105090000", "20260104090000")

    await practice.receive(hl7_message(stale, PID.replace("DOE^JANE^Q", "SMITH^JANE"), PV1.replace("|O|", "|E|")))

    encounter = await practice.encounter()
    assert "outpatient" == encounter.visit_class
    assert "encounter_updated" not in await practice.harness.said_names()


async def test_a_cancelled_admission_is_told_and_a_later_one_opens_it_again(practice: Practice) -> None:
    await practice.receive(hl7_message(header("ADT^A04", "1"), PID, PV1, IN1))
    await practice.receive(hl7_message(header("ADT^A11", "2"), PID, PV1))
    await practice.receive(hl7_message(header("ADT^A04", "3"), PID, PV1, IN1))

    names = await practice.harness.said_names()
    order = [name for name in names if name in {"encounter_registered", "encounter_cancelled"}]
    assert ["encounter_registered", "encounter_cancelled", "encounter_registered"] == order


async def test_a_cancellation_that_overtakes_its_admission_wins(practice: Practice) -> None:
    late = header("ADT^A11", "2").replace("20260105090000", "20260105100000")
    await practice.receive(hl7_message(late, PID, PV1))

    await practice.receive(hl7_message(header("ADT^A04", "1"), PID, PV1, IN1))

    assert "encounter_registered" not in await practice.harness.said_names()


async def test_a_merge_rekeys_encounters_and_later_messages_follow(practice: Practice) -> None:
    await practice.receive(hl7_message(header("ADT^A04", "1"), PID.replace("MRN1", "OLD"), PV1, IN1))

    await practice.receive(hl7_message(header("ADT^A40", "2"), PID, "MRG|OLD^^^RIVER^MR"))
    await practice.receive(
        hl7_message(header("ADT^A08", "3"), PID.replace("MRN1", "OLD").replace("JANE", "JANET"), PV1)
    )

    said = await practice.harness.said()
    merged = dict(said)["patients_merged"]
    updates = [data for name, data in said if name == "encounter_updated"]
    assert {merged["surviving_patient_id"]} == {update["patient_id"] for update in updates}
    assert merged["surviving_patient_id"] != merged["retired_patient_id"]


async def test_two_records_merged_into_each_other_come_to_rest(practice: Practice) -> None:
    await practice.receive(hl7_message(header("ADT^A40", "1"), PID, "MRG|OLD^^^RIVER^MR"))
    await practice.receive(hl7_message(header("ADT^A40", "2"), PID.replace("MRN1", "OLD"), "MRG|MRN1^^^RIVER^MR"))

    assert [] == await practice.harness.parked()
    assert [] == await practice.harness.waiting()


async def test_an_unknown_payer_and_clinician_are_entered_provisionally(practice: Practice) -> None:
    insurance = IN1.replace("PPO01|PPO01|Northern PPO", "X|X9|State Medicaid Plan")
    await practice.receive(
        hl7_message(header("ADT^A04", "1"), PID, PV1.replace("1234567893^HART^ANN", "77^NOVAK^IVA"), insurance)
    )

    said = await practice.harness.said()
    payers = [data for name, data in said if name == "payer_updated" and data["provisional"]]
    providers = [data for name, data in said if name == "provider_updated" and data["provisional"]]
    assert [("X9", "medicaid")] == [(payer["payer_code"], payer["kind"]) for payer in payers]
    assert ["NOVAK"] == [provider["family"] for provider in providers]


async def test_the_raw_message_rests_sealed(practice: Practice) -> None:
    await practice.receive(hl7_message(header("ADT^A04", "1"), PID, PV1, IN1))

    rows = await practice.harness.query("SELECT * FROM raw_message")
    texts = await practice.harness.query("SELECT body::text FROM encounter UNION ALL SELECT body::text FROM patient")
    assert 1 == len(rows)
    assert not any("JANE" in str(row) for row in [*rows, *texts])


async def test_a_message_that_lacks_the_record_number_is_held_with_what_to_do(practice: Practice) -> None:
    receipt = await practice.receive(hl7_message(header("ADT^A04", "1"), "PID|1||||DOE^JANE", PV1))

    assert "held" == receipt.outcome
    assert ("medical_record_number", "PID-3") == (receipt.gaps[0].what, receipt.gaps[0].where)

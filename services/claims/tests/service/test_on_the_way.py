"""What happens before a payer decides: coding, edits, rejections, silence, status, and who pays when nobody insures."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from claims.domain.charging import LineCoding
from claims.domain.corrections import Change
from claims.messages import CompleteCoding, CorrectClaim, RecheckClaim, VoidClaim
from revcycle_kit.errors import Conflict
from revcycle_kit.ids import derived_id

NOON = datetime(2026, 1, 11, 18, tzinfo=UTC)
NEXT_NOON = datetime(2026, 1, 12, 18, tzinfo=UTC)


async def test_a_line_that_no_payer_understands_waits_for_a_coder_and_then_goes_on(desk: Any) -> None:
    """SNOMED codes and no price: named in the worklist; one answer with codes sends the encounter on."""
    await desk.register("PPO01")
    await desk.charge(None, code="185349003", system="snomed", diagnosis="44054006", coded_in="snomed")
    await desk.charge(None, line_id=derived_id("second"), code="99213", diagnosis="44054006", coded_in="snomed")
    needed = await desk.last("coding_needed")
    assert {"procedure", "price", "diagnosis"} == {one["what"] for one in needed["missing"]}
    await desk.wait(NOON)
    assert [] == await desk.claims()

    await desk.ask(
        CompleteCoding(
            lines=(
                LineCoding(line_id=derived_id("line", "None", "1"), code="99212", charge_cents=9000),
                LineCoding(line_id=derived_id("second"), charge_cents=12000),
            ),
            diagnoses=("E11.9",),
        )
    )
    assert "coder" == (await desk.last("coding_completed"))["by"]
    await desk.wait(NEXT_NOON)

    [claim] = await desk.claims()
    assert ("sent", 21000, ("E119",)) == (claim.state, claim.charge_cents, claim.diagnoses)


async def test_a_diagnosis_in_another_system_is_named_as_missing(desk: Any) -> None:
    await desk.register("PPO01")
    await desk.charge(9000, diagnosis="44054006", coded_in="snomed")

    [missing] = (await desk.last("coding_needed"))["missing"]

    assert ("diagnosis", True) == (missing["what"], "snomed" in missing["fix"])


async def test_the_chargemaster_prices_what_the_sender_did_not(desk: Any) -> None:
    await desk.price("99211", 18000)
    await desk.register("PPO01")

    await desk.charge(None, units="2")

    assert 36000 == (await desk.last("charges_posted"))["charged_cents"]


async def test_a_credit_takes_its_charge_back(desk: Any) -> None:
    await desk.register("PPO01")
    await desk.charge(9000)
    await desk.charge(9000, credit=True)

    assert (0, 0) == ((await desk.money()).charged, (await desk.money()).open)
    assert 9000 == (await desk.last("charges_reversed"))["charged_cents"]


async def test_a_visit_without_a_payer_is_the_patients_and_comes_back_when_insurance_is_found(desk: Any) -> None:
    """Self-pay moves the charges; coverage found later withdraws them and sends a claim."""
    await desk.register()
    await desk.charge(125000)
    await desk.wait(NOON)
    due = await desk.last("patient_balance_due")
    assert ("self_pay", 125000) == (due["cause"], due["amount_cents"])

    desk.payers = ("PPO01",)
    await desk.hear("EncounterUpdated", None, desk.identity(), **desk.facts())
    await desk.verify("PPO01")
    await desk.wait(NEXT_NOON)

    assert 125000 == (await desk.last("patient_balance_withdrawn"))["amount_cents"]
    assert (0, 125000) == ((await desk.money()).transferred, (await desk.money()).open)
    assert ["sent"] == [one.state for one in await desk.claims()]


async def test_a_claim_waits_until_morning_for_the_payers_answer_about_the_coverage(desk: Any) -> None:
    """Nobody answered the 270: held by the system on the first morning, sent on the next; no person touched it."""
    await desk.register("PPO01", verified=False)
    await desk.charge(9000)
    await desk.wait(datetime(2026, 1, 11, 13, tzinfo=UTC))
    [claim] = await desk.claims()
    assert ("held", ["coverage_verified"]) == (claim.state, [one.edit for one in claim.findings])

    await desk.wait(NEXT_NOON)

    [claim] = await desk.claims()
    assert ("sent", False) == (claim.state, claim.touched)


async def test_a_refused_coverage_holds_the_claim_for_registration(desk: Any) -> None:
    """The member number is put right: the held claim leaves with the new one."""
    await desk.register("PPO01", verified=False)
    await desk.hear("CoverageRefused", encounter_id=desk.encounter_id, coverage_id=_coverage(), cause="not_found")
    await desk.charge(9000)
    await desk.wait(datetime(2026, 1, 11, 13, tzinfo=UTC))
    held = await desk.last("claim_held")
    assert ("registration", "coverage_refused") == (held["owner"], held["findings"][0]["edit"])

    await desk.hear("EncounterUpdated", None, desk.identity("RIGHT"), **desk.facts())
    await desk.verify("PPO01")
    await desk.wait(NOON)

    [sent] = desk.professional()
    [claim] = await desk.claims()
    assert ("RIGHTPPO01", True) == (sent.subscriber.member_id, claim.touched)


async def test_a_rejection_for_the_member_is_sent_again_as_new_when_registration_is_put_right(desk: Any) -> None:
    """277CA A7:33:IL; the new claim has frequency 1, another control number, and remembers the rejection."""
    await desk.register("PPO01")
    await desk.charge(9000)
    await desk.wait(NOON)
    [claim] = await desk.claims()
    await desk.acknowledge(claim, "A7", "33", "IL")
    told = await desk.last("claim_rejected")
    assert ("eligibility", "payer") == (told["cause"], told["level"])

    await desk.hear("EncounterUpdated", None, desk.identity("RIGHT"), **desk.facts())
    await desk.wait(NEXT_NOON)

    old, new = await desk.claims()
    assert ("superseded", "sent", "1", True) == (old.state, new.state, new.frequency, new.rejected_before)
    assert old.patient_control_number != new.patient_control_number


async def test_a_rejected_claim_is_corrected_by_a_biller_and_sent_as_new(desk: Any) -> None:
    await desk.register("PPO01")
    await desk.charge(9000)
    await desk.wait(NOON)
    [claim] = await desk.claims()
    await desk.acknowledge(claim, "A8", "477")

    change = Change(field="diagnoses", line_number=1, value="I10")
    await desk.ask(CorrectClaim(claim_id=claim.claim_id, changes=(change,)))
    await desk.wait(NEXT_NOON)

    [sent] = desk.professional()
    assert ["E119", "I10"] == [one.code for one in sent.diagnoses] or ["I10"] == [one.code for one in sent.diagnoses]
    assert [2] == [sent.service_lines[0].diagnosis_pointers[0]]


async def test_a_held_claim_leaves_when_a_person_overrides_the_edit(desk: Any) -> None:
    """J5: filed after the contract's 90 days; a biller with proof overrides, and the claim says so."""
    await desk.register("PPO01", service_on=date(2025, 9, 1))
    await desk.charge(9000, service_on="2025-09-01")
    await desk.wait(NOON)
    [claim] = await desk.claims()
    assert ["timely_filing"] == [one.edit for one in claim.findings]

    await desk.ask(RecheckClaim(claim_id=claim.claim_id, override=("timely_filing",), reason="proof_of_timely_filing"))
    await desk.wait(NEXT_NOON)

    [claim] = await desk.claims()
    assert ("sent", ("timely_filing",), True) == (claim.state, claim.overridden, claim.touched)


async def test_a_syntax_refusal_turns_every_claim_of_the_interchange_away(desk: Any) -> None:
    await desk.register("PPO01")
    await desk.charge(9000)
    await desk.wait(NOON)

    await desk.receive(desk.says.syntax_refused(1))

    told = await desk.last("claim_rejected")
    assert ("syntax", "syntax") == (told["level"], told["cause"])
    assert ["rejected"] == [one.state for one in await desk.claims()]


async def test_silence_is_told_and_the_payer_is_asked(desk: Any) -> None:
    """No acceptance within five business days: claim_silent, and a 276 that carries our number."""
    await desk.register("PPO01")
    await desk.charge(9000)
    await desk.wait(NOON)
    [claim] = await desk.claims()
    desk.wire.answer = desk.says.status(claim, "P1", "20")

    await desk.wait(datetime(2026, 1, 20, 18, tzinfo=UTC))

    assert "payer" == (await desk.last("claim_silent"))["waiting_for"]
    assert "pending" == (await desk.claims())[0].state
    [inquiry] = desk.inquiries()
    assert (claim.patient_control_number, 9000) == (inquiry.control_number, inquiry.charge_cents)
    assert [{"category": "P1", "status": "20", "entity": ""}] == (await desk.last("claim_status_reported"))["codes"]


async def test_a_claim_that_cannot_be_asked_about_falls_silent_and_somebody_calls(desk: Any) -> None:
    """Registration took the coverage away while the claim was with the payer: a 276 has no member number to name."""
    await desk.register("PPO01")
    await desk.charge(9000)
    await desk.wait(datetime(2026, 1, 11, 18, tzinfo=UTC))
    desk.payers = ("SEC01",)
    await desk.hear("EncounterUpdated", None, desk.identity(), **desk.facts())

    await desk.wait(datetime(2026, 1, 21, 18, tzinfo=UTC))

    lost = next(one for one in await desk.claims() if one.coverage_id == derived_id("coverage", "PPO01"))
    assert ("sent", "payer") == (lost.state, lost.silent_for)
    assert lost.patient_control_number.encode() not in b"".join(desk.wire.asked)
    left = await desk.harness.query("SELECT name, state FROM task WHERE kind = 'effect' AND state <> 'done'")
    assert [] == left


async def test_a_payer_that_asks_for_records_is_heard(desk: Any) -> None:
    await desk.register("PPO01")
    await desk.charge(9000)
    await desk.wait(NOON)
    [claim] = await desk.claims()

    await desk.receive(desk.says.status(claim, "R4", "294"))

    assert ["R4:294"] == (await desk.last("information_requested"))["codes"]
    assert "information_requested" == (await desk.claims())[0].state


async def test_a_claim_that_was_decided_is_voided_with_an_eight(desk: Any) -> None:
    await desk.register("PPO01")
    await desk.charge(9000)
    await desk.wait(NOON)
    [claim] = await desk.claims()
    await desk.pay(desk.payment(claim, (9000, 6000, "CO-45 3000")))

    await desk.ask(VoidClaim(claim_id=claim.claim_id))
    await desk.wait(NEXT_NOON)

    [sent] = desk.professional()
    assert ("8", "ICN1") == (sent.frequency, sent.payer_claim_control_number)
    await desk.pay(desk.payment(claim, (-9000, -6000, "CO-45 -3000"), status="22"), trace="E2")
    assert 2 == len(await desk.claims())


async def test_a_claim_that_x12_cannot_say_is_held_and_no_reason_lets_it_go(desk: Any) -> None:
    """A place of service that the guide does not list: overriding the edit does not make it sayable."""
    await desk.register("PPO01", place_of_service="ZZZ")
    await desk.charge(9000)
    await desk.wait(NOON)
    [claim] = await desk.claims()
    assert ["place_of_service"] == [one.edit for one in claim.findings]
    await desk.ask(RecheckClaim(claim_id=claim.claim_id, override=("place_of_service",)))
    await desk.wait(NEXT_NOON)

    [claim] = await desk.claims()
    assert ("held", ["x12"]) == (claim.state, [one.edit for one in claim.findings])
    with pytest.raises(Conflict, match="cannot be overridden"):
        await desk.ask(RecheckClaim(claim_id=claim.claim_id, override=("x12",)))
    assert [] == desk.wire.sent


async def test_a_patient_without_an_address_holds_the_claim_for_registration_until_it_is_told(desk: Any) -> None:
    """Loop 2010CA: the 837 has to say where a patient lives who is not the subscriber."""
    covered = {"coverage_id": derived_id("coverage", "PPO01"), "payer_id": derived_id("payer", "ORG", "PPO01")}
    child = [covered | {"rank": 1, "relationship": "19"}]
    await desk.register("PPO01", coverages=child)
    await desk.charge(9000)
    await desk.wait(NEXT_NOON)
    [claim] = await desk.claims()
    assert ("held", "registration", ["x12"]) == (claim.state, claim.hold_owner, [one.edit for one in claim.findings])

    told = desk.identity()
    home = {"line1": "2 ELM ST", "city": "ALBANY", "state": "NY", "postal_code": "12207"}
    told.patient["address"] = home
    await desk.hear("EncounterUpdated", None, told, **desk.facts(coverages=child))
    await desk.wait(datetime(2026, 1, 14, 18, tzinfo=UTC))

    assert ["sent"] == [one.state for one in await desk.claims()]


async def test_a_queued_claim_to_the_wrong_payer_is_given_up_when_the_right_one_is_known(desk: Any) -> None:
    """The coverage changes between the morning and noon: only the claim to the right payer leaves."""
    await desk.register("PPO01")
    await desk.charge(9000)
    await desk.wait(datetime(2026, 1, 11, 13, tzinfo=UTC))
    assert ["ready"] == [one.state for one in await desk.claims()]

    desk.payers = ("SEC01",)
    await desk.hear("EncounterUpdated", None, desk.identity(), **desk.facts())
    await desk.verify("SEC01")
    await desk.wait(NOON)

    assert ["sent", "voided"] == sorted(one.state for one in await desk.claims())
    [sent] = desk.professional()
    assert "SEC01" == sent.subscriber.payer.id


async def test_what_was_sent_is_not_checked_again(desk: Any) -> None:
    await desk.register("PPO01")
    await desk.charge(9000)
    await desk.wait(NOON)
    [claim] = await desk.claims()

    with pytest.raises(Conflict, match="is sent"):
        await desk.ask(RecheckClaim(claim_id=claim.claim_id))


async def test_facility_and_professional_services_leave_apart(desk: Any) -> None:
    """J15: an 837I (type of bill 131) and an 837P of one visit."""
    await desk.register("PPO01", attending_provider_id=derived_id("provider", "P1"))
    await desk.charge(90000, revenue_code="0510", code="G0463")
    await desk.charge(20000, line_id=derived_id("professional"))
    await desk.wait(NOON)

    facility, professional = desk.institutional(), desk.professional()
    assert ("131", 90000, "0510") == (
        facility[0].type_of_bill,
        facility[0].charge_cents,
        facility[0].service_lines[0].revenue_code,
    )
    assert 20000 == professional[0].charge_cents


async def test_a_service_billed_for_the_same_patient_by_another_visit_stays_behind(desk: Any) -> None:
    """The same code, provider and day under two visit numbers: the copy is held; a person may let it go."""
    await desk.register("PPO01")
    await desk.charge(9000)
    await desk.wait(NOON)
    desk.visit = "V2"
    await desk.register("PPO01")
    await desk.charge(9000)
    await desk.wait(NEXT_NOON)

    copy = next(one for one in await desk.claims() if one.encounter_id == desk.encounter_id)
    assert ("held", ["billed_elsewhere"]) == (copy.state, [one.edit for one in copy.findings])
    assert "billed_elsewhere" == (await desk.last("claim_held"))["findings"][0]["edit"]

    await desk.ask(RecheckClaim(claim_id=copy.claim_id, override=("billed_elsewhere",), reason="records_support"))
    await desk.wait(datetime(2026, 1, 13, 18, tzinfo=UTC))

    assert ["sent", "sent"] == [one.state for one in await desk.claims()]


async def test_a_cancelled_visit_charges_nothing_and_bills_nobody(desk: Any) -> None:
    await desk.register("PPO01")
    await desk.charge(9000)
    await desk.hear("EncounterCancelled", encounter_id=desk.encounter_id)
    await desk.wait(NOON)

    assert 0 == (await desk.money()).charged
    assert [] == await desk.claims()


def _coverage() -> Any:
    return derived_id("coverage", "PPO01")

"""What happens before a payer decides: coding, edits, rejections, silence, status, and who pays when nobody insures."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from claims.domain.charging import LineCoding
from claims.domain.corrections import Change
from claims.messages import CompleteCoding, CorrectClaim, RecheckClaim, VoidClaim
from claims.testing.billing_office import BillingOffice
from revcycle_kit.errors import Conflict
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents

NOON = datetime(2026, 1, 11, 18, tzinfo=UTC)
NEXT_NOON = datetime(2026, 1, 12, 18, tzinfo=UTC)


async def test_a_line_that_no_payer_understands_waits_for_a_coder_and_then_goes_on(office: BillingOffice) -> None:
    """SNOMED codes and no price: named in the worklist; one answer with codes sends the encounter on."""
    await office.register("PPO01")
    await office.charge(None, code="185349003", system="snomed", diagnosis="44054006", coded_in="snomed")
    await office.charge(None, line_id=derived_id("second"), code="99213", diagnosis="44054006", coded_in="snomed")
    needed = await office.last("coding_needed")
    assert {"procedure", "price", "diagnosis"} == {item["what"] for item in needed["missing"]}
    await office.wait(NOON)
    assert [] == await office.claims()

    await office.ask(
        CompleteCoding(
            lines=(
                LineCoding(line_id=derived_id("line", "None", "1"), code="99212", charge_cents=Cents(9000)),
                LineCoding(line_id=derived_id("second"), charge_cents=Cents(12000)),
            ),
            diagnoses=("E11.9",),
        )
    )
    assert "coder" == (await office.last("coding_completed"))["by"]
    await office.wait(NEXT_NOON)

    [claim] = await office.claims()
    assert ("sent", 21000, ("E119",)) == (claim.state, claim.charge_cents, claim.diagnoses)


async def test_a_diagnosis_in_another_system_is_named_as_missing(office: BillingOffice) -> None:
    await office.register("PPO01")
    await office.charge(9000, diagnosis="44054006", coded_in="snomed")

    [missing] = (await office.last("coding_needed"))["missing"]

    assert ("diagnosis", True) == (missing["what"], "snomed" in missing["fix"])


async def test_the_chargemaster_prices_what_the_sender_did_not(office: BillingOffice) -> None:
    await office.price("99211", 18000)
    await office.register("PPO01")

    await office.charge(None, units="2")

    assert 36000 == (await office.last("charges_posted"))["charged_cents"]


async def test_a_credit_takes_its_charge_back(office: BillingOffice) -> None:
    await office.register("PPO01")
    await office.charge(9000)
    await office.charge(9000, credit=True)

    assert (0, 0) == ((await office.money()).charged, (await office.money()).open)
    assert 9000 == (await office.last("charges_reversed"))["charged_cents"]


async def test_a_visit_without_a_payer_is_the_patients_and_comes_back_when_insurance_is_found(
    office: BillingOffice,
) -> None:
    """Self-pay moves the charges; coverage found later withdraws them and sends a claim."""
    await office.register()
    await office.charge(125000)
    await office.wait(NOON)
    due = await office.last("patient_balance_due")
    assert ("self_pay", 125000) == (due["cause"], due["amount_cents"])

    office.payers = ("PPO01",)
    await office.hear("EncounterUpdated", None, office.identity(), **office.facts())
    await office.verify("PPO01")
    await office.wait(NEXT_NOON)

    assert 125000 == (await office.last("patient_balance_withdrawn"))["amount_cents"]
    assert (0, 125000) == ((await office.money()).transferred, (await office.money()).open)
    assert ["sent"] == [claim.state for claim in await office.claims()]


async def test_a_claim_waits_until_morning_for_the_payers_answer_about_the_coverage(office: BillingOffice) -> None:
    """Nobody answered the 270: held by the system on the first morning, sent on the next; no person touched it."""
    await office.register("PPO01", verified=False)
    await office.charge(9000)
    await office.wait(datetime(2026, 1, 11, 13, tzinfo=UTC))
    [claim] = await office.claims()
    assert ("held", ["coverage_verified"]) == (claim.state, [finding.edit for finding in claim.findings])

    await office.wait(NEXT_NOON)

    [claim] = await office.claims()
    assert ("sent", False) == (claim.state, claim.touched)


async def test_a_refused_coverage_holds_the_claim_for_registration(office: BillingOffice) -> None:
    """The member number is put right: the held claim leaves with the new one."""
    await office.register("PPO01", verified=False)
    await office.hear("CoverageRefused", encounter_id=office.encounter_id, coverage_id=_coverage(), cause="not_found")
    await office.charge(9000)
    await office.wait(datetime(2026, 1, 11, 13, tzinfo=UTC))
    held = await office.last("claim_held")
    assert ("registration", "coverage_refused") == (held["owner"], held["findings"][0]["edit"])

    await office.hear("EncounterUpdated", None, office.identity("RIGHT"), **office.facts())
    await office.verify("PPO01")
    await office.wait(NOON)

    [sent] = office.professional()
    [claim] = await office.claims()
    assert ("RIGHTPPO01", True) == (sent.subscriber.member_id, claim.touched)


async def test_a_rejection_for_the_member_is_sent_again_as_new_when_registration_is_put_right(
    office: BillingOffice,
) -> None:
    """277CA A7:33:IL; the new claim has frequency 1, another control number, and remembers the rejection."""
    await office.register("PPO01")
    await office.charge(9000)
    await office.wait(NOON)
    [claim] = await office.claims()
    await office.acknowledge(claim, "A7", "33", "IL")
    told = await office.last("claim_rejected")
    assert ("eligibility", "payer") == (told["cause"], told["level"])

    await office.hear("EncounterUpdated", None, office.identity("RIGHT"), **office.facts())
    await office.wait(NEXT_NOON)

    old, new = await office.claims()
    assert ("superseded", "sent", "1", True) == (old.state, new.state, new.frequency, new.rejected_before)
    assert old.patient_control_number != new.patient_control_number


async def test_a_rejected_claim_is_corrected_by_a_biller_and_sent_as_new(office: BillingOffice) -> None:
    await office.register("PPO01")
    await office.charge(9000)
    await office.wait(NOON)
    [claim] = await office.claims()
    await office.acknowledge(claim, "A8", "477")

    change = Change(field="diagnoses", line_number=1, value="I10")
    await office.ask(CorrectClaim(claim_id=claim.claim_id, changes=(change,)))
    await office.wait(NEXT_NOON)

    [sent] = office.professional()
    assert ["E119", "I10"] == [diagnosis.code for diagnosis in sent.diagnoses] or ["I10"] == [
        diagnosis.code for diagnosis in sent.diagnoses
    ]
    assert [2] == [sent.service_lines[0].diagnosis_pointers[0]]


async def test_a_held_claim_leaves_when_a_person_overrides_the_edit(office: BillingOffice) -> None:
    """J5: filed after the contract's 90 days; a biller with proof overrides, and the claim says so."""
    await office.register("PPO01", service_on=date(2025, 9, 1))
    await office.charge(9000, service_on="2025-09-01")
    await office.wait(NOON)
    [claim] = await office.claims()
    assert ["timely_filing"] == [finding.edit for finding in claim.findings]

    await office.ask(
        RecheckClaim(claim_id=claim.claim_id, override=("timely_filing",), reason="proof_of_timely_filing")
    )
    await office.wait(NEXT_NOON)

    [claim] = await office.claims()
    assert ("sent", ("timely_filing",), True) == (claim.state, claim.overridden, claim.touched)


async def test_a_syntax_refusal_turns_every_claim_of_the_interchange_away(office: BillingOffice) -> None:
    await office.register("PPO01")
    await office.charge(9000)
    await office.wait(NOON)

    await office.receive(office.payer_files.syntax_refused(1))

    told = await office.last("claim_rejected")
    assert ("syntax", "syntax") == (told["level"], told["cause"])
    assert ["rejected"] == [claim.state for claim in await office.claims()]


async def test_silence_is_told_and_the_payer_is_asked(office: BillingOffice) -> None:
    """No acceptance within five business days: claim_silent, and a 276 that carries our number."""
    await office.register("PPO01")
    await office.charge(9000)
    await office.wait(NOON)
    [claim] = await office.claims()
    office.clearinghouse.answer = office.payer_files.status(claim, "P1", "20")

    await office.wait(datetime(2026, 1, 20, 18, tzinfo=UTC))

    assert "payer" == (await office.last("claim_silent"))["waiting_for"]
    assert "pending" == (await office.claims())[0].state
    [inquiry] = office.inquiries()
    assert (claim.patient_control_number, 9000) == (inquiry.control_number, inquiry.charge_cents)
    assert [{"category": "P1", "status": "20", "entity": ""}] == (await office.last("claim_status_reported"))["codes"]


async def test_a_claim_that_cannot_be_asked_about_falls_silent_and_somebody_calls(office: BillingOffice) -> None:
    """Registration took the coverage away while the claim was with the payer: a 276 has no member number to name."""
    await office.register("PPO01")
    await office.charge(9000)
    await office.wait(datetime(2026, 1, 11, 18, tzinfo=UTC))
    office.payers = ("SEC01",)
    await office.hear("EncounterUpdated", None, office.identity(), **office.facts())

    await office.wait(datetime(2026, 1, 21, 18, tzinfo=UTC))

    lost = next(claim for claim in await office.claims() if claim.coverage_id == derived_id("coverage", "PPO01"))
    assert ("sent", "payer") == (lost.state, lost.silent_for)
    assert lost.patient_control_number.encode() not in b"".join(office.clearinghouse.asked)
    left = await office.harness.query("SELECT name, state FROM task WHERE kind = 'effect' AND state <> 'done'")
    assert [] == left


async def test_a_payer_that_asks_for_records_is_heard(office: BillingOffice) -> None:
    await office.register("PPO01")
    await office.charge(9000)
    await office.wait(NOON)
    [claim] = await office.claims()

    await office.receive(office.payer_files.status(claim, "R4", "294"))

    assert ["R4:294"] == (await office.last("information_requested"))["codes"]
    assert "information_requested" == (await office.claims())[0].state


async def test_a_claim_that_was_decided_is_voided_with_an_eight(office: BillingOffice) -> None:
    await office.register("PPO01")
    await office.charge(9000)
    await office.wait(NOON)
    [claim] = await office.claims()
    await office.pay(office.payment(claim, (9000, 6000, "CO-45 3000")))

    await office.ask(VoidClaim(claim_id=claim.claim_id))
    await office.wait(NEXT_NOON)

    [sent] = office.professional()
    assert ("8", "ICN1") == (sent.frequency, sent.payer_claim_control_number)
    await office.pay(office.payment(claim, (-9000, -6000, "CO-45 -3000"), status="22"), trace="E2")
    assert 2 == len(await office.claims())


async def test_a_claim_that_x12_cannot_say_is_held_and_no_reason_lets_it_go(office: BillingOffice) -> None:
    """A place of service that the guide does not list: overriding the edit does not make it writable."""
    await office.register("PPO01", place_of_service="ZZZ")
    await office.charge(9000)
    await office.wait(NOON)
    [claim] = await office.claims()
    assert ["place_of_service"] == [finding.edit for finding in claim.findings]
    await office.ask(RecheckClaim(claim_id=claim.claim_id, override=("place_of_service",)))
    await office.wait(NEXT_NOON)

    [claim] = await office.claims()
    assert ("held", ["x12"]) == (claim.state, [finding.edit for finding in claim.findings])
    with pytest.raises(Conflict, match="cannot be overridden"):
        await office.ask(RecheckClaim(claim_id=claim.claim_id, override=("x12",)))
    assert [] == office.clearinghouse.sent


async def test_a_patient_without_an_address_holds_the_claim_for_registration_until_it_is_told(
    office: BillingOffice,
) -> None:
    """Loop 2010CA: the 837 has to say where a patient lives who is not the subscriber."""
    covered = {"coverage_id": derived_id("coverage", "PPO01"), "payer_id": derived_id("payer", "ORG", "PPO01")}
    child = [covered | {"rank": 1, "relationship": "19"}]
    await office.register("PPO01", coverages=child)
    await office.charge(9000)
    await office.wait(NEXT_NOON)
    [claim] = await office.claims()
    assert ("held", "registration", ["x12"]) == (
        claim.state,
        claim.hold_owner,
        [finding.edit for finding in claim.findings],
    )

    home = {"line1": "2 ELM ST", "city": "ALBANY", "state": "NY", "postal_code": "12207"}
    await office.hear("EncounterUpdated", None, office.identity(address=home), **office.facts(coverages=child))
    await office.wait(datetime(2026, 1, 14, 18, tzinfo=UTC))

    assert ["sent"] == [claim.state for claim in await office.claims()]


async def test_a_queued_claim_to_the_wrong_payer_is_given_up_when_the_right_one_is_known(office: BillingOffice) -> None:
    """The coverage changes between the morning and noon: only the claim to the right payer leaves."""
    await office.register("PPO01")
    await office.charge(9000)
    await office.wait(datetime(2026, 1, 11, 13, tzinfo=UTC))
    assert ["ready"] == [claim.state for claim in await office.claims()]

    office.payers = ("SEC01",)
    await office.hear("EncounterUpdated", None, office.identity(), **office.facts())
    await office.verify("SEC01")
    await office.wait(NOON)

    assert ["sent", "voided"] == sorted(claim.state for claim in await office.claims())
    [sent] = office.professional()
    assert "SEC01" == sent.subscriber.payer.id


async def test_what_was_sent_is_not_checked_again(office: BillingOffice) -> None:
    await office.register("PPO01")
    await office.charge(9000)
    await office.wait(NOON)
    [claim] = await office.claims()

    with pytest.raises(Conflict, match="is sent"):
        await office.ask(RecheckClaim(claim_id=claim.claim_id))


async def test_facility_and_professional_services_leave_apart(office: BillingOffice) -> None:
    """J15: an 837I (type of bill 131) and an 837P of one visit."""
    await office.register("PPO01", attending_provider_id=derived_id("provider", "P1"))
    await office.charge(90000, revenue_code="0510", code="G0463")
    await office.charge(20000, line_id=derived_id("professional"))
    await office.wait(NOON)

    facility, professional = office.institutional(), office.professional()
    assert ("131", 90000, "0510") == (
        facility[0].type_of_bill,
        facility[0].charge_cents,
        facility[0].service_lines[0].revenue_code,
    )
    assert 20000 == professional[0].charge_cents


async def test_a_service_billed_for_the_same_patient_by_another_visit_stays_behind(office: BillingOffice) -> None:
    """The same code, provider and day under two visit numbers: the copy is held; a person may let it go."""
    await office.register("PPO01")
    await office.charge(9000)
    await office.wait(NOON)
    office.visit = "V2"
    await office.register("PPO01")
    await office.charge(9000)
    await office.wait(NEXT_NOON)

    copy = next(claim for claim in await office.claims() if claim.encounter_id == office.encounter_id)
    assert ("held", ["billed_elsewhere"]) == (copy.state, [finding.edit for finding in copy.findings])
    assert "billed_elsewhere" == (await office.last("claim_held"))["findings"][0]["edit"]

    await office.ask(RecheckClaim(claim_id=copy.claim_id, override=("billed_elsewhere",), reason="records_support"))
    await office.wait(datetime(2026, 1, 13, 18, tzinfo=UTC))

    assert ["sent", "sent"] == [claim.state for claim in await office.claims()]


async def test_a_cancelled_visit_charges_nothing_and_bills_nobody(office: BillingOffice) -> None:
    await office.register("PPO01")
    await office.charge(9000)
    await office.hear("EncounterCancelled", encounter_id=office.encounter_id)
    await office.wait(NOON)

    assert 0 == (await office.money()).charged
    assert [] == await office.claims()


def _coverage() -> Any:
    return derived_id("coverage", "PPO01")

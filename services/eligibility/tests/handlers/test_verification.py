"""Asking payers: verified, refused, asked again; authorizations and estimates that follow."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from eligibility.domain.directory import Price, PriceList
from eligibility.domain.people import Person
from eligibility.messages.commands import (
    AddCoverage,
    CorrectCoverage,
    CorrectPatient,
    CoverageInput,
    ElectSelfPay,
    EnterPrices,
    PrepareEstimate,
    RecordAuthorization,
    RemoveCoverage,
    RequestAuthorization,
    SignNotice,
    VerifyCoverage,
)
from eligibility.testing.hl7 import hl7_message
from eligibility.testing.practice import CLINIC, ORGANIZATION, PPO, Practice
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import Conflict, NotFound
from revcycle_kit.money import Cents
from revcycle_kit.partners.outcomes import Rejected

SERVICES = Path(__file__).parents[3]
HEADER = "MSH|^~\\&|EHR|RIVER|RCM|RC|20260105090000||{kind}|{control}|P|2.5.1"
PID = "PID|1||MRN1^^^RIVER^MR||DOE^JANE||19800203|F|||2 Oak St^^Albany^NY^12207"
PV1 = "PV1|1|O|||||1234567893^HART^ANN||||||||||||V100|||||||||||||||||||||||||{at}"
IN1 = "IN1|1|PPO01|PPO01|Northern PPO||||GRP1||||||||DOE^JANE|SEL|19800203||||||||||||||||||{member}"
SCHEDULE = "SCH|P1|F1|||||||||^^30^{at}"


def admission(member: str = "M1", at: str = "20260105083000") -> bytes:
    return hl7_message(HEADER.format(kind="ADT^A04", control="1"), PID, PV1.format(at=at), IN1.format(member=member))


def answering(*rows: str, member: str = "M1") -> Callable[[bytes], bytes]:
    """Answer a 270 with these segments in the subscriber's loop."""

    def answer(interchange: bytes) -> bytes:
        trace = interchange.split(b"TRN*1*")[1].split(b"*")[0].decode()
        segments = [
            "ST*271*0001*005010X279A1",
            "BHT*0022*11*1*20260105*0900",
            "HL*1**20*1",
            "NM1*PR*2*NORTHERN PPO*****PI*PPO01",
            "HL*2*1*21*1",
            "NM1*1P*2*RIVER*****XX*1234567893",
            "HL*3*2*22*0",
            f"TRN*2*{trace}*1123456789",
            f"NM1*IL*1*DOE*JANE****MI*{member}",
            *rows,
        ]
        return interchange_of("HB", "005010X279A1", segments)

    return answer


def interchange_of(functional: str, version: str, segments: list[str]) -> bytes:
    """Wrap a transaction's segments into an interchange."""
    head = "ISA*00*          *00*          *ZZ*PAYER          *ZZ*REVCYCLE       *260105*0900*^*00501*000000001*0*T*:"
    group = f"GS*{functional}*PAYER*REVCYCLE*20260105*0900*1*X*{version}"
    body = [head, group, *segments, f"SE*{len(segments) + 1}*0001", "GE*1*1", "IEA*1*000000001"]
    return ("~".join(body) + "~").encode()


ACTIVE = (
    "EB*1*IND*30",
    "EB*C*IND*30***29*50*****Y",
    "EB*A*IND*30*****.2****Y",
    "EB*G*IND*30***29*1000*****Y",
)


async def test_an_active_coverage_is_verified_with_its_benefits(practice: Practice) -> None:
    practice.clearinghouse.answer = answering(*ACTIVE)

    await practice.receive(admission())

    verified = await practice.last("coverage_verified")
    told = {each["kind"]: (each["amount_cents"], each["percent_basis_points"]) for each in verified["benefits"]}
    assert {
        "deductible_left": (50_00, None),
        "coinsurance": (None, 2_000),
        "out_of_pocket_left": (1_000_00, None),
    } == told
    [asked] = practice.clearinghouse.received
    assert b"NM1*IL*1*DOE*JANE****MI*M1~" in asked
    assert b"DTP*291*D8*20260105~EQ*30~" in asked


async def test_an_inactive_coverage_is_refused_with_the_next_step(practice: Practice) -> None:
    practice.clearinghouse.answer = answering("EB*6*IND*30")

    await practice.receive(admission())

    refused = await practice.last("coverage_refused")
    assert "inactive" == refused["cause"]
    assert refused["reasons"][0]["next_step"]


async def test_a_wrong_member_number_is_refused_and_its_correction_verified(practice: Practice) -> None:
    """J2: AAA03 72; the id is corrected, the payer answers active."""
    practice.clearinghouse.answer = answering("AAA*N**72*C", member="WRONG")
    await practice.receive(admission(member="WRONG"))
    refused = await practice.last("coverage_refused")
    assert ("not_found", "72") == (refused["cause"], refused["reasons"][0]["code"])

    practice.clearinghouse.answer = answering(*ACTIVE)
    correction = CorrectCoverage(
        coverage_id=(await practice.encounter()).coverages[0].coverage_id, given=CoverageInput(member_id="M1")
    )
    await practice.run(correction, (await practice.encounter()).encounter_id)

    assert ["identity"] == (await practice.last("encounter_updated"))["changed"]
    assert refused["coverage_id"] == (await practice.last("coverage_verified"))["coverage_id"]


async def test_a_payer_that_cannot_answer_now_is_asked_again_and_not_for_ever(practice: Practice) -> None:
    practice.clearinghouse.answer = answering("AAA*Y**42*R")
    await practice.receive(admission())
    assert "coverage_refused" not in await practice.harness.said_names()

    await practice.harness.advance(datetime(2026, 1, 7, tzinfo=UTC))

    assert 4 == len(practice.clearinghouse.received)
    assert "unavailable" == (await practice.last("coverage_refused"))["cause"]


async def test_a_coverage_verified_long_before_the_visit_is_verified_again_on_its_eve(practice: Practice) -> None:
    practice.clearinghouse.answer = answering(*ACTIVE)
    await practice.receive(admission(at="20260120083000"))
    assert 1 == len(practice.clearinghouse.received)

    await practice.harness.advance(datetime(2026, 1, 21, tzinfo=UTC))

    assert 2 == len(practice.clearinghouse.received)
    verified = await practice.last("coverage_verified")
    assert "2026-01-19T11:00:00Z" == verified["verified_at"]  # six in the morning of the eve, in New York


async def test_a_member_number_that_only_the_payer_knows_is_learned(practice: Practice) -> None:
    practice.clearinghouse.answer = answering(*ACTIVE, member="LEARNED")
    await practice.receive(admission(member=""))

    updated = await practice.last("encounter_updated")
    assert {"missing", "identity"} == set(updated["changed"])
    assert [] == updated["missing"]


async def test_a_271_that_is_no_271_refuses_the_inquiry_once(practice: Practice) -> None:
    practice.clearinghouse.answer = lambda _: b"not X12 at all"
    await practice.receive(admission())
    assert "other" == (await practice.last("coverage_refused"))["cause"]
    assert 1 == len(practice.clearinghouse.received)


async def test_an_inquiry_that_the_clearinghouse_refuses_is_told_listed_and_sent_again(practice: Practice) -> None:
    practice.clearinghouse.trouble = Rejected("the clearinghouse", "status 404")
    await practice.receive(admission())
    event = await practice.last("effect_given_up")
    assert ("send_inquiry", False) == (event["effect"], event["in_doubt"])
    refused = await practice.last("coverage_refused")
    assert ("unavailable", True) == (refused["cause"], "verify by telephone" in refused["reasons"][0]["next_step"])

    practice.clearinghouse.trouble, practice.clearinghouse.answer = None, answering(*ACTIVE)
    [effect] = await practice.harness.runtime.effects("given_up")
    await practice.harness.runtime.resend(effect["task_id"])
    await practice.harness.settle()
    assert refused["coverage_id"] == (await practice.last("coverage_verified"))["coverage_id"]
    assert [] == await practice.harness.runtime.effects()


async def test_a_planned_service_that_needs_it_is_authorized_before_the_visit(practice: Practice) -> None:
    def answer(interchange: bytes) -> bytes:
        if b"ST*270*" in interchange:
            return answering(*ACTIVE)(interchange)
        return decided("HCR*A1*AUTH77")

    practice.clearinghouse.answer = answer
    booking = hl7_message(
        HEADER.format(kind="SIU^S12", control="9"),
        SCHEDULE.format(at="20260120083000"),
        PID,
        IN1.format(member="M1"),
        "AIS|1|A|J1745^Infusion",
    )
    await practice.receive(booking)

    requested, authorized = await practice.last("authorization_requested"), await practice.last("authorization_decided")
    assert ["J1745"] == requested["codes"]
    assert ("certified", "AUTH77") == (authorized["outcome"], authorized["number"])
    assert requested["authorization_id"] == authorized["authorization_id"]


def decided(row: str) -> bytes:
    """Answer a 278 with this decision."""
    segments = [
        "ST*278*0001*005010X217",
        "BHT*0007*11*1*20260105*0900*18",
        "HL*1**20*1",
        "NM1*X3*2*NORTHERN PPO*****PI*PPO01",
        "HL*2*1*21*1",
        "NM1*1P*2*RIVER*****XX*1234567893",
        "HL*3*2*22*1",
        "NM1*IL*1*DOE*JANE****MI*M1",
        "HL*4*3*EV*0",
        "UM*HS*I*1",
        row,
    ]
    return interchange_of("HI", "005010X217", segments)


async def test_a_pended_authorization_is_asked_for_daily_until_decided(practice: Practice) -> None:
    practice.clearinghouse.answer = answering(*ACTIVE)
    await practice.receive(admission())
    practice.clearinghouse.answer = lambda _: decided("HCR*A4*REF1")
    await practice.run(RequestAuthorization(codes=("G0463",)), (await practice.encounter()).encounter_id)
    practice.clearinghouse.answer = lambda _: decided("HCR*A3**0V")

    await practice.harness.advance(datetime(2026, 1, 10, tzinfo=UTC))

    outcomes = [data["outcome"] for name, data in await practice.harness.said() if name == "authorization_decided"]
    assert ["pended", "not_certified"] == outcomes
    assert 2 == sum(b"ST*278*" in asked for asked in practice.clearinghouse.received)


async def test_an_authorization_that_the_ehr_obtained_is_taken_over_once(practice: Practice) -> None:
    practice.clearinghouse.answer = answering(*ACTIVE)
    insured = IN1.format(member="M1").replace("||||||||DOE^JANE", "||||||EHR55||DOE^JANE")
    for control in ("1", "2"):
        await practice.receive(
            hl7_message(
                HEADER.format(kind="ADT^A08" if control == "2" else "ADT^A04", control=control),
                PID,
                PV1.format(at="20260105083000"),
                insured,
            )
        )

    [authorized] = [data for name, data in await practice.harness.said() if name == "authorization_decided"]
    assert ("certified", "EHR55") == (authorized["outcome"], authorized["number"])


async def test_a_decision_that_came_by_telephone_is_recorded(practice: Practice) -> None:
    practice.clearinghouse.answer = answering(*ACTIVE)
    await practice.receive(admission())
    decision = RecordAuthorization(codes=("J1745",), outcome="certified", number="TEL9")
    await practice.run(decision, (await practice.encounter()).encounter_id)
    assert "TEL9" == (await practice.last("authorization_decided"))["number"]


async def test_the_insured_get_an_estimate_from_their_benefits(practice: Practice) -> None:
    """Allowed 180.00: deductible left 50.00, then 20 % of 130.00 is 26.00."""
    await practice.enter(EnterPrices(prices=prices()), CLINIC)
    practice.clearinghouse.answer = answering(*ACTIVE)
    await practice.receive(admission())
    await practice.run(PrepareEstimate(codes=("G0463",)), (await practice.encounter()).encounter_id)

    told = await practice.last("estimate_prepared")
    assert (250_00, 70_00, 104_00, 76_00) == tuple(
        told[name] for name in ("charge_cents", "discount_cents", "insurance_cents", "patient_cents")
    )


async def test_the_uninsured_get_a_good_faith_estimate_with_its_deadline(practice: Practice) -> None:
    """Scheduled on a Monday for the Tuesday fifteen days later: more than ten business days, so three to give it."""
    await practice.enter(EnterPrices(prices=prices()), CLINIC)
    booking = hl7_message(
        HEADER.format(kind="SIU^S12", control="9"),
        SCHEDULE.format(at="20260127083000"),
        PID,
        "PV1|1|O" + "|" * 18 + "SELFPAY",
        "AIS|1|A|G0463",
    )
    await practice.receive(booking)

    told = await practice.last("estimate_prepared")
    assert ("good_faith", 150_00, "2026-01-08") == (told["kind"], told["patient_cents"], told["due_by"])


def prices() -> PriceList:
    """A visit at 250.00, allowed 180.00 by the PPO, 40 % off for those who pay alone."""
    return PriceList(
        organization_id=ORGANIZATION,
        clinic_id=CLINIC,
        prices=(Price(code="G0463", charge_cents=Cents(250_00), allowed_cents={str(PPO): Cents(180_00)}),),
        self_pay_discount_basis_points=4_000,
    )


async def test_a_patient_who_forbids_disclosure_is_not_asked_about(practice: Practice) -> None:
    practice.clearinghouse.answer = answering(*ACTIVE)
    await practice.receive(admission())
    await practice.run(
        ElectSelfPay(elected_on=datetime(2026, 1, 5, tzinfo=UTC).date()), (await practice.encounter()).encounter_id
    )

    with pytest.raises(Conflict):
        await practice.run(VerifyCoverage(), (await practice.encounter()).encounter_id)
    assert 1 == len(practice.clearinghouse.received)
    assert "self_pay_elected" in await practice.harness.said_names()


async def test_a_second_coverage_is_verified_and_ordered(practice: Practice) -> None:
    practice.clearinghouse.answer = answering(*ACTIVE)
    await practice.receive(admission())
    given = CoverageInput(
        payer_id=PPO, member_id="M2", relationship="01", subscriber=Person(family="DOE", given="JOHN")
    )
    added = await practice.run(AddCoverage(given=given, first=True), (await practice.encounter()).encounter_id)

    order = await practice.last("coverage_order_decided")
    assert "non_dependent_first" == order["rule"]
    assert str(added.id) == order["coverage_ids"][1]
    assert 2 == len(practice.clearinghouse.received)

    await practice.run(RemoveCoverage(coverage_id=added.id), (await practice.encounter()).encounter_id)
    assert 1 == len((await practice.last("encounter_updated"))["coverages"])


async def test_a_corrected_name_is_told_and_verified_again(practice: Practice) -> None:
    practice.clearinghouse.answer = answering(*ACTIVE)
    await practice.receive(admission())
    await practice.run(CorrectPatient(patient=Person(given="JANET")), (await practice.encounter()).encounter_id)
    assert b"NM1*IL*1*DOE*JANET*" in practice.clearinghouse.received[-1]


async def test_what_nobody_registered_cannot_be_changed(practice: Practice) -> None:
    with pytest.raises(NotFound):
        await practice.run(VerifyCoverage(), UUID(int=5))


async def test_a_signed_notice_is_told(practice: Practice) -> None:
    practice.clearinghouse.answer = answering(*ACTIVE)
    await practice.receive(admission())
    notice = SignNotice(kind="abn", codes=("G0463",), signed_on=datetime(2026, 1, 5, tzinfo=UTC).date())
    await practice.run(notice, (await practice.encounter()).encounter_id)
    signed = await practice.last("notice_signed")
    assert ("abn", ["G0463"]) == (signed["kind"], signed["codes"])


@pytest.mark.parametrize(
    "example",
    [
        "claims/contracts/consumers/eligibility/claim_rejected.v1.member_not_found.json",
        "denials/contracts/consumers/eligibility/denial_opened.v1.coverage_ended.json",
    ],
)
async def test_a_refusal_for_the_coverage_verifies_it_again(practice: Practice, example: str) -> None:
    practice.clearinghouse.answer = answering(*ACTIVE)
    await practice.receive(admission())
    await hear(practice, example, payer_id=str(PPO))
    assert 2 == len(practice.clearinghouse.received)


async def test_insurance_presented_after_the_bill_is_added_and_verified(practice: Practice) -> None:
    practice.clearinghouse.answer = answering(*ACTIVE, member="M9")
    await practice.receive(
        hl7_message(HEADER.format(kind="ADT^A04", control="1"), PID, PV1.format(at="20260105083000"))
    )
    await hear(practice, "patient-billing/contracts/consumers/eligibility/insurance_presented.v1.card_shown_late.json")

    assert str(PPO) == (await practice.last("coverage_verified"))["payer_id"]
    assert 1 == len((await practice.last("encounter_updated"))["coverages"])


async def hear(practice: Practice, example: str, **changes: Any) -> None:
    """Let eligibility hear a reader's example, said about the encounter at hand."""
    told = json.loads((SERVICES / example).read_text())
    known = (await practice.encounter()).encounter_id
    source, kind = told["headers"]["ce_source"][1:], told["headers"]["ce_type"]
    data = {**told["data"], "encounter_id": str(known), **changes}
    await practice.harness.hear_data(source, kind, data, StreamRef("clinic", CLINIC, "encounter", known))
    await practice.harness.settle()

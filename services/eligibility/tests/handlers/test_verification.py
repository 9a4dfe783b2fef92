"""Asking payers: verified, refused, asked again; authorizations and estimates that follow."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from eligibility.domain import identifiers
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
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import Conflict, NotFound
from revcycle_kit.money import Cents

SERVICES = Path(__file__).parents[3]
ORGANIZATION = UUID("00000000-0000-8000-8000-00000000000a")
CLINIC = UUID("00000000-0000-8000-8000-00000000000c")
PPO = identifiers.payer(ORGANIZATION, "PPO01")
HEADER = "MSH|^~\\&|EHR|RIVER|RCM|RC|20260105090000||{kind}|{control}|P|2.5.1"
PID = "PID|1||MRN1^^^RIVER^MR||DOE^JANE||19800203|F|||2 Oak St^^Albany^NY^12207"
PV1 = "PV1|1|O|||||1234567893^HART^ANN||||||||||||V100|||||||||||||||||||||||||{at}"
IN1 = "IN1|1|PPO01|PPO01|Northern PPO||||GRP1||||||||DOE^JANE|SEL|19800203||||||||||||||||||{member}"
SCHEDULE = "SCH|P1|F1|||||||||^^30^{at}"

Message = Callable[..., bytes]


def admission(message: Message, member: str = "M1", at: str = "20260105083000") -> bytes:
    return message(HEADER.format(kind="ADT^A04", control="1"), PID, PV1.format(at=at), IN1.format(member=member))


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


async def encounter_id(desk: Any) -> UUID:
    [encounter] = await desk.harness.documents("encounter")
    found: UUID = encounter.encounter_id
    return found


async def coverage_id(desk: Any) -> UUID:
    [encounter] = await desk.harness.documents("encounter")
    found: UUID = encounter.coverages[0].coverage_id
    return found


async def last(desk: Any, name: str) -> dict[str, Any]:
    told: dict[str, Any] = [data for said, data in await desk.harness.said() if said == name][-1]
    return told


async def test_an_active_coverage_is_verified_with_its_benefits(desk: Any, message: Message) -> None:
    desk.clearinghouse.answer = answering(*ACTIVE)

    await desk.receive(admission(message))

    verified = await last(desk, "coverage_verified")
    told = {each["kind"]: (each["amount_cents"], each["percent_basis_points"]) for each in verified["benefits"]}
    assert {
        "deductible_left": (50_00, None),
        "coinsurance": (None, 2_000),
        "out_of_pocket_left": (1_000_00, None),
    } == told
    [asked] = desk.clearinghouse.asked
    assert b"NM1*IL*1*DOE*JANE****MI*M1~" in asked
    assert b"DTP*291*D8*20260105~EQ*30~" in asked


async def test_an_inactive_coverage_is_refused_with_the_next_step(desk: Any, message: Message) -> None:
    desk.clearinghouse.answer = answering("EB*6*IND*30")

    await desk.receive(admission(message))

    refused = await last(desk, "coverage_refused")
    assert "inactive" == refused["cause"]
    assert refused["reasons"][0]["next_step"]


async def test_a_wrong_member_number_is_refused_and_its_correction_verified(desk: Any, message: Message) -> None:
    """J2: AAA03 72; the id is corrected, the payer answers active."""
    desk.clearinghouse.answer = answering("AAA*N**72*C", member="WRONG")
    await desk.receive(admission(message, member="WRONG"))
    refused = await last(desk, "coverage_refused")
    assert ("not_found", "72") == (refused["cause"], refused["reasons"][0]["code"])

    desk.clearinghouse.answer = answering(*ACTIVE)
    correction = CorrectCoverage(coverage_id=await coverage_id(desk), given=CoverageInput(member_id="M1"))
    await desk.do(correction, await encounter_id(desk))

    assert ["identity"] == (await last(desk, "encounter_updated"))["changed"]
    assert refused["coverage_id"] == (await last(desk, "coverage_verified"))["coverage_id"]


async def test_a_payer_that_cannot_answer_now_is_asked_again_and_not_for_ever(desk: Any, message: Message) -> None:
    desk.clearinghouse.answer = answering("AAA*Y**42*R")
    await desk.receive(admission(message))
    assert "coverage_refused" not in await desk.harness.said_names()

    await desk.harness.advance(datetime(2026, 1, 7, tzinfo=UTC))

    assert 4 == len(desk.clearinghouse.asked)
    assert "unavailable" == (await last(desk, "coverage_refused"))["cause"]


async def test_a_coverage_verified_long_before_the_visit_is_verified_again_on_its_eve(
    desk: Any, message: Message
) -> None:
    desk.clearinghouse.answer = answering(*ACTIVE)
    await desk.receive(admission(message, at="20260120083000"))
    assert 1 == len(desk.clearinghouse.asked)

    await desk.harness.advance(datetime(2026, 1, 21, tzinfo=UTC))

    assert 2 == len(desk.clearinghouse.asked)
    verified = await last(desk, "coverage_verified")
    assert "2026-01-19T11:00:00Z" == verified["verified_at"]  # six in the morning of the eve, in New York


async def test_a_member_number_that_only_the_payer_knows_is_learned(desk: Any, message: Message) -> None:
    desk.clearinghouse.answer = answering(*ACTIVE, member="LEARNED")
    await desk.receive(admission(message, member=""))

    updated = await last(desk, "encounter_updated")
    assert {"missing", "identity"} == set(updated["changed"])
    assert [] == updated["missing"]


async def test_a_271_that_is_no_271_refuses_the_inquiry_once(desk: Any, message: Message) -> None:
    desk.clearinghouse.answer = lambda _: b"not X12 at all"
    await desk.receive(admission(message))
    assert "other" == (await last(desk, "coverage_refused"))["cause"]
    assert 1 == len(desk.clearinghouse.asked)


async def test_a_planned_service_that_needs_it_is_authorized_before_the_visit(desk: Any, message: Message) -> None:
    def answer(interchange: bytes) -> bytes:
        if b"ST*270*" in interchange:
            return answering(*ACTIVE)(interchange)
        return decided("HCR*A1*AUTH77")

    desk.clearinghouse.answer = answer
    booking = message(
        HEADER.format(kind="SIU^S12", control="9"),
        SCHEDULE.format(at="20260120083000"),
        PID,
        IN1.format(member="M1"),
        "AIS|1|A|J1745^Infusion",
    )
    await desk.receive(booking)

    requested, authorized = await last(desk, "authorization_requested"), await last(desk, "authorization_decided")
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


async def test_a_pended_authorization_is_asked_for_daily_until_decided(desk: Any, message: Message) -> None:
    desk.clearinghouse.answer = answering(*ACTIVE)
    await desk.receive(admission(message))
    desk.clearinghouse.answer = lambda _: decided("HCR*A4*REF1")
    await desk.do(RequestAuthorization(codes=("G0463",)), await encounter_id(desk))
    desk.clearinghouse.answer = lambda _: decided("HCR*A3**0V")

    await desk.harness.advance(datetime(2026, 1, 10, tzinfo=UTC))

    outcomes = [data["outcome"] for name, data in await desk.harness.said() if name == "authorization_decided"]
    assert ["pended", "not_certified"] == outcomes
    assert 2 == sum(b"ST*278*" in asked for asked in desk.clearinghouse.asked)


async def test_an_authorization_that_the_ehr_obtained_is_taken_over_once(desk: Any, message: Message) -> None:
    desk.clearinghouse.answer = answering(*ACTIVE)
    insured = IN1.format(member="M1").replace("||||||||DOE^JANE", "||||||EHR55||DOE^JANE")
    for control in ("1", "2"):
        await desk.receive(
            message(
                HEADER.format(kind="ADT^A08" if control == "2" else "ADT^A04", control=control),
                PID,
                PV1.format(at="20260105083000"),
                insured,
            )
        )

    [authorized] = [data for name, data in await desk.harness.said() if name == "authorization_decided"]
    assert ("certified", "EHR55") == (authorized["outcome"], authorized["number"])


async def test_a_decision_that_came_by_telephone_is_recorded(desk: Any, message: Message) -> None:
    desk.clearinghouse.answer = answering(*ACTIVE)
    await desk.receive(admission(message))
    decision = RecordAuthorization(codes=("J1745",), outcome="certified", number="TEL9")
    await desk.do(decision, await encounter_id(desk))
    assert "TEL9" == (await last(desk, "authorization_decided"))["number"]


async def test_the_insured_get_an_estimate_from_their_benefits(desk: Any, message: Message) -> None:
    """Allowed 180.00: deductible left 50.00, then 20 % of 130.00 is 26.00."""
    await desk.enter(EnterPrices(prices=prices()), CLINIC)
    desk.clearinghouse.answer = answering(*ACTIVE)
    await desk.receive(admission(message))
    await desk.do(PrepareEstimate(codes=("G0463",)), await encounter_id(desk))

    told = await last(desk, "estimate_prepared")
    assert (250_00, 70_00, 104_00, 76_00) == tuple(
        told[name] for name in ("charge_cents", "discount_cents", "insurance_cents", "patient_cents")
    )


async def test_the_uninsured_get_a_good_faith_estimate_with_its_deadline(desk: Any, message: Message) -> None:
    """Scheduled on a Monday for the Tuesday fifteen days later: more than ten business days, so three to give it."""
    await desk.enter(EnterPrices(prices=prices()), CLINIC)
    booking = message(
        HEADER.format(kind="SIU^S12", control="9"),
        SCHEDULE.format(at="20260127083000"),
        PID,
        "PV1|1|O" + "|" * 18 + "SELFPAY",
        "AIS|1|A|G0463",
    )
    await desk.receive(booking)

    told = await last(desk, "estimate_prepared")
    assert ("good_faith", 150_00, "2026-01-08") == (told["kind"], told["patient_cents"], told["due_by"])


def prices() -> PriceList:
    """A visit at 250.00, allowed 180.00 by the PPO, 40 % off for those who pay alone."""
    return PriceList(
        organization_id=ORGANIZATION,
        clinic_id=CLINIC,
        prices=(Price(code="G0463", charge_cents=Cents(250_00), allowed_cents={str(PPO): Cents(180_00)}),),
        self_pay_discount_basis_points=4_000,
    )


async def test_a_patient_who_forbids_disclosure_is_not_asked_about(desk: Any, message: Message) -> None:
    desk.clearinghouse.answer = answering(*ACTIVE)
    await desk.receive(admission(message))
    await desk.do(ElectSelfPay(elected_on=datetime(2026, 1, 5, tzinfo=UTC).date()), await encounter_id(desk))

    with pytest.raises(Conflict):
        await desk.do(VerifyCoverage(), await encounter_id(desk))
    assert 1 == len(desk.clearinghouse.asked)
    assert "self_pay_elected" in await desk.harness.said_names()


async def test_a_second_coverage_is_verified_and_ordered(desk: Any, message: Message) -> None:
    desk.clearinghouse.answer = answering(*ACTIVE)
    await desk.receive(admission(message))
    given = CoverageInput(
        payer_id=PPO, member_id="M2", relationship="01", subscriber=Person(family="DOE", given="JOHN")
    )
    added = await desk.do(AddCoverage(given=given, first=True), await encounter_id(desk))

    order = await last(desk, "coverage_order_decided")
    assert "non_dependent_first" == order["rule"]
    assert str(added.id) == order["coverage_ids"][1]
    assert 2 == len(desk.clearinghouse.asked)

    await desk.do(RemoveCoverage(coverage_id=added.id), await encounter_id(desk))
    assert 1 == len((await last(desk, "encounter_updated"))["coverages"])


async def test_a_corrected_name_is_told_and_verified_again(desk: Any, message: Message) -> None:
    desk.clearinghouse.answer = answering(*ACTIVE)
    await desk.receive(admission(message))
    await desk.do(CorrectPatient(patient=Person(given="JANET")), await encounter_id(desk))
    assert b"NM1*IL*1*DOE*JANET*" in desk.clearinghouse.asked[-1]


async def test_what_nobody_registered_cannot_be_changed(desk: Any) -> None:
    with pytest.raises(NotFound):
        await desk.do(VerifyCoverage(), UUID(int=5))


async def test_a_signed_notice_is_told(desk: Any, message: Message) -> None:
    desk.clearinghouse.answer = answering(*ACTIVE)
    await desk.receive(admission(message))
    notice = SignNotice(kind="abn", codes=("G0463",), signed_on=datetime(2026, 1, 5, tzinfo=UTC).date())
    await desk.do(notice, await encounter_id(desk))
    signed = await last(desk, "notice_signed")
    assert ("abn", ["G0463"]) == (signed["kind"], signed["codes"])


@pytest.mark.parametrize(
    "example",
    [
        "claims/contracts/consumers/eligibility/claim_rejected.v1.member_not_found.json",
        "denials/contracts/consumers/eligibility/denial_opened.v1.coverage_ended.json",
    ],
)
async def test_a_refusal_for_the_coverage_verifies_it_again(desk: Any, message: Message, example: str) -> None:
    desk.clearinghouse.answer = answering(*ACTIVE)
    await desk.receive(admission(message))
    await hear(desk, example, payer_id=str(PPO))
    assert 2 == len(desk.clearinghouse.asked)


async def test_insurance_presented_after_the_bill_is_added_and_verified(desk: Any, message: Message) -> None:
    desk.clearinghouse.answer = answering(*ACTIVE, member="M9")
    await desk.receive(message(HEADER.format(kind="ADT^A04", control="1"), PID, PV1.format(at="20260105083000")))
    await hear(desk, "patient-billing/contracts/consumers/eligibility/insurance_presented.v1.card_shown_late.json")

    assert str(PPO) == (await last(desk, "coverage_verified"))["payer_id"]
    assert 1 == len((await last(desk, "encounter_updated"))["coverages"])


async def hear(desk: Any, example: str, **changes: Any) -> None:
    """Let eligibility hear a reader's example, said about the encounter at hand."""
    told = json.loads((SERVICES / example).read_text())
    known = await encounter_id(desk)
    source, kind = told["headers"]["ce_source"][1:], told["headers"]["ce_type"]
    data = {**told["data"], "encounter_id": str(known), **changes}
    await desk.harness._heard(source, kind, data, StreamRef("clinic", CLINIC, "encounter", known))
    await desk.harness.settle()

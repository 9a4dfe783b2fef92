"""Questions a payer answers at once: is this person covered, where is the claim, may this be done."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from revcycle_sandbox import Sandbox
from revcycle_sandbox.world import OtherPayer, Plan, Span
from revcycle_sandbox.x12.building import Draft, draft, interchange, nest, organization, person
from revcycle_x12.authorization import AuthorizationResponse
from revcycle_x12.claim_status import StatusResponse
from revcycle_x12.eligibility import EligibilityResponse
from revcycle_x12.remittance import Remittance
from revcycle_x12.validate import validate

PLAN = Plan(
    code="PLAN",
    payer="PPO01",
    name="Plan One",
    deductible_cents=500_00,
    coinsurance_basis_points=2_000,
    copays={"G0380": 30_00},
    authorization_codes=("J1745",),
)
BORN = date(1980, 1, 1)


def instant(on: date, hour: int = 9) -> datetime:
    return datetime(on.year, on.month, on.day, hour, tzinfo=UTC)


def put(sandbox: Sandbox, at: datetime, said: Draft) -> bytes:
    """Ask one question and give the answer, which has to stand up to validation."""
    content = interchange("BILLER", at, 77, said)
    sandbox.step(at)
    answer = sandbox.answer(content, at)
    assert answer == sandbox.answer(content, at), "asking changes no answer"
    assert [] == [finding for finding in validate(answer).findings if finding.is_error]
    return answer


def eligibility(member_id: str, on: date, **who: Any) -> Draft:
    """Write a 270 for a subscriber."""
    named: dict[str, Any] = {"family": "DOE", "given": "JANE", "born": BORN, "payer": "PPO01"} | who
    said = draft("270", "005010X279A1")
    said.loop.add(["BHT", "0022", "13", "R1", "20260101", "0900"])
    source = nest(said.loop, "2000A", ["HL"])
    nest(source, "2100A", organization("PR", "PLAN", "PI", named["payer"]))
    receiver = nest(source, "2000B", ["HL"])
    nest(receiver, "2100B", organization("1P", "CLINIC", "XX", "1234567893"))
    subscriber = nest(receiver, "2000C", ["HL"], ["TRN", "1", "T1", "9BILLER001"])
    name = person("IL", named["family"], named["given"], "MI", member_id)
    told = nest(
        subscriber, "2100C", name, ["DMG", "D8", f"{named['born']:%Y%m%d}"], ["DTP", "291", "D8", f"{on:%Y%m%d}"]
    )
    nest(told, "2110C", ["EQ", "30"])
    return said


def asked(make: Any, member: Any = None, **who: Any) -> Any:
    """Ask about a member on the day of service and read the answer on the subscriber."""
    world = make.world([make.payer()], [PLAN], [member or make.member(deductible_used_cents=120_00)])
    content = put(Sandbox(world, 1), instant(make.day(0)), eligibility(who.pop("member_id", "M1"), make.day(0), **who))
    [response] = EligibilityResponse.load(content)
    return next(iter(response.subscribers))


def test_an_active_member_hears_benefits_and_what_is_left_of_them(make: Any) -> None:
    """Deductible 500.00, 380.00 left; 20 % coinsurance."""
    level = asked(make)
    told = [
        (benefit.information.value, benefit.period.value if benefit.period else "", benefit.amount_cents)
        for benefit in level.benefits
    ]
    assert ("1", "", None) == told[0]
    assert [("C", "23", 500_00), ("C", "29", 380_00)] == [each for each in told if each[0] == "C"]
    assert ("T1", []) == (level.trace, [rejection.reason.value for rejection in level.rejections])


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ({"member_id": "NOBODY"}, "72"),
        ({"born": date(1981, 1, 1)}, "71"),
        ({"family": "ROE"}, "73"),
        ({"member_id": "", "family": "ROE"}, "75"),
    ],
)
def test_who_is_not_found_hears_why(make: Any, who: dict[str, Any], reason: str) -> None:
    assert [reason] == [each.reason.value for each in asked(make, **who).rejections]


def test_without_an_id_name_and_birth_date_find_the_member(make: Any) -> None:
    level = asked(make, member_id="")
    assert ("M1", "1") == (level.person.id, level.benefits[0].information.value)


def test_coverage_that_ended_is_inactive_unless_the_payer_does_not_know_yet(make: Any) -> None:
    ended = Span(plan="PLAN", begins_on=make.day(-400), ends_on=make.day(-3))
    unknown = msgspec.structs.replace(ended, end_known_on=make.day(4))
    found = [asked(make, make.member(spans=(span,))).benefits[0].information.value for span in (ended, unknown)]
    assert ["6", "1"] == found


def test_a_payer_names_the_one_that_pays_first(make: Any) -> None:
    level = asked(make, make.member(pays_after=OtherPayer(payer="FIRST", since=make.day(-9))))
    assert "R" in [benefit.information.value for benefit in level.benefits]


def test_a_payer_nobody_knows_is_told_so(make: Any) -> None:
    world = make.world([make.payer()], [PLAN], [make.member()])
    content = put(Sandbox(world, 1), instant(make.day(0)), eligibility("M1", make.day(0), payer="NOBODY"))
    assert b"~AAA*Y**79*C~" in content


def claim_status(control: str) -> Draft:
    """Write a 276 for one claim."""
    said = draft("276", "005010X212")
    said.loop.add(["BHT", "0010", "13", "R1", "20260101", "0900"])
    source = nest(said.loop, "2000A", ["HL"])
    nest(source, "2100A", organization("PR", "PLAN", "PI", "PPO01"))
    receiver = nest(source, "2000B", ["HL"])
    nest(receiver, "2100B", organization("41", "BILLER", "46", "BILLER"))
    provider = nest(receiver, "2000C", ["HL"])
    nest(provider, "2100C", organization("1P", "CLINIC", "XX", "1234567893"))
    subscriber = nest(provider, "2000D", ["HL"], ["DMG", "D8", "19800101"])
    nest(subscriber, "2100D", person("IL", "DOE", "JANE", "MI", "M1"))
    nest(subscriber, "2200D", ["TRN", "1", "TRACE"], ["REF", "EJ", control], ["DTP", "472", "D8", "20260110"])
    return said


def test_a_claim_is_not_found_then_pending_then_paid(make: Any) -> None:
    """A4 before day 3, P1 until decided, F1 with the amount paid."""
    sandbox = Sandbox(make.world([make.payer(fees={"G0463": 600_00})], [PLAN], [make.member()]), 1)
    sandbox.step(instant(make.day(1)), [make.file(make.day(1), make.claim("C1", make.line("G0463", 700_00)))])
    told = []
    for days in (2, 6, 20):
        [response] = StatusResponse.load(put(sandbox, instant(make.day(days)), claim_status("C1")))
        [claim] = response.claims
        told.append((claim.statuses[0].category, claim.statuses[0].paid_cents))
        assert ("TRACE", "C1") == (claim.trace, claim.control_number)
    assert [("A4", None), ("P1", None), ("F1", 80_00)] == told


def test_the_status_names_the_control_number_of_the_remittance(make: Any) -> None:
    sandbox = Sandbox(make.world([make.payer(fees={"G0463": 600_00})], [PLAN], [make.member()]), 1)
    sandbox.step(instant(make.day(1)), [make.file(make.day(1), make.claim("C1", make.line("G0463", 700_00)))])
    came = sandbox.step(instant(make.day(20)))[0]
    [era] = [Remittance.load(parcel.content)[0] for parcel in came if parcel.meta.get("set") == "835"]
    [response] = StatusResponse.load(put(sandbox, instant(make.day(21)), claim_status("C1")))
    assert next(era.claims).payer_control_number == next(iter(response.claims)).payer_control_number


def review(code: str, on: date, units: int = 30) -> Draft:
    """Write a 278 for one service."""
    said = draft("278", "005010X217", "13")
    said.loop.add(["BHT", "0007", "13", "R1", "20260101", "0900"])
    reviewer = nest(said.loop, "2000A", ["HL"])
    nest(reviewer, "2010A", organization("X3", "PLAN", "PI", "PPO01"))
    requester = nest(reviewer, "2000B", ["HL"])
    nest(requester, "2010B", organization("1P", "CLINIC", "XX", "1234567893"))
    subscriber = nest(requester, "2000C", ["HL"])
    nest(subscriber, "2010C", person("IL", "DOE", "JANE", "MI", "M1"), ["DMG", "D8", "19800101"])
    day = ["DTP", "AAH", "D8", f"{on:%Y%m%d}"]
    event = nest(subscriber, "2000E", ["HL"], ["TRN", "1", "T9", "9BILLER001"], ["UM", "HS", "I", "3"], day)
    nest(event, "2000F", ["HL"], ["SV1", f"HC:{code}", "", "UN", str(units)])
    return said


def decided(content: bytes) -> tuple[str, str]:
    """Give HCR01 and HCR02 of the event."""
    [response] = AuthorizationResponse.load(content)
    event = next(loop for loop in response.loop.walk() if loop.id == "2000E")
    found = event.segment("HCR")
    assert found is not None
    return found[1], found[2]


def test_an_authorization_asked_for_in_time_lets_the_claim_be_paid(make: Any) -> None:
    """The number of the 278 in REF*G1 opens the gate; without it the same claim is CO-197."""
    place = Sandbox(make.world([make.payer(fees={"J1745": 48_00})], [PLAN], [make.member()]), 1)
    action, number = decided(put(place, instant(make.day(-5)), review("J1745", make.day(0))))
    on = make.day(1)
    named = make.claim("C1", make.line("J1745", 3_540_00, units=30), authorization=number)
    place.step(instant(on), [make.file(on, named)])
    later = make.claim("C2", make.line("J1745", 3_540_00, units=30, service_on=make.day(1)))
    place.step(instant(make.day(2)), [make.file(make.day(2), later)])
    came = place.step(instant(make.day(40)))[0]
    eras = [Remittance.load(parcel.content)[0] for parcel in came if parcel.meta.get("set") == "835"]
    found = {claim.control_number: claim.service_lines[0].adjustments[0].reason for era in eras for claim in era.claims}
    assert ("A1", {"C1": "45", "C2": "197"}) == (action, found)


def test_a_service_without_need_for_authorization_is_answered_so(make: Any) -> None:
    place = Sandbox(make.world([make.payer()], [PLAN], [make.member()]), 1)
    assert "NA" == decided(put(place, instant(make.day(0)), review("G0463", make.day(3))))[0]


def test_what_is_pended_is_decided_when_asked_again_a_day_later(make: Any) -> None:
    """Drawn clocks: of forty requests some are pended, and none of them the next day."""
    habits = msgspec.structs.replace(make.payer().behaviour, acknowledge_exactly=False)
    place = Sandbox(make.world([make.payer(behaviour=habits)], [PLAN], [make.member()]), 3)
    asked_for = [make.day(10 + number) for number in range(40)]
    first = [decided(put(place, instant(make.day(0)), review("J1745", on)))[0] for on in asked_for]
    second = [decided(put(place, instant(make.day(0)) + timedelta(days=1), review("J1745", on)))[0] for on in asked_for]
    assert {"A1", "A4"} <= set(first)
    assert "A4" not in second
    assert [one for one in first if one != "A4"] == [two for one, two in zip(first, second, strict=True) if one != "A4"]


def test_asking_the_same_again_gives_the_same_number(make: Any) -> None:
    place = Sandbox(make.world([make.payer()], [PLAN], [make.member()]), 1)
    answers = {decided(put(place, instant(make.day(days)), review("J1745", make.day(9)))) for days in (0, 1, 2)}
    assert 1 == len(answers)

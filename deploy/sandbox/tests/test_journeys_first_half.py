"""The payer's side of journeys J1 to J8, to the cent."""

from typing import Any

import msgspec

from revcycle_sandbox.behaviour import AppealRule, Lost, Mistake, Repeated
from revcycle_sandbox.world import Plan, Span


def test_j1_a_clean_claim_takes_deductible_then_coinsurance(make: Any) -> None:
    """Allowed 180.00 of 250.00; the last 50.00 of the deductible, then 20 % of the rest."""
    plan = Plan(code="PLAN", payer="PPO01", deductible_cents=500_00, coinsurance_basis_points=2_000)
    place = make.town([make.payer(fees={"G0463": 180_00})], [plan], [make.member(deductible_used_cents=450_00)])

    place.send(make.day(1), make.claim("J1", make.line("G0463", 250_00)))
    place.pass_until(make.day(20))

    [decision] = place.decisions
    assert {"charge": 250_00, "paid": 104_00, "CO-45": 70_00, "PR-1": 50_00, "PR-2": 26_00} == make.said(decision)
    assert 104_00 == place.remittances[0].paid_cents
    assert "1" == decision.status


def test_j2_a_copay_service_skips_the_deductible(make: Any) -> None:
    """Allowed 112.40 of 165.00 with a copay of 30.00, whatever is left of the deductible."""
    plan = Plan(code="PLAN", payer="PPO01", deductible_cents=500_00, copays={"G0463": 30_00})
    place = make.town([make.payer(fees={"G0463": 112_40})], [plan], [make.member()])

    place.send(make.day(1), make.claim("J2", make.line("G0463", 165_00)))
    place.pass_until(make.day(20))

    assert {"charge": 165_00, "paid": 82_40, "CO-45": 52_60, "PR-3": 30_00} == make.said(place.decisions[0])


def test_j2b_coverage_that_ended_is_refused_and_the_right_payer_pays(make: Any) -> None:
    """Payer A answers PR-27; a new claim to B is paid."""
    plans = [Plan(code="A", payer="PPO01"), Plan(code="B", payer="HMO02", copays={"G0463": 20_00})]
    ended = make.member(spans=(Span(plan="A", begins_on=make.day(-400), ends_on=make.day(-10)),))
    covered = make.member("M2", "HMO02", "B")
    place = make.town([make.payer(), make.payer("HMO02", fees={"G0463": 96_00})], plans, [ended, covered])

    place.send(make.day(1), make.claim("J2A", make.line("G0463", 140_00)))
    place.send(make.day(20), make.claim("J2B", make.line("G0463", 140_00), payer="HMO02", member_id="M2"))
    place.pass_until(make.day(40))

    refused, paid = place.decisions
    assert {"charge": 140_00, "paid": 0, "PR-27": 140_00} == make.said(refused)
    assert {"charge": 140_00, "paid": 76_00, "CO-45": 44_00, "PR-3": 20_00} == make.said(paid)


def test_j3_a_won_appeal_is_paid_by_reversal_and_new_decision(make: Any) -> None:
    """CO-197 over 1,450.00; the letter moves no money, the next 835 does."""
    plan = Plan(code="PLAN", payer="PPO01", coinsurance_basis_points=2_000, authorization_codes=("G0297",))
    rule = AppealRule(outcome="overturned", decide_after_days=30, pay_after_days=7)
    behaviour = msgspec.structs.replace(make.payer().behaviour, appeals=(rule,))
    place = make.town([make.payer(fees={"G0297": 620_00}, behaviour=behaviour)], [plan], [make.member()])

    place.send(make.day(1), make.claim("J3", make.line("G0297", 1_450_00)))
    place.pass_until(make.day(20))
    [first] = place.decisions
    place.appeal(make.day(21), payer_code="PPO01", patient_control_number="J3")
    place.pass_until(make.day(52))
    assert [("overturned", 496_00)] == [(letter.outcome, letter.expected_cents) for letter in place.letters]
    assert [first] == place.decisions
    place.pass_until(make.day(70))

    _first, reversal, corrected = place.decisions
    assert {"charge": 1_450_00, "paid": 0, "CO-197": 1_450_00} == make.said(first)
    assert ("1", "22", "1") == (first.status, reversal.status, corrected.status)
    assert {"charge": -1_450_00, "paid": 0, "CO-197": -1_450_00} == make.said(reversal)
    assert {"charge": 1_450_00, "paid": 496_00, "CO-45": 830_00, "PR-2": 124_00} == make.said(corrected)
    assert first.control_number == reversal.control_number == corrected.control_number


def test_j4_a_claim_handed_over_twice_is_a_duplicate(make: Any) -> None:
    """The second copy is answered OA-18, under a control number of its own."""
    plan = Plan(code="PLAN", payer="PPO01", copays={"G0463": 25_00})
    behaviour = msgspec.structs.replace(make.payer().behaviour, repeated=(Repeated(member_id="M1", after_days=3),))
    place = make.town([make.payer(fees={"G0463": 72_00}, behaviour=behaviour)], [plan], [make.member()])

    place.send(make.day(1), make.claim("J4", make.line("G0463", 95_00)))
    place.pass_until(make.day(40))

    paid, duplicate = place.decisions
    assert {"charge": 95_00, "paid": 47_00, "CO-45": 23_00, "PR-3": 25_00} == make.said(paid)
    assert {"charge": 95_00, "paid": 0, "OA-18": 95_00} == make.said(duplicate)
    assert paid.control_number != duplicate.control_number


def test_j5_a_rejection_does_not_stop_the_filing_clock(make: Any) -> None:
    """Rejected for an unknown member in January; the new claim of 20 April is ten days late."""
    place = make.town([make.payer(fees={"G0463": 150_00})], [Plan(code="PLAN", payer="PPO01")], [make.member()])

    place.send(make.day(2), make.claim("J5", make.line("G0463", 210_00), member_id="WRONG"))
    place.send(make.day(100), make.claim("J5R", make.line("G0463", 210_00)))
    place.appeal(make.day(120), payer_code="PPO01", patient_control_number="J5R")
    place.pass_until(make.day(200))

    assert ["A7:33:IL", "A2:20:PR"] == place.statuses()
    assert [{"charge": 210_00, "paid": 0, "CO-29": 210_00}] == [make.said(decision) for decision in place.decisions]
    assert ["upheld"] == [letter.outcome for letter in place.letters]


def test_the_last_day_for_filing_is_still_in_time(make: Any) -> None:
    """90 days from 2026-01-10 is 2026-04-10: received that day is in time, the day after is not."""
    plan = Plan(code="PLAN", payer="PPO01")
    place = make.town([make.payer(fees={"G0463": 150_00})], [plan], [make.member(), make.member("M2")])

    place.send(make.day(90), make.claim("INTIME", make.line("G0463", 210_00)))
    place.send(make.day(91), make.claim("LATE", make.line("G0463", 210_00), member_id="M2"))
    place.pass_until(make.day(120))

    assert [150_00, 0] == [decision.paid_cents for decision in place.decisions]


def test_j5b_the_payers_own_acceptance_proves_timely_filing(make: Any) -> None:
    """Accepted on day 20 and lost by the payer; the appeal wins on the payer's own A2."""
    plan = Plan(code="PLAN", payer="PPO01", coinsurance_basis_points=2_000)
    behaviour = msgspec.structs.replace(make.payer().behaviour, lost=(Lost(member_id="M1", nth=1),))
    place = make.town([make.payer(fees={"G0463": 150_00}, behaviour=behaviour)], [plan], [make.member()])

    place.send(make.day(20), make.claim("J5", make.line("G0463", 210_00)))
    place.send(make.day(100), make.claim("J5R", make.line("G0463", 210_00)))
    place.appeal(make.day(120), payer_code="PPO01", patient_control_number="J5R")
    place.pass_until(make.day(220))

    late, _reversal, paid = place.decisions
    assert {"charge": 210_00, "paid": 0, "CO-29": 210_00} == make.said(late)
    assert {"charge": 210_00, "paid": 120_00, "CO-45": 60_00, "PR-2": 30_00} == make.said(paid)


def test_j6_non_duplication_pays_up_to_its_own_benefit(make: Any) -> None:
    """The secondary would pay 208.00 alone and so adds 80.00 to the primary's 128.00."""
    plans = [
        Plan(code="PLAN", payer="PPO01", deductible_cents=100_00, coinsurance_basis_points=2_000),
        Plan(code="SECOND", payer="SEC02", coinsurance_basis_points=2_000),
    ]
    payers = [make.payer(fees={"G0463": 260_00}), make.payer("SEC02", fees={"G0463": 260_00})]
    place = make.town(payers, plans, [make.member(), make.member("S1", "SEC02", "SECOND")])

    place.send(make.day(1), make.claim("J6", make.line("G0463", 400_00)))
    place.pass_until(make.day(20))
    place.send(make.day(21), make.as_secondary(place.decisions[0], "SEC02", "S1", "J6S"))
    place.pass_until(make.day(40))

    primary, secondary = place.decisions
    assert {"charge": 400_00, "paid": 128_00, "CO-45": 140_00, "PR-1": 100_00, "PR-2": 32_00} == make.said(primary)
    assert {"charge": 400_00, "paid": 80_00, "OA-23": 268_00, "PR-2": 52_00} == make.said(secondary)
    assert "2" == secondary.status


def test_j7_medicare_holds_two_percent_back_and_forwards_to_medigap(make: Any) -> None:
    """CO-253 is 2.56; Medigap pays the coinsurance and leaves the Part B deductible."""
    plans = [
        Plan(code="PLAN", payer="MCR", deductible_cents=283_00, coinsurance_basis_points=2_000),
        Plan(code="GAP", payer="GAP", coordination="medigap"),
    ]
    medicare = make.payer("MCR", kind="medicare", filing_indicator="MB", fees={"G0463": 200_00})
    covered = make.member(payer="MCR", deductible_used_cents=243_00, crossover_payer="GAP", crossover_member_id="G1")
    place = make.town([medicare, make.payer("GAP", kind="medigap")], plans, [covered, make.member("G1", "GAP", "GAP")])

    place.send(make.day(1), make.claim("J7", make.line("G0463", 300_00), payer="MCR"))
    place.pass_until(make.day(40))

    first, second = place.decisions
    expected = {"charge": 300_00, "paid": 125_44, "CO-45": 100_00, "PR-1": 40_00, "PR-2": 32_00, "CO-253": 2_56}
    assert expected == make.said(first)
    assert ("19", "GAP", True) == (first.status, first.forwarded_to, "MA18" in first.remarks)
    assert {"charge": 300_00, "paid": 32_00, "OA-23": 228_00, "PR-1": 40_00} == make.said(second)
    assert "J7" == second.claim.patient_control_number


def test_j8_the_payer_corrects_its_own_mistake(make: Any) -> None:
    """The deductible was taken where a copay was due; 30 days later it is put right."""
    plan = Plan(code="PLAN", payer="PPO01", deductible_cents=500_00, copays={"G0463": 30_00})
    wrong = Mistake(member_id="M1", does="ignore_copay", corrected_after_days=30)
    behaviour = msgspec.structs.replace(make.payer().behaviour, mistakes=(wrong,))
    place = make.town([make.payer(fees={"G0463": 150_00}, behaviour=behaviour)], [plan], [make.member()])

    place.send(make.day(1), make.claim("J8", make.line("G0463", 220_00)))
    place.pass_until(make.day(60))

    first, reversal, corrected = place.decisions
    assert {"charge": 220_00, "paid": 0, "CO-45": 70_00, "PR-1": 150_00} == make.said(first)
    assert {"charge": -220_00, "paid": 0, "CO-45": -70_00, "PR-1": -150_00} == make.said(reversal)
    assert {"charge": 220_00, "paid": 120_00, "CO-45": 70_00, "PR-3": 30_00} == make.said(corrected)
    assert [make.day(15), make.day(45)] == [remittance.paid_on for remittance in place.remittances]

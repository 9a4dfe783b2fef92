"""The payer's side of journeys J9 to J16, to the cent; J10 knows no payer."""

from typing import Any

import msgspec

from revcycle_sandbox.behaviour import Mistake, Unbalanced
from revcycle_sandbox.world import Bundle, ModifierRule, Plan


def test_j9_a_replacement_reverses_and_decides_anew(make: Any) -> None:
    """Line 2 lacks its modifier (CO-4); the replacement has it, and the payment is the difference."""
    plan = Plan(code="PLAN", payer="PPO01", copays={"G0463": 20_00})
    rule = ModifierRule(code="G0127", any_of=("59", "XU"))
    place = make.town([make.payer(fees={"G0463": 100_00, "G0127": 36_00}, modifiers=(rule,))], [plan], [make.member()])

    place.send(make.day(1), make.claim("J9", make.line("G0463", 130_00), make.line("G0127", 50_00, 2)))
    place.pass_until(make.day(20))
    [first] = place.decisions
    right = (make.line("G0463", 130_00), make.line("G0127", 50_00, 2, modifiers=("59",)))
    place.send(make.day(21), make.claim("J9R", *right, frequency="7", payer_control_number=first.control_number))
    place.pass_until(make.day(40))

    _first, reversal, corrected = place.decisions
    assert {"charge": 180_00, "paid": 80_00, "CO-45": 30_00, "PR-3": 20_00, "CO-4": 50_00} == make.said(first)
    assert (-180_00, -80_00, "J9") == (
        reversal.charge_cents,
        reversal.paid_cents,
        reversal.claim.patient_control_number,
    )
    assert {"charge": 180_00, "paid": 116_00, "CO-45": 44_00, "PR-3": 20_00} == make.said(corrected)
    assert [80_00, 36_00] == [remittance.paid_cents for remittance in place.remittances]


def test_j11_a_bundled_line_is_refused_and_the_others_are_paid(make: Any) -> None:
    """CO-97 on the second line of three."""
    plan = Plan(code="PLAN", payer="PPO01", coinsurance_basis_points=2_000, copays={"G0103": 0})
    fees = {"G0463": 190_00, "G0127": 60_00, "G0103": 18_75}
    bundle = Bundle(column1="G0463", column2="G0127")
    place = make.town([make.payer(fees=fees, bundles=(bundle,))], [plan], [make.member()])

    lines = (make.line("G0463", 250_00), make.line("G0127", 80_00, 2), make.line("G0103", 40_00, 3))
    place.send(make.day(1), make.claim("J11", *lines))
    place.pass_until(make.day(20))

    [decision] = place.decisions
    assert {"charge": 370_00, "paid": 170_75, "CO-45": 81_25, "CO-97": 80_00, "PR-2": 38_00} == make.said(decision)


def test_j12_one_claim_of_a_file_does_not_balance_and_comes_again(make: Any) -> None:
    """The file balances, claim B is 30.00 short; a week later the same trace brings it right."""
    plan = Plan(code="PLAN", payer="PPO01")
    behaviour = msgspec.structs.replace(
        make.payer().behaviour, unbalanced=(Unbalanced(member_id="M2", short_cents=30_00),)
    )
    fees = {"G0463": 200_00, "G0380": 300_00}
    place = make.town([make.payer(fees=fees, behaviour=behaviour)], [plan], [make.member(), make.member("M2")])

    place.send(
        make.day(1),
        make.claim("A", make.line("G0463", 300_00)),
        make.claim("B", make.line("G0380", 450_00), member_id="M2"),
    )
    place.pass_until(make.day(40))

    wrong, right = place.remittances
    by_claim = {decision.claim.patient_control_number: decision for decision in wrong.decisions}
    assert {"charge": 300_00, "paid": 200_00, "CO-45": 100_00} == make.said(by_claim["A"])
    assert {"charge": 450_00, "paid": 300_00, "CO-45": 120_00} == make.said(by_claim["B"])
    assert 500_00 == wrong.paid_cents == sum(decision.paid_cents for decision in wrong.decisions)
    assert (wrong.trace, wrong.paid_cents, 2) == (right.trace, right.paid_cents, right.copy)
    assert [100_00, 150_00] == sorted(decision.adjusted("CO", "45") for decision in right.decisions)


def overpaid(make: Any, recover: str) -> Any:
    """Make a payer that pays 320.00 where 260.00 is right, and notices a month later."""
    wrong = Mistake(code="G0297", does="price", fee_cents=320_00, corrected_after_days=28)
    behaviour = msgspec.structs.replace(make.payer().behaviour, mistakes=(wrong,), recover=recover)
    fees = {"G0297": 260_00, "G0463": 140_00, "G0380": 410_00}
    return make.payer(fees=fees, behaviour=behaviour)


def plb(remittance: Any) -> list[tuple[str, int]]:
    return [(adjustment.reason, adjustment.amount_cents) for adjustment in remittance.provider_adjustments]


def test_j13_a_takeback_is_put_off_and_recovered_by_plb(make: Any) -> None:
    """WO −60.00 in the file that reverses, WO +60.00 in the next one."""
    place = make.town(
        [overpaid(make, "next")],
        [Plan(code="PLAN", payer="PPO01")],
        [make.member(), make.member("X"), make.member("Y")],
    )

    place.send(make.day(1), make.claim("J13", make.line("G0297", 500_00)))
    place.send(make.day(29), make.claim("X", make.line("G0463", 140_00), member_id="X"))
    place.send(make.day(60), make.claim("Y", make.line("G0380", 410_00), member_id="Y"))
    place.pass_until(make.day(90))

    first, second, third = place.remittances
    assert {"charge": 500_00, "paid": 320_00, "CO-45": 180_00} == make.said(first.decisions[0])
    assert [-320_00, 140_00, 260_00] == sorted(decision.paid_cents for decision in second.decisions)
    assert [("WO", -60_00)] == plb(second)
    assert [("WO", 60_00)] == plb(third)
    assert [320_00, 140_00, 350_00] == [remittance.paid_cents for remittance in place.remittances]


def test_j13_a_file_that_would_go_below_zero_carries_its_deficit_forward(make: Any) -> None:
    """Without claim X: FB −60.00 and no payment; FB +60.00 in the next file."""
    place = make.town([overpaid(make, "next")], [Plan(code="PLAN", payer="PPO01")], [make.member(), make.member("Y")])

    place.send(make.day(1), make.claim("J13", make.line("G0297", 500_00)))
    place.send(make.day(60), make.claim("Y", make.line("G0380", 410_00), member_id="Y"))
    place.pass_until(make.day(90))

    _first, second, third = place.remittances
    assert ([("FB", -60_00)], 0, "NON") == (plb(second), second.paid_cents, second.method)
    assert ([("FB", 60_00)], 350_00) == (plb(third), third.paid_cents)


def test_j14_a_claim_that_goes_to_the_deductible_pays_nothing(make: Any) -> None:
    """PR-1 for all that is allowed: processed, status 1, no denial."""
    plan = Plan(code="PLAN", payer="PPO01", deductible_cents=3_000_00)
    place = make.town([make.payer(fees={"G0463": 215_00})], [plan], [make.member()])

    place.send(make.day(1), make.claim("J14", make.line("G0463", 340_00)))
    place.pass_until(make.day(20))

    [decision] = place.decisions
    assert {"charge": 340_00, "paid": 0, "CO-45": 125_00, "PR-1": 215_00} == make.said(decision)
    assert ("1", "NON") == (decision.status, place.remittances[0].method)


def test_j15_a_late_charge_on_a_facility_claim_changes_nothing_but_the_write_off(make: Any) -> None:
    """837I and 837P of one visit; then frequency 7 with a packaged supply: BPR02 is zero."""
    plan = Plan(code="PLAN", payer="PPO01", coinsurance_basis_points=2_000)
    fees = {"0510": 410_00, "G0463": 110_00, "0270": 0}
    place = make.town([make.payer(fees=fees)], [plan], [make.member()])

    facility = make.line("G0380", 900_00, revenue_code="0510")
    place.send(
        make.day(1),
        make.claim("J15I", facility, kind="I", bill_type="131"),
        make.claim("J15P", make.line("G0463", 200_00)),
    )
    place.pass_until(make.day(20))
    first = {decision.claim.patient_control_number: decision for decision in place.decisions}
    supply = make.line("A4550", 60_00, 2, revenue_code="0270")
    again = make.claim("J15R", facility, supply, kind="I", frequency="7", bill_type="137")
    number = first["J15I"].control_number
    place.send(make.day(21), msgspec.structs.replace(again, payer_control_number=number))
    place.pass_until(make.day(40))

    assert {"charge": 900_00, "paid": 328_00, "CO-45": 490_00, "PR-2": 82_00} == make.said(first["J15I"])
    assert {"charge": 200_00, "paid": 88_00, "CO-45": 90_00, "PR-2": 22_00} == make.said(first["J15P"])
    reversal, corrected = place.remittances[1].decisions
    assert (-900_00, -328_00) == (reversal.charge_cents, reversal.paid_cents)
    assert {"charge": 960_00, "paid": 328_00, "CO-45": 550_00, "PR-2": 82_00} == make.said(corrected)
    assert 0 == place.remittances[1].paid_cents


def test_j16_medicaid_pays_nothing_where_medicare_paid_more_than_its_own_price(make: Any) -> None:
    """Lesser-of: OA-23 130.00 and CO-45 20.00; nothing is left to the patient."""
    plans = [
        Plan(code="PLAN", payer="MCR", coinsurance_basis_points=2_000),
        Plan(code="AID", payer="MCD", coordination="lesser_of"),
    ]
    medicare = make.payer("MCR", kind="medicare", fees={"G0463": 100_00})
    place = make.town(
        [medicare, make.payer("MCD", kind="medicaid", fees={"G0463": 70_00})],
        plans,
        [
            make.member(payer="MCR", qmb=True),
            make.member("D1", "MCD", "AID"),
        ],
    )

    place.send(make.day(1), make.claim("J16", make.line("G0463", 150_00), payer="MCR"))
    place.pass_until(make.day(20))
    place.send(make.day(21), make.as_secondary(place.decisions[0], "MCD", "D1", "J16S"))
    place.pass_until(make.day(40))

    first, second = place.decisions
    assert {"charge": 150_00, "paid": 78_40, "CO-45": 50_00, "PR-2": 20_00, "CO-253": 1_60} == make.said(first)
    assert "N781" in first.remarks
    assert {"charge": 150_00, "paid": 0, "OA-23": 130_00, "CO-45": 20_00} == make.said(second)

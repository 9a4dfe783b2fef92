"""The money of the journeys, as the insurance ledger has to tell it: exact cents."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from claims.domain.encounters import WriteOff
from claims.domain.ledger import Money
from claims.domain.planning import replacement
from revcycle_kit.ids import derived_id

Begin = Callable[..., Any]


def test_a_clean_claim_pays_adjusts_and_bills_the_rest(story: Begin, pays: Begin) -> None:
    """J1: 250.00 = 104.00 paid + 70.00 contractual + 76.00 patient (deductible 50.00, coinsurance 26.00)."""
    one = story("ppo")
    one.charge(25000)
    [claim] = one.bill()

    one.remit("ppo", pays(claim, (25000, 10400, "CO-45 7000, PR-1 5000, PR-2 2600")))

    assert Money(charged=25000, paid=10400, adjusted=7000, transferred=7600, written_off=0, open=0) == one.money
    [share] = one.encounter.shares.values()
    assert (5000, 2600) == (share.deductible_cents, share.coinsurance_cents)


def test_a_copay_claim_leaves_the_copay_to_the_patient(story: Begin, pays: Begin) -> None:
    """J2: 165.00 = 82.40 + 52.60 + 30.00 copay."""
    one = story("ppo")
    one.charge(16500)
    [claim] = one.bill()

    one.remit("ppo", pays(claim, (16500, 8240, "CO-45 5260, PR-3 3000")))

    assert Money(charged=16500, paid=8240, adjusted=5260, transferred=3000, written_off=0, open=0) == one.money


def test_a_coverage_that_had_ended_bills_nobody_until_the_next_payer_pays(story: Begin, pays: Begin) -> None:
    """J2b: PR-27 is a coverage failure, not the patient's money; payer B then pays 76.00 of 140.00."""
    one = story("ppo")
    one.charge(14000)
    [claim] = one.bill()
    one.remit("ppo", pays(claim, (14000, 0, "PR-27 14000")))
    assert (0, 14000) == (one.money.transferred, one.money.open)

    found = replace(story("second").encounter.coverages[0], rank=1)
    one.encounter = replace(one.encounter, coverages=(found,))
    [again] = one.bill()
    one.remit("second", pays(again, (14000, 7600, "CO-45 4400, PR-3 2000")))

    assert ("1", 1) == (again.frequency, again.rank)
    assert Money(charged=14000, paid=7600, adjusted=4400, transferred=2000, written_off=0, open=0) == one.money


def test_a_refused_claim_stays_open_until_the_payer_reverses_itself(story: Begin, pays: Begin) -> None:
    """J3: CO-197 posts nothing; reversal and new decision: 1,450.00 = 496.00 + 830.00 + 124.00."""
    one = story("ppo")
    one.charge(145000)
    [claim] = one.bill()
    one.remit("ppo", pays(claim, (145000, 0, "CO-197 145000")))
    assert 145000 == one.money.open
    assert "denied" == one.claims[0].decisions[0].outcome

    one.remit(
        "ppo",
        pays(claim, (-145000, 0, "CO-197 -145000"), status="22"),
        pays(claim, (145000, 49600, "CO-45 83000, PR-2 12400")),
    )

    assert Money(charged=145000, paid=49600, adjusted=83000, transferred=12400, written_off=0, open=0) == one.money
    assert ["denied", "reversed", "paid"] == [d.outcome for d in one.claims[0].decisions]


def test_a_claim_sent_twice_is_charged_and_posted_once(story: Begin, pays: Begin) -> None:
    """J4: the copy answers OA-18; nothing is posted for it."""
    one = story("ppo")
    one.charge(9500)
    [claim] = one.bill()
    one.remit("ppo", pays(claim, (9500, 4700, "CO-45 2300, PR-3 2500")))

    one.remit("ppo", pays(claim, (9500, 0, "OA-18 9500")))

    assert Money(charged=9500, paid=4700, adjusted=2300, transferred=2500, written_off=0, open=0) == one.money
    assert [2500] == one.moves
    assert "duplicate" == one.claims[0].decisions[-1].outcome


def test_a_late_claim_is_written_off_at_what_would_have_been_paid(story: Begin, pays: Begin, line_ids: Begin) -> None:
    """J5: CO-29 210.00 approved at expected 150.00: 60.00 adjusted, 150.00 written off, patient nothing."""
    one = story("ppo")
    one.charge(21000)
    [claim] = one.bill()
    one.remit("ppo", pays(claim, (21000, 0, "CO-29 21000")))
    approved = WriteOff(
        denial_id=derived_id("denial"),
        claim_id=claim.claim_id,
        line_id=line_ids(1),
        write_off_class="timely",
        write_off_cents=15000,
        adjustment_cents=6000,
    )

    one.encounter = replace(one.encounter, write_offs=(approved,))
    one.settle()

    assert Money(charged=21000, paid=0, adjusted=6000, transferred=0, written_off=15000, open=0) == one.money


def test_a_payment_after_a_write_off_takes_the_write_off_back(story: Begin, pays: Begin, line_ids: Begin) -> None:
    """J5b after J5: the payer pays the late claim after all; nothing stays written off."""
    one = story("ppo")
    one.charge(21000)
    [claim] = one.bill()
    one.remit("ppo", pays(claim, (21000, 0, "CO-29 21000")))
    approved = WriteOff(
        denial_id=derived_id("denial"),
        claim_id=claim.claim_id,
        line_id=line_ids(1),
        write_off_class="timely",
        write_off_cents=15000,
        adjustment_cents=6000,
    )
    one.encounter = replace(one.encounter, write_offs=(approved,))
    one.settle()

    one.remit("ppo", pays(claim, (21000, 12000, "CO-45 6000, PR-2 3000")))

    assert Money(charged=21000, paid=12000, adjusted=6000, transferred=3000, written_off=0, open=0) == one.money


def test_a_second_plan_replaces_what_the_patient_owes(story: Begin, pays: Begin) -> None:
    """J6: 400.00 = 208.00 + 140.00 + 52.00; nothing is billed before the second plan has answered."""
    one = story("ppo", "second")
    one.charge(40000)
    [first] = one.bill()
    one.remit("ppo", pays(first, (40000, 12800, "CO-45 14000, PR-1 10000, PR-2 3200")))
    assert [] == one.moves
    second = one.claims[-1]
    [prior] = second.prior
    assert (2, 12800, 13200) == (second.rank, prior.paid_cents, prior.patient_cents)

    one.remit("second", pays(second, (40000, 8000, "OA-23 26800, PR-2 5200"), status="2"))

    assert Money(charged=40000, paid=20800, adjusted=14000, transferred=5200, written_off=0, open=0) == one.money


def test_a_crossover_is_not_sent_again(story: Begin, pays: Begin) -> None:
    """J7: Medicare forwards to Medigap, whose answer carries Medicare's control number: 157.44 + 102.56 + 40.00."""
    one = story("medicare", "medigap")
    one.charge(30000)
    [claim] = one.bill()
    text = "CO-45 10000, PR-1 4000, PR-2 3200, CO-253 256"
    one.remit("medicare", pays(claim, (30000, 12544, text), status="19", forwarded=True))
    assert ["adjudicated", "forwarded"] == [other.state for other in one.claims]
    assert [] == one.moves

    one.remit("medigap", pays(claim, (30000, 3200, "OA-23 22800, PR-1 4000"), status="2"))

    assert Money(charged=30000, paid=15744, adjusted=10256, transferred=4000, written_off=0, open=0) == one.money
    assert 2 == len(one.claims)


def test_a_corrected_decision_withdraws_what_the_patient_no_longer_owes(story: Begin, pays: Begin) -> None:
    """J8: first 150.00 deductible, then 30.00 copay: 120.00 withdrawn at once, not 150.00 and billed again."""
    one = story("ppo")
    one.charge(22000)
    [claim] = one.bill()
    one.remit("ppo", pays(claim, (22000, 0, "CO-45 7000, PR-1 15000")))
    one.remit(
        "ppo",
        pays(claim, (-22000, 0, "CO-45 -7000, PR-1 -15000"), status="22"),
        pays(claim, (22000, 12000, "CO-45 7000, PR-3 3000")),
    )

    assert [15000, -12000] == one.moves
    assert Money(charged=22000, paid=12000, adjusted=7000, transferred=3000, written_off=0, open=0) == one.money


def test_a_replacement_bills_the_patient_once(story: Begin, pays: Begin) -> None:
    """J9: line 2 corrected by a 7: 180.00 = 116.00 + 44.00 + 20.00, and the file's cash is 36.00."""
    one = story("ppo")
    one.charge(13000, 5000)
    [claim] = one.bill()
    one.remit("ppo", pays(claim, (13000, 8000, "CO-45 3000, PR-3 2000"), (5000, 0, "CO-4 5000")))
    assert (5000, [2000]) == (one.money.open, one.moves)
    assert "partly_denied" == one.claims[0].decisions[0].outcome

    corrected = one._sent(replacement(one.claims[0], one.encounter, one.claims, one.parties))
    one.put(corrected)
    before = one.applied_cents
    one.remit(
        "ppo",
        pays(claim, (-13000, -8000, "CO-45 -3000, PR-3 -2000"), (-5000, 0, "CO-4 -5000"), status="22"),
        pays(corrected, (13000, 8000, "CO-45 3000, PR-3 2000"), (5000, 3600, "CO-45 1400")),
    )

    assert ("7", "ICN1") == (corrected.frequency, corrected.original_control_number)
    assert [2000] == one.moves
    assert 3600 == one.applied_cents - before
    assert Money(charged=18000, paid=11600, adjusted=4400, transferred=2000, written_off=0, open=0) == one.money


def test_a_self_pay_visit_moves_its_charges_to_the_patient(story: Begin) -> None:
    """J10, as far as claims goes: 1,250.00 is the patient's; the discount is patient-billing's."""
    one = story()
    one.charge(125000)

    assert [] == one.bill()

    assert Money(charged=125000, paid=0, adjusted=0, transferred=125000, written_off=0, open=0) == one.money


def test_a_rightly_bundled_line_is_adjusted_not_lost(story: Begin, pays: Begin, line_ids: Begin) -> None:
    """J11: CO-97 80.00 accepted at expected allowed 0.00: adjusted 161.25 in all, written off nothing."""
    one = story("ppo")
    one.charge(25000, 8000, 4000)
    [claim] = one.bill()
    lines = ((25000, 15200, "CO-45 6000, PR-2 3800"), (8000, 0, "CO-97 8000"), (4000, 1875, "CO-45 2125"))
    one.remit("ppo", pays(claim, *lines))
    assert (8000, [3800]) == (one.money.open, one.moves)

    approved = WriteOff(
        denial_id=derived_id("denial"),
        claim_id=claim.claim_id,
        line_id=line_ids(2),
        write_off_class="bundled_correct",
        adjustment_cents=8000,
    )
    one.encounter = replace(one.encounter, write_offs=(approved,))
    one.settle()

    assert Money(charged=37000, paid=17075, adjusted=16125, transferred=3800, written_off=0, open=0) == one.money


def test_a_claim_that_does_not_balance_is_set_aside_with_its_cash(story: Begin, pays: Begin) -> None:
    """J12, claim B: 450.00 paid 300.00 with CO-45 120.00 is off by 30.00: expected 150.00, found 120.00."""
    one = story("ppo")
    one.charge(45000)
    [claim] = one.bill()
    one.remit("ppo", pays(claim, (45000, 30000, "CO-45 12000")))

    [aside] = one.set_aside
    assert {("line", 15000, 12000), ("claim", 15000, 12000)} == {
        (each.level, each.expected_cents, each.found_cents) for each in aside.imbalances
    }
    assert (0, 45000) == (one.applied_cents, one.money.open)

    one.remit("ppo", pays(claim, (45000, 30000, "CO-45 15000")))

    assert Money(charged=45000, paid=30000, adjusted=15000, transferred=0, written_off=0, open=0) == one.money


def test_a_deductible_that_takes_everything_is_no_denial(story: Begin, pays: Begin) -> None:
    """J14: CO-45 125.00, PR-1 215.00, paid nothing."""
    one = story("ppo")
    one.charge(34000)
    [claim] = one.bill()

    one.remit("ppo", pays(claim, (34000, 0, "CO-45 12500, PR-1 21500")))

    assert "patient_only" == one.claims[0].decisions[0].outcome
    assert Money(charged=34000, paid=0, adjusted=12500, transferred=21500, written_off=0, open=0) == one.money


def test_facility_and_professional_claims_give_one_bill_and_a_late_charge_a_replacement(
    story: Begin, pays: Begin
) -> None:
    """J15: 104.00 after both claims; then a supply of 60.00: 1,160.00 = 416.00 + 640.00 + 104.00."""
    one = story("ppo")
    one.charge(90000, revenue_code="0510")
    one.charge(20000)
    facility, professional = one.bill()
    one.remit("ppo", pays(facility, (90000, 32800, "CO-45 49000, PR-2 8200")))
    assert ("I", "P", []) == (facility.kind, professional.kind, one.moves)
    one.remit("ppo", pays(professional, (20000, 8800, "CO-45 9000, PR-2 2200")))
    assert [10400] == one.moves

    one.charge(6000, revenue_code="0270")
    [late] = one.bill()
    assert ("7", 96000, "13") == (late.frequency, late.charge_cents, late.facility_code)
    one.remit(
        "ppo",
        pays(facility, (-90000, -32800, "CO-45 -49000, PR-2 -8200"), status="22"),
        pays(late, (90000, 32800, "CO-45 49000, PR-2 8200"), (6000, 0, "CO-45 6000")),
    )

    assert [10400] == one.moves
    assert Money(charged=116000, paid=41600, adjusted=64000, transferred=10400, written_off=0, open=0) == one.money


def test_what_medicaid_leaves_never_reaches_the_patient(story: Begin, pays: Begin) -> None:
    """J16: dual eligible: 150.00 = 78.40 + 71.60."""
    one = story("medicare", "medicaid")
    one.charge(15000)
    [claim] = one.bill()
    one.remit("medicare", pays(claim, (15000, 7840, "CO-45 5000, PR-2 2000, CO-253 160")))
    second = one.claims[-1]

    one.remit("medicaid", pays(second, (15000, 0, "OA-23 13000, CO-45 2000"), status="2"))

    assert [] == one.moves
    assert Money(charged=15000, paid=7840, adjusted=7160, transferred=0, written_off=0, open=0) == one.money

"""The money of the journeys, as the insurance ledger has to tell it: exact cents."""

from claims.domain.encounters import WriteOff
from claims.domain.planning import replacement
from claims.testing.story import EncounterStory, ledger_sums, line_id, payment
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents
from revcycle_kit.values import replace


def test_a_clean_claim_pays_adjusts_and_bills_the_rest() -> None:
    """J1: 250.00 = 104.00 paid + 70.00 contractual + 76.00 patient (deductible 50.00, coinsurance 26.00)."""
    story = EncounterStory("ppo")
    story.charge(25000)
    [claim] = story.bill()

    story.remit("ppo", payment(claim, (25000, 10400, "CO-45 7000, PR-1 5000, PR-2 2600")))

    assert ledger_sums(charged=25000, paid=10400, adjusted=7000, transferred=7600) == story.money
    [share] = story.encounter.shares.values()
    assert (5000, 2600) == (share.deductible_cents, share.coinsurance_cents)


def test_a_copay_claim_leaves_the_copay_to_the_patient() -> None:
    """J2: 165.00 = 82.40 + 52.60 + 30.00 copay."""
    story = EncounterStory("ppo")
    story.charge(16500)
    [claim] = story.bill()

    story.remit("ppo", payment(claim, (16500, 8240, "CO-45 5260, PR-3 3000")))

    assert ledger_sums(charged=16500, paid=8240, adjusted=5260, transferred=3000) == story.money


def test_a_coverage_that_had_ended_bills_nobody_until_the_next_payer_pays() -> None:
    """J2b: PR-27 is a coverage failure, not the patient's money; payer B then pays 76.00 of 140.00."""
    story = EncounterStory("ppo")
    story.charge(14000)
    [claim] = story.bill()
    story.remit("ppo", payment(claim, (14000, 0, "PR-27 14000")))
    assert (0, 14000) == (story.money.transferred, story.money.open)

    found = replace(EncounterStory("second").encounter.coverages[0], rank=1)
    story.encounter = replace(story.encounter, coverages=(found,))
    [again] = story.bill()
    story.remit("second", payment(again, (14000, 7600, "CO-45 4400, PR-3 2000")))

    assert ("1", 1) == (again.frequency, again.rank)
    assert ledger_sums(charged=14000, paid=7600, adjusted=4400, transferred=2000) == story.money


def test_a_refused_claim_stays_open_until_the_payer_reverses_itself() -> None:
    """J3: CO-197 posts nothing; reversal and new decision: 1,450.00 = 496.00 + 830.00 + 124.00."""
    story = EncounterStory("ppo")
    story.charge(145000)
    [claim] = story.bill()
    story.remit("ppo", payment(claim, (145000, 0, "CO-197 145000")))
    assert 145000 == story.money.open
    assert "denied" == story.claims[0].decisions[0].outcome

    story.remit(
        "ppo",
        payment(claim, (-145000, 0, "CO-197 -145000"), status="22"),
        payment(claim, (145000, 49600, "CO-45 83000, PR-2 12400")),
    )

    assert ledger_sums(charged=145000, paid=49600, adjusted=83000, transferred=12400) == story.money
    assert ["denied", "reversed", "paid"] == [d.outcome for d in story.claims[0].decisions]


def test_a_claim_sent_twice_is_charged_and_posted_once() -> None:
    """J4: the copy answers OA-18; nothing is posted for it."""
    story = EncounterStory("ppo")
    story.charge(9500)
    [claim] = story.bill()
    story.remit("ppo", payment(claim, (9500, 4700, "CO-45 2300, PR-3 2500")))

    story.remit("ppo", payment(claim, (9500, 0, "OA-18 9500")))

    assert ledger_sums(charged=9500, paid=4700, adjusted=2300, transferred=2500) == story.money
    assert [2500] == story.moves
    assert "duplicate" == story.claims[0].decisions[-1].outcome


def test_a_late_claim_is_written_off_at_what_would_have_been_paid() -> None:
    """J5: CO-29 210.00 approved at expected 150.00: 60.00 adjusted, 150.00 written off, patient nothing."""
    story = EncounterStory("ppo")
    story.charge(21000)
    [claim] = story.bill()
    story.remit("ppo", payment(claim, (21000, 0, "CO-29 21000")))
    approved = WriteOff(
        denial_id=derived_id("denial"),
        claim_id=claim.claim_id,
        line_id=line_id(1),
        write_off_class="timely",
        write_off_cents=Cents(15000),
        adjustment_cents=Cents(6000),
    )

    story.encounter = replace(story.encounter, write_offs=(approved,))
    story.settle()

    assert ledger_sums(charged=21000, adjusted=6000, written_off=15000) == story.money


def test_a_payment_after_a_write_off_takes_the_write_off_back() -> None:
    """J5b after J5: the payer pays the late claim after all; nothing stays written off."""
    story = EncounterStory("ppo")
    story.charge(21000)
    [claim] = story.bill()
    story.remit("ppo", payment(claim, (21000, 0, "CO-29 21000")))
    approved = WriteOff(
        denial_id=derived_id("denial"),
        claim_id=claim.claim_id,
        line_id=line_id(1),
        write_off_class="timely",
        write_off_cents=Cents(15000),
        adjustment_cents=Cents(6000),
    )
    story.encounter = replace(story.encounter, write_offs=(approved,))
    story.settle()

    story.remit("ppo", payment(claim, (21000, 12000, "CO-45 6000, PR-2 3000")))

    assert ledger_sums(charged=21000, paid=12000, adjusted=6000, transferred=3000) == story.money


def test_a_second_plan_replaces_what_the_patient_owes() -> None:
    """J6: 400.00 = 208.00 + 140.00 + 52.00; nothing is billed before the second plan has answered."""
    story = EncounterStory("ppo", "second")
    story.charge(40000)
    [first] = story.bill()
    story.remit("ppo", payment(first, (40000, 12800, "CO-45 14000, PR-1 10000, PR-2 3200")))
    assert [] == story.moves
    second = story.claims[-1]
    [prior] = second.prior
    assert (2, 12800, 13200) == (second.rank, prior.paid_cents, prior.patient_cents)

    story.remit("second", payment(second, (40000, 8000, "OA-23 26800, PR-2 5200"), status="2"))

    assert ledger_sums(charged=40000, paid=20800, adjusted=14000, transferred=5200) == story.money


def test_a_crossover_is_not_sent_again() -> None:
    """J7: Medicare forwards to Medigap, whose answer carries Medicare's control number: 157.44 + 102.56 + 40.00."""
    story = EncounterStory("medicare", "medigap")
    story.charge(30000)
    [claim] = story.bill()
    text = "CO-45 10000, PR-1 4000, PR-2 3200, CO-253 256"
    story.remit("medicare", payment(claim, (30000, 12544, text), status="19", forwarded=True))
    assert ["adjudicated", "forwarded"] == [other.state for other in story.claims]
    assert [] == story.moves

    story.remit("medigap", payment(claim, (30000, 3200, "OA-23 22800, PR-1 4000"), status="2"))

    assert ledger_sums(charged=30000, paid=15744, adjusted=10256, transferred=4000) == story.money
    assert 2 == len(story.claims)


def test_a_corrected_decision_withdraws_what_the_patient_no_longer_owes() -> None:
    """J8: first 150.00 deductible, then 30.00 copay: 120.00 withdrawn at once, not 150.00 and billed again."""
    story = EncounterStory("ppo")
    story.charge(22000)
    [claim] = story.bill()
    story.remit("ppo", payment(claim, (22000, 0, "CO-45 7000, PR-1 15000")))
    story.remit(
        "ppo",
        payment(claim, (-22000, 0, "CO-45 -7000, PR-1 -15000"), status="22"),
        payment(claim, (22000, 12000, "CO-45 7000, PR-3 3000")),
    )

    assert [15000, -12000] == story.moves
    assert ledger_sums(charged=22000, paid=12000, adjusted=7000, transferred=3000) == story.money


def test_a_replacement_bills_the_patient_once() -> None:
    """J9: line 2 corrected by a 7: 180.00 = 116.00 + 44.00 + 20.00, and the file's cash is 36.00."""
    story = EncounterStory("ppo")
    story.charge(13000, 5000)
    [claim] = story.bill()
    story.remit("ppo", payment(claim, (13000, 8000, "CO-45 3000, PR-3 2000"), (5000, 0, "CO-4 5000")))
    assert (5000, [2000]) == (story.money.open, story.moves)
    assert "partly_denied" == story.claims[0].decisions[0].outcome

    fresh = replacement(story.claims[0], story.encounter, story.claims, story.parties)
    assert fresh is not None
    corrected = story.sent(fresh)
    story.put(corrected)
    before = story.applied_cents
    story.remit(
        "ppo",
        payment(claim, (-13000, -8000, "CO-45 -3000, PR-3 -2000"), (-5000, 0, "CO-4 -5000"), status="22"),
        payment(corrected, (13000, 8000, "CO-45 3000, PR-3 2000"), (5000, 3600, "CO-45 1400")),
    )

    assert ("7", "ICN1") == (corrected.frequency, corrected.original_control_number)
    assert [2000] == story.moves
    assert 3600 == story.applied_cents - before
    assert ledger_sums(charged=18000, paid=11600, adjusted=4400, transferred=2000) == story.money


def test_a_self_pay_visit_moves_its_charges_to_the_patient() -> None:
    """J10, as far as claims goes: 1,250.00 is the patient's; the discount is patient-billing's."""
    story = EncounterStory()
    story.charge(125000)

    assert [] == story.bill()

    assert ledger_sums(charged=125000, transferred=125000) == story.money


def test_a_rightly_bundled_line_is_adjusted_not_lost() -> None:
    """J11: CO-97 80.00 accepted at expected allowed 0.00: adjusted 161.25 in all, written off nothing."""
    story = EncounterStory("ppo")
    story.charge(25000, 8000, 4000)
    [claim] = story.bill()
    lines = ((25000, 15200, "CO-45 6000, PR-2 3800"), (8000, 0, "CO-97 8000"), (4000, 1875, "CO-45 2125"))
    story.remit("ppo", payment(claim, *lines))
    assert (8000, [3800]) == (story.money.open, story.moves)

    approved = WriteOff(
        denial_id=derived_id("denial"),
        claim_id=claim.claim_id,
        line_id=line_id(2),
        write_off_class="bundled_correct",
        adjustment_cents=Cents(8000),
    )
    story.encounter = replace(story.encounter, write_offs=(approved,))
    story.settle()

    assert ledger_sums(charged=37000, paid=17075, adjusted=16125, transferred=3800) == story.money


def test_a_claim_that_does_not_balance_is_set_aside_with_its_cash() -> None:
    """J12, claim B: 450.00 paid 300.00 with CO-45 120.00 is off by 30.00: expected 150.00, found 120.00."""
    story = EncounterStory("ppo")
    story.charge(45000)
    [claim] = story.bill()
    story.remit("ppo", payment(claim, (45000, 30000, "CO-45 12000")))

    [aside] = story.set_aside
    assert {("line", 15000, 12000), ("claim", 15000, 12000)} == {
        (imbalance.level, imbalance.expected_cents, imbalance.found_cents) for imbalance in aside.imbalances
    }
    assert (0, 45000) == (story.applied_cents, story.money.open)

    story.remit("ppo", payment(claim, (45000, 30000, "CO-45 15000")))

    assert ledger_sums(charged=45000, paid=30000, adjusted=15000) == story.money


def test_a_deductible_that_takes_everything_is_no_denial() -> None:
    """J14: CO-45 125.00, PR-1 215.00, paid nothing."""
    story = EncounterStory("ppo")
    story.charge(34000)
    [claim] = story.bill()

    story.remit("ppo", payment(claim, (34000, 0, "CO-45 12500, PR-1 21500")))

    assert "patient_only" == story.claims[0].decisions[0].outcome
    assert ledger_sums(charged=34000, adjusted=12500, transferred=21500) == story.money


def test_facility_and_professional_claims_give_one_bill_and_a_late_charge_a_replacement() -> None:
    """J15: 104.00 after both claims; then a supply of 60.00: 1,160.00 = 416.00 + 640.00 + 104.00."""
    story = EncounterStory("ppo")
    story.charge(90000, revenue_code="0510")
    story.charge(20000)
    facility, professional = story.bill()
    story.remit("ppo", payment(facility, (90000, 32800, "CO-45 49000, PR-2 8200")))
    assert ("I", "P", []) == (facility.kind, professional.kind, story.moves)
    story.remit("ppo", payment(professional, (20000, 8800, "CO-45 9000, PR-2 2200")))
    assert [10400] == story.moves

    story.charge(6000, revenue_code="0270")
    [late] = story.bill()
    assert ("7", 96000, "13") == (late.frequency, late.charge_cents, late.facility_code)
    story.remit(
        "ppo",
        payment(facility, (-90000, -32800, "CO-45 -49000, PR-2 -8200"), status="22"),
        payment(late, (90000, 32800, "CO-45 49000, PR-2 8200"), (6000, 0, "CO-45 6000")),
    )

    assert [10400] == story.moves
    assert ledger_sums(charged=116000, paid=41600, adjusted=64000, transferred=10400) == story.money


def test_what_medicaid_leaves_never_reaches_the_patient() -> None:
    """J16: dual eligible: 150.00 = 78.40 + 71.60."""
    story = EncounterStory("medicare", "medicaid")
    story.charge(15000)
    [claim] = story.bill()
    story.remit("medicare", payment(claim, (15000, 7840, "CO-45 5000, PR-2 2000, CO-253 160")))
    second = story.claims[-1]

    story.remit("medicaid", payment(second, (15000, 0, "OA-23 13000, CO-45 2000"), status="2"))

    assert [] == story.moves
    assert ledger_sums(charged=15000, paid=7840, adjusted=7160) == story.money

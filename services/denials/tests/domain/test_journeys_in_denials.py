"""The sixteen journeys, as far as they are denials: what opens, what it is worth, how it ends."""

from datetime import date

import pytest

from denials.domain.classify import timely_proof
from denials.domain.denial import Outcome, State
from denials.domain.triage import follows
from denials.domain.write_off import split
from denials.testing.decisions import bill, decide, judge, line
from revcycle_kit.errors import Conflict
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents


def test_coverage_that_had_ended_is_a_denial_though_its_group_is_pr() -> None:
    """J2b: PR-27 140.00 opens a denial to be sent as a new claim, before timely filing ends."""
    claim = bill((140_00, 96_00))

    [denial] = judge(decide(line(1, 140_00, 0, "PR-27 140.00")), claim=claim).opened

    assert ("eligibility", "new", 140_00) == (denial.category, denial.method, denial.amount_cents)
    assert date(2026, 4, 10) == denial.act_by
    assert "timely filing" in denial.deadline_basis


def test_the_new_claim_to_the_right_payer_corrects_the_refusal_of_the_wrong_one() -> None:
    """J2b: payer B pays 76.00 on the new claim."""
    first = bill((140_00, 96_00))
    [denial] = judge(decide(line(1, 140_00, 0, "PR-27 140.00")), claim=first).opened
    waiting = denial.correction_requested()
    second = bill((140_00, 96_00), claim_id=derived_id("claim", "second"), payer_id=derived_id("payer", "B"))

    assert (first.claim_id,) == follows(second, None, [first], [waiting])
    paid = decide(line(1, 140_00, 76_00, "CO-45 44.00", "PR-3 20.00"), claim_id=second.claim_id)
    [ended] = judge(paid, waiting, claim=second).ended
    assert (Outcome.CORRECTED, 76_00) == (ended.outcome, ended.recovered_cents)


def test_a_missing_authorization_is_appealed_and_recovered() -> None:
    """J3: 1,450.00 refused, 620.00 expected; the reversal changes nothing; the new decision pays 496.00."""
    first = decide(line(1, 1_450_00, 0, "CO-197 1450.00", expected=620_00))
    [denial] = judge(first).opened
    assert ("authorization", "appeal", True) == (denial.category, denial.method, denial.appealable)
    assert 620_00 * 55 // 100 == denial.expected_recovery_cents
    assert date(2026, 5, 31) == denial.act_by  # 90 days of the contract after 2026-03-02

    won = denial.appealed(1, filed_on=date(2026, 3, 20)).overturned()
    taken_back = decide(line(1, -1_450_00, 0, "CO-197 -1450.00"), number=2, reversal=True)
    nothing = judge(taken_back, won)
    assert ((), (), ()) == (nothing.opened, nothing.kept, nothing.ended)

    paid = decide(line(1, 1_450_00, 496_00, "CO-45 830.00", "PR-2 124.00", expected=620_00), number=3)
    [ended] = judge(paid, won).ended
    assert (State.RESOLVED, Outcome.OVERTURNED, 496_00) == (ended.state, ended.outcome, ended.recovered_cents)


def test_a_duplicate_opens_no_denial() -> None:
    """J4: OA-18 95.00."""
    copy = decide(line(1, 95_00, 0, "OA-18 95.00"), number=2, duplicate=True)

    assert () == judge(copy).opened


def test_late_filing_without_proof_is_written_off_and_split_by_the_contract_price() -> None:
    """J5: CO-29 210.00, contract price 150.00, no acceptance of the payer's."""
    claim = bill((210_00, 150_00))

    [denial] = judge(
        decide(line(1, 210_00, 0, "CO-29 210.00")), claim=claim, proof=timely_proof(claim.payer_id, [claim])
    ).opened

    assert ("timely_filing", "write_off") == (denial.category, denial.method)
    shares = split(denial.amount_cents, denial.expected_allowed_cents)
    assert (60_00, 150_00) == (shares.adjustment_cents, shares.write_off_cents)


def test_late_filing_that_the_payer_had_accepted_in_time_is_appealed() -> None:
    """J5b: the payer's own acceptance of day 20 exists, on an earlier copy of the claim."""
    earlier = bill((210_00, 150_00), claim_id=derived_id("claim", "earlier"), accepted_on=date(2026, 1, 30))
    claim = bill((210_00, 150_00))
    proof = timely_proof(claim.payer_id, [earlier, claim])

    first = decide(line(1, 210_00, 0, "CO-29 210.00"))
    [denial] = judge(first, claim=claim, proof=proof).opened
    assert ("appeal", 135_00) == (denial.method, denial.expected_recovery_cents)  # 90 % of 150.00

    pending = denial.appealed(1, filed_on=date(2026, 3, 5))
    paid = decide(line(1, 210_00, 120_00, "CO-45 60.00", "PR-2 30.00"), number=2)
    [ended] = judge(paid, pending, claim=claim).ended
    assert (Outcome.OVERTURNED, 120_00) == (ended.outcome, ended.recovered_cents)


def test_an_acceptance_after_the_limit_proves_nothing() -> None:
    late = bill((210_00, None), accepted_on=date(2026, 4, 11))

    assert timely_proof(late.payer_id, [late]) is None


def test_a_missing_modifier_is_cured_by_a_replacement() -> None:
    """J9: line 1 is paid, line 2 refused with CO-4; the replacement pays 36.00 on line 2 only."""
    claim = bill((130_00, 100_00), (50_00, 36_00))
    first = decide(
        line(1, 130_00, 80_00, "CO-45 30.00", "PR-3 20.00"),
        line(2, 50_00, 0, "CO-4 50.00"),
        decided_on=date(2026, 2, 2),
    )
    [denial] = judge(first, claim=claim).opened
    assert (2, "replacement", 36_00 * 85 // 100) == (
        denial.line_number,
        denial.method,
        denial.expected_recovery_cents,
    )

    waiting = denial.correction_requested()
    replacement = bill((130_00, 100_00), (50_00, 36_00), claim_id=derived_id("claim", "7"), frequency="7")
    assert (claim.claim_id,) == follows(replacement, claim.claim_id, [claim], [waiting])
    corrected = decide(
        line(1, 130_00, 80_00, "CO-45 30.00", "PR-3 20.00"),
        line(2, 50_00, 36_00, "CO-45 14.00"),
        claim_id=replacement.claim_id,
    )
    [ended] = judge(corrected, waiting, claim=replacement).ended
    assert (Outcome.CORRECTED, 36_00) == (ended.outcome, ended.recovered_cents)


def test_only_the_bundled_line_is_refused_and_accepting_it_is_no_loss() -> None:
    """J11: CO-97 80.00 on line 2; nothing separate was documented, so its expected allowed is 0.00."""
    decision = decide(
        line(1, 250_00, 152_00, "CO-45 60.00", "PR-2 38.00"),
        line(2, 80_00, 0, "CO-97 80.00", expected=45_00),
        line(3, 40_00, 18_75, "CO-45 21.25"),
    )

    [denial] = judge(decision).opened

    assert ("bundling", 2, 80_00) == (denial.category, denial.line_number, denial.amount_cents)
    assert (80_00, 0) == (split(Cents(80_00), Cents(0)).adjustment_cents, split(Cents(80_00), Cents(0)).write_off_cents)
    assert Outcome.ACCEPTED is denial.accepted(date(2026, 3, 5)).outcome


def test_a_deductible_that_leaves_nothing_to_pay_is_no_denial() -> None:
    """J14: paid 0.00, CO-45 125.00, PR-1 215.00."""
    assert () == judge(decide(line(1, 340_00, 0, "CO-45 125.00", "PR-1 215.00"))).opened


def test_a_reversed_payment_is_no_denial() -> None:
    """J8: the takeback before the corrected decision refuses nothing."""
    taken_back = decide(line(1, -220_00, 0, "CO-45 -70.00", "PR-1 -150.00"), number=2, reversal=True)

    assert () == judge(taken_back).opened


def test_timely_filing_never_becomes_the_patients_debt() -> None:
    [denial] = judge(decide(line(1, 210_00, 0, "CO-29 210.00"))).opened

    with pytest.raises(Conflict, match="may not be billed to a patient"):
        denial.patient_billed(date(2026, 3, 5))

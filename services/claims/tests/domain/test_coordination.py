"""Payers in the wrong order, and put right: who is asked, with what the others did, and when the patient is billed."""

from claims.domain.claims import Claim
from claims.domain.encounters import CoverageAnswer
from claims.domain.planning import resend
from claims.domain.succession import successor
from claims.testing.story import EncounterStory, ledger_sums, payment
from revcycle_kit.values import replace


def refused_by_the_second() -> EncounterStory:
    """Let Medicaid be asked first and refuse (CO-22), then put Medicare before it."""
    story = EncounterStory("medicaid", "medicare")
    story.charge(15000)
    [wrong] = story.bill()
    story.remit("medicaid", payment(wrong, (15000, 0, "CO-22 15000")))
    medicaid, medicare = story.encounter.coverages
    story.encounter = story.encounter.ordered((medicare.coverage_id, medicaid.coverage_id))
    return story


def test_the_right_first_payer_gets_a_claim_of_its_own() -> None:
    story = refused_by_the_second()

    [claim] = story.bill()

    assert ("medicare", 1, "1") == (claim.payer_kind, claim.rank, claim.frequency)


def test_the_payer_that_was_asked_too_early_waits_for_the_first_ones_decision() -> None:
    """The correction makes no claim before Medicare decided; then it carries what Medicare did."""
    story = refused_by_the_second()
    [first] = story.bill()
    [wrong] = [claim for claim in story.claims if claim.payer_kind == "medicaid"]

    assert resend(wrong, story.encounter, story.claims, story.parties) is None
    story.put(wrong.supersede())
    story.remit("medicare", payment(first, (15000, 7840, "CO-45 5000, PR-2 2000, CO-253 160")))

    [second] = [claim for claim in story.claims if claim.payer_kind == "medicaid" and claim.state == "sent"]
    assert (2, [(1, 7840, 2000)]) == (
        second.rank,
        [(prior.rank, prior.paid_cents, prior.patient_cents) for prior in second.prior],
    )
    assert [] == story.moves
    story.remit("medicaid", payment(second, (15000, 0, "OA-23 13000, CO-45 2000"), status="2"))
    assert ledger_sums(charged=15000, paid=7840, adjusted=7160) == story.money


def test_a_correction_after_the_first_payer_decided_finds_the_claim_that_was_made_then() -> None:
    story = refused_by_the_second()
    [first] = story.bill()
    story.remit("medicare", payment(first, (15000, 7840, "CO-45 5000, PR-2 2000, CO-253 160")))
    wrong, second = sorted(
        (claim for claim in story.claims if claim.payer_kind == "medicaid"), key=lambda claim: claim.rank
    )

    again = successor(wrong, story.encounter, story.claims)

    assert second == again
    assert (2, 7840) == (second.rank, second.prior[0].paid_cents)


def test_a_second_payer_that_only_echoes_a_copy_holds_up_nobody() -> None:
    """OA-18 on the only claim to the second plan: its word is said, the first plan's share is the patient's."""
    story = EncounterStory("ppo", "second")
    story.charge(40000)
    [first] = story.bill()
    story.remit("ppo", payment(first, (40000, 12800, "CO-45 14000, PR-1 13200")))
    second = story.claims[-1]
    assert [] == story.moves

    story.remit("second", payment(second, (40000, 0, "OA-18 40000"), status="2"))

    assert [13200] == story.moves


def test_a_refused_coverage_is_not_waited_for() -> None:
    story = EncounterStory("ppo", "second")
    story.encounter = story.encounter.answered(story.encounter.coverages[1].coverage_id, CoverageAnswer.REFUSED)
    story.charge(40000)
    [first] = story.bill()

    story.remit("ppo", payment(first, (40000, 12800, "CO-45 14000, PR-1 13200")))

    assert [13200] == story.moves
    assert 1 == len(story.claims)


def test_a_partly_refused_claim_is_not_sent_on_before_the_refusal_is_settled() -> None:
    """The second plan is asked once, with the first one's last word."""
    story = EncounterStory("ppo", "second")
    story.charge(20000, 5000)
    [first] = story.bill()

    story.remit("ppo", payment(first, (20000, 12000, "CO-45 4000, PR-2 4000"), (5000, 0, "CO-197 5000")))
    assert 1 == len(story.claims)
    assert [] == story.moves

    line = str(first.lines[1].line_id)
    story.encounter = replace(story.encounter, refused_to_patient={line: 5000})
    [second] = story.bill()
    assert 2 == second.rank


def replaced_by_another_payer() -> tuple[EncounterStory, Claim, Claim]:
    """Let a claim be with a payer, and another story with the payer who covers in truth."""
    story, right = EncounterStory("ppo"), EncounterStory("second").encounter.coverages[0]
    story.charge(24500)
    [wrong] = story.bill()
    story.encounter = replace(story.encounter, coverages=(right,))
    [fresh] = story.bill()
    return story, wrong, fresh


def test_two_payers_of_one_place_that_both_pay_leave_one_copay_and_a_credit() -> None:
    """245.00 = 143.34 + 71.66 + 30.00 of the right payer; what the wrong story paid is to be given back."""
    story, wrong, fresh = replaced_by_another_payer()
    story.remit("second", payment(fresh, (24500, 14334, "CO-45 7166, PR-3 3000")))

    story.remit("ppo", payment(wrong, (24500, 9083, "CO-45 11917, PR-3 3500")))

    assert ([3000], [9083], -9083) == (story.moves, story.credits, story.money.open)
    story.remit("ppo", payment(wrong, (-24500, -9083, "CO-45 -11917, PR-3 -3500"), status="22"))
    assert ledger_sums(charged=24500, paid=14334, adjusted=7166, transferred=3000) == story.money


def test_the_wrong_payer_that_pays_first_leaves_the_right_ones_copay_too() -> None:
    story, wrong, fresh = replaced_by_another_payer()
    story.remit("ppo", payment(wrong, (24500, 9083, "CO-45 11917, PR-3 3500")))
    story.remit("second", payment(fresh, (24500, 14334, "CO-45 7166, PR-3 3000")))
    assert 3000 == story.money.transferred

    story.remit("ppo", payment(wrong, (-24500, -9083, "CO-45 -11917, PR-3 -3500"), status="22"))

    assert ledger_sums(charged=24500, paid=14334, adjusted=7166, transferred=3000) == story.money


def test_a_payer_that_was_asked_too_early_is_asked_again_in_its_turn() -> None:
    """Nobody has to correct its refusal: the claim to it is made when the payer before it has decided."""
    story = refused_by_the_second()
    [first] = story.bill()

    story.remit("medicare", payment(first, (15000, 7840, "CO-45 5000, PR-2 2000, CO-253 160")))

    [second] = [claim for claim in story.claims if claim.payer_kind == "medicaid" and claim.state == "sent"]
    assert (2, [1]) == (second.rank, [prior.rank for prior in second.prior])
    story.remit("medicaid", payment(second, (15000, 0, "OA-23 13000, CO-45 2000"), status="2"))
    assert ledger_sums(charged=15000, paid=7840, adjusted=7160) == story.money


def test_a_former_payers_refusal_does_not_keep_the_next_payer_from_being_asked() -> None:
    """PR-27 of a plan that had ended; the patient turns out to have Medicare, and Medicaid behind it."""
    story, truly = EncounterStory("ppo"), EncounterStory("medicare", "medicaid").encounter.coverages
    story.charge(15000)
    [wrong] = story.bill()
    story.remit("ppo", payment(wrong, (15000, 0, "PR-27 15000")))
    story.encounter = replace(story.encounter, coverages=truly)
    [first] = story.bill()

    story.remit("medicare", payment(first, (15000, 7840, "CO-45 5000, PR-2 2000, CO-253 160")))

    assert [("medicaid", 2)] == [(claim.payer_kind, claim.rank) for claim in story.claims if claim.prior]

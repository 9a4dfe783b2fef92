"""Payers in the wrong order, and put right: who is asked, with what the others did, and when the patient is billed."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from claims.domain.ledger import Money
from claims.domain.planning import resend
from claims.domain.succession import successor

Begin = Callable[..., Any]


def refused_by_the_second(story: Begin, pays: Begin) -> Any:
    """Let Medicaid be asked first and refuse (CO-22), then put Medicare before it."""
    one = story("medicaid", "medicare")
    one.charge(15000)
    [wrong] = one.bill()
    one.remit("medicaid", pays(wrong, (15000, 0, "CO-22 15000")))
    medicaid, medicare = one.encounter.coverages
    one.encounter = one.encounter.ordered((medicare.coverage_id, medicaid.coverage_id))
    return one


def test_the_right_first_payer_gets_a_claim_of_its_own(story: Begin, pays: Begin) -> None:
    one = refused_by_the_second(story, pays)

    [claim] = one.bill()

    assert ("medicare", 1, "1") == (claim.payer_kind, claim.rank, claim.frequency)


def test_the_payer_that_was_asked_too_early_waits_for_the_first_ones_decision(story: Begin, pays: Begin) -> None:
    """The correction makes no claim before Medicare decided; then it carries what Medicare did."""
    one = refused_by_the_second(story, pays)
    [first] = one.bill()
    [wrong] = [each for each in one.claims if each.payer_kind == "medicaid"]

    assert resend(wrong, one.encounter, one.claims, one.parties) is None
    one.put(wrong.supersede())
    one.remit("medicare", pays(first, (15000, 7840, "CO-45 5000, PR-2 2000, CO-253 160")))

    [second] = [each for each in one.claims if each.payer_kind == "medicaid" and each.state == "sent"]
    assert (2, [(1, 7840, 2000)]) == (
        second.rank,
        [(prior.rank, prior.paid_cents, prior.patient_cents) for prior in second.prior],
    )
    assert [] == one.moves
    one.remit("medicaid", pays(second, (15000, 0, "OA-23 13000, CO-45 2000"), status="2"))
    assert Money(charged=15000, paid=7840, adjusted=7160, transferred=0, written_off=0, open=0) == one.money


def test_a_correction_after_the_first_payer_decided_finds_the_claim_that_was_made_then(
    story: Begin, pays: Begin
) -> None:
    one = refused_by_the_second(story, pays)
    [first] = one.bill()
    one.remit("medicare", pays(first, (15000, 7840, "CO-45 5000, PR-2 2000, CO-253 160")))
    wrong, second = sorted((each for each in one.claims if each.payer_kind == "medicaid"), key=lambda each: each.rank)

    again = successor(wrong, one.encounter, one.claims)

    assert second == again
    assert (2, 7840) == (second.rank, second.prior[0].paid_cents)


def test_a_second_payer_that_only_echoes_a_copy_holds_up_nobody(story: Begin, pays: Begin) -> None:
    """OA-18 on the only claim to the second plan: its word is said, the first plan's share is the patient's."""
    one = story("ppo", "second")
    one.charge(40000)
    [first] = one.bill()
    one.remit("ppo", pays(first, (40000, 12800, "CO-45 14000, PR-1 13200")))
    second = one.claims[-1]
    assert [] == one.moves

    one.remit("second", pays(second, (40000, 0, "OA-18 40000"), status="2"))

    assert [13200] == one.moves


def test_a_refused_coverage_is_not_waited_for(story: Begin, pays: Begin) -> None:
    one = story("ppo", "second")
    one.encounter = one.encounter.answered(one.encounter.coverages[1].coverage_id, "refused")
    one.charge(40000)
    [first] = one.bill()

    one.remit("ppo", pays(first, (40000, 12800, "CO-45 14000, PR-1 13200")))

    assert [13200] == one.moves
    assert 1 == len(one.claims)


def test_a_partly_refused_claim_is_not_sent_on_before_the_refusal_is_settled(story: Begin, pays: Begin) -> None:
    """The second plan is asked once, with the first one's last word."""
    one = story("ppo", "second")
    one.charge(20000, 5000)
    [first] = one.bill()

    one.remit("ppo", pays(first, (20000, 12000, "CO-45 4000, PR-2 4000"), (5000, 0, "CO-197 5000")))
    assert 1 == len(one.claims)
    assert [] == one.moves

    line = str(first.lines[1].line_id)
    one.encounter = replace(one.encounter, refused_to_patient={line: 5000})
    [second] = one.bill()
    assert 2 == second.rank


def replaced_by_another_payer(story: Begin) -> tuple[Any, Any, Any]:
    """Let a claim be with a payer, and another one with the payer who covers in truth."""
    one, right = story("ppo"), story("second").encounter.coverages[0]
    one.charge(24500)
    [wrong] = one.bill()
    one.encounter = replace(one.encounter, coverages=(right,))
    [fresh] = one.bill()
    return one, wrong, fresh


def test_two_payers_of_one_place_that_both_pay_leave_one_copay_and_a_credit(story: Begin, pays: Begin) -> None:
    """245.00 = 143.34 + 71.66 + 30.00 of the right payer; what the wrong one paid is to be given back."""
    one, wrong, fresh = replaced_by_another_payer(story)
    one.remit("second", pays(fresh, (24500, 14334, "CO-45 7166, PR-3 3000")))

    one.remit("ppo", pays(wrong, (24500, 9083, "CO-45 11917, PR-3 3500")))

    assert ([3000], [9083], -9083) == (one.moves, one.credits, one.money.open)
    one.remit("ppo", pays(wrong, (-24500, -9083, "CO-45 -11917, PR-3 -3500"), status="22"))
    assert Money(charged=24500, paid=14334, adjusted=7166, transferred=3000, written_off=0, open=0) == one.money


def test_the_wrong_payer_that_pays_first_leaves_the_right_ones_copay_too(story: Begin, pays: Begin) -> None:
    one, wrong, fresh = replaced_by_another_payer(story)
    one.remit("ppo", pays(wrong, (24500, 9083, "CO-45 11917, PR-3 3500")))
    one.remit("second", pays(fresh, (24500, 14334, "CO-45 7166, PR-3 3000")))
    assert 3000 == one.money.transferred

    one.remit("ppo", pays(wrong, (-24500, -9083, "CO-45 -11917, PR-3 -3500"), status="22"))

    assert Money(charged=24500, paid=14334, adjusted=7166, transferred=3000, written_off=0, open=0) == one.money


def test_a_payer_that_was_asked_too_early_is_asked_again_in_its_turn(story: Begin, pays: Begin) -> None:
    """Nobody has to correct its refusal: the claim to it is made when the payer before it has decided."""
    one = refused_by_the_second(story, pays)
    [first] = one.bill()

    one.remit("medicare", pays(first, (15000, 7840, "CO-45 5000, PR-2 2000, CO-253 160")))

    [second] = [each for each in one.claims if each.payer_kind == "medicaid" and each.state == "sent"]
    assert (2, [1]) == (second.rank, [prior.rank for prior in second.prior])
    one.remit("medicaid", pays(second, (15000, 0, "OA-23 13000, CO-45 2000"), status="2"))
    assert Money(charged=15000, paid=7840, adjusted=7160, transferred=0, written_off=0, open=0) == one.money


def test_a_former_payers_refusal_does_not_keep_the_next_payer_from_being_asked(story: Begin, pays: Begin) -> None:
    """PR-27 of a plan that had ended; the patient turns out to have Medicare, and Medicaid behind it."""
    one, truly = story("ppo"), story("medicare", "medicaid").encounter.coverages
    one.charge(15000)
    [wrong] = one.bill()
    one.remit("ppo", pays(wrong, (15000, 0, "PR-27 15000")))
    one.encounter = replace(one.encounter, coverages=truly)
    [first] = one.bill()

    one.remit("medicare", pays(first, (15000, 7840, "CO-45 5000, PR-2 2000, CO-253 160")))

    assert [("medicaid", 2)] == [(each.payer_kind, each.rank) for each in one.claims if each.prior]

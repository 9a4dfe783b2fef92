"""Triage: what a decision opens, keeps alive and ends."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from denials.domain.denial import Outcome, State
from denials.domain.recovery import expected_allowed
from denials.domain.triage import follows, small_enough_to_end
from denials.testing.decisions import bill, decide, judge, line
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents, total

FOUR_CODES = ("CO-197", "CO-50", "PR-204", "CO-16")


def test_each_code_of_a_line_is_a_denial_of_its_own() -> None:
    decision = decide(line(1, 100_00, 0, "CO-16 30.00", "CO-197 70.00", expected=50_00))

    opened = judge(decision).opened

    assert {("16", 30_00, 15_00), ("197", 70_00, 35_00)} == {
        (denial.carc, denial.amount_cents, denial.expected_allowed_cents) for denial in opened
    }


def test_a_claim_level_refusal_belongs_to_no_line() -> None:
    decision = decide(line(1, 60_00, expected=40_00), line(2, 40_00, expected=20_00), claim_level=["CO-27 100.00"])

    [denial] = judge(decision).opened

    assert (None, 100_00, 60_00) == (denial.line_number, denial.amount_cents, denial.expected_allowed_cents)


def test_amounts_of_one_code_that_cancel_out_refuse_nothing() -> None:
    assert () == judge(decide(line(1, 100_00, 100_00, "CO-197 20.00", "CO-197 -20.00"))).opened


def test_a_word_of_the_publisher_that_we_do_not_know_is_looked_up_in_our_own_table() -> None:
    decision = decide(
        line(1, 100_00, 0, "CO-45 40.00", "CO-197 60.00", meaning="unknown"),
        line(2, 9_00, 0, "PR-1 9.00", meaning="unknown"),
    )

    assert ["197"] == [denial.carc for denial in judge(decision).opened]


def test_what_is_refused_again_keeps_its_denial_and_comes_back_to_us() -> None:
    [denial] = judge(decide(line(1, 50_00, 0, "CO-4 50.00"))).opened
    again = decide(line(1, 50_00, 0, "CO-4 50.00"), number=2, decided_on=date(2026, 4, 1))

    result = judge(again, denial.assigned("kim").correction_requested())

    [kept] = result.kept
    assert () == result.opened
    assert (denial.denial_id, State.WORKING, 2, "kim") == (kept.denial_id, kept.state, kept.adjudication, kept.assignee)
    assert date(2026, 6, 30) == kept.act_by  # the new decision starts the 90 days anew
    assert denial.opened_on == kept.opened_on


def test_a_refusal_for_another_reason_withdraws_the_first_and_opens_the_second() -> None:
    [denial] = judge(decide(line(1, 50_00, 0, "CO-16 50.00"))).opened

    result = judge(decide(line(1, 50_00, 0, "CO-50 50.00"), number=2), denial)

    assert [(Outcome.WITHDRAWN, 0)] == [(ended.outcome, ended.recovered_cents) for ended in result.ended]
    assert ["50"] == [opened.carc for opened in result.opened]


def test_a_pending_appeal_survives_a_repeated_refusal() -> None:
    [denial] = judge(decide(line(1, 50_00, 0, "CO-50 50.00"))).opened
    pending = denial.appealed(1, filed_on=date(2026, 3, 10))

    [kept] = judge(decide(line(1, 50_00, 0, "CO-50 50.00"), number=2), pending).kept

    assert (State.APPEALED, 1, denial.act_by) == (kept.state, kept.level, kept.act_by)


def test_half_of_a_split_claim_leaves_the_denials_of_the_other_half_alone() -> None:
    claim = bill((50_00, None), (70_00, None))
    [denial] = judge(decide(line(1, 50_00, 0, "CO-4 50.00")), claim=claim).opened

    result = judge(decide(line(2, 70_00, 70_00), number=2), denial, claim=claim)

    assert ((), (), ()) == (result.opened, result.kept, result.ended)


def test_a_line_that_the_replacement_no_longer_bills_was_given_up() -> None:
    """Line 2 of three goes; what was line 3 is line 2 now, and its payment is not mistaken for the other's."""
    first = bill((50_00, None), (70_00, None), (90_00, None))
    [denial] = judge(decide(line(2, 70_00, 0, "CO-97 70.00")), claim=first).opened
    shorter = bill((50_00, None), (90_00, None), claim_id=derived_id("claim", "shorter"), services=[1, 3])

    paid = decide(line(1, 50_00, 50_00), line(2, 90_00, 90_00), claim_id=shorter.claim_id)
    [ended] = judge(paid, denial.correction_requested(), claim=shorter).ended

    assert (Outcome.CORRECTED, 0) == (ended.outcome, ended.recovered_cents)


def test_a_renumbered_line_is_found_again() -> None:
    first = bill((50_00, None), (70_00, None))
    [denial] = judge(decide(line(2, 70_00, 0, "CO-4 70.00")), claim=first).opened
    shorter = bill((70_00, None), claim_id=derived_id("claim", "shorter"), services=[2])

    again = decide(line(1, 70_00, 0, "CO-4 70.00"), claim_id=shorter.claim_id)
    [kept] = judge(again, denial.correction_requested(), claim=shorter).kept

    assert (denial.denial_id, 1, shorter.claim_id) == (kept.denial_id, kept.line_number, kept.claim_id)


def test_the_payment_is_shared_by_the_denials_of_its_line() -> None:
    opened = judge(decide(line(1, 100_00, 0, "CO-16 30.00", "CO-197 70.00"))).opened

    ended = judge(decide(line(1, 100_00, 60_00, "CO-45 40.00"), number=2), *opened).ended

    assert {"16": 18_00, "197": 42_00} == {denial.carc: denial.recovered_cents for denial in ended}


def test_what_was_paid_before_is_not_recovered() -> None:
    """A line paid in part: 40.00 before, 65.00 now."""
    [denial] = judge(decide(line(1, 100_00, 40_00, "CO-45 20.00", "CO-151 40.00"))).opened

    [ended] = judge(decide(line(1, 100_00, 65_00, "CO-45 35.00"), number=2), denial).ended

    assert 25_00 == ended.recovered_cents


def test_a_new_claim_of_another_rank_answers_no_correction() -> None:
    [denial] = judge(decide(line(1, 50_00, 0, "CO-16 50.00", remarks=["MA130"]))).opened
    secondary = bill((50_00, None), claim_id=derived_id("claim", "secondary"), rank=2)

    assert () == follows(secondary, None, [], [denial.correction_requested()])


def test_a_second_replacement_follows_the_whole_chain() -> None:
    first = bill((50_00, None))
    second = bill((50_00, None), claim_id=derived_id("claim", "2"), follows=[first.claim_id])
    third = bill((50_00, None), claim_id=derived_id("claim", "3"))

    assert {first.claim_id, second.claim_id} == set(follows(third, second.claim_id, [first, second], []))


def test_a_claim_whose_predecessor_never_left_answers_the_correction_all_the_same() -> None:
    first = bill((50_00, None))
    [denial] = judge(decide(line(1, 50_00, 0, "CO-16 50.00")), claim=first).opened
    third = bill((50_00, None), claim_id=derived_id("claim", "3"))

    never_sent = derived_id("claim", "2")
    assert (first.claim_id,) == follows(third, never_sent, [first], [denial.correction_requested()])


def test_pennies_end_themselves_but_never_at_the_patients_or_another_payers_cost() -> None:
    small = judge(decide(line(1, 6_00, 0, "CO-97 6.00"), line(2, 4_00, 0, "CO-50 4.00"))).opened
    owed = judge(decide(line(1, 6_00, 0, "PR-204 6.00"))).opened
    elsewhere = judge(decide(line(1, 6_00, 0, "CO-109 6.00"))).opened

    assert small_enough_to_end(small, Cents(10_00))
    assert not small_enough_to_end(small, Cents(9_99))
    assert not small_enough_to_end(owed, Cents(10_00))
    assert not small_enough_to_end(elsewhere, Cents(10_00))
    assert not small_enough_to_end((), Cents(10_00))


@given(
    refused=st.lists(st.tuples(st.sampled_from(FOUR_CODES), st.integers(1, 10**7)), min_size=1, max_size=8),
    expected=st.integers(0, 10**8),
)
def test_no_cent_is_refused_twice_and_none_is_expected_beyond_it(refused: list[tuple[str, int]], expected: int) -> None:
    """What is expected back exceeds neither the contract's price nor any single amount refused."""
    amounts = [Cents(amount) for _, amount in refused]
    shares = expected_allowed(amounts, Cents(expected), Cents(0))

    assert total([share for share in shares if share is not None]) == min(expected, total(amounts))
    assert all(share is not None and 0 <= share <= amount for share, amount in zip(shares, amounts, strict=True))


def test_a_claim_to_another_payer_answers_what_the_former_one_refused() -> None:
    """Registration found the right payer by itself: nobody asked for a correction."""
    first = bill((50_00, None))
    [denial] = judge(decide(line(1, 50_00, 0, "PR-27 50.00")), claim=first).opened
    elsewhere = bill((50_00, None), claim_id=derived_id("claim", "2"), payer_id=derived_id("payer", "right"))

    assert (first.claim_id,) == follows(elsewhere, None, [first], [denial])


def test_a_claim_to_the_next_payer_answers_nothing_of_the_first() -> None:
    first = bill((50_00, None))
    [denial] = judge(decide(line(1, 50_00, 0, "CO-50 50.00")), claim=first).opened
    secondary = bill((50_00, None), claim_id=derived_id("claim", "2"), payer_id=derived_id("payer", "2"), rank=2)

    assert () == follows(secondary, None, [first], [denial])

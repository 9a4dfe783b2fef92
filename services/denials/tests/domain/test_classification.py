"""Classification: what each code means, what cures it at which payer, and who may be billed."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denials.domain.policy import Policy, Question, Rule, correction_method
from denials.domain.policy_table import OTHERWISE, POLICY
from denials.domain.recovery import expected_recovery, worklist_order
from denials.published import Category, Stage
from revcycle_kit.money import Cents


def ask(code: str, *remarks: str, payer_kind: str = "commercial", contracted: bool = True, proof: bool = False) -> Rule:
    group, carc = code.split("-", 1)
    return POLICY.rule(
        Question(
            group=group,
            carc=carc,
            remarks=remarks,
            payer_kind=payer_kind,
            contracted=contracted,
            proof=proof,
            decided_on=date(2026, 3, 2),
        )
    )


@pytest.mark.parametrize(
    ("code", "category", "stage"),
    [
        ("CO-16", "information", "claim"),
        ("CO-22", "coordination", "eligibility"),
        ("PR-26", "eligibility", "eligibility"),
        ("PR-27", "eligibility", "eligibility"),
        ("CO-29", "timely_filing", "claim"),
        ("PR-31", "eligibility", "registration"),
        ("CO-50", "necessity", "coding"),
        ("PR-96", "non_covered", "eligibility"),
        ("CO-97", "bundling", "coding"),
        ("CO-109", "wrong_payer", "eligibility"),
        ("PR-119", "limit", "eligibility"),
        ("CO-151", "limit", "coding"),
        ("CO-197", "authorization", "authorization"),
        ("CO-198", "authorization", "authorization"),
        ("PR-204", "non_covered", "eligibility"),
        ("CO-236", "bundling", "coding"),
        ("CO-252", "information", "claim"),
        ("CO-B7", "enrollment", "enrollment"),
        ("CO-4", "coding", "coding"),
        ("CO-11", "coding", "coding"),
        ("CO-999", "other", "payer"),
    ],
)
def test_a_code_names_its_root_cause_and_the_stage_that_could_have_prevented_it(
    code: str, category: str, stage: str
) -> None:
    rule = ask(code)

    assert (category, stage) == (rule.category, rule.stage)


@pytest.mark.parametrize(
    "code",
    [
        "CO-45",
        "PR-1",
        "PR-2",
        "PR-3",
        "CO-253",
        "OA-23",
        "CO-24",
        "CO-59",
        "CO-94",
        "CO-104",
        "CO-131",
        "CO-144",
        "CO-161",
        "CO-187",
        "CO-237",
        "CO-246",
        "OA-18",
        "CO-18",
    ],
)
def test_what_is_no_denial_is_none_in_our_table_either(code: str) -> None:
    assert "none" == ask(code).remedy


def test_the_same_45_is_a_question_when_the_payer_calls_it_the_patients() -> None:
    assert ("payer_error", "appeal") == (ask("PR-45").category, ask("PR-45").remedy)


def test_an_unprocessable_claim_is_sent_as_new_and_cannot_be_appealed() -> None:
    assert ("new", False) == (ask("CO-16", "N265", "MA130").remedy, ask("CO-16", "MA130").appealable)
    assert ("correct", True) == (ask("CO-16", "N265").remedy, ask("CO-16", "N265").appealable)


def test_medicare_knows_no_appeal_against_late_filing_even_with_proof() -> None:
    rule = ask("CO-29", "N211", payer_kind="medicare", proof=True)

    assert ("write_off", False) == (rule.remedy, rule.appealable)
    assert "appeal" == ask("CO-29", proof=True).remedy


def test_medicare_part_b_reopens_what_others_replace() -> None:
    assert "reopening" == correction_method("medicare", "P")
    assert "replacement" == correction_method("medicare", "I")
    assert "replacement" == correction_method("medicare_advantage", "P")
    assert "new" == correction_method("workers_compensation", "P")


@pytest.mark.parametrize("carc", sorted(POLICY.carcs))
def test_every_rule_speaks_the_words_that_we_publish(carc: str) -> None:
    for group in ("CO", "PR", "OA", "PI"):
        rule = ask(f"{group}-{carc}")
        assert rule.category in get_args(Category)
        assert rule.stage in get_args(Stage)
        assert 0 <= rule.recoverability_bp <= 10_000
        assert rule.why


def test_a_rule_holds_only_between_its_dates() -> None:
    old = Rule(
        carc="X",
        category="other",
        stage="payer",
        remedy="appeal",
        recoverability_bp=0,
        why="old",
        to_on=date(2026, 1, 1),
    )
    new = Rule(
        carc="X",
        category="other",
        stage="payer",
        remedy="accept",
        recoverability_bp=0,
        why="new",
        from_on=date(2026, 1, 1),
    )
    policy = Policy([old, new], OTHERWISE)

    def remedy(on: date) -> str:
        return policy.rule(
            Question(
                group="CO", carc="X", remarks=(), payer_kind="commercial", contracted=True, proof=False, decided_on=on
            )
        ).remedy

    assert ["appeal", "accept"] == [remedy(date(2025, 12, 31)), remedy(date(2026, 1, 1))]


def test_the_worklist_puts_what_is_due_this_week_first_then_the_money() -> None:
    today = date(2026, 3, 2)
    items = {
        "late and large": (date(2026, 6, 1), Cents(900_00)),
        "overdue and small": (date(2026, 2, 27), Cents(5_00)),
        "this week": (date(2026, 3, 9), Cents(80_00)),
        "this month": (date(2026, 3, 30), Cents(50_00)),
    }

    ordered = sorted(items, key=lambda name: worklist_order(*items[name], today))

    assert ["this week", "overdue and small", "this month", "late and large"] == ordered


@given(amount=st.integers(1, 10**9), expected=st.none() | st.integers(0, 10**9), bp=st.integers(0, 10_000))
def test_never_more_is_expected_back_than_was_refused(amount: int, expected: int | None, bp: int) -> None:
    worth = expected_recovery(Cents(amount), None if expected is None else Cents(expected), bp)

    assert 0 <= worth <= amount

"""Prevention and correction: what is learned from refusals, and what would cure one."""

from datetime import date, timedelta

import pytest

from denials.domain.corrections import propose
from denials.domain.prevention import THRESHOLD, WINDOW_DAYS, CountedRefusal, PreventionRule, RuleState, teaches
from denials.testing.decisions import decide, judge, line
from revcycle_kit.errors import Conflict
from revcycle_kit.ids import derived_id

DAY = date(2026, 3, 2)


def pattern() -> PreventionRule:
    return PreventionRule(
        rule_id=derived_id("rule"),
        organization_id=derived_id("organization"),
        payer_id=derived_id("payer"),
        carc="197",
        codes=("G0105",),
        category="authorization",
    )


def seen(number: int, on: date = DAY) -> CountedRefusal:
    return CountedRefusal(case_id=derived_id("case", str(number)), on=on)


def noticed(*cases: CountedRefusal) -> PreventionRule:
    found = pattern()
    for case in cases:
        found = found.counted(case)
    return found


def test_a_rule_is_proposed_at_the_threshold_and_not_before() -> None:
    assert RuleState.WATCHED is noticed(*map(seen, range(THRESHOLD - 1))).state
    assert RuleState.PROPOSED is noticed(*map(seen, range(THRESHOLD))).state


def test_a_case_counts_once() -> None:
    assert RuleState.WATCHED is noticed(*[seen(1)] * THRESHOLD).state


def test_what_lies_outside_the_window_does_not_count() -> None:
    old = [seen(number, DAY - timedelta(days=WINDOW_DAYS)) for number in range(THRESHOLD - 1)]

    assert RuleState.WATCHED is noticed(*old, seen(99)).state


def test_a_rule_is_activated_and_retired_by_a_person() -> None:
    proposed = noticed(*map(seen, range(THRESHOLD)))

    active = proposed.activated("kim")
    retired = active.retired("lee")

    assert (RuleState.ACTIVE, "kim") == (active.state, active.decided_by)
    assert (RuleState.RETIRED, "lee") == (retired.state, retired.decided_by)
    assert "authorization" in proposed.fix
    with pytest.raises(Conflict, match="The rule is active"):
        active.activated("kim")
    with pytest.raises(Conflict, match="The rule is watched"):
        pattern().retired("kim")


def test_a_retired_rule_is_not_proposed_again_by_the_next_case() -> None:
    retired = noticed(*map(seen, range(THRESHOLD))).retired("kim")

    assert RuleState.RETIRED is retired.counted(seen(99)).state


def test_only_what_we_could_have_prevented_teaches() -> None:
    assert teaches("coding")
    assert not teaches("payer")


@pytest.mark.parametrize(
    ("refused", "fields"),
    [
        ("CO-4", ["modifiers"]),
        ("CO-16 N290", ["rendering_provider_id"]),
        ("CO-16 M76 MA130", ["diagnoses"]),
        ("CO-16", []),
        ("PR-27", ["payer_id", "member_id"]),
        ("CO-97", ["modifiers", "remove_line"]),
        ("CO-197", ["authorization_number"]),
    ],
)
def test_a_proposal_names_the_field_to_change(refused: str, fields: list[str]) -> None:
    code, *remarks = refused.split()
    [denial] = judge(decide(line(2, 10_00, 0, f"{code} 10.00", remarks=remarks))).opened

    assert fields == [change.field for change in propose(denial)]


def test_what_belongs_to_the_whole_claim_names_no_line() -> None:
    [denial] = judge(decide(line(2, 10_00, 0, "CO-97 10.00"))).opened
    [coverage] = judge(decide(line(2, 10_00, 0, "PR-31 10.00"))).opened

    assert [2, 2] == [change.line_number for change in propose(denial)]
    assert [None, None, None] == [change.line_number for change in propose(coverage)]

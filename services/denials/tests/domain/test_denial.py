"""A denial's life: who may do what when, and what each refusal of a deed says."""

from collections.abc import Sequence
from datetime import date
from functools import partial

import pytest

from denials.domain.deadlines import Deadline
from denials.domain.denial import Denial, Outcome, State
from denials.testing.decisions import bill, decide, judge, line
from revcycle_kit.errors import Conflict

TODAY = date(2026, 3, 10)


@pytest.fixture
def denial() -> Denial:
    [opened] = judge(decide(line(1, 100_00, 0, "CO-197 100.00", expected=80_00))).opened
    return opened


def denial_of(code: str, payer_kind: str = "commercial", remarks: Sequence[str] = ()) -> Denial:
    decision = decide(line(1, 100_00, 0, f"{code} 100.00", remarks=remarks), payer_kind=payer_kind)
    [opened] = judge(decision).opened
    return opened


def test_taking_a_denial_begins_the_work(denial: Denial) -> None:
    assert (State.WORKING, "kim") == (denial.assigned("kim").state, denial.assigned("kim").assignee)


def test_an_appeal_waits_for_the_payer(denial: Denial) -> None:
    pending = denial.appealed(1, filed_on=TODAY)

    for deed in (pending.correction_requested, lambda: pending.written_off(TODAY), lambda: pending.accepted(TODAY)):
        with pytest.raises(Conflict, match="An appeal is before the payer"):
            deed()


def test_a_level_is_used_once(denial: Denial) -> None:
    upheld = denial.appealed(1, filed_on=TODAY).upheld(Deadline(act_by=date(2026, 9, 1), basis="level 2"))

    with pytest.raises(Conflict, match="Level 1 was used already"):
        upheld.appealed(1, filed_on=TODAY)


def test_an_upheld_denial_may_go_to_the_next_level(denial: Denial) -> None:
    upheld = denial.appealed(1, filed_on=TODAY).upheld(Deadline(act_by=date(2026, 9, 1), basis="level 2"))

    assert (State.UPHELD, date(2026, 9, 1), "level 2") == (upheld.state, upheld.act_by, upheld.deadline_basis)
    assert 2 == upheld.appealed(2, filed_on=TODAY).level


def test_an_upheld_denial_without_further_level_is_for_writing_off(denial: Denial) -> None:
    lost = denial.appealed(1, filed_on=TODAY).upheld(None)

    assert ("write_off", 0) == (lost.method, lost.expected_recovery_cents)
    assert Outcome.WRITTEN_OFF is lost.written_off(TODAY).outcome


def test_a_late_appeal_needs_a_good_cause(denial: Denial) -> None:
    after = date(2026, 12, 1)

    with pytest.raises(Conflict, match=r"The last day was 2026-05-31"):
        denial.appealed(1, filed_on=after)
    assert State.APPEALED is denial.appealed(1, filed_on=after, late_reason="notice lost in the mail").state


def test_what_carries_no_right_of_appeal_cannot_be_appealed() -> None:
    unprocessable = denial_of("CO-16", remarks=["MA130"])

    with pytest.raises(Conflict, match="no right of appeal"):
        unprocessable.appealed(1, filed_on=TODAY)


def test_a_promise_that_is_not_kept_comes_back_to_us(denial: Denial) -> None:
    promised = denial.appealed(1, filed_on=TODAY).overturned()

    assert State.WORKING is promised.resumed().state
    with pytest.raises(Conflict, match="cannot be taken back"):
        denial.resumed()


def test_only_what_was_appealed_can_be_decided(denial: Denial) -> None:
    with pytest.raises(Conflict, match="file it first"):
        denial.overturned()


@pytest.mark.parametrize(
    ("code", "payer_kind", "billable"),
    [
        ("PR-204", "commercial", True),
        ("PR-27", "commercial", True),
        ("CO-27", "commercial", True),  # coverage had ended: no contract protects from it
        ("CO-197", "commercial", False),
        ("CO-50", "medicare", False),
        ("PR-50", "medicare", True),
        ("PR-204", "medicaid", False),
        ("PR-27", "workers_compensation", False),
        ("CO-204", "commercial", False),
    ],
)
def test_the_patient_is_billed_only_where_code_group_and_payer_allow_it(
    code: str, payer_kind: str, *, billable: bool
) -> None:
    denial = denial_of(code, payer_kind)

    assert billable is denial.patient_may_be_billed
    if billable:
        assert Outcome.PATIENT_RESPONSIBILITY is denial.patient_billed(TODAY).outcome
    else:
        with pytest.raises(Conflict, match="may not be billed"):
            denial.patient_billed(TODAY)


def test_what_the_patient_owes_cannot_be_accepted_as_an_adjustment() -> None:
    with pytest.raises(Conflict, match="no contractual adjustment"):
        denial_of("PR-204").accepted(TODAY)


def test_nothing_happens_to_a_resolved_denial(denial: Denial) -> None:
    ended = denial.written_off(TODAY)

    for late in (ended.correction_requested, partial(ended.assigned, "kim"), partial(ended.written_off, TODAY)):
        with pytest.raises(Conflict, match="The denial is resolved"):
            late()


def test_a_correction_that_comes_too_late_becomes_an_appeal_or_a_write_off() -> None:
    claim = bill((100_00, 80_00), timely_filing_by=date(2026, 2, 1))

    [wrong_payer] = judge(decide(line(1, 100_00, 0, "CO-109 100.00")), claim=claim).opened
    [unprocessable] = judge(decide(line(1, 100_00, 0, "CO-16 100.00", remarks=["MA130"])), claim=claim).opened

    assert ("appeal", "write_off") == (wrong_payer.method, unprocessable.method)

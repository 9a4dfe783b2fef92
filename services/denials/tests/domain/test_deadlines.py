"""Deadlines: which clock runs for which payer, at which level, from which day, and on what ground."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denials.domain.appeal_levels import APPEALS
from denials.domain.deadlines import Deadline, add_months, appeal_deadline, correction_deadline
from revcycle_kit.errors import Conflict
from revcycle_kit.money import Cents

NOTICE = date(2026, 3, 2)


def clock(payer_kind: str, level: int, notice_on: date = NOTICE, *, contracted: bool = True) -> Deadline:
    found = APPEALS.level(level, payer_kind=payer_kind, contracted=contracted, on=notice_on)
    assert found is not None
    return appeal_deadline(found, notice_on, contract_days=90)


@pytest.mark.parametrize(
    ("level", "act_by", "law"),
    [
        (1, date(2026, 7, 5), "405.942"),  # 5 days to arrive, then 120
        (2, date(2026, 9, 3), "405.962"),  # 5 + 180
        (3, date(2026, 5, 6), "405.1002"),  # 5 + 60
        (4, date(2026, 5, 6), "405.1102"),
        (5, date(2026, 5, 6), "405.1136"),
    ],
)
def test_medicare_has_five_levels_each_with_its_clock(level: int, act_by: date, law: str) -> None:
    deadline = clock("medicare", level)

    assert act_by == deadline.act_by
    assert law in deadline.basis
    assert "presumed 2026-03-07" in deadline.basis


def test_there_is_no_sixth_level_of_medicare() -> None:
    assert APPEALS.level(6, payer_kind="medicare", contracted=True, on=NOTICE) is None


def test_a_medicare_advantage_plan_without_contract_gives_65_days_and_wants_a_waiver() -> None:
    level = APPEALS.level(1, payer_kind="medicare_advantage", contracted=False, on=NOTICE)

    assert level is not None
    assert "waiver of liability" in level.requires
    assert date(2026, 5, 6) == clock("medicare_advantage", 1, contracted=False).act_by


def test_before_2025_a_medicare_advantage_plan_gave_60_days() -> None:
    assert date(2024, 12, 30) == clock("medicare_advantage", 1, date(2024, 10, 31), contracted=False).act_by
    assert date(2025, 3, 7) == clock("medicare_advantage", 1, date(2025, 1, 1), contracted=False).act_by


def test_a_contract_sets_the_days_of_a_medicare_advantage_plan_and_of_a_commercial_payer() -> None:
    assert date(2026, 5, 31) == clock("medicare_advantage", 1).act_by
    assert date(2026, 5, 31) == clock("commercial", 1).act_by


def test_without_contract_a_commercial_plan_gives_180_days_then_four_months_for_external_review() -> None:
    assert date(2026, 8, 29) == clock("commercial", 1, contracted=False).act_by
    assert date(2026, 7, 2) == clock("commercial", 2, contracted=False).act_by


@pytest.mark.parametrize(
    ("year", "cents", "enough"), [(2025, 190_00, True), (2026, 199_99, False), (2026, 200_00, True)]
)
def test_a_hearing_needs_the_amount_in_controversy_of_its_year(year: int, cents: int, *, enough: bool) -> None:
    def hearing() -> None:
        APPEALS.require(3, payer_kind="medicare", contracted=True, on=date(year, 6, 1), amount_cents=Cents(cents))

    if enough:
        hearing()
    else:
        with pytest.raises(Conflict, match=r"200\.00 in controversy"):
            hearing()


def test_a_level_that_the_plan_forwards_itself_is_not_filed() -> None:
    with pytest.raises(Conflict, match="forwards the case itself"):
        APPEALS.require(2, payer_kind="medicare_advantage", contracted=False, on=NOTICE, amount_cents=Cents(500_00))


@pytest.mark.parametrize(
    ("method", "payer_kind", "act_by"),
    [
        ("new", "medicare", date(2027, 1, 10)),
        ("reopening", "medicare", date(2027, 3, 2)),
        ("replacement", "commercial", date(2026, 5, 31)),
        ("reopening", "commercial", date(2026, 5, 31)),
    ],
)
def test_a_corrected_claim_has_the_clock_of_its_method(method: str, payer_kind: str, act_by: date) -> None:
    deadline = correction_deadline(
        method,
        payer_kind=payer_kind,
        decided_on=NOTICE,
        service_on=date(2026, 1, 10),
        timely_filing_by=date(2027, 1, 10),
        contract_days=90,
    )

    assert act_by == deadline.act_by


def test_a_month_ends_where_the_shorter_one_ends() -> None:
    assert date(2026, 2, 28) == add_months(date(2026, 1, 31), 1)
    assert date(2028, 2, 29) == add_months(date(2027, 10, 31), 4)


@given(notice_on=st.dates(date(2025, 1, 1), date(2035, 12, 31)), level=st.integers(1, 5))
def test_no_clock_ends_before_its_notice(notice_on: date, level: int) -> None:
    assert clock("medicare", level, notice_on).act_by > notice_on

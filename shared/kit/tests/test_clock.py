"""Clock: one present instant, and the right calendar date for each place."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revcycle_kit.clock import (
    SimulatedClock,
    SystemClock,
    add_business_days,
    as_utc,
    federal_holidays,
    is_business_day,
    local_date,
    local_instant,
    next_business_day,
)

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))


def test_the_system_clock_tells_aware_utc() -> None:
    assert timedelta(0) == SystemClock().now().utcoffset()


def test_a_simulated_clock_stands_still_until_it_is_advanced() -> None:
    clock = SimulatedClock(START)
    assert START == clock.now() == clock.now()
    clock.advance_to(START + timedelta(days=1))
    clock.advance_by(timedelta(hours=1))
    assert datetime(2026, 3, 2, 13, tzinfo=UTC) == clock.now()


def test_a_simulated_clock_never_goes_back() -> None:
    with pytest.raises(ValueError, match="cannot go back"):
        SimulatedClock(START).advance_to(START - timedelta(microseconds=1))


def test_a_simulated_clock_tells_utc_whatever_zone_it_was_given() -> None:
    eastern = timezone(timedelta(hours=-5))
    assert UTC is SimulatedClock(datetime(2026, 3, 1, 7, tzinfo=eastern)).now().tzinfo


def test_a_time_without_a_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="zone"):
        as_utc(datetime(2026, 3, 1, 12))  # noqa: DTZ001 - the claim is about naive times


def test_the_same_instant_is_another_date_in_another_clinic() -> None:
    instant = datetime(2026, 3, 1, 4, 30, tzinfo=UTC)
    assert date(2026, 2, 28) == local_date(instant, "America/New_York")
    assert date(2026, 2, 28) == local_date(instant, "Pacific/Honolulu")
    assert date(2026, 3, 1) == local_date(instant, "Pacific/Guam")


@pytest.mark.parametrize("name", ["Mars/Olympus", "../../etc/passwd", "", "/etc/localtime"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="IANA"):
        local_date(START, name)


def test_a_local_hour_becomes_the_instant_of_that_season() -> None:
    assert datetime(2026, 1, 5, 12, tzinfo=UTC) == local_instant(date(2026, 1, 5), time(6), "America/Chicago")
    assert datetime(2026, 7, 6, 11, tzinfo=UTC) == local_instant(date(2026, 7, 6), time(6), "America/Chicago")


def test_a_skipped_hour_is_the_same_distance_after_the_jump() -> None:
    spring = local_instant(date(2026, 3, 8), time(2, 30), "America/Chicago")
    assert datetime(2026, 3, 8, 8, 30, tzinfo=UTC) == spring


def test_an_hour_that_occurs_twice_is_the_first() -> None:
    autumn = local_instant(date(2026, 11, 1), time(1, 30), "America/Chicago")
    assert datetime(2026, 11, 1, 6, 30, tzinfo=UTC) == autumn


def test_the_holidays_of_2026_are_those_the_government_published() -> None:
    """Office of Personnel Management, federal holidays 2026 (July 4 falls on a Saturday)."""
    expected = ["01-01", "01-19", "02-16", "05-25", "06-19", "07-03", "09-07", "10-12", "11-11", "11-26", "12-25"]
    assert [f"2026-{day}" for day in expected] == sorted(day.isoformat() for day in federal_holidays(2026))


def test_new_years_day_on_a_saturday_is_kept_in_the_old_year() -> None:
    assert not is_business_day(date(2027, 12, 31))


def test_juneteenth_counts_since_it_is_a_holiday() -> None:
    assert is_business_day(date(2020, 6, 19))
    assert not is_business_day(date(2026, 6, 19))


def test_a_deadline_on_a_weekend_moves_to_monday_and_past_a_holiday() -> None:
    assert date(2026, 3, 9) == next_business_day(date(2026, 3, 7))
    assert date(2026, 9, 8) == next_business_day(date(2026, 9, 5))
    assert date(2026, 9, 8) == next_business_day(date(2026, 9, 8))


def test_business_days_are_counted_over_weekends_and_holidays() -> None:
    assert date(2026, 1, 20) == add_business_days(date(2026, 1, 16), 1)
    assert date(2026, 1, 16) == add_business_days(date(2026, 1, 20), -1)
    assert date(2026, 3, 7) == add_business_days(date(2026, 3, 7), 0)


@given(days, st.integers(1, 200))
def test_counting_forward_and_back_returns_to_a_business_day(on: date, count: int) -> None:
    start = next_business_day(on)
    there = add_business_days(start, count)
    assert is_business_day(there)
    assert start == add_business_days(there, -count)


def test_the_count_of_business_days_has_a_limit() -> None:
    with pytest.raises(ValueError, match="2000"):
        add_business_days(date(2026, 1, 1), 2_001)

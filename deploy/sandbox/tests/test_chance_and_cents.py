"""Hashed draws, whole cents, and the agenda."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revcycle_sandbox.agenda import Agenda
from revcycle_sandbox.calendar import add_business_days, next_weekday
from revcycle_sandbox.cents import from_dollars, share, spread, times
from revcycle_sandbox.draws import Draws

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@given(st.integers(), st.text(), st.text())
def test_a_draw_depends_on_seed_and_key_alone(seed: int, key: str, question: str) -> None:
    """Two oracles of one seed agree, whatever else they were asked before."""
    first, second = Draws(seed), Draws(seed)
    second.number("something", "else")
    assert first.number(key, question) == second.number(key, question)


def test_a_chance_comes_about_as_often_as_it_says() -> None:
    """12 % of 20,000 questions, within half a percent."""
    draws = Draws(7)
    yes = sum(draws.chance(1_200, str(number), "denied") for number in range(20_000))
    assert 2_300 < yes < 2_500


def test_a_weighted_choice_never_takes_what_weighs_nothing() -> None:
    draws = Draws(1)
    assert {"a", "c"} == {draws.weighted({"a": 1, "b": 0, "c": 1}, str(number)) for number in range(200)}


def test_days_have_the_median_and_tail_that_were_asked_for() -> None:
    """Lognormal with median 15 and p90 35."""
    draws = Draws(3)
    days = sorted(draws.days(15, 35, str(number)) for number in range(4_000))
    assert 14 <= days[2_000] <= 16
    assert 33 <= days[3_600] <= 37


@given(st.integers(-(10**9), 10**9), st.integers(0, 10_000))
def test_a_share_and_its_rest_differ_from_the_exact_by_half_a_cent_at_most(cents: int, basis_points: int) -> None:
    assert abs(share(cents, basis_points) * 10_000 - cents * basis_points) <= 5_000


def test_half_a_cent_is_rounded_up() -> None:
    assert (1, 2_56, 13) == (share(1, 5_000), share(128_00, 200), times(5, Decimal("2.5")))


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_spreading_an_amount_loses_nothing(total: int, weights: list[int]) -> None:
    assert total == sum(spread(total, weights))


def test_dollars_are_read_exactly_or_refused() -> None:
    """Thousands commas and a dollar sign are fine; a binary fraction or a tenth of a cent is not."""
    assert (123450, 3000, 99) == (from_dollars("$1,234.50"), from_dollars(30), from_dollars(Decimal("0.99")))
    with pytest.raises(TypeError, match="binary fraction"):
        from_dollars(12.4)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="finer than a cent"):
        from_dollars("1.005")


def test_what_is_due_at_once_fires_by_key_and_not_by_order_of_asking() -> None:
    fired: list[str] = []
    agenda = Agenda()
    for key in ("c", "a", "b"):
        agenda.at(NOON, key, lambda _at, key=key: fired.append(key) or [])  # type: ignore[func-returns-value,misc]
    agenda.at(NOON - timedelta(hours=1), "z", lambda _at: fired.append("z") or [])  # type: ignore[func-returns-value]
    list(agenda.fire(NOON))
    assert ["z", "a", "b", "c"] == fired
    assert agenda.next_due is None


def test_business_days_pass_over_weekends_both_ways() -> None:
    friday = datetime(2026, 1, 9, tzinfo=UTC).date()
    assert (12, 8) == (add_business_days(friday, 1).day, add_business_days(friday, -1).day)
    assert 14 == next_weekday(friday, 2).day

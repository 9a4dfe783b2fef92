"""KPIs: how a figure, its colour and its absence are computed from sums."""

from datetime import date
from decimal import Decimal

import pytest

from analytics.figures import kpis
from analytics.figures.kpis import ClaimSums, MoneySums
from analytics.figures.money import Amounts
from revcycle_kit.money import Cents

DAY = date(2026, 6, 30)


def test_without_anything_to_measure_there_is_no_figure_and_no_zero() -> None:
    figures = kpis.all_kpis(MoneySums(), ClaimSums(), DAY)

    assert {None} == {kpi.value for kpi in figures.values()}
    assert {"no_data"} == {kpi.band for kpi in figures.values()}


def test_the_five_of_the_seed_come_first() -> None:
    assert kpis.SEED == tuple(kpis.all_kpis(MoneySums(), ClaimSums(), DAY))[:5]


def test_days_in_ar_divides_by_the_average_day_of_ninety() -> None:
    """400.00 and 200.00 open, 1,350.00 charged in 90 days: 15.00 a day, 40 days."""
    money = MoneySums(
        insurance_open_cents=Cents(400_00), patient_open_cents=Cents(200_00), recent_charged_cents=Cents(1_350_00)
    )

    figure = kpis.days_in_ar(money, DAY)

    assert Decimal("40.00") == figure.value
    assert "amber" == figure.band


def test_credit_balances_are_told_and_not_netted() -> None:
    money = MoneySums(insurance_open_cents=Cents(90_00), credit_cents=Cents(50_00), recent_charged_cents=Cents(900_00))

    figure = kpis.days_in_ar(money, DAY)

    assert 90_00 == figure.numerator
    assert "credit balances of 5000 cents: reported apart, never netted" in figure.exclusions


def test_a_loss_on_a_refusal_stays_in_what_could_be_collected_and_charity_does_not() -> None:
    """1,000.00 charged, 400.00 contractual, 100.00 charity, 50.00 lost on a denial, 450.00 collected of 500.00."""
    closed = Amounts(
        charged_cents=Cents(1_000_00),
        adjusted_cents=Cents(400_00),
        written_off_cents=Cents(150_00),
        charity_cents=Cents(100_00),
        refused_loss_cents=Cents(50_00),
        insurance_paid_cents=Cents(450_00),
    )

    figure = kpis.net_collection_rate(MoneySums(closed=closed), DAY)

    assert (450_00, 500_00, Decimal("90.00")) == (figure.numerator, figure.denominator, figure.value)


def test_what_is_still_open_is_shown_as_a_share_of_the_cohort() -> None:
    money = MoneySums(
        closed=Amounts(charged_cents=Cents(300_00)), unclosed_charged_cents=Cents(100_00), unclosed_encounters=2
    )

    figure = kpis.net_collection_rate(money, DAY)

    assert "2 encounters still open, 25.00 % of the cohort's charges" in figure.exclusions


def test_every_decided_claim_is_resolved_refused_asked_back_or_was_rejected_first() -> None:
    claims = ClaimSums(decided=20, resolved=14, denied=3, information=2, rejected_then_decided=1)

    first_pass = kpis.first_pass_rate(claims, DAY)

    assert Decimal("70.00") == first_pass.value
    assert "amber" == first_pass.band
    assert "not resolved: 3 refused, 2 asked back" in first_pass.exclusions


@pytest.mark.parametrize(
    ("denied", "band"), [(4, "green"), (5, "red"), (0, "green")], ids=["below", "at the target", "none"]
)
def test_a_rate_at_its_upper_target_has_missed_it(denied: int, band: str) -> None:
    """The target is below 5 %: 4 of 100 reaches it, 5 of 50 (10 %) is beyond tolerance."""
    decided = 100 if denied < 5 else 50

    assert band == kpis.denial_rate(ClaimSums(decided=decided, denied=denied), DAY).band


def test_two_thirds_are_rounded_half_up_to_the_second_decimal() -> None:
    assert Decimal("66.67") == kpis.denial_rate(ClaimSums(decided=3, denied=2), DAY).value
    assert Decimal("12.35") == kpis.denial_rate(ClaimSums(decided=2_000, denied=247), DAY).value

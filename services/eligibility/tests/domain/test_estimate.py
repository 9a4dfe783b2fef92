"""What the patient is expected to owe, and by when the law wants it told."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.domain.directory import Price, PriceList
from eligibility.domain.estimate import good_faith, good_faith_due_by, insured
from eligibility.domain.verification import Benefit, BenefitKind
from revcycle_kit.money import Cents

PAYER = "payer"


def prices(*told: tuple[str, int, int], discount: int = 0) -> PriceList:
    return PriceList(
        organization_id=UUID(int=1),
        clinic_id=UUID(int=2),
        prices=tuple(
            Price(code=code, charge_cents=Cents(charge), allowed_cents={PAYER: Cents(allowed)})
            for code, charge, allowed in told
        ),
        self_pay_discount_basis_points=discount,
    )


def benefit(kind: BenefitKind, cents: int | None = None, rate: int | None = None, **more: object) -> Benefit:
    return Benefit(service_type="30", kind=kind, amount_cents=cents, percent_basis_points=rate, **more)  # type: ignore[arg-type]


def owed(told: PriceList, *benefits: Benefit) -> int:
    estimate = insured(told, [price.code for price in told.prices], PAYER, benefits)
    assert estimate is not None
    return estimate.patient_cents


def test_deductible_then_coinsurance() -> None:
    """Allowed 180.00, deductible left 50.00, then 20 % of 130.00."""
    told = prices(("G0463", 250_00, 180_00))
    assert 76_00 == owed(told, benefit("deductible_left", 50_00), benefit("coinsurance", rate=2_000))


def test_a_copay_takes_the_place_of_the_deductible() -> None:
    told = prices(("G0463", 165_00, 112_40))
    assert 30_00 == owed(told, benefit("copay", 30_00), benefit("deductible_left", 500_00))
    assert 20_00 == owed(prices(("G0463", 25_00, 20_00)), benefit("copay", 30_00))


def test_what_is_left_until_the_maximum_caps_the_sum() -> None:
    told = prices(("A", 500_00, 400_00), ("B", 500_00, 400_00))
    assert 100_00 == owed(told, benefit("deductible_left", 1_000_00), benefit("out_of_pocket_left", 100_00))


def test_benefits_outside_the_network_do_not_count() -> None:
    told = prices(("G0463", 250_00, 180_00))
    assert 0 == owed(told, benefit("coinsurance", rate=4_000, in_network=False))


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**6)), min_size=1, max_size=5),
    st.integers(0, 10**6),
    st.integers(0, 10_000),
    st.one_of(st.none(), st.integers(0, 10**6)),
)
def test_charge_is_always_discount_and_insurance_and_patient(
    lines: list[tuple[int, int]], deductible: int, rate: int, cap: int | None
) -> None:
    told = prices(*((f"C{number}", charge, min(charge, allowed)) for number, (charge, allowed) in enumerate(lines)))
    benefits = [benefit("deductible_left", deductible), benefit("coinsurance", rate=rate)]
    benefits += [benefit("out_of_pocket_left", cap)] if cap is not None else []
    estimate = insured(told, [price.code for price in told.prices], PAYER, benefits)
    assert estimate is not None
    assert estimate.charge_cents == estimate.discount_cents + estimate.insurance_cents + estimate.patient_cents
    assert min(estimate.discount_cents, estimate.insurance_cents, estimate.patient_cents) >= 0
    assert estimate.patient_cents == sum(line.patient_cents for line in estimate.lines)
    assert cap is None or estimate.patient_cents <= cap


def test_who_pays_alone_gets_the_discount_shared_over_the_lines() -> None:
    """J10: charges of 1,200.00 less 40 % are 720.00."""
    estimate = good_faith(prices(("A", 700_01, 0), ("B", 499_99, 0), discount=4_000), ["A", "B"], None)
    assert estimate is not None
    assert (1_200_00, 480_00, 720_00) == (estimate.charge_cents, estimate.discount_cents, estimate.patient_cents)
    assert 720_00 == sum(line.patient_cents for line in estimate.lines)


def test_a_share_nobody_tells_is_not_a_share_of_nothing() -> None:
    """Coinsurance without a usable percentage: the estimate is unknown, unless a copay takes its place."""
    told = prices(("A", 200_00, 100_00))
    assert insured(told, ["A"], PAYER, [benefit("deductible_left", 0), benefit("coinsurance")]) is None
    assert 20_00 == owed(told, benefit("copay", 20_00), benefit("coinsurance"))


def test_services_without_a_price_cannot_be_estimated() -> None:
    assert good_faith(prices(("A", 1, 1)), ["B"], None) is None
    assert insured(prices(("A", 1, 1)), ["B"], PAYER, []) is None


@pytest.mark.parametrize(
    ("service_on", "due_by"),
    [
        (date(2026, 1, 7), None),  # two business days ahead: only on request
        (date(2026, 1, 8), date(2026, 1, 6)),  # three: one business day
        (date(2026, 1, 16), date(2026, 1, 6)),  # nine
        (date(2026, 1, 20), date(2026, 1, 8)),  # ten, for the 19th is a holiday: three business days
        (None, None),
    ],
)
def test_the_clock_runs_from_scheduling_by_business_days(service_on: date | None, due_by: date | None) -> None:
    assert due_by == good_faith_due_by(date(2026, 1, 5), service_on)


def test_on_request_three_business_days() -> None:
    assert date(2026, 1, 8) == good_faith_due_by(date(2026, 1, 5), None, requested=True)


def test_before_the_rule_there_was_no_clock() -> None:
    assert good_faith_due_by(date(2021, 12, 1), date(2021, 12, 30)) is None

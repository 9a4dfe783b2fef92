"""
What the patient is expected to owe.

Insured: from the benefits of the 271 and the contract. Uninsured or self-pay: the good-faith estimate of
45 CFR 149.610 with its clocks.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from eligibility.domain.directory import Price, PriceList
from eligibility.domain.verification import Benefit
from revcycle_kit.clock import add_business_days
from revcycle_kit.money import ZERO, Cents, allocate, percent, total
from revcycle_kit.values import Value

_BASIS_POINTS = 10_000
_MEDICAL = ("98", "30", "")
"""Service types asked for office care, best first: physician visit, plan as a whole, unnamed."""


class Line(Value, kw_only=True):
    """What one expected service costs, and what of it the patient is expected to owe."""

    code: str
    charge_cents: Cents
    patient_cents: Cents


class Estimate(Value, kw_only=True):
    """What the patient is expected to owe; charge = discount + insurance + patient."""

    kind: Literal["insured", "good_faith"]
    charge_cents: Cents
    discount_cents: Cents
    insurance_cents: Cents
    patient_cents: Cents
    lines: tuple[Line, ...]
    due_by: date | None = None


class GoodFaithClock(Value, kw_only=True):
    """How many business days the law gives, from a day on: (at least this far ahead, days allowed), farthest first."""

    since: date
    steps: tuple[tuple[int, int], ...]
    on_request_days: int
    citation: str


GOOD_FAITH_CLOCKS = (
    GoodFaithClock(
        since=date(2022, 1, 1),
        steps=((10, 3), (3, 1)),
        on_request_days=3,
        citation="45 CFR 149.610(b)(1)(vi)",
    ),
)


def good_faith_due_by(scheduled_on: date, service_on: date | None, *, requested: bool = False) -> date | None:
    """
    Return the last day for giving a good-faith estimate; None where the law sets none.

    Scheduled 10 business days ahead or more: 3 business days after scheduling; 3 to 9: one; nearer: only on
    request, 3 after it.
    """
    clock = next((clock for clock in reversed(GOOD_FAITH_CLOCKS) if clock.since <= scheduled_on), None)
    if clock is None:
        return None
    if not requested and service_on is not None:
        for ahead, allowed in clock.steps:
            if add_business_days(scheduled_on, ahead) <= service_on:
                return add_business_days(scheduled_on, allowed)
    return add_business_days(scheduled_on, clock.on_request_days) if requested else None


def good_faith(prices: PriceList, codes: Iterable[str], due_by: date | None) -> Estimate | None:
    """Estimate for a patient who pays alone; None where no service has a price."""
    priced = _priced(prices, codes)
    if not priced:
        return None
    charge = total([price.charge_cents for price in priced])
    discount = percent(charge, prices.self_pay_discount_basis_points, _BASIS_POINTS)
    shares = allocate(Cents(charge - discount), [price.charge_cents for price in priced])
    return Estimate(
        kind="good_faith",
        charge_cents=charge,
        discount_cents=discount,
        insurance_cents=ZERO,
        patient_cents=Cents(charge - discount),
        lines=_lines(priced, shares),
        due_by=due_by,
    )


def insured(prices: PriceList, codes: Iterable[str], payer_id: str, benefits: Sequence[Benefit]) -> Estimate | None:
    """
    Estimate from the plan's benefits, applied line after line; None where that cannot be known.

    It cannot where no service has a price, or where the plan takes a share that it does not tell. A copay takes the
    line and skips the deductible; else the deductible that is left, then coinsurance; what is left until the
    out-of-pocket maximum caps the sum.
    """
    priced = _priced(prices, codes)
    if not priced or _share_is_unknown(benefits):
        return None
    allowed = [price.allowed_cents.get(payer_id, price.charge_cents) for price in priced]
    shares = _cost_shares(allowed, benefits)
    charge, owed = total([price.charge_cents for price in priced]), total(shares)
    discount = Cents(charge - total(allowed))
    return Estimate(
        kind="insured",
        charge_cents=charge,
        discount_cents=discount,
        insurance_cents=Cents(charge - discount - owed),
        patient_cents=owed,
        lines=_lines(priced, shares),
    )


def _priced(prices: PriceList, codes: Iterable[str]) -> list[Price]:
    return [price for price in map(prices.price_of, codes) if price]


def _lines(priced: list[Price], shares: Sequence[Cents]) -> tuple[Line, ...]:
    pairs = zip(priced, shares, strict=True)
    return tuple(Line(code=price.code, charge_cents=price.charge_cents, patient_cents=share) for price, share in pairs)


def _cost_shares(allowed: list[Cents], benefits: Sequence[Benefit]) -> list[Cents]:
    copay, left = _amount(benefits, "copay"), _amount(benefits, "deductible_left") or ZERO
    rate = next((benefit.percent_basis_points for benefit in _best(benefits, "coinsurance")), None) or 0
    cap = _amount(benefits, "out_of_pocket_left")
    shares: list[Cents] = []
    for line, amount in enumerate(allowed):
        if copay is not None:
            share = min(copay, amount) if line == 0 else ZERO
        else:
            deductible = min(left, amount)
            left = Cents(left - deductible)
            share = Cents(deductible + percent(Cents(amount - deductible), rate, _BASIS_POINTS))
        if cap is not None:
            share = min(share, cap)
            cap = Cents(cap - share)
        shares.append(share)
    return shares


def _share_is_unknown(benefits: Sequence[Benefit]) -> bool:
    """Say whether coinsurance applies, and nobody can tell how much: no share is not a share of nothing."""
    coinsurance = _best(benefits, "coinsurance")
    return bool(coinsurance) and coinsurance[0].percent_basis_points is None and _amount(benefits, "copay") is None


def _amount(benefits: Sequence[Benefit], kind: str) -> Cents | None:
    return next((benefit.amount_cents for benefit in _best(benefits, kind) if benefit.amount_cents is not None), None)


def _best(benefits: Sequence[Benefit], kind: str) -> list[Benefit]:
    """Return the statements of a kind that hold in network, the most fitting service type first."""
    fitting = [benefit for benefit in benefits if benefit.kind == kind and benefit.in_network is not False]
    return sorted(
        (benefit for benefit in fitting if benefit.service_type in _MEDICAL),
        key=lambda benefit: _MEDICAL.index(benefit.service_type),
    )

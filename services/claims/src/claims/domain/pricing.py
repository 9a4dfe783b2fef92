"""What a service costs (chargemaster) and what a payer should allow for it (contract), on a given day."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar
from uuid import UUID

from msgspec import field

from revcycle_kit.money import Cents, percent
from revcycle_kit.values import Value

BASIS_POINTS = 10_000


class Price(Value, kw_only=True):
    """One row of a chargemaster: the charge for one unit, from a day on."""

    code: str
    unit_cents: Cents
    effective_on: date
    ends_on: date | None = None
    modifier: str = ""
    """Empty: for any modifiers."""
    revenue_code: str | None = None

    def holds(self, on: date) -> bool:
        """Say whether the price is in force on that day."""
        return self.effective_on <= on and (self.ends_on is None or on <= self.ends_on)


class Rate(Value, kw_only=True):
    """One row of a payer contract: what is allowed for one unit, or a share of the charge."""

    payer_id: UUID
    code: str
    """`*` for every service without a row of its own."""
    unit_cents: Cents | None = None
    charge_basis_points: int | None = None
    """6500 is 65 % of the charge."""
    effective_on: date
    ends_on: date | None = None
    modifier: str = ""

    def holds(self, on: date) -> bool:
        """Say whether the rate is in force on that day."""
        return self.effective_on <= on and (self.ends_on is None or on <= self.ends_on)


Row = TypeVar("Row", Price, Rate)


class PriceList(Value, kw_only=True):
    """The chargemaster and the contracts of one billing entity."""

    prices: dict[str, tuple[Price, ...]] = field(default_factory=dict)
    rates: dict[str, tuple[Rate, ...]] = field(default_factory=dict)

    def price(self, code: str, modifiers: tuple[str, ...], on: date) -> Price | None:
        """Return the price in force for a code on a day; a price for its modifier wins."""
        return best(self.prices.get(code, ()), modifiers, on)

    def rate(self, payer_id: UUID, code: str, modifiers: tuple[str, ...], on: date) -> Rate | None:
        """Return the contract rate in force, or the payer's rate for everything else."""
        own = best(self.rates.get(rate_key(payer_id, code), ()), modifiers, on)
        return own or best(self.rates.get(rate_key(payer_id, "*"), ()), modifiers, on)

    def with_prices(self, prices: Iterable[Price]) -> "PriceList":
        """Return the list with these rows added; a row with the same start replaces the earlier one."""
        merged = dict(self.prices)
        for price in prices:
            kept = [old for old in merged.get(price.code, ()) if _start(old) != _start(price)]
            merged[price.code] = tuple(sorted((*kept, price), key=_start))
        return PriceList(prices=merged, rates=self.rates)

    def with_rates(self, rates: Iterable[Rate]) -> "PriceList":
        """Return the list with these contract rows added; a row with the same start replaces the earlier one."""
        merged = dict(self.rates)
        for rate in rates:
            key = rate_key(rate.payer_id, rate.code)
            kept = [old for old in merged.get(key, ()) if _start(old) != _start(rate)]
            merged[key] = tuple(sorted((*kept, rate), key=_start))
        return PriceList(prices=self.prices, rates=merged)


def rate_key(payer_id: UUID, code: str) -> str:
    """Return the key under which a payer's rates for a code are kept."""
    return f"{payer_id}:{code}"


def best(rows: tuple[Row, ...], modifiers: tuple[str, ...], on: date) -> Row | None:
    """Return the row in force on a day: the newest for one of the modifiers, else the newest for any."""
    found: Row | None = None
    for row in rows:
        if row.holds(on) and (not row.modifier or row.modifier in modifiers):
            newer = found is None or (bool(row.modifier), row.effective_on) >= (
                bool(found.modifier),
                found.effective_on,
            )
            found = row if newer else found
    return found


def times(unit_cents: Cents, units: Decimal) -> Cents:
    """Multiply a unit price by units, half up to the cent."""
    return Cents(int((unit_cents * units).quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def expected_allowed(rate: Rate | None, charge_cents: Cents, units: Decimal) -> Cents | None:
    """Return what the contract allows: never more than the charge (lesser-of clause); None without a contract."""
    if rate is None:
        return None
    if rate.unit_cents is not None:
        return min(charge_cents, times(rate.unit_cents, units))
    return percent(charge_cents, rate.charge_basis_points or 0, BASIS_POINTS)


def _start(row: Price | Rate) -> tuple[str, date]:
    return (row.modifier, row.effective_on)

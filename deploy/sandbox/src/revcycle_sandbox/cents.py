"""Whole cents: a share of an amount, and amounts as people write them."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from revcycle_sandbox.draws import BASIS_POINTS


def share(cents: int, basis_points: int) -> int:
    """Take so many hundredths of a percent of an amount, half up (away from zero) to the cent."""
    rounded = (2 * abs(cents) * basis_points + BASIS_POINTS) // (2 * BASIS_POINTS)
    return -rounded if cents < 0 else rounded


def times(cents: int, units: Decimal) -> int:
    """Multiply a price by units, half up to the cent."""
    return int((cents * units).quantize(Decimal(1), ROUND_HALF_UP))


def from_dollars(amount: str | int | Decimal) -> int:
    """
    Read dollars such as "1,234.50" or 30 into cents.

    Raises ValueError for anything finer than a cent, TypeError for binary
    fractions, which cannot hold most amounts: write "12.40" in quotes.
    """
    if isinstance(amount, bool | float):
        raise TypeError(f'an amount is written as text, such as "12.40": {amount!r} is a binary fraction')
    try:
        cents = Decimal(str(amount).replace(",", "").removeprefix("$")) * 100
    except InvalidOperation as error:
        raise ValueError(f'not an amount of dollars: {amount!r}; write it such as "1234.50"') from error
    if cents != cents.to_integral_value():
        raise ValueError(f"finer than a cent: {amount!r}; write at most two decimals")
    return int(cents)


def to_decimal(cents: int) -> Decimal:
    """Give an amount in dollars, exact, with two decimals."""
    return Decimal(cents).scaleb(-2)


def spread(total: int, weights: list[int]) -> list[int]:
    """Share an amount in proportion to weights; the shares add up to it exactly, the last takes the rest."""
    whole = sum(weights) or 1
    shares = [total * weight // whole for weight in weights]
    if shares:
        shares[-1] += total - sum(shares)
    return shares

"""
Money as integer cents: read it, write it, split it, and never lose a cent.

Everything here is pure and exact. Amounts are signed (a takeback is negative);
every operation on a negative amount mirrors the one on the positive amount.
"""

import re
from collections.abc import Sequence
from typing import Final, NewType

Cents = NewType("Cents", int)

ZERO: Final = Cents(0)
CENTS_MAX: Final = Cents(10**15)
"""No single amount may exceed ten trillion dollars: beyond it stands a typing error, not money."""

_DECIMAL: Final = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,2}))?", re.ASCII)
_WRITTEN: Final = re.compile(r"\$?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.[0-9]*)?", re.ASCII)
_TEXT_LENGTH_MAX: Final = 40


class NotAnAmount(ValueError):  # noqa: N818 - the name says what is wrong
    """A text or number that cannot be read as an amount of money; the message never repeats it."""


def parse_cents(text: str, *, round_half_up: bool = False) -> Cents:
    """
    Read a decimal as X12 (type R) and FHIR write it: `1234.5`, `-12`, `.50`, `1.2e2`.

    A fraction of a cent is refused, unless the caller asks to round half up
    (away from zero). Raises NotAnAmount.
    """
    match = _DECIMAL.fullmatch(text) if len(text) <= _TEXT_LENGTH_MAX else None
    if match is None or not (match[2] or match[3]):
        raise NotAnAmount("not a decimal amount: expected digits, at most one point, such as 1234.50")
    sign, whole, fraction, exponent = match[1], match[2], match[3] or "", match[4]
    shift = int(exponent or 0) + 2 - len(fraction)
    cents = _shifted(int(whole + fraction), shift, round_half_up=round_half_up)
    return checked(-cents if sign == "-" else cents)


def parse_written(text: str) -> Cents:
    """
    Read an amount as people write it: `$1,234.50`, `(12.30)` and `-12.30` for less than zero.

    Raises NotAnAmount, also for misplaced thousands commas.
    """
    bare = text.strip()
    bracketed = bare.startswith("(") and bare.endswith(")")
    bare = bare[1:-1] if bracketed else bare
    negative = bracketed or bare.startswith("-")
    bare = bare.removeprefix("-") if not bracketed else bare
    if not _WRITTEN.fullmatch(bare):
        raise NotAnAmount("not an amount of dollars: write it such as $1,234.50, or (12.30) for less than zero")
    cents = parse_cents(bare.removeprefix("$").replace(",", ""))
    return Cents(-cents) if negative else cents


def format_cents(cents: Cents) -> str:
    """Write an amount with exactly two decimals, as FHIR and files carry it: `-1234.50`."""
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{part:02}"


def format_x12(cents: Cents) -> str:
    """Write an amount as X12 type R asks: no trailing zeros, no point without decimals (`1234.5`, `100`)."""
    whole, part = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"{sign}{whole}.{part:02}".rstrip("0") if part else f"{sign}{whole}"


def format_dollars(cents: Cents) -> str:
    """Write an amount for people: `$1,234.50`, `-$12.30`."""
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${whole:,}.{part:02}"


def split(total: Cents, parts: int) -> list[Cents]:
    """
    Split an amount into equal parts that differ by at most one cent, the larger first.

    750.00 in 7 parts is 2 × 107.15 and 5 × 107.14. Raises ValueError for fewer than one part.
    """
    if parts < 1:
        raise ValueError("an amount is split into one part or more")
    sign = -1 if total < 0 else 1
    share, rest = divmod(abs(total), parts)
    return [Cents(sign * (share + (index < rest))) for index in range(parts)]


def allocate(total: Cents, weights: Sequence[int]) -> list[Cents]:
    """
    Share an amount in proportion to weights; the shares add up to it exactly.

    Each share is within one cent of its exact value; the cents left over go to
    the largest remainders, the earlier first. Raises ValueError for a negative
    weight, or for money with no weight to carry it.
    """
    whole = sum(weights)
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is never negative")
    if whole == 0:
        if total != 0:
            raise ValueError("there is an amount to share but every weight is zero")
        return [ZERO for _ in weights]
    sign = -1 if total < 0 else 1
    exact = [divmod(abs(total) * weight, whole) for weight in weights]
    left = abs(total) - sum(share for share, _ in exact)
    first = sorted(range(len(exact)), key=lambda index: (-exact[index][1], index))[:left]
    lucky = frozenset(first)
    return [Cents(sign * (share + (index in lucky))) for index, (share, _) in enumerate(exact)]


def percent(cents: Cents, numerator: int, denominator: int = 100) -> Cents:
    """
    Take a fraction of an amount, rounded half up (away from zero) to the cent.

    `percent(amount, 20)` is 20 %; `percent(amount, 1, 3)` is a third. Raises
    ValueError unless the denominator is positive.
    """
    if denominator < 1:
        raise ValueError("the denominator of a fraction is positive")
    product = cents * numerator
    rounded = (2 * abs(product) + denominator) // (2 * denominator)
    return Cents(-rounded if product < 0 else rounded)


def total(amounts: Sequence[Cents]) -> Cents:
    """Add amounts up; nothing adds up to zero cents."""
    return Cents(sum(amounts))


def checked(cents: int) -> Cents:
    """Accept a whole number as cents, or raise NotAnAmount when it lies beyond CENTS_MAX."""
    if abs(cents) > CENTS_MAX:
        raise NotAnAmount("the amount is beyond ten trillion dollars: check the decimal point")
    return Cents(cents)


def _shifted(digits: int, shift: int, *, round_half_up: bool) -> int:
    """Return digits × 10^shift as whole cents."""
    if shift >= 0:
        scale: int = 10**shift
        return digits * scale
    unit: int = 10**-shift
    if round_half_up:
        return (2 * digits + unit) // (2 * unit)
    cents, fraction = divmod(digits, unit)
    if fraction:
        raise NotAnAmount("the amount has a fraction of a cent: send at most two decimals")
    return cents

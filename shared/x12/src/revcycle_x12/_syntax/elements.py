"""Element texts to values and back: amounts in cents, dates, times. Nothing here knows a guide."""

import re
from datetime import date, datetime, time
from functools import lru_cache

_AMOUNT = re.compile(r"(-?)(\d*)(?:\.(\d*))?\Z", re.ASCII)
_DATE_LENGTH = 8
_SHORT_DATE_LENGTH = 6
_CACHED = 1 << 14


def parse_cents(text: str) -> int:
    """
    Read a decimal amount (R) as integer cents.

    Raises ValueError where the text is no amount or has a fraction of a cent.
    """
    whole, _, fraction = text.partition(".")
    if whole.isdecimal() and text.isascii():
        if not fraction:
            return int(whole) * 100
        if len(fraction) == 2 and fraction.isdecimal():  # noqa: PLR2004 (a cent has two decimals)
            return int(whole + fraction)
    return _parse_unusual(text)


def _parse_unusual(text: str) -> int:
    """Read an amount with a sign, or with another number of decimals than none or two."""
    found = _AMOUNT.match(text)
    if not found:
        raise ValueError("not an amount")
    sign, whole, fraction = found[1], found[2], (found[3] or "").rstrip("0")
    if not (whole or found[3]) or len(fraction) > 2:  # noqa: PLR2004 (a cent has two decimals)
        raise ValueError("not an amount in whole cents")
    cents = int(whole or "0") * 100 + int((fraction + "00")[:2])
    return -cents if sign else cents


@lru_cache(_CACHED)
def format_cents(cents: int) -> str:
    """Write cents as the shortest decimal amount: 12550 is `125.5`, 100 is `1`."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{rest:02d}".rstrip("0")


@lru_cache(_CACHED)
def parse_date(text: str) -> date:
    """Read CCYYMMDD. Raises ValueError."""
    if len(text) != _DATE_LENGTH or not text.isdecimal():
        raise ValueError("not a date CCYYMMDD")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


@lru_cache(_CACHED)
def format_date(day: date) -> str:
    """Write CCYYMMDD."""
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def parse_short_date(text: str) -> date:
    """Read YYMMDD as the ISA has it: the years 00-79 are 2000-2079. Raises ValueError."""
    if len(text) != _SHORT_DATE_LENGTH or not text.isdecimal():
        raise ValueError("not a date YYMMDD")
    year = int(text[:2])
    return date(year + (2000 if year < 80 else 1900), int(text[2:4]), int(text[4:]))  # noqa: PLR2004 (the pivot stated)


def parse_time(text: str) -> time:
    """Read HHMM, HHMMSS or HHMMSSD..DD (decimal seconds). Raises ValueError."""
    if not text.isdecimal() or len(text) not in {4, 6, 7, 8}:
        raise ValueError("not a time HHMM[SS[D[D]]]")
    seconds = int(text[4:6]) if len(text) > 4 else 0  # noqa: PLR2004 (positions stated in the docstring)
    hundredths = int(text[6:].ljust(2, "0")) if len(text) > 6 else 0  # noqa: PLR2004
    return time(int(text[:2]), int(text[2:4]), seconds, hundredths * 10_000)


def format_time(at: time) -> str:
    """Write HHMM, or HHMMSS where there are seconds."""
    return f"{at:%H%M%S}" if at.second else f"{at:%H%M}"


def parse_period(qualifier: str, text: str) -> tuple[date, date]:
    """Read a date (D8), a span of dates (RD8) or a moment (DT) as first and last day. Raises ValueError."""
    if qualifier == "RD8":
        first, _, last = text.partition("-")
        return parse_date(first), parse_date(last)
    if qualifier == "DT":
        return (day := parse_date(text[:_DATE_LENGTH])), day
    return (day := parse_date(text)), day


@lru_cache(_CACHED)
def is_period(qualifier: str, text: str) -> bool:
    """Say whether a text is what its format qualifier (D8, RD8, DT, TM …) says; unknown qualifiers are believed."""
    try:
        if qualifier in {"D8", "RD8"}:
            first, last = parse_period(qualifier, text)
            return first <= last
        if qualifier == "DT":
            parse_date(text[:_DATE_LENGTH])
            parse_time(text[_DATE_LENGTH:])
        elif qualifier == "TM":
            parse_time(text)
    except ValueError:
        return False
    return True


def format_moment(at: datetime) -> str:
    """Write CCYYMMDDHHMM."""
    return f"{at:%Y%m%d%H%M}"

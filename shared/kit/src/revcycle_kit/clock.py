"""
Time is injected: who needs the hour asks a Clock, who needs a date names the zone.

Instants are aware and in UTC. A calendar date exists only somewhere: where the
law counts days, the clinic's time zone decides which day it is.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_SATURDAY: Final = 5
_BUSINESS_DAYS_MAX: Final = 2_000
_JUNETEENTH_SINCE: Final = 2021


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SimulatedClock:
    """A clock that stands still until it is told to advance; it never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = as_utc(start)

    def now(self) -> datetime:
        return self._now

    def advance_to(self, instant: datetime) -> None:
        """Move to a later instant (or stay). Raises ValueError for an earlier one."""
        later = as_utc(instant)
        if later < self._now:
            raise ValueError(f"the clock shows {self._now.isoformat()} and cannot go back to {later.isoformat()}")
        self._now = later

    def advance_by(self, duration: timedelta) -> None:
        """Move forward by a duration."""
        self.advance_to(self._now + duration)


def as_utc(instant: datetime) -> datetime:
    """Return the same instant in UTC. Raises ValueError for a time without a zone."""
    if instant.tzinfo is None:
        raise ValueError("a time without a zone is no instant: give it a time zone")
    return instant.astimezone(UTC)


@lru_cache(maxsize=1_024)
def zone(name: str) -> ZoneInfo:
    """Return the IANA time zone of that name. Raises ValueError for an unknown one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("unknown time zone: expected an IANA name such as America/Chicago") from None


def local_date(instant: datetime, zone_name: str) -> date:
    """Return the calendar date that people in this time zone read at this instant."""
    return as_utc(instant).astimezone(zone(zone_name)).date()


def local_instant(on: date, at: time, zone_name: str) -> datetime:
    """
    Return the instant when clocks in this zone show that date and time, in UTC.

    An hour that occurs twice (autumn) means the first; one that is skipped
    (spring) means the same distance after the jump.
    """
    return datetime.combine(on, at.replace(tzinfo=None), tzinfo=zone(zone_name)).astimezone(UTC)


def is_business_day(on: date) -> bool:
    """Say whether offices work: Monday to Friday and no federal holiday (5 U.S.C. 6103)."""
    return on.weekday() < _SATURDAY and on not in _holidays_around(on.year)


def next_business_day(on: date) -> date:
    """Return this date if it is a business day, or else the first one after it."""
    while not is_business_day(on):
        on += timedelta(days=1)
    return on


def add_business_days(on: date, days: int) -> date:
    """
    Count business days forward (or, below zero, back); the start itself does not count.

    Raises ValueError beyond 2,000 days.
    """
    if abs(days) > _BUSINESS_DAYS_MAX:
        raise ValueError(f"at most {_BUSINESS_DAYS_MAX} business days are counted")
    step = timedelta(days=1 if days > 0 else -1)
    for _ in range(abs(days)):
        on += step
        while not is_business_day(on):
            on += step
    return on


@lru_cache(maxsize=256)
def federal_holidays(year: int) -> frozenset[date]:
    """
    Return the days on which US federal offices close for that year's holidays (5 U.S.C. 6103).

    A holiday on Saturday is kept on Friday, one on Sunday on Monday; so New
    Year's Day of a year may be kept in the year before.
    """
    fixed = [(1, 1), (7, 4), (11, 11), (12, 25)]
    if year >= _JUNETEENTH_SINCE:
        fixed.append((6, 19))
    mondays = [_nth(year, 1, 0, 3), _nth(year, 2, 0, 3), _nth(year, 9, 0, 1), _nth(year, 10, 0, 2)]
    memorial = _nth(year, 6, 0, 1) - timedelta(days=7)
    thanksgiving = _nth(year, 11, 3, 4)
    return frozenset([*(_kept(date(year, m, d)) for m, d in fixed), *mondays, memorial, thanksgiving])


@lru_cache(maxsize=256)
def _holidays_around(year: int) -> frozenset[date]:
    return federal_holidays(year) | federal_holidays(year + 1)


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


def _kept(on: date) -> date:
    return on + timedelta(days={_SATURDAY: -1, _SATURDAY + 1: 1}.get(on.weekday(), 0))

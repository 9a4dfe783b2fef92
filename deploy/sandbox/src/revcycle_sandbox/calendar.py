"""Business days and the payers' check runs. Holidays are not kept: nobody here depends on one."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

SATURDAY: Final = 5
DAYS_A_WEEK: Final = 7


def instant(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Give the instant of an hour and minute (UTC) of a day."""
    return datetime.combine(day, time(hour, minute), UTC)


def add_business_days(day: date, days: int) -> date:
    """Go so many business days forward, or back for a negative number; 0 rolls forward off a weekend."""
    step = timedelta(days=1 if days >= 0 else -1)
    while day.weekday() >= SATURDAY:
        day += step
    for _ in range(abs(days)):
        day += step
        while day.weekday() >= SATURDAY:
            day += step
    return day


def next_weekday(day: date, weekday: int) -> date:
    """Give the first such weekday (Monday is 0) on or after a day."""
    return day + timedelta(days=(weekday - day.weekday()) % DAYS_A_WEEK)

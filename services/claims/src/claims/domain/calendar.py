"""The hours of a clinic's day at which waiting ends: few, so that a day's work is done together."""

from datetime import date, datetime, time, timedelta

from revcycle_kit.clock import add_business_days, local_date, local_instant

MORNING = time(7)
"""Claims are made and checked."""
NOON = time(12)
"""Interchanges leave, and answers that did not come are noticed."""


def next_tick(now: datetime, zone: str, at: time) -> datetime:
    """Return the next instant at which clocks in this zone show that hour, now included."""
    today = local_date(now, zone)
    tick = local_instant(today, at, zone)
    return tick if tick >= now else local_instant(today + timedelta(days=1), at, zone)


def tick_on(on: date, now: datetime, zone: str, at: time) -> datetime:
    """Return the tick of a day; the next one where that day's tick is over."""
    tick = local_instant(on, at, zone)
    return tick if tick >= now else next_tick(now, zone, at)


def after_days(now: datetime, days: int, zone: str) -> datetime:
    """Return noon of the day so many calendar days from now."""
    return local_instant(local_date(now, zone) + timedelta(days=days), NOON, zone)


def after_business_days(now: datetime, days: int, zone: str) -> datetime:
    """Return noon of the day so many business days from now."""
    return local_instant(add_business_days(local_date(now, zone), days), NOON, zone)

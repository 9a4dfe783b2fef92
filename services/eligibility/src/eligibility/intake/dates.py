"""Dates and times as HL7 v2 and FHIR write them; what is no date is None, never a guess."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from revcycle_kit.clock import zone

_HL7 = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?(?:\.\d+)?)?([+-]\d{4})?")
_FHIR = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?",
)


def hl7_date(text: str) -> date | None:
    """Read the calendar date of an HL7 v2 time stamp as the sender wrote it."""
    match = _HL7.match(text.strip())
    return _date(match) if match else _fhir_as_date(text)


def hl7_instant(text: str, time_zone: str) -> datetime | None:
    """Read an HL7 v2 time stamp; without an offset it is the sender's local time, without a time midnight."""
    match = _HL7.match(text.strip()) or _FHIR.match(text.strip())
    return _instant(match, time_zone) if match else None


def fhir_instant(text: str | None, time_zone: str) -> datetime | None:
    """Read a FHIR dateTime."""
    match = _FHIR.match((text or "").strip())
    return _instant(match, time_zone) if match else None


def fhir_date(text: str | None, time_zone: str) -> date | None:
    """
    Read the calendar date of a FHIR date or dateTime.

    An offset other than zero means the sender wrote local time; UTC is turned into the clinic's day.
    """
    match = _FHIR.match((text or "").strip())
    if match is None:
        return None
    if match[4] is None or match[7] not in {"Z", "+00:00", "+0000", "-00:00"}:
        return _date(match)
    instant = _instant(match, time_zone)
    return instant.astimezone(zone(time_zone)).date() if instant else None


def _fhir_as_date(text: str) -> date | None:
    match = _FHIR.match(text.strip())
    return _date(match) if match else None


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _instant(match: re.Match[str], time_zone: str) -> datetime | None:
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        local = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=_offset(match[7], time_zone))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _offset(text: str | None, time_zone: str) -> tzinfo:
    if text is None:
        return zone(time_zone)
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))

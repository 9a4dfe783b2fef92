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
    found = _HL7.match(text.strip())
    return _date(found) if found else _fhir_as_date(text)


def hl7_instant(text: str, time_zone: str) -> datetime | None:
    """Read an HL7 v2 time stamp; without an offset it is the sender's local time, without a time midnight."""
    found = _HL7.match(text.strip()) or _FHIR.match(text.strip())
    return _instant(found, time_zone) if found else None


def fhir_instant(text: str | None, time_zone: str) -> datetime | None:
    """Read a FHIR dateTime."""
    found = _FHIR.match((text or "").strip())
    return _instant(found, time_zone) if found else None


def fhir_date(text: str | None, time_zone: str) -> date | None:
    """
    Read the calendar date of a FHIR date or dateTime.

    An offset other than zero means the sender wrote local time; UTC is turned into the clinic's day.
    """
    found = _FHIR.match((text or "").strip())
    if found is None:
        return None
    if found[4] is None or found[7] not in {"Z", "+00:00", "+0000", "-00:00"}:
        return _date(found)
    instant = _instant(found, time_zone)
    return instant.astimezone(zone(time_zone)).date() if instant else None


def _fhir_as_date(text: str) -> date | None:
    found = _FHIR.match(text.strip())
    return _date(found) if found else None


def _date(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _instant(found: re.Match[str], time_zone: str) -> datetime | None:
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        local = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=_offset(found[7], time_zone))
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

"""
The allow-list of logs: only named keys pass, and only values that look like codes.

A deny-list leaks what nobody thought of; here a new key is silent until someone
adds it on purpose. A text that is not code-like (it has spaces, quotes, control
characters, or no end) is withheld even under an allowed key.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, Final
from uuid import UUID

KEYS: Final = frozenset(
    {
        "attempt",
        "attempts",
        "batch",
        "bytes",
        "clinic_id",
        "correlation_id",
        "count",
        "duration_ms",
        "effect",
        "encounter_id",
        "event_id",
        "event_type",
        "kind",
        "left_out",
        "logger",
        "method",
        "offset",
        "organization_id",
        "outcome",
        "partition",
        "pid",
        "port",
        "reader",
        "reason",
        "role",
        "route",
        "seconds",
        "seq",
        "source",
        "state",
        "status",
        "step",
        "stream_id",
        "subject_id",
        "task",
        "topic",
        "trace_id",
        "version",
        "waited_ms",
        "where",
    }
)
"""What any service may log. Ids are ours (UUIDs); a number that a patient carries on a card is none."""

WITHHELD: Final = "(withheld)"
_CODE: Final = re.compile(r"[A-Za-z0-9_.:/{}+*=<>()-]{1,160}", re.ASCII)
_EVENT: Final = re.compile(r"[a-z][a-z0-9_. ]{0,80}", re.ASCII)
_LISTED_MAX: Final = 20
_INT_MAX: Final = 2**53


def allowed_event(name: Any) -> str:
    """Return the name of what happened if it is a plain lower-case phrase, as names written in code are."""
    return name if isinstance(name, str) and _EVENT.fullmatch(name) else WITHHELD


def allowed(fields: Mapping[str, Any], keys: Iterable[str]) -> tuple[dict[str, Any], int]:
    """Return the fields that may be logged, each with a harmless value, and how many were dropped."""
    kept = {key: _harmless(fields[key]) for key in keys if key in fields}
    return kept, len(fields) - len(kept)


def _harmless(value: Any) -> Any:
    if isinstance(value, Enum):
        return _harmless(value.value)
    if isinstance(value, list | tuple):
        return [_harmless(item) for item in value[:_LISTED_MAX] if not isinstance(item, list | tuple)]
    if isinstance(value, int) and abs(value) > _INT_MAX:
        return WITHHELD
    if isinstance(value, int | float) or value is None:
        return value
    text = _text(value)
    return text if _CODE.fullmatch(text) else WITHHELD


def _text(value: Any) -> str:
    """Return the text of what has a harmless one, or nothing: no other object is asked to describe itself."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, str | UUID) else ""

"""
What a published event is: a frozen value with a name, a version and the stream it is said on.

A service declares its promises as subclasses in `published.py`; the kit gives them their type
(`claims.claim_adjudicated.v1`), their place in the stream and their envelope, and writes their JSON Schema.
"""

import re
from functools import cache
from typing import Any, ClassVar, TypeVar

import msgspec

from revcycle_kit.sealing import Sealed

__all__ = ["UNSEALED", "Published", "Sealed", "build", "event_name", "event_type"]

T = TypeVar("T", bound=msgspec.Struct)

UNSEALED = Sealed("")
"""Stands where `Work.publish(..., identity=...)` will put the sealed identity."""

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """
    A fact that a service promises to tell, in its own words.

    `STREAM` names the line on which it is said, `TENANT` who owns that line, `VERSION` its contract version.
    """

    STREAM: ClassVar[str] = "encounter"
    TENANT: ClassVar[str] = "clinic"
    VERSION: ClassVar[int] = 1


@cache
def event_name(kind: type) -> str:
    """Return the event's name in snake case: `ClaimAdjudicated` is `claim_adjudicated`."""
    return _WORD.sub("_", kind.__name__).lower()


@cache
def event_type(service: str, kind: type[Published]) -> str:
    """Return the CloudEvents type: `claims.claim_adjudicated.v1`."""
    return f"{service}.{event_name(kind)}.v{kind.VERSION}"


def build(kind: type[T], source: object, **fields: Any) -> T:
    """
    Build an event, or a part of one, from what has fields of the same names; `fields` go before them.

    Values within values become what the event declares, and enums their values. Raises TypeError for a field that the
    event does not have, ValidationError where one is missing or of another type.
    """
    if unknown := sorted(fields.keys() - kind.__struct_fields__):
        raise TypeError(f"{kind.__name__} has no field {', '.join(unknown)}")
    found = {name: getattr(source, name) for name in kind.__struct_fields__ if hasattr(source, name)}
    return msgspec.convert({**found, **fields}, kind, from_attributes=True)

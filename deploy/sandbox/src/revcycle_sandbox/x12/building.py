"""Build transactions of any guide loop by loop, and give interchanges numbers that depend on what they say."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final

from revcycle_x12 import Envelope, Guide, Loop, guide_for, new_loop, write

SENDER: Final = "SANDBOX"
_CONTROL_MAX: Final = 999_999_999


class NoGuide(LookupError):  # noqa: N818 - says what is wrong
    """The codec has no guide for a transaction set."""


@dataclass(slots=True)
class Draft:
    """A transaction being built: its guide and its root loop."""

    guide: Guide
    loop: Loop


def draft(set_id: str, version: str, bht02: str = "") -> Draft:
    """Begin a transaction. Raises NoGuide where the codec does not know it."""
    guide = guide_for(set_id, version, bht02=bht02)
    if guide is None:
        raise NoGuide(f"the codec has no guide {set_id} {version}")
    return Draft(guide, new_loop("ST"))


def nest(parent: Loop, loop_id: str, *segments: list[str]) -> Loop:
    """Add a child loop with its segments; empty segments (an id alone) are left out, but for HL."""
    child = new_loop(loop_id, parent)
    parent.add(child)
    for segment in segments:
        if len(segment) > 1 or segment[0] == "HL":
            child.add(segment)
    return child


def person(entity: str, family: str, given: str, qualifier: str = "", number: str = "") -> list[str]:
    """Write the NM1 of a person."""
    tail = ["", "", "", qualifier, number] if number else []
    return ["NM1", entity, "1", family or "UNKNOWN", given, *tail]


def organization(entity: str, name: str, qualifier: str = "", number: str = "") -> list[str]:
    """Write the NM1 of an organization."""
    tail = ["", "", "", "", qualifier, number] if number else []
    return ["NM1", entity, "2", name[:60] or "UNKNOWN", *tail]


def control_number(*key: str) -> int:
    """Give a control number that depends on what is sent, not on when or in which order."""
    digest = blake2b("|".join(key).encode(), digest_size=8).digest()
    return 1 + int.from_bytes(digest, "big") % _CONTROL_MAX


def interchange(receiver: str, at: datetime, number: int, *drafts: Draft, is_test: bool = True) -> bytes:
    """Write an interchange from the sandbox."""
    envelope = Envelope(
        sender_id=SENDER,
        receiver_id=(receiver or "RECEIVER")[:15],
        control_number=number,
        created_at=at.replace(tzinfo=None),
        is_test=is_test,
    )
    return write(envelope, drafts)

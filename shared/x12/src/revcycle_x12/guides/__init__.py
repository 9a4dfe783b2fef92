"""The guides this library knows, one module each, and how a transaction finds its guide."""

import re
from functools import cache

from revcycle_x12._grammar.guide import Guide

_X_NUMBER = re.compile(r"X\d{3}")


@cache
def all_guides() -> tuple[Guide, ...]:
    """Every guide, in the order of the modules."""
    from revcycle_x12.guides import modules  # noqa: PLC0415 (guides are loaded when the first one is asked for)

    return modules.ALL


def sets_of(version: str) -> list[str]:
    """Name the transaction sets that have a guide under the X number of a version."""
    found = _X_NUMBER.search(version) if version.startswith("005010") else None
    return sorted({guide.set_id for guide in all_guides() if found is not None and guide.x_number == found[0]})


def guide_for(set_id: str, version: str, *, bht02: str = "", hint: str = "") -> Guide | None:
    """
    Find the guide of a transaction set.

    `version` is ST03, or GS08 where there is none; only its X number counts.
    Without one, the set alone decides where it can, else `hint`: an X number
    guessed from the segments.
    """
    if version and not version.startswith(("005010", "5010", "X")) and version[:6].isdigit():
        return None
    candidates = [guide for guide in all_guides() if guide.set_id == set_id]
    found = _X_NUMBER.search(version)
    if found:
        candidates = [guide for guide in candidates if guide.x_number == found[0]]
    elif hint:
        candidates = [guide for guide in candidates if guide.x_number == hint]
    if len(candidates) > 1:
        candidates = [guide for guide in candidates if bht02 in guide.bht02] or candidates[:1] * bool(found)
    return candidates[0] if len(candidates) == 1 else None

"""Sets without a guide here: their segments against the standard's dictionary, as far as it knows them (SNIP 1)."""

from dataclasses import replace
from functools import cache

from revcycle_x12._grammar import standard
from revcycle_x12._grammar.spec import ElementSpec, SegmentSpec
from revcycle_x12._reading.chunks import Chunk
from revcycle_x12._syntax.delimiters import Delimiters
from revcycle_x12._syntax.findings import Severity, Snip
from revcycle_x12.guides import sets_of
from revcycle_x12.validate.problem import Problem
from revcycle_x12.validate.segment import SegmentCheck, check_of
from revcycle_x12.validate.structure import Report

_BINARY = frozenset({"BDS", "BIN"})
_BINARY_FOUND = Problem(
    "binary-unsupported",
    "the segment holds binary data, which is not supported: what follows in it was read as segments",
    "",
    "send attachments apart from the interchange",
    severity=Severity.WARNING,
)
_REPEATS_MAX = 1000
_SYNTAX = frozenset(
    {"date-invalid", "time-invalid", "number-invalid", "character-invalid", "trailing-separator", "element-too-long"}
)


def check_flat(chunk: Chunk, version: str, report: Report) -> None:
    """Check the segments of a chunk one by one. Of another version than 005010 faults are warnings."""
    marks = chunk.loop.delimiters
    lenient = not version.startswith("005010")
    for number, elements in enumerate(chunk.all_elements(), chunk.first):
        if number == 1:
            report(_unguided(elements, version), chunk.loop, elements, number)
        if elements[0] in _BINARY:
            report(_BINARY_FOUND, chunk.loop, elements, number)
        for problem in _problems(elements, marks):
            report(replace(problem, severity=Severity.WARNING) if lenient else problem, chunk.loop, elements, number)


def _unguided(elements: list[str], version: str) -> Problem:
    """Say that a set is not validated; and, where its version is that of other sets, that this cannot be."""
    set_id = elements[1][:3] if len(elements) > 1 else ""
    others = sets_of(version)
    if others:
        message = f"the version {version} is a guide for {' and '.join(others)}, not for a {set_id}"
        fix = "name the guide of the set in ST03 and GS08"
        return Problem("guide-mismatch", message, "ST03", fix, Snip.REQUIREMENT)
    message = (
        f"there is no guide for this set {set_id} of this version: it is not validated, only its syntax is checked"
    )
    return Problem("no-guide", message, "ST01", severity=Severity.WARNING)


def _problems(elements: list[str], marks: Delimiters) -> list[Problem]:
    segment_id = elements[0]
    if not (segment_id.isascii() and segment_id.isalnum() and 2 <= len(segment_id) <= 3):  # noqa: PLR2004 (ids)
        message = "a segment has no valid identifier: two or three letters and digits"
        return [Problem("segment-invalid", message, "", "look for a terminator inside of a text")]
    check = _check(segment_id)
    return [] if check is None else [finding for finding in check(elements, marks) if finding.code in _SYNTAX]


@cache
def _check(segment_id: str) -> SegmentCheck | None:
    numbers = standard.segments.get(segment_id)
    if numbers is None:
        return None
    elements = tuple(_element(f"{segment_id}{place:02d}", number) for place, number in enumerate(numbers, 1))
    return check_of(SegmentSpec(segment_id, "S", 0, elements))


def _element(reference: str, number: str) -> ElementSpec:
    if number in standard.composites:
        parts = standard.composites[number]
        components = tuple(_element(f"{reference}-{place}", part) for place, part in enumerate(parts, 1))
        return ElementSpec(reference, "S", "", 0, repeat_max=_REPEATS_MAX, components=components)
    facts = standard.data_elements[number]
    return ElementSpec(reference, "S", facts.kind, 0, facts.length_max, repeat_max=_REPEATS_MAX)

"""
The fast path of a segment: one pattern that most sound segments match, and none that is unsound.

What does not match is looked at element by element. Patterns are made only for
uses of a segment that come often: making one takes longer than a hundred looks.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from revcycle_x12._grammar import standard
from revcycle_x12._grammar.spec import ElementSpec, SegmentSpec
from revcycle_x12._syntax.delimiters import Delimiters

_DATE = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|1\d|2[0-8])"
_TIME = r"(?:[01]\d|2[0-3])[0-5]\d"
_DECIMALS = 9
_FORMS = {
    "amount": r"-?\d{1,8}(?:\.\d{1,2})?",
    "percent": r"(?:0?\.\d{1,9}|0|1)",
    "quantity": r"-?\d{1,6}(?:\.\d{1,3})?",
}
_FORMAT_AND_PERIOD = ("1250", "1251")


def fast_path_of(spec: SegmentSpec, marks: Delimiters) -> re.Pattern[str] | None:
    """Compile the pattern of a segment joined by its separator; None where no pattern can tell."""
    patterns = [_element(element, marks) for element in spec.elements]
    for place in _dated(spec):
        if "D8" not in (spec.elements[place - 1].codes or ()):
            return None
        patterns[place - 1], patterns[place] = "D8", _DATE
    if None in patterns:
        return None
    separator = re.escape(marks.element)
    required = max((place for place, e in enumerate(spec.elements, 1) if e.usage == "R"), default=0)
    texts = [
        separator + _optional(pattern or "", element) for pattern, element in zip(patterns, spec.elements, strict=True)
    ]
    tail = ""
    for text in reversed(texts[required:]):
        tail = f"(?:{text}{tail})?"
    return re.compile(f"{re.escape(spec.id)}{''.join(texts[:required])}{tail}(?<!{separator})", re.ASCII)


def _dated(spec: SegmentSpec) -> list[int]:
    """Places of format qualifiers whose period follows."""
    numbers = standard.segments.get(spec.id, ())
    pairs = enumerate(pairwise(numbers), 1)
    return [place for place, pair in pairs if pair == _FORMAT_AND_PERIOD and place < len(spec.elements)]


def _optional(pattern: str, element: ElementSpec) -> str:
    if element.usage == "N":
        return ""
    return pattern if element.usage == "R" else f"(?:{pattern})?"


def _element(element: ElementSpec, marks: Delimiters) -> str | None:
    """Give the pattern of one value of an element; it may refuse good ones, never accept bad ones."""
    if element.usage == "N":
        return ""
    if element.components:
        return _composite(element.components, marks)
    return _simple(element, marks)


def _simple(element: ElementSpec, marks: Delimiters) -> str | None:
    if element.codes is not None:
        return "(?:" + "|".join(map(re.escape, sorted(element.codes))) + ")"
    shortest, longest = max(element.length_min, 1), element.length_max
    match element.kind:
        case "AN" | "ID":
            return f"(?! )[{_letters(marks)}]{{{shortest},{longest}}}"
        case "R":
            usual = rf"-?\d{{1,{max(longest - _DECIMALS, 1)}}}(?:\.\d{{1,{min(longest - 1, _DECIMALS)}}})?"
            return _FORMS.get(element.form, usual)
        case "N0":
            return rf"\d{{{shortest},{longest}}}"
        case "DT":
            return _DATE if longest == len("CCYYMMDD") else None
        case _:
            return _TIME


def _composite(parts: Sequence[ElementSpec], marks: Delimiters) -> str | None:
    patterns = [_element(part, marks) for part in parts]
    if None in patterns:
        return None
    separator = re.escape(marks.component)
    texts = [_optional(pattern or "", part) for pattern, part in zip(patterns, parts, strict=True)]
    required = max((place for place, part in enumerate(parts, 1) if part.usage == "R"), default=1)
    tail = ""
    for text in reversed(texts[required:]):
        tail = f"(?:{separator}{text}{tail})?"
    return separator.join(texts[:required]) + tail + f"(?<!{separator})"


def _letters(marks: Delimiters) -> str:
    """Give all printable characters but the delimiters, for a character class."""
    return "".join(re.escape(chr(code)) for code in range(0x20, 0x7F) if chr(code) not in marks.all())

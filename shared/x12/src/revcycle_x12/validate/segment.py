"""
One segment against its place in the guide: SNIP types 1 and 2, and the code sets of type 5.

Each element keeps a bounded set of texts already found good, so that what
repeats (codes, qualifiers, dates, amounts) costs one look-up.
"""

import re
from collections.abc import Callable
from itertools import pairwise

from revcycle_x12._grammar import standard
from revcycle_x12._grammar.spec import ElementSpec, SegmentSpec
from revcycle_x12._syntax.delimiters import Delimiters
from revcycle_x12._syntax.elements import is_period
from revcycle_x12._syntax.findings import Severity, Snip
from revcycle_x12.validate.conditions import may_fail, test_of
from revcycle_x12.validate.conditions import problem_of as problem_of_condition
from revcycle_x12.validate.fast_path import fast_path_of
from revcycle_x12.validate.meaning import meaning_of
from revcycle_x12.validate.problem import Problem
from revcycle_x12.validate.text import problem_of, quick_of

_FORMAT_AND_PERIOD = ("1250", "1251")
_REMEMBERED_MAX = 2048
_OFTEN = 64
_NEVER = re.compile(r"(?!)")


Check = Callable[[list[str], Delimiters], list[Problem]]
_NONE: list[Problem] = []


class SegmentCheck:
    """The compiled checks of one use of a segment."""

    __slots__ = (
        "_coded",
        "_conditions",
        "_dated",
        "_fast_path",
        "_goods",
        "_least",
        "_marks",
        "_meaning",
        "_most",
        "_rows",
        "_seen",
        "_spec",
        "_specs",
    )

    def __init__(self, spec: SegmentSpec) -> None:
        self._specs = spec.elements
        self._goods: list[set[str]] = [_good(element) for element in spec.elements]
        self._rows = [
            (place, good, quick_of(element))
            for place, (good, element) in enumerate(zip(self._goods, spec.elements, strict=True), 1)
        ]
        self._most = len(spec.elements) + 1
        self._least = 1 + max((place for place, e in enumerate(spec.elements, 1) if e.usage == "R"), default=0)
        numbers = standard.segments.get(spec.id, ())
        pairs = enumerate(pairwise(numbers), 1)
        self._dated = tuple(place for place, pair in pairs if pair == _FORMAT_AND_PERIOD and place < len(spec.elements))
        self._meaning = meaning_of(spec.id)
        self._conditions = tuple(
            (0 if condition.letter == "R" else min(condition.positions), test_of(condition), condition)
            for condition in standard.conditions.get(spec.id, ())
            if may_fail(condition, spec)
        )
        self._coded = any(e.code_set or any(part.code_set for part in e.components) for e in spec.elements)
        self._spec = spec
        self._seen = 0
        self._marks: Delimiters | None = None
        self._fast_path = _NEVER

    def __call__(self, elements: list[str], delimiters: Delimiters) -> list[Problem]:
        """Problems of the segment; the same empty list where there are none."""
        found = (self.looked_at if self._coded else self.said)(elements, delimiters)
        return found if self._meaning is None else [*found, *self._meaning(elements, delimiters)]

    def said(self, elements: list[str], delimiters: Delimiters) -> list[Problem]:
        """Problems of the segment, but for what its texts mean (code sets and check digits)."""
        if delimiters is not self._marks:
            self._count(delimiters)
        elif self._fast_path.fullmatch(delimiters.element.join(elements)) is not None:
            return self._conditional(elements) if self._conditions else _NONE
        return self.looked_at(elements, delimiters)

    def _count(self, delimiters: Delimiters) -> None:
        """Make the pattern for these delimiters once the segment comes often."""
        self._seen += 1
        if self._seen >= _OFTEN:
            self._seen = 0
            self._fast_path = fast_path_of(self._spec, delimiters) or _NEVER
            self._marks = delimiters

    def looked_at(self, elements: list[str], delimiters: Delimiters) -> list[Problem]:
        """Problems found element by element."""
        found = _NONE
        size = len(elements)
        if size < self._least or size > self._most or not elements[-1]:
            found = [*found, *self._length_problems(elements)]
        component = delimiters.component
        for place, good, quick in self._rows:
            if place >= size:
                break
            text = elements[place]
            if text not in good and not (quick is not None and component not in text and quick(text)):
                problems = self._element(place - 1, text, delimiters)
                if problems:
                    found = [*found, *problems]
        for place in self._dated:
            if place + 1 < size and elements[place + 1] and not is_period(elements[place], elements[place + 1]):
                found = [*found, _bad_period(self._specs[place], place + 1, elements[place])]
        return [*found, *self._conditional(elements)] if self._conditions else found

    def _conditional(self, elements: list[str]) -> list[Problem]:
        """Tell which relational conditions are not met."""
        found, size = _NONE, len(elements)
        for first, is_met, condition in self._conditions:
            if first < size and not is_met(elements, size):
                found = [*found, problem_of_condition(condition, elements)]
        return found

    def _length_problems(self, elements: list[str]) -> list[Problem]:
        found: list[Problem] = []
        size = len(elements)
        for place in range(size, self._least):
            spec = self._specs[place - 1]
            if spec.usage == "R":
                found.append(_missing(spec, place))
        for place in range(self._most, size):
            if elements[place]:
                reference = f"{elements[0]}{place:02d}"
                found.append(
                    Problem(
                        "element-not-used",
                        f"{reference} is not used here",
                        reference,
                        "leave it out",
                        Snip.REQUIREMENT,
                        place,
                    )
                )
        if size > 1 and not elements[-1]:
            reference = f"{elements[0]}{size - 1:02d}"
            found.append(
                Problem(
                    "trailing-separator",
                    f"{elements[0]} ends with an empty element",
                    reference,
                    "end the segment after its last element with a value",
                    position=size - 1,
                )
            )
        return found

    def _element(self, index: int, text: str, delimiters: Delimiters) -> list[Problem]:
        spec = self._specs[index]
        place = index + 1
        if not text:
            return [_missing(spec, place)]
        if spec.usage == "N":
            message = f"{spec.reference} is not used here"
            return [Problem("element-not-used", message, spec.reference, "leave it out", Snip.REQUIREMENT, place)]
        parts = [text]
        if delimiters.repetition and delimiters.repetition in text:
            parts = text.split(delimiters.repetition)
        found: list[Problem] = []
        if len(parts) > spec.repeat_max:
            message = f"{spec.reference} repeats {len(parts)} times, {spec.repeat_max} allowed"
            found.append(Problem("element-repeats", message, spec.reference, "", Snip.SYNTAX, place))
        if not spec.components and delimiters.component in text:
            found.append(_delimiter(spec, place))
        if "" in parts:
            message = f"{spec.reference} holds an empty repetition"
            found.append(Problem("trailing-separator", message, spec.reference, "leave it out", position=place))
        for part in filter(None, parts):
            found += _composite(spec, place, part, delimiters) if spec.components else _simple(spec, place, 0, part)
        if not found:
            good = self._goods[index]
            if len(good) >= _REMEMBERED_MAX:
                good.clear()
                good.update(_good(spec))
            good.add(text)
        return found


def _bad_period(spec: ElementSpec, place: int, qualifier: str) -> Problem:
    message = f"{spec.reference} is not what the format {qualifier} says, or ends before it begins"
    return Problem("date-invalid", message, spec.reference, "D8 is CCYYMMDD, RD8 is CCYYMMDD-CCYYMMDD", position=place)


def _delimiter(spec: ElementSpec, place: int) -> Problem:
    message = f"{spec.reference} holds the component separator"
    fix = "write the text without it, or use another separator"
    return Problem("delimiter-in-text", message, spec.reference, fix, position=place, severity=Severity.WARNING)


def _good(spec: ElementSpec) -> set[str]:
    """Tell what is good without a look: nothing where optional, and the codes listed."""
    good: set[str] = set() if spec.usage == "R" else {""}
    if spec.usage != "N" and spec.codes is not None:
        good |= spec.codes
    return good


def _missing(spec: ElementSpec, place: int, component: int = 0) -> Problem:
    message = f"{spec.reference} is required"
    return Problem("element-missing", message, spec.reference, "supply it", Snip.REQUIREMENT, place, component)


def _simple(spec: ElementSpec, place: int, component: int, text: str) -> list[Problem]:
    """Check one text against its type, lengths, codes and code set."""
    if spec.codes is not None:
        if text in spec.codes:
            return []
        listed = ", ".join(sorted(spec.codes)[:12]) + (", …" if len(spec.codes) > 12 else "")  # noqa: PLR2004 (a line)
        shown = f" {text!r}" if spec.kind == "ID" and len(text) <= spec.length_max else ""
        message = f"{spec.reference} has a code{shown} the guide does not list"
        return [
            Problem("code-not-listed", message, spec.reference, f"one of {listed}", Snip.REQUIREMENT, place, component)
        ]
    problem = problem_of(spec, text)
    if problem is None:
        return []
    code, message, fix, snip, severity = problem
    return [Problem(code, message, spec.reference, fix, snip, place, component, severity)]


def _composite(spec: ElementSpec, place: int, text: str, delimiters: Delimiters) -> list[Problem]:
    found: list[Problem] = []
    parts = text.split(delimiters.component)
    if not parts[-1]:
        message = f"{spec.reference} ends with an empty component"
        found.append(
            Problem("trailing-separator", message, spec.reference, "end it after its last value", position=place)
        )
    for component, part in enumerate(spec.components, 1):
        value = parts[component - 1] if component <= len(parts) else ""
        if not value:
            if part.usage == "R":
                found.append(_missing(part, place, component))
        elif part.usage == "N":
            message = f"{part.reference} is not used here"
            fix = "leave it out"
            found.append(Problem("element-not-used", message, part.reference, fix, Snip.REQUIREMENT, place, component))
        else:
            found += _simple(part, place, component, value)
    if any(parts[len(spec.components) :]):
        message = f"{spec.reference} has more than {len(spec.components)} components"
        found.append(Problem("too-many-components", message, spec.reference, "leave them out", Snip.SYNTAX, place))
    return found


def check_of(spec: SegmentSpec) -> SegmentCheck:
    """Give the compiled checks of a use of a segment, made when first asked for."""
    found = spec.check
    if found is None:
        found = spec.check = SegmentCheck(spec)
    return found  # type: ignore[no-any-return]

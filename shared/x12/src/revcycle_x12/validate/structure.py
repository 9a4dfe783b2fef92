"""
A loop against its guide: SNIP types 1 and 2.

What is missing, repeated too often, out of order or not expected, and each segment.
"""

from typing import Protocol

from revcycle_x12._grammar.spec import LoopSpec, SegmentSpec
from revcycle_x12._reading.chunks import Chunk
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.findings import Snip
from revcycle_x12.validate.problem import Problem
from revcycle_x12.validate.segment import SegmentCheck, check_of


class Report(Protocol):
    """Takes a problem, its loop, the segment (None: the loop as a whole) and the segment's number in the set."""

    def __call__(
        self,
        problem: Problem,
        loop: Loop,
        elements: Elements | None,
        number: int,
        at: Chunk | None = ...,
    ) -> None:
        """Report; `at` is the chunk the number is counted in, where it is not the present one."""
        ...


Counts = dict[SegmentSpec | LoopSpec, int]


class LoopCheck:
    """The compiled checks of one loop of a guide."""

    __slots__ = ("_bounds", "_limits", "_required", "_required_behind", "_required_whole", "spec", "streamed_required")

    def __init__(self, spec: LoopSpec) -> None:
        self.spec = spec
        apart = min((item.order for item in spec.content if _apart(item)), default=len(spec.content))
        required = [item for item in spec.content if item.usage == "R" and not _apart(item) and item.id != "SE"]
        self._required = frozenset(item for item in required if item.order < apart)
        self._required_whole = frozenset(item for item in spec.content if item.usage == "R" and item.id != "SE")
        self.streamed_required = tuple(
            item for item in spec.content if isinstance(item, LoopSpec) and item.streamed and item.usage == "R"
        )
        self._required_behind = [item for item in required if item.order > apart]
        self._bounds = _bounded_by(spec)
        self._limits = {item: item.repeat_max for item in spec.content if item.repeat_max and not _apart(item)}

    def walk(self, loop: Loop, start: int, number: int, report: Report) -> int:
        """
        Check the content of a loop from `start` on; give the number after its last segment.

        A part that does not begin the loop is not searched for what is missing.
        """
        seen: Counts = {}
        marks = loop.delimiters
        uses, group = self.spec.uses, 0
        for item in loop.content[start:] if start else loop.content:
            if item.__class__ is list:
                spec = uses.get(item[0])
                if spec.__class__ is not SegmentSpec:
                    spec = self.spec.spec_of(item, marks.component) if spec is not None else None
                if spec is None:
                    self._unplaced(loop, item, number, report)
                    number += 1
                    continue
                check: SegmentCheck = spec.check or check_of(spec)
                problems = check(item, marks)
                if problems:
                    for problem in problems:
                        report(problem, loop, item, number)
                here = number
                number += 1
            else:
                spec = item.spec  # type: ignore[union-attr]
                here = number
                number = loop_check_of(spec).walk(item, 0, number, report)  # type: ignore[arg-type]
            if spec.group < group:
                report(out_of_order(spec), loop, None, here)
            else:
                group = spec.group
            seen[spec] = seen.get(spec, 0) + 1
        if start == 0:
            self.close(loop, seen, number, report, whole=False)
        else:
            self._count(loop, seen, number, report)
        return number

    def close(self, loop: Loop, seen: Counts, number: int, report: Report, *, whole: bool) -> None:
        """
        Say what is missing in a loop, and what stands too often, once all of it was seen.

        `whole`: the tree is complete, so that streamed loops are asked for too.
        """
        required = self._required_whole if whole else self._required
        if not required <= seen.keys():
            for item in self.spec.content:
                if item in required and item not in seen:
                    report(_missing(item), loop, None, number)
        self._count(loop, seen, number, report)
        if self._bounds:
            self._bounded(loop, seen, number, report)

    def _bounded(self, loop: Loop, seen: Counts, number: int, report: Report) -> None:
        """Loops between LS and LE need both."""
        present = [item for item in self._bounds if item in seen]
        if present and len(present) < len(self._bounds):
            for item in self._bounds:
                if item not in seen:
                    report(_missing(item), loop, None, number)

    def _count(self, loop: Loop, seen: Counts, number: int, report: Report) -> None:
        """Say what stands too often."""
        for item, count in seen.items():
            if count > 1 and count > self._limits.get(item, count):
                report(_too_often(item, count), loop, None, number - 1)

    def finalize(self, loop: Loop, number: int, report: Report) -> None:
        """Say what is missing behind the streamed loops, once all was read."""
        for item in self._required_behind:
            if loop.elements(item.id) is None and loop.loop(item.id) is None:
                report(_missing(item), loop, None, number)

    def _unplaced(self, loop: Loop, elements: Elements, number: int, report: Report) -> None:
        segment_id = elements[0]
        if segment_id in self.spec.uses:
            qualifier = elements[1].split(loop.delimiters.component)[0] if len(elements) > 1 else ""
            shown = repr(qualifier) if len(qualifier) <= 3 else "given"  # noqa: PLR2004 (longer ones are no qualifiers)
            problem = Problem(
                "qualifier-not-listed",
                f"{segment_id} with the qualifier {shown} is not used in loop {self.spec.id}",
                f"{segment_id}01",
                "use a qualifier the guide lists for this loop",
                Snip.REQUIREMENT,
                1,
            )
        else:
            shown = segment_id if segment_id.isalnum() and len(segment_id) <= 3 else "without a valid id"  # noqa: PLR2004
            problem = Problem(
                "segment-unexpected",
                f"segment {shown} is not expected in loop {self.spec.id}",
                "",
                "remove it, or put it in the loop and the order of the guide",
                Snip.SYNTAX,
            )
        report(problem, loop, elements, number)


def _bounded_by(spec: LoopSpec) -> tuple[SegmentSpec | LoopSpec, ...]:
    """LS, the loop it opens, and LE, where a guide has them."""
    starts = [item.order for item in spec.segments() if item.id == "LS"]
    return tuple(spec.content[starts[0] : starts[0] + 3]) if starts else ()


def _apart(item: SegmentSpec | LoopSpec) -> bool:
    """Streamed loops are counted by the validation as they pass, not here."""
    return isinstance(item, LoopSpec) and item.streamed


def _named(item: SegmentSpec | LoopSpec) -> str:
    if isinstance(item, LoopSpec):
        return f"loop {item.id} ({item.name})"
    codes = next((e.codes for e in item.elements if e.codes and e.usage == "R"), None)
    return f"segment {item.id}*{next(iter(codes))}" if codes and len(codes) == 1 else f"segment {item.id}"


def _missing(item: SegmentSpec | LoopSpec) -> Problem:
    code = "loop-missing" if isinstance(item, LoopSpec) else "segment-missing"
    message = f"{_named(item)} is required"
    return Problem(code, message, item.id if isinstance(item, SegmentSpec) else "", "supply it", Snip.REQUIREMENT)


def _too_often(item: SegmentSpec | LoopSpec, count: int) -> Problem:
    code = "loop-repeats" if isinstance(item, LoopSpec) else "segment-repeats"
    message = f"{_named(item)} stands {count} times, {item.repeat_max} allowed"
    return Problem(code, message, item.id if isinstance(item, SegmentSpec) else "", "", Snip.SYNTAX)


def out_of_order(item: SegmentSpec | LoopSpec) -> Problem:
    """Make the problem of an item that stands after what it has to precede."""
    code = "loop-order" if isinstance(item, LoopSpec) else "segment-order"
    message = f"{_named(item)} stands after what it has to precede"
    fix = "send segments and loops in the guide's order"
    return Problem(code, message, item.id if isinstance(item, SegmentSpec) else "", fix, Snip.SYNTAX)


def loop_check_of(spec: LoopSpec) -> LoopCheck:
    """Give the compiled checks of a loop, made when first asked for."""
    found = spec.check
    if found is None:
        found = spec.check = LoopCheck(spec)
    return found  # type: ignore[no-any-return]


def repeat_problem(item: LoopSpec, count: int) -> Problem:
    """Give a streamed loop that stands too often."""
    return _too_often(item, count)


def missing_problem(item: LoopSpec) -> Problem:
    """Give a streamed loop that is missing."""
    return _missing(item)


__all__ = ["LoopCheck", "Report", "loop_check_of", "missing_problem", "repeat_problem"]

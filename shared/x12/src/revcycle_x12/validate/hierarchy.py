"""Streamed loops as they pass: how often each stands in its parent, and HL numbers, parents and child codes."""

from dataclasses import dataclass, field

from revcycle_x12._grammar.spec import LoopSpec
from revcycle_x12._reading.chunks import Chunk
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.findings import Snip
from revcycle_x12.validate.problem import Problem
from revcycle_x12.validate.structure import Report, loop_check_of, missing_problem, repeat_problem


@dataclass(slots=True)
class _Level:
    """A loop still open, the chunk it began with, and what stood in it so far."""

    loop: Loop
    chunk: Chunk
    hl: Elements | None
    counts: dict[LoopSpec, int] = field(default_factory=dict)


class Hierarchy:
    """Follows the streamed loops of one transaction."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._levels: list[_Level] = []
        self._last = 0

    def chunk(self, chunk: Chunk) -> None:
        """Take the next chunk."""
        if not chunk.opens:
            self._close_to(chunk.loop, chunk)
            return
        parent = chunk.loop.parent
        if parent is not None:
            self._close_to(parent, chunk)
            if self._levels:
                counts = self._levels[-1].counts
                counts[chunk.loop.spec] = counts.get(chunk.loop.spec, 0) + 1
                limit = chunk.loop.spec.repeat_max
                if limit and counts[chunk.loop.spec] == limit + 1:
                    self._report(repeat_problem(chunk.loop.spec, limit + 1), chunk.loop, None, chunk.first)
        self._open(chunk.loop, chunk)

    def _open(self, loop: Loop, chunk: Chunk) -> None:
        first = loop.content[0] if loop.content else None
        hl = first if isinstance(first, list) and first[0] == "HL" else None
        if hl is not None:
            self._number(loop, hl, chunk.first)
        self._levels.append(_Level(loop, chunk, hl))

    def _close_to(self, loop: Loop, chunk: Chunk) -> None:
        while self._levels and self._levels[-1].loop is not loop:
            self._close(self._levels.pop(), chunk.first - 1)

    def end(self, number: int) -> None:
        """Note that the transaction is over."""
        while self._levels:
            self._close(self._levels.pop(), number)

    def _close(self, level: _Level, number: int) -> None:
        for child in loop_check_of(level.loop.spec).streamed_required:
            if child not in level.counts:
                self._report(missing_problem(child), level.loop, None, number)
        if level.hl is not None and len(level.hl) > 4:  # noqa: PLR2004 (HL04)
            has = any(child.trigger.id == "HL" for child in level.counts)
            self._child_code(level, has=has)

    def _child_code(self, level: _Level, *, has: bool) -> None:
        stated = level.hl[4] if level.hl is not None else ""
        if stated in {"0", "1"} and (stated == "1") is not has:
            message = f"HL04 is {stated}, but this level has {'a' if has else 'no'} level below it"
            problem = Problem("hl-child-code", message, "HL04", f"write {int(has)}", Snip.REQUIREMENT, 4)
            self._report(problem, level.loop, level.hl, level.chunk.first, at=level.chunk)

    def _number(self, loop: Loop, hl: Elements, number: int) -> None:
        self._last += 1
        found = hl[1] if len(hl) > 1 else ""
        if found != str(self._last):
            message = f"HL01 is {found or 'empty'}, the next level is {self._last}"
            problem = Problem("hl-number", message, "HL01", "number HL from 1 without gaps", Snip.SYNTAX, 1)
            self._report(problem, loop, hl, number)
            self._last = int(found) if found.isdecimal() and len(found) < 10 else self._last  # noqa: PLR2004 (sane)
        parent = next((level.hl for level in reversed(self._levels) if level.hl is not None), None)
        expected = parent[1] if parent is not None and len(parent) > 1 else ""
        stated = hl[2] if len(hl) > 2 else ""  # noqa: PLR2004 (HL02)
        if stated and stated != expected:
            message = f"HL02 is {stated}, the level above is {expected or 'none'}"
            fix = f"write {expected}" if expected else "leave it out"
            self._report(Problem("hl-parent", message, "HL02", fix, Snip.SYNTAX, 2), loop, hl, number)

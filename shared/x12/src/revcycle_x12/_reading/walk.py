"""The walk over the segments of a source: which loop each belongs to, and when a chunk is complete."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from revcycle_x12._grammar.matcher import MISSING, OWN, Fork, Step, recover
from revcycle_x12._reading.chunks import Chunk, Stray, Transaction
from revcycle_x12._reading.control import CONTROL, Control
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.delimiters import delimiters_of
from revcycle_x12._syntax.findings import Finding, Severity
from revcycle_x12._syntax.source import SegmentRun

_NO_TABLE: Callable[..., Any] = dict[str, object]().get
_COMPOSITE_FIRST = "(?:SVC|SV1|SV3|HI|CLM{e}[^{e}]*{e}[^{e}]*{e}{e}){e}[A-Z0-9]{{2,3}}([^A-Z0-9{e}{t} ])[A-Z0-9]"


class Walk(Control):
    """Matches segments to loops. What stands around transactions is `Control`'s business."""

    def segments(self, run: SegmentRun) -> Iterator[Chunk | Transaction]:
        """Match the segments of a run. This loop is the speed of the library: keep it flat."""
        self._begin_run(run)
        yield from self._hand_out_parts()
        separator, component = self.delimiters.element, self.delimiters.component
        get, append = self._bind()
        for index, raw in enumerate(run.segments):
            elements = raw.split(separator)
            way = get(elements[0], MISSING)
            if way is OWN:
                append(elements)
                continue
            if way.__class__ is Fork:
                way = way.choose(elements, component)
                if way is OWN:
                    append(elements)
                    continue
            if way.__class__ is Step and not way.new_chunk:
                loop: Any = self.loop
                for _ in range(way.ups):
                    loop = loop.parent
                for spec in way.path:
                    child = Loop(spec, loop, self.delimiters)
                    loop.content.append(child)
                    loop = child
                self.loop = loop
                get, append = loop.spec.get, loop.content.append
                append(elements)
                continue
            yield from self._arrive(way, elements, run, index)
            get, append = self._bind()

    def _bind(self) -> tuple[Callable[..., Any], Callable[[Elements], None]]:
        """Give the lookup of the loop now open, and where its segments go."""
        if self.pending is not None or self.transaction is None:
            return _NO_TABLE, _NO_TABLE
        return self.loop.spec.get, self.loop.content.append

    def _arrive(self, way: object, elements: Elements, run: SegmentRun, index: int) -> Iterator[Chunk | Transaction]:
        """Place a segment that begins a chunk, or that no table knows."""
        if self.pending is not None:
            yield self._begin_transaction(elements)
            way = self._look_up(elements)
        if elements[0] in CONTROL:
            yield from self._control(elements, run, index)
            return
        if self.transaction is None:
            self._outside(elements, run, index)
            return
        if way is MISSING:
            way = recover(self.loop.spec, elements, self.delimiters.component)
            opened = way.path[-1].id if way is not None else ""
            self._stray(elements, run, index, opened)
        if isinstance(way, Step):
            yield from self._follow(way, run, index)
        self.loop.content.append(elements)

    def _look_up(self, elements: Elements) -> object:
        way = self.loop.spec.get(elements[0], MISSING)
        return way.choose(elements, self.delimiters.component) if isinstance(way, Fork) else way

    def _follow(self, step: Step, run: SegmentRun, index: int) -> Iterator[Chunk]:
        """Close and open loops; hand out what is complete by that."""
        loop = self.loop
        for _ in range(step.ups):
            assert loop.parent is not None  # noqa: S101 (a compiled step never closes the root)
            loop = loop.parent
        done: list[Chunk] = []
        if step.new_chunk and not (step.path and step.path[0].streamed):
            done.append(self._new_chunk(loop, run, index, opens=False))
        for spec in step.path:
            child = Loop(spec, loop, self.delimiters)
            if spec.streamed:
                done.append(self._new_chunk(child, run, index, opens=True))
            else:
                loop.content.append(child)
            loop = child
        self.loop = loop
        for chunk in done:
            chunk.loop.forget()
            yield chunk

    def _new_chunk(self, loop: Loop, run: SegmentRun, index: int, *, opens: bool) -> Chunk:
        """Begin a chunk; give the one before."""
        done = self.chunk
        first = run.number + index - self.first_number + 1
        self.chunk = Chunk(loop, len(loop.content), opens, first, [(first, run, index)])
        return done

    def _stray(self, elements: Elements, run: SegmentRun, index: int, opened: str) -> None:
        number = run.number + index - self.first_number + 1
        self.chunk.strays.append(Stray(number, elements[0], self.loop.spec.id, opened))

    # -- runs --------------------------------------------------------------------------------------------------------

    def _begin_run(self, run: SegmentRun) -> None:
        if not self.component_checked:
            self.component_checked = True
            self._check_component(run)
        if self.transaction is None or self.pending is not None:
            return
        first = run.number - self.first_number + 1
        if first > self.limits.transaction_segments_max and self.transaction is not self.reported_long:
            self.reported_long = self.transaction
            self._report_long(run, first)
        if first - self.chunk.first > self.limits.unit_segments_max:
            self._cut(first, run)
        self.chunk.places.append((first, run, 0))

    def _cut(self, first: int, run: SegmentRun) -> None:
        """Let go of the part of an overlong unit read so far; what follows is a further part of it."""
        done = self.chunk
        chain, loop = [], self.loop
        while loop is not done.loop and loop.parent is not None:
            chain.append(loop.spec)
            loop = loop.parent
        top = Loop(done.loop.spec, done.loop.parent, self.delimiters)
        self.chunk = Chunk(top, 0, opens=False, first=first, places=[], continues=done.continues or done.loop)
        self.loop = top
        for spec in reversed(chain):
            child = Loop(spec, self.loop, self.delimiters)
            self.loop.content.append(child)
            self.loop = child
        self.cut_off.append(done)
        if self.transaction is not None and self.transaction.guide is not None:
            self._report_cut(done, run)

    def _check_component(self, run: SegmentRun) -> None:
        """See whether composites use the separator that ISA16 declares; if none does, believe the composites."""
        marks = self.delimiters
        escaped = {"e": re.escape(marks.element), "t": re.escape(marks.terminator)}
        pattern = re.compile(_COMPOSITE_FIRST.format(**escaped))
        used = {found[1] for segment in run.segments[:2000] if (found := pattern.match(segment))}
        if len(used) != 1 or marks.component in used or used & set(marks.all()):
            return
        self.delimiters = delimiters_of(marks.element, used.pop(), marks.repetition, marks.terminator)
        if self.envelopes.interchange is not None:
            self.envelopes.interchange.delimiters = self.delimiters
        self.envelopes.findings.add(
            Finding(
                "component-separator",
                f"ISA16 declares {marks.component!r}, composites use {self.delimiters.component!r}",
                severity=Severity.WARNING,
                position=self.isa_position,
                segment_id="ISA",
                element="ISA16",
                fix=f"declare {self.delimiters.component!r} in ISA16",
            )
        )

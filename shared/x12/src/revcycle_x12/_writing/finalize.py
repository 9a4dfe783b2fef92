"""
Make a loop tree ready to be said, and refuse what cannot be.

Every loop comes under its guide's spec; built loops get their segments in order,
qualifiers with one possible value, HL and LX numbers. Then each segment and loop
is checked as a reader's would be.
"""

from itertools import count, pairwise

from revcycle_x12._grammar.spec import LoopSpec, SegmentSpec
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.delimiters import Delimiters
from revcycle_x12._syntax.errors import WriteError
from revcycle_x12._syntax.findings import Severity, Snip
from revcycle_x12._writing.defaults import put_defaults
from revcycle_x12.validate.problem import Problem
from revcycle_x12.validate.segment import check_of
from revcycle_x12.validate.structure import Counts, loop_check_of, out_of_order

_SELF_MADE = frozenset({"HL", "LX"})
_BOUNDS = frozenset({"LS", "LE"})


def finalize(root: Loop, spec: LoopSpec, delimiters: Delimiters) -> None:
    """
    Finish a whole transaction in place.

    Loops as they were read keep their segments and their order. Raises
    WriteError where something cannot be said in the guide.
    """
    _Finishing(delimiters).loop(root, spec, "", 0)


class _Finishing:
    """One pass over a tree, in the order of its text."""

    def __init__(self, delimiters: Delimiters) -> None:
        self._delimiters = delimiters
        self._levels = count(1)

    def loop(self, loop: Loop, spec: LoopSpec, above: str, place: int) -> None:
        """Finish a loop and all below it. `above` is the HL number it hangs on, `place` its number among its like."""
        built = loop.spec is not spec or loop.touched
        loop.spec = spec
        if loop.delimiters is not self._delimiters and loop.delimiters != self._delimiters:
            _translate(loop, self._delimiters)
        if spec.opener in _SELF_MADE or spec.bounded:
            if built:
                _insert(loop)
            above = self._numbered(loop, above, place)
        seen = self._content(loop, spec, built=built)
        if built:
            loop.touched = False
            loop.indexed = None
        loop_check_of(spec).close(loop, seen, 0, refuse, whole=True)
        if spec.children:
            self._children(loop, spec, above)

    def _numbered(self, loop: Loop, above: str, place: int) -> str:
        """Give the loop its HL or LX number; return the HL number that loops below hang on."""
        opener = loop.spec.opener
        elements = loop.elements(opener)
        if elements is not None and opener == "HL":
            number = str(next(self._levels))
            _number_level(loop, elements, number, above)
            return number
        if elements is not None and opener == "LX" and (len(elements) < 2 or not elements[1]):  # noqa: PLR2004 (LX01)
            elements[1:] = [str(place)]
        return above

    def _content(self, loop: Loop, spec: LoopSpec, *, built: bool) -> Counts:
        """Check each segment, filling in what is built; put what is built in order. Count what is there."""
        delimiters, children, uses = self._delimiters, spec.children, spec.uses
        seen: Counts = {}
        sorted_so_far, last = True, 0
        for item in loop.content:
            if item.__class__ is list:
                known = uses.get(item[0])
                if known.__class__ is not SegmentSpec:
                    known = segment_spec(loop, item, delimiters)
                if built:
                    put_defaults(item, known, delimiters)
                problems = (known.check or check_of(known)).said(item, delimiters)
                if problems:
                    _refuse_all(problems, loop, item)
            else:
                known = children.get(item.spec.id)  # type: ignore[union-attr]
                if known is None:
                    raise WriteError(f"loop {spec.id}", f"the guide has no loop {item.spec.id} in it")  # type: ignore[union-attr]
            here = known.order if built else known.group
            sorted_so_far = sorted_so_far and here >= last
            last = here
            seen[known] = seen.get(known, 0) + 1
        if not sorted_so_far:
            _put_in_order(loop, delimiters, built=built)
        return seen

    def _children(self, loop: Loop, spec: LoopSpec, above: str) -> None:
        lines = 0
        for item in loop.content:
            if item.__class__ is not list:
                child = spec.children[item.spec.id]  # type: ignore[union-attr]
                lines += child.opener == "LX"
                self.loop(item, child, above, lines)  # type: ignore[arg-type]


def _put_in_order(loop: Loop, delimiters: Delimiters, *, built: bool) -> None:
    """Sort the content of a built loop; what was read out of order is refused."""
    spec = loop.spec
    items: list[SegmentSpec | LoopSpec] = [
        segment_spec(loop, item, delimiters) if isinstance(item, list) else spec.children[item.spec.id]
        for item in loop.content
    ]
    if not built:
        wrong = next(later for before, later in pairwise(items) if later.group < before.group)
        refuse(out_of_order(wrong), loop, None, 0)
    ranks = sorted(range(len(items)), key=lambda place: items[place].order)
    loop.content = [loop.content[rank] for rank in ranks]


def _refuse_all(problems: list[Problem], loop: Loop, elements: Elements) -> None:
    for problem in problems:
        refuse(problem, loop, elements, 0)


def refuse(problem: Problem, loop: Loop, elements: Elements | None, number: int, at: object = None) -> None:  # noqa: ARG001
    """Refuse to write what is wrong; let pass what is only unusual, or not in a table."""
    if problem.code == "delimiter-in-text" or (problem.snip <= Snip.REQUIREMENT and problem.severity is Severity.ERROR):
        where = f"loop {loop.spec.id}" + (f", {problem.element}" if problem.element else "")
        raise WriteError(where, problem.message, problem.fix)


def _insert(loop: Loop) -> None:
    """Put in the segments that hold nothing but numbers and bounds: HL, LX, LS, LE."""
    opener = loop.spec.opener
    if opener in _SELF_MADE and loop.elements(opener) is None:
        loop.content.insert(0, [opener])
        loop.forget()
    if not _BOUNDS.isdisjoint(loop.spec.uses):
        for bound in loop.spec.segments():
            if bound.id in _BOUNDS and loop.elements(bound.id) is None and _bounds(loop, bound):
                loop.content.append([bound.id])
        loop.forget()


def _bounds(loop: Loop, spec: SegmentSpec) -> bool:
    """Say whether an LS or LE of the guide bounds a child loop that is there."""
    siblings = loop.spec.content
    neighbour = spec.order + (1 if spec.id == "LS" else -1)
    item = siblings[neighbour] if 0 <= neighbour < len(siblings) else None
    return isinstance(item, LoopSpec) and loop.loop(item.id) is not None


def segment_spec(loop: Loop, elements: Elements, delimiters: Delimiters) -> SegmentSpec:
    """Find the guide's use of a segment. Raises WriteError where the guide has none here."""
    found = loop.spec.spec_of(elements, delimiters.component)
    if found is not None:
        return found
    candidates = loop.spec.own.get(elements[0], [])
    free = [spec for spec in candidates if _unsaid(spec, elements)]
    if len(free) == 1:
        return free[0]
    named = f"{elements[0]} with the qualifier {elements[1]!r}" if candidates and len(elements) > 1 else elements[0]
    raise WriteError(f"loop {loop.spec.id}", f"the guide has no segment {named} here")


def _unsaid(spec: SegmentSpec, elements: Elements) -> bool:
    """Say whether the qualifier is left for the library to fill in."""
    return bool(spec.elements) and bool(spec.elements[0].only_code) and (len(elements) < 2 or not elements[1])  # noqa: PLR2004


def _translate(loop: Loop, delimiters: Delimiters) -> None:
    """Put the delimiters of this interchange in place of those the loop was read with."""
    old, loop.delimiters = loop.delimiters, delimiters
    changes = {ord(old.component): delimiters.component} if old.component != delimiters.component else {}
    if old.repetition and delimiters.repetition and old.repetition != delimiters.repetition:
        changes[ord(old.repetition)] = delimiters.repetition
    if changes:
        for item in loop.content:
            if isinstance(item, list):
                item[1:] = [text.translate(changes) for text in item[1:]]


def _number_level(loop: Loop, elements: Elements, number: str, above: str) -> None:
    """HL01 to HL04: the number, the level it hangs on, what it is, whether levels follow."""
    elements += [""] * (5 - len(elements))
    specs = loop.spec.trigger.elements
    children = loop.spec.children
    below = any(children[child.spec.id].opener == "HL" for child in loop.loops() if child.spec.id in children)
    elements[1], elements[2], elements[3] = number, above, elements[3] or specs[2].only_code
    required = len(specs) > 3 and specs[3].usage == "R"  # noqa: PLR2004 (HL04)
    elements[4] = _child_code(specs[3].codes, below=below) if required else ""
    while not elements[-1]:
        elements.pop()


def _child_code(codes: frozenset[str] | None, *, below: bool) -> str:
    code = "1" if below else "0"
    return code if codes is None or code in codes else next(iter(codes))

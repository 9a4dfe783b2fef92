"""
Which loop a segment belongs to, compiled from a guide once.

Every loop gets a dictionary from segment id to what happens when that segment
arrives while the loop is open: it belongs here (OWN), it closes some loops and
perhaps opens one (Step), or its qualifier decides (Fork). What is not in the
dictionary is looked for in the whole guide (`recover`).
"""

from dataclasses import dataclass
from functools import lru_cache

from revcycle_x12._grammar.spec import LoopSpec, SegmentSpec

ENVELOPE = frozenset({"ISA", "TA1", "GS", "ST", "SE", "GE", "IEA"})
OWN = object()
MISSING = object()


@dataclass(eq=False, slots=True)
class Step:
    """Close `ups` loops, open the loops of `path` one in the other, then append the segment."""

    ups: int
    path: tuple[LoopSpec, ...] = ()
    new_chunk: bool = False


@dataclass(eq=False, slots=True)
class Fork:
    """The code in an element (or in its first component) decides; `otherwise` where the code is unknown."""

    position: int
    in_composite: bool
    ways: dict[str, object]
    otherwise: object = MISSING

    def choose(self, elements: list[str], component_separator: str) -> object:
        text = elements[self.position] if self.position < len(elements) else ""
        if self.in_composite:
            text = text.split(component_separator, 1)[0]
        return self.ways.get(text, self.otherwise)


def compile_guide(root: LoopSpec) -> None:
    """Give every loop of a guide its transitions."""
    for loop in root.walk():
        table: dict[str, object] = {}
        for segment_id, candidates in _candidates(loop).items():
            table[segment_id] = _entry(candidates)
        loop.get = table.get


def _candidates(loop: LoopSpec) -> dict[str, list[tuple[SegmentSpec, object]]]:
    """All segments that may follow while `loop` is open, nearest first."""
    found: dict[str, list[tuple[SegmentSpec, object]]] = {}
    ups, at, inner, crossed = 0, loop, None, False
    while True:
        for item in at.content:
            if isinstance(item, LoopSpec):
                step = Step(ups, (item,), new_chunk=crossed or item.streamed)
                found.setdefault(item.trigger.id, []).append((item.trigger, step))
            elif item.id in ENVELOPE or item.id in ENVELOPE:
                continue
            elif inner is None and (item is not at.trigger or at.parent is None):
                found.setdefault(item.id, []).append((item, OWN))
            elif inner is not None and item.order > inner.order:
                found.setdefault(item.id, []).append((item, Step(ups, new_chunk=crossed)))
        if at.parent is None:
            return found
        crossed = crossed or at.streamed
        inner, at, ups = at, at.parent, ups + 1


def _entry(candidates: list[tuple[SegmentSpec, object]]) -> object:
    """One entry of the table: the only candidate, or a fork on the code that tells them apart."""
    first = candidates[0][1]
    if all(way is OWN for _, way in candidates):
        return OWN
    if len(candidates) == 1:
        return first
    place = _deciding_place([spec for spec, _ in candidates])
    if place is None:
        return first
    position, in_composite = place
    fork = Fork(position, in_composite, {})
    for spec, way in candidates:
        codes = spec.codes_at(position, int(in_composite))
        for code in codes or ():
            fork.ways.setdefault(code, way)
        if codes is None and fork.otherwise is MISSING:
            fork.otherwise = way
    if any(way is OWN for _, way in candidates) and fork.otherwise is MISSING:
        fork.otherwise = OWN
    return fork


def _deciding_place(specs: list[SegmentSpec]) -> tuple[int, bool] | None:
    """Find the first element whose codes differ between the candidates: (position, whether in a composite)."""
    for position in range(1, min(len(spec.elements) for spec in specs) + 1):
        elements = [spec.elements[position - 1] for spec in specs]
        if elements[0].components:
            if len({part.components[0].codes if part.components else None for part in elements}) > 1:
                return position, True
        elif len({element.codes for element in elements}) > 1:
            return position, False
    return None


def recover(loop: LoopSpec, elements: list[str], component_separator: str) -> Step | None:
    """
    Find where a segment that nothing expects opens a loop: below the nearest open loop that leads there.

    The loops between are opened without their segments; the reader says so.
    """
    if elements[0] not in _openers(_root(loop)):
        return None
    ups, at, crossed = 0, loop, False
    while True:
        path = _path(at, elements, component_separator)
        if path:
            return Step(ups, path, new_chunk=crossed or any(item.streamed for item in path))
        if at.parent is None:
            return None
        crossed = crossed or at.streamed
        at, ups = at.parent, ups + 1


def _root(loop: LoopSpec) -> LoopSpec:
    while loop.parent is not None:
        loop = loop.parent
    return loop


@lru_cache(64)
def _openers(root: LoopSpec) -> frozenset[str]:
    """Ids of all segments that open a loop of the guide."""
    return frozenset(loop.trigger.id for loop in root.walk() if loop.parent is not None)


def _path(loop: LoopSpec, elements: list[str], separator: str) -> tuple[LoopSpec, ...]:
    """Loops to open, one in the other, so that the last one begins with the segment; breadth first."""
    level: list[tuple[LoopSpec, ...]] = [(child,) for child in loop.loops()]
    while level:
        for path in level:
            trigger = path[-1].trigger
            if trigger.id == elements[0] and _qualified(trigger, elements, separator):
                return path
        level = [(*path, child) for path in level for child in path[-1].loops()]
    return ()


def _qualified(trigger: SegmentSpec, elements: list[str], separator: str) -> bool:
    """Say whether every required code of the trigger is there (a trigger without codes never recovers by itself)."""
    for position, spec in enumerate(trigger.elements, 1):
        if spec.codes is not None and spec.usage == "R":
            return position < len(elements) and elements[position] in spec.codes
        if spec.components and spec.components[0].codes is not None:
            text = elements[position] if position < len(elements) else ""
            return text.split(separator, 1)[0] in spec.components[0].codes
    return trigger.id in {"CLP", "CLM", "LX", "SVC", "SBR", "EB", "EQ", "IK4"}

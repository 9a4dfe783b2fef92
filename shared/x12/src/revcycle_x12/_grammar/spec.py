"""What a guide says, as plain values: loops, segments, elements. `notation` makes them from a guide's table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

UNLIMITED = 0
REQUIRED: Any = object()
"""Stands for a field without a default."""


@dataclass(frozen=True, slots=True)
class ElementSpec:
    """One element, or one component of a composite. `usage` is R required, S situational, N not used."""

    reference: str
    usage: str
    kind: str = "AN"
    length_min: int = 1
    length_max: int = 0
    codes: frozenset[str] | None = None
    code_set: str = ""
    repeat_max: int = 1
    components: tuple["ElementSpec", ...] = ()
    form: str = ""
    """What kind of number it is: amount, percent or quantity; each has limits of its own."""

    @property
    def only_code(self) -> str:
        """The one code the guide allows here, or nothing."""
        return next(iter(self.codes)) if self.codes is not None and len(self.codes) == 1 else ""


@dataclass(eq=False, slots=True, repr=False)
class SegmentSpec:
    """One use of a segment in a loop. `order` is its place there; equal `group` means any order among themselves."""

    id: str
    usage: str
    repeat_max: int
    elements: tuple[ElementSpec, ...]
    order: int = 0
    group: int = 0
    check: Any = None
    """The compiled checks, made by `validate.segment`."""
    defaults: Any = None
    """What the writer fills in, made by `put_defaults`."""
    loop_id: str = ""

    def codes_at(self, position: int, component: int = 0) -> frozenset[str] | None:
        """Codes allowed in an element (or in its component, counted from 1); None where the guide lists none."""
        if not 1 <= position <= len(self.elements):
            return None
        element = self.elements[position - 1]
        if component and component <= len(element.components):
            element = element.components[component - 1]
        return element.codes


@dataclass(eq=False, slots=True, repr=False)
class LoopSpec:
    """One loop: its segments and child loops in order. The first segment opens it."""

    id: str
    usage: str
    repeat_max: int
    name: str
    content: list["SegmentSpec | LoopSpec"] = field(default_factory=list)
    parent: "LoopSpec | None" = None
    order: int = 0
    streamed: bool = False
    """Handed out as a chunk of its own when read as a stream."""
    get: Callable[..., Any] = dict[str, object]().get
    """Bound lookup of the compiled transitions; see `matcher`."""
    own: dict[str, list[SegmentSpec]] = field(default_factory=dict)
    opener: str = ""
    """Id of the segment that opens the loop."""
    bounded: bool = False
    """It has LS and LE."""
    numbers: bool = False
    """An HL or LX stands in it or below it."""
    children: "dict[str, LoopSpec]" = field(default_factory=dict)
    uses: "dict[str, Any]" = field(default_factory=dict)
    check: Any = None
    """The compiled checks of the loop as a whole, made by `validate.structure`."""
    group: int = 0

    @property
    def trigger(self) -> SegmentSpec:
        """The segment that opens the loop."""
        first = self.content[0]
        assert isinstance(first, SegmentSpec)  # noqa: S101 (the notation refuses a loop that begins with a loop)
        return first

    def segments(self) -> Iterator[SegmentSpec]:
        return (item for item in self.content if isinstance(item, SegmentSpec))

    def loops(self) -> Iterator["LoopSpec"]:
        return (item for item in self.content if isinstance(item, LoopSpec))

    def loop(self, loop_id: str) -> "LoopSpec":
        """Find a child loop by its id. Raises KeyError."""
        return self.children[loop_id]

    def walk(self) -> Iterator["LoopSpec"]:
        """Give this loop and all below it, in order."""
        yield self
        for child in self.loops():
            yield from child.walk()

    def spec_of(self, elements: list[str], component_separator: str = ":") -> SegmentSpec | None:
        """Find which of this loop's uses of a segment these elements are, by their qualifier; None where none fits."""
        found = self.uses.get(elements[0])
        while found.__class__ is Uses:
            position = found.position
            text = elements[position] if position < len(elements) else ""
            if found.in_composite:
                text = text.split(component_separator, 1)[0]
            found = found.by_code.get(text, found.otherwise)
        return found

    def compile_uses(self) -> None:
        """Prepare `spec_of`."""
        for segment_id, candidates in self.own.items():
            self.uses[segment_id] = _uses(candidates)


@dataclass(eq=False, slots=True, repr=False)
class Uses:
    """Several uses of one segment in one loop, told apart by the code in an element (or in its first component)."""

    position: int
    in_composite: bool
    by_code: "dict[str, SegmentSpec | Uses]"
    otherwise: SegmentSpec | None


def _uses(candidates: list[SegmentSpec], start: int = 1) -> "SegmentSpec | Uses":
    """Find the element that tells the candidates apart; where a code is shared, a later element does."""
    for position in range(start, min(len(spec.elements) for spec in candidates) + 1):
        parts = [_marks(spec.elements[position - 1]) for spec in candidates]
        if sum(codes is not None for codes, _ in parts) < len(parts) - 1 or len({codes for codes, _ in parts}) == 1:
            continue
        shared: dict[str, list[SegmentSpec]] = {}
        for (codes, _), spec in zip(parts, candidates, strict=True):
            for code in codes or ():
                shared.setdefault(code, []).append(spec)
        by_code = {c: specs[0] if len(specs) == 1 else _uses(specs, position + 1) for c, specs in shared.items()}
        free = [spec for (codes, _), spec in zip(parts, candidates, strict=True) if codes is None]
        return Uses(position, any(composite for _, composite in parts), by_code, free[0] if free else None)
    return candidates[0]


def _marks(element: ElementSpec) -> tuple[frozenset[str] | None, bool]:
    """Give the codes an element may be told by, and whether they are its first component's."""
    if element.components:
        return element.components[0].codes, True
    return (element.codes if element.usage == "R" else None), False


@lru_cache(1024)
def loose(loop_id: str) -> LoopSpec:
    """Stand in for a loop built by itself; it gets its guide's own spec when it is put into a transaction."""
    return LoopSpec(loop_id, "S", UNLIMITED, "")

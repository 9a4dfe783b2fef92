"""What a guide says, as plain values: loops, segments, elements. `notation` makes them from a guide's table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

UNLIMITED = 0


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
    """Handed out as a piece of its own when read as a stream."""
    get: Callable[..., Any] = dict[str, object]().get
    """Bound lookup of the compiled transitions; see `matcher`."""
    own: dict[str, list[SegmentSpec]] = field(default_factory=dict)

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
        for child in self.loops():
            if child.id == loop_id:
                return child
        raise KeyError(loop_id)

    def walk(self) -> Iterator["LoopSpec"]:
        """This loop and all below it, in order."""
        yield self
        for child in self.loops():
            yield from child.walk()

    def spec_of(self, elements: list[str], component_separator: str = ":") -> SegmentSpec | None:
        """Find which of this loop's uses of a segment these elements are, by their qualifier; None where none fits."""
        candidates = self.own.get(elements[0])
        if not candidates:
            return None
        if len(candidates) == 1:
            return candidates[0]
        for spec in candidates:
            if qualifies(spec, elements, component_separator):
                return spec
        return None


@lru_cache(1024)
def loose(loop_id: str) -> LoopSpec:
    """Stand in for a loop built by itself; it gets its guide's own spec when it is put into a transaction."""
    return LoopSpec(loop_id, "S", UNLIMITED, "")


def qualifies(spec: SegmentSpec, elements: list[str], component_separator: str) -> bool:
    """Say whether the elements carry the code that marks this use of the segment."""
    for position, element in enumerate(spec.elements, 1):
        text = elements[position] if position < len(elements) else ""
        if element.components and element.components[0].codes is not None:
            return text.split(component_separator, 1)[0] in element.components[0].codes
        if element.codes is not None and element.usage == "R":
            return text in element.codes
    return True

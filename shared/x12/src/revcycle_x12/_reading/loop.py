"""What was read or is to be written: a tree of loops whose segments are plain lists of element texts."""

from collections.abc import Iterator
from typing import Any

from revcycle_x12._grammar.spec import LoopSpec, SegmentSpec, loose
from revcycle_x12._syntax.delimiters import DEFAULT, Delimiters

Elements = list[str]
_NOTHING: list[Any] = []


class Loop:
    """
    One loop: its segments and child loops, in the order they stand in.

    `content` mixes segments (lists of element texts, the id first) and child
    loops. Nothing is ever left out of it: what the guide does not know stands
    where it stood.
    """

    __slots__ = ("content", "delimiters", "indexed", "parent", "spec", "touched")

    def __init__(self, spec: LoopSpec, parent: "Loop | None" = None, delimiters: Delimiters = DEFAULT) -> None:
        self.spec = spec
        self.parent = parent
        self.delimiters = delimiters
        self.content: list[Elements | Loop] = []
        self.touched = False
        """Something was put in by hand since it was read: the writer puts the content in the guide's order."""
        self.indexed: dict[str, list[Any]] | None = None

    @property
    def id(self) -> str:
        return self.spec.id

    @property
    def name(self) -> str:
        return self.spec.name

    def index(self) -> "dict[str, list[Any]]":
        """Segments by segment id and loops by loop id, in order; built when first asked for."""
        index = self.indexed
        if index is None:
            index = self.indexed = {}
            for item in self.content:
                key = item[0] if item.__class__ is list else item.spec.id  # type: ignore[union-attr]
                if key in index:
                    index[key].append(item)
                else:
                    index[key] = [item]
        return index

    def _find(self, name: str) -> "list[Any]":
        return self.index().get(name, _NOTHING)

    def forget(self) -> None:
        """Forget what was looked up; the reader calls this when it has added to `content`."""
        self.indexed = None

    def changed(self) -> None:
        """Note that `content` was changed by hand; whoever changes it calls this."""
        self.indexed = None
        self.touched = True

    def elements(self, segment_id: str, *qualifiers: str, at: int = 1) -> Elements | None:
        """Find the elements of the first such segment, its element `at` being one of the qualifiers if any is given."""
        for segment in self._find(segment_id):
            if not qualifiers or (len(segment) > at and segment[at] in qualifiers):
                return segment  # type: ignore[no-any-return]
        return None

    def segment(self, segment_id: str, *qualifiers: str) -> "Segment | None":
        """
        Find the first segment of that id, its first element being one of the qualifiers if any is given.

        >>> loop.segment("REF", "G1")[2]                             # doctest: +SKIP
        'A123'
        """
        elements = self.elements(segment_id, *qualifiers)
        return None if elements is None else Segment(elements, self)

    def segments(self, segment_id: str = "", *qualifiers: str) -> "list[Segment]":
        """All segments of this loop itself, in order: all, or those of one id (and qualifier)."""
        return [
            Segment(item, self)
            for item in (self._find(segment_id) if segment_id else self.content)
            if isinstance(item, list) and (not qualifiers or (len(item) > 1 and item[1] in qualifiers))
        ]

    def lists(self, segment_id: str) -> list[Elements]:
        """Element lists of all segments of that id, in order: the quick way."""
        return self._find(segment_id)

    def loop(self, loop_id: str) -> "Loop | None":
        """Find the first child loop of that id."""
        found: list[Loop] = self._find(loop_id)
        if not found:
            return None
        found[0].parent = self
        return found[0]

    def loops(self, loop_id: str = "") -> "list[Loop]":
        """Child loops in order: all, or those of one id."""
        found = self._find(loop_id) if loop_id else self.content
        loops = [item for item in found if isinstance(item, Loop)]
        for loop in loops:
            loop.parent = self
        return loops

    def ancestor(self, loop_id: str) -> "Loop | None":
        """Find the nearest enclosing loop of that id."""
        loop = self.parent
        while loop is not None and loop.spec.id != loop_id:
            loop = loop.parent
        return loop

    def walk(self) -> "Iterator[Loop]":
        """Give this loop and all below it, in order."""
        yield self
        for item in self.content:
            if isinstance(item, Loop):
                item.parent = self
                yield from item.walk()

    def all_elements(self) -> Iterator[Elements]:
        """Every segment of this loop and of all below it, in order."""
        for item in self.content:
            if isinstance(item, Loop):
                yield from item.all_elements()
            else:
                yield item

    def flat(self) -> list[Elements]:
        """Every segment of this loop and of all below it, in order, as a list."""
        found: list[Elements] = []
        _collect(self, found)
        return found

    def add(self, item: "Elements | Loop") -> None:
        """Put a segment or a loop at the end."""
        self.content.append(item)
        self.touched = True
        index = self.indexed
        if isinstance(item, list):
            key = item[0]
        else:
            key, item.parent = item.spec.id, self
        if index is not None:
            if key in index:
                index[key].append(item)
            else:
                index[key] = [item]

    def __repr__(self) -> str:
        return f"Loop({self.spec.id}, {len(self.content)} items)"


def new_loop(loop_id: str, parent: Loop | None = None) -> Loop:
    """Begin a loop to be written, inside of `parent` where there is one; the guide is applied when it is written."""
    return Loop(loose(loop_id), parent, parent.delimiters if parent is not None else DEFAULT)


def _collect(loop: Loop, segments: list[Elements]) -> None:
    for item in loop.content:
        if item.__class__ is list:
            segments.append(item)
        else:
            _collect(item, segments)  # type: ignore[arg-type]


class Segment:
    """A view of one segment: `segment[3]` is element 3, empty where absent; `segment[5, 2]` its second component."""

    __slots__ = ("elements", "loop")

    def __init__(self, elements: Elements, loop: Loop) -> None:
        self.elements = elements
        self.loop = loop

    @property
    def id(self) -> str:
        return self.elements[0]

    @property
    def spec(self) -> SegmentSpec | None:
        """What the guide says of it, None where the guide does not know it here."""
        return self.loop.spec.spec_of(self.elements, self.loop.delimiters.component)

    def __getitem__(self, key: int | tuple[int, int]) -> str:
        position, component = key if isinstance(key, tuple) else (key, 0)
        text = self.elements[position] if position < len(self.elements) else ""
        if not component:
            return text
        parts = text.split(self.loop.delimiters.component)
        return parts[component - 1] if component <= len(parts) else ""

    def repeats(self, position: int) -> list[str]:
        """Split a repeating element; empty list where absent."""
        text, separator = self[position], self.loop.delimiters.repetition
        if not text:
            return []
        return text.split(separator) if separator else [text]

    def __len__(self) -> int:
        return len(self.elements) - 1

    def __repr__(self) -> str:
        return f"Segment({self.elements[0]}, {len(self)} elements)"

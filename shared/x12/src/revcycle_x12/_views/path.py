"""Where an element stands, seen from a loop: `SEGMENT[qualifier]EE-C`, compiled to a reader and a writer."""

import re
from collections.abc import Callable
from functools import lru_cache

from revcycle_x12._grammar.spec import loose
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.errors import GuideError

_PATH = re.compile(
    r"(?P<loops>(?:[0-9A-Z]+/)*)(?P<segment>[A-Z][A-Z0-9]{1,2}?)(?:\[(?P<codes>[^\]]+)\])?"
    r"(?:(?P<element>\d\d)(?:-(?P<component>\d))?)?\Z"
)


class Path:
    """Where an element stands, seen from a loop."""

    __slots__ = ("codes", "component", "element", "loops", "read", "segment", "text", "write")

    def __init__(self, text: str) -> None:
        found = _PATH.match(text)
        if not found:
            raise GuideError(f"path not understood: {text!r}")
        self.text = text
        self.loops = tuple(filter(None, found["loops"].split("/")))
        self.segment = found["segment"]
        self.codes = tuple(found["codes"].split("|")) if found["codes"] else ()
        self.element = int(found["element"] or 0)
        self.component = int(found["component"] or 0)
        self.read = _reader(self)
        """Gives the element's text in a loop, empty where absent."""
        self.write = _writer(self)
        """Puts a text into a loop, making child loops and the segment where they are missing."""

    @property
    def reference(self) -> str:
        """The element as findings name it: CLM05-3."""
        part = f"-{self.component}" if self.component else ""
        return f"{self.segment}{self.element:02d}{part}"

    def find(self, loop: Loop) -> Elements | None:
        """Give the segment, or None."""
        at: Loop | None = loop
        for loop_id in self.loops:
            at = at.loop(loop_id) if at is not None else None
        return at.elements(self.segment, *self.codes) if at is not None else None


def _with_component(whole: str, place: int, text: str, separator: str) -> str:
    parts = whole.split(separator)
    parts += [""] * (place - len(parts))
    parts[place - 1] = text
    return separator.join(parts).rstrip(separator)


def _writer(path: Path) -> Callable[[Loop, str], None]:
    """Compile the writing of a path: loops and the segment are made where missing; an empty text makes nothing."""
    segment, codes, element, component = path.segment, path.codes, path.element, path.component
    fresh = [segment, *codes[:1]] + [""] * (element - len(codes[:1]))

    def write(loop: Loop, text: str) -> None:
        found = loop.elements(segment, *codes) if codes else next(iter(loop.index().get(segment, ())), None)
        if found is None:
            if not text:
                return
            found = fresh.copy()
            loop.add(found)
        elif len(found) <= element:
            found += [""] * (element + 1 - len(found))
        if component:
            text = _with_component(found[element], component, text, loop.delimiters.component)
        found[element] = text

    return _writer_inside(path.loops, path, write) if path.loops else write


def _writer_inside(
    loops: tuple[str, ...], path: Path, write: Callable[[Loop, str], None]
) -> Callable[[Loop, str], None]:
    def write_inside(loop: Loop, text: str) -> None:
        if not text and path.find(loop) is None:
            return
        for loop_id in loops:
            loop = child_of(loop, loop_id)
        write(loop, text)

    return write_inside


def _reader(path: Path) -> Callable[[Loop], str]:
    """Compile the reading of a path: what is not in it costs nothing."""
    read = _qualified(path) if path.codes else _first(path)
    if path.component:
        read = _component(read, path.component - 1)
    return _inside(path.loops, read) if path.loops else read


def _first(path: Path) -> Callable[[Loop], str]:
    segment, element = path.segment, path.element

    def read(loop: Loop) -> str:
        found = (loop.indexed or loop.index()).get(segment)
        if found is None:
            return ""
        elements = found[0]
        return elements[element] if element < len(elements) else ""

    return read


def _qualified(path: Path) -> Callable[[Loop], str]:
    segment, element, codes = path.segment, path.element, frozenset(path.codes)

    def read(loop: Loop) -> str:
        for elements in (loop.indexed or loop.index()).get(segment, ()):
            if len(elements) > 1 and elements[1] in codes:
                return elements[element] if element < len(elements) else ""
        return ""

    return read


def _component(read: Callable[[Loop], str], place: int) -> Callable[[Loop], str]:
    def read_component(loop: Loop) -> str:
        parts = read(loop).split(loop.delimiters.component)
        return parts[place] if place < len(parts) else ""

    return read_component


def _inside(loops: tuple[str, ...], read: Callable[[Loop], str]) -> Callable[[Loop], str]:
    def read_inside(loop: Loop) -> str:
        for loop_id in loops:
            found = loop.index().get(loop_id)
            if found is None:
                return ""
            loop = found[0]
        return read(loop)

    return read_inside


@lru_cache(512)
def path_of(text: str) -> Path:
    """Give the compiled path of a text."""
    return Path(text)


def child_of(loop: Loop, loop_id: str) -> Loop:
    """Give the child loop of that id, made where it is missing."""
    child = loop.loop(loop_id)
    if child is None:
        child = Loop(loose(loop_id), loop, loop.delimiters)
        loop.add(child)
    return child

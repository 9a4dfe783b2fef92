"""
Names for what stands in loops: fields that read an element when asked, and write one when set.

A view class names its fields with paths into its loop::

    class ServiceLine(View):
        loop_id = "2400"
        charge_cents: Field[int] = cents("SV102")
        service_on: Field[date] = day("DTP[472]03")
        control_number: Field[str] = text("REF[6R]02", default="")

A path is `SEGMENT[qualifier]EE-C`: element EE, component C of the first segment
of that id whose first element is the qualifier (`[A|B]`: either; the first is
written). `2010AA/NM109` goes into a child loop. Reading is lazy: a broken element
raises ElementError when it is asked for, and harms nothing else.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

from revcycle_x12 import elements as texts
from revcycle_x12.errors import CannotSayError, ElementError, GuideError
from revcycle_x12.loop import Elements, Loop
from revcycle_x12.spec import loose

if TYPE_CHECKING:
    from revcycle_x12.view import View

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
V = TypeVar("V", bound="View")
Seen = TypeVar("Seen")
REQUIRED: Any = object()

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


class Field(Generic[T]):
    """One named value of a view: `decode` reads its text, `encode` writes it."""

    __slots__ = ("decode", "default", "encode", "name", "path", "read")

    def __init__(
        self, path: str, decode: Callable[[str], T] | None, encode: Callable[[T], str], default: Any = REQUIRED
    ) -> None:
        self.path = Path(path)
        self.read = self.path.read
        self.decode = decode
        self.encode = encode
        self.default = default
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: "View", owner: type) -> T: ...
    def __get__(self, view: "View | None", owner: type) -> "T | Self":
        if view is None:
            return self
        text = self.read(view.loop)
        if text:
            if self.decode is None:
                return text  # type: ignore[return-value]
            try:
                return self.decode(text)
            except ValueError as problem:
                raise ElementError(self.path.reference, str(problem)) from None
        if self.default is REQUIRED:
            raise ElementError(self.path.reference, "missing")
        return self.default  # type: ignore[no-any-return]

    def __set__(self, view: "View", value: T) -> None:
        if value is None or value == "":
            self.path.write(view.loop, "")
        else:
            self.path.write(view.loop, self.encode(value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise CannotSayError("text", f"a string is needed, not {type(value).__name__}")
    return value


@overload
def text(path: str) -> Field[str]: ...
@overload
def text(path: str, *, default: str) -> Field[str]: ...
def text(path: str, *, default: Any = REQUIRED) -> Field[Any]:
    """Name a text as it stands."""
    return Field(path, None, _text, default)


@overload
def cents(path: str) -> Field[int]: ...
@overload
def cents(path: str, *, default: int) -> Field[int]: ...
@overload
def cents(path: str, *, default: None) -> Field[int | None]: ...
def cents(path: str, *, default: Any = REQUIRED) -> Field[Any]:
    """Name an amount, in integer cents."""
    return Field(path, texts.parse_cents, texts.format_cents, default)


@overload
def number(path: str) -> Field[int]: ...
@overload
def number(path: str, *, default: int) -> Field[int]: ...
@overload
def number(path: str, *, default: None) -> Field[int | None]: ...
def number(path: str, *, default: Any = REQUIRED) -> Field[Any]:
    """Name a whole number."""
    return Field(path, int, str, default)


@overload
def hundredths(path: str) -> Field[int]: ...
@overload
def hundredths(path: str, *, default: int) -> Field[int]: ...
@overload
def hundredths(path: str, *, default: None) -> Field[int | None]: ...
def hundredths(path: str, *, default: Any = REQUIRED) -> Field[Any]:
    """Name a quantity of at most two decimals, in integer hundredths: 150 is 1.5."""
    return Field(path, texts.parse_cents, texts.format_cents, default)


@overload
def day(path: str) -> Field[date]: ...
@overload
def day(path: str, *, default: None) -> Field[date | None]: ...
def day(path: str, *, default: Any = REQUIRED) -> Field[Any]:
    """Name a calendar date (CCYYMMDD)."""
    return Field(path, texts.parse_date, texts.format_date, default)


def clock(path: str, *, default: Any = REQUIRED) -> Field[time]:
    """Name a time of day, without a zone."""
    return Field(path, texts.parse_time, texts.format_time, default)


@overload
def code(path: str, kind: type[E]) -> Field[E]: ...
@overload
def code(path: str, kind: type[E], *, default: E) -> Field[E]: ...
@overload
def code(path: str, kind: type[E], *, default: None) -> Field[E | None]: ...
def code(path: str, kind: type[E], *, default: Any = REQUIRED) -> Field[Any]:
    """Name a code of a known list; a code not in the list becomes a member named UNKNOWN with its own value."""
    return Field(path, kind, str, default)


def flag(path: str, *, default: bool = False) -> Field[bool]:
    """Y or N."""
    return Field(path, lambda found: found == "Y", lambda value: "Y" if value else "N", default)


class One(Generic[Seen]):
    """A child loop seen through a view class."""

    __slots__ = ("default", "loop_id", "view")

    def __init__(self, view: Any, loop_id: str, default: Any) -> None:
        self.view = view
        self.loop_id = loop_id or view.loop_id
        self.default = default

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: "View", owner: type) -> Seen: ...
    def __get__(self, view: "View | None", owner: type) -> "Seen | Self":
        if view is None:
            return self
        found = view.loop.index().get(self.loop_id)
        if found is not None:
            return self.view.of(found[0])  # type: ignore[no-any-return]
        if self.default is REQUIRED:
            raise ElementError(f"loop {self.loop_id}", "missing")
        return self.default  # type: ignore[no-any-return]

    def __set__(self, view: "View", value: Seen) -> None:
        replace_loops(view.loop, self.loop_id, [value] if value is not None else [])


@overload
def one(view: type[V], loop_id: str = "") -> One[V]: ...
@overload
def one(view: type[V], loop_id: str = "", *, default: None) -> One[V | None]: ...
def one(view: type[V], loop_id: str = "", *, default: Any = REQUIRED) -> One[Any]:
    """One child loop. With `default=None` it may be absent."""
    return One(view, loop_id, default)


class Many(Generic[V]):
    """Child loops of one id, in order, seen through a view class."""

    __slots__ = ("loop_id", "view")

    def __init__(self, view: type[V], loop_id: str) -> None:
        self.view = view
        self.loop_id = loop_id or view.loop_id

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: "View", owner: type) -> list[V]: ...
    def __get__(self, view: "View | None", owner: type) -> "list[V] | Self":
        if view is None:
            return self
        return [self.view.of(loop) for loop in view.loop.index().get(self.loop_id, ())]

    def __set__(self, view: "View", value: Sequence[V]) -> None:
        replace_loops(view.loop, self.loop_id, value)


def many(view: type[V], loop_id: str = "", *, default: Any = ()) -> Many[V]:  # noqa: ARG001 (marks the field optional)
    """Any number of child loops of one id."""
    return Many(view, loop_id)


def replace_loops(loop: Loop, loop_id: str, views: Sequence[Any]) -> None:
    """Put the loops of the views in place of the child loops of that id."""
    loop.content = [item for item in loop.content if not (isinstance(item, Loop) and item.spec.id == loop_id)]
    for view in views:
        if view.loop.spec.id != loop_id:
            view.loop.spec = loose(loop_id)
            view.loop.changed()
        loop.add(view.loop)
    loop.changed()


class Moment:
    """A date and time of day in two elements, without a zone (X12 names none)."""

    __slots__ = ("day_path", "time_path")

    def __init__(self, day_path: str, time_path: str) -> None:
        self.day_path = Path(day_path)
        self.time_path = Path(time_path)

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: "View", owner: type) -> datetime: ...
    def __get__(self, view: "View | None", owner: type) -> "datetime | Self":
        if view is None:
            return self
        try:
            on = texts.parse_date(self.day_path.read(view.loop))
            return datetime.combine(on, texts.parse_time(self.time_path.read(view.loop) or "0000"))
        except ValueError as problem:
            raise ElementError(self.day_path.reference, str(problem)) from None

    def __set__(self, view: "View", value: datetime) -> None:
        self.day_path.write(view.loop, texts.format_date(value.date()))
        self.time_path.write(view.loop, texts.format_time(value.time()))


def moment(day_path: str, time_path: str) -> Moment:
    """Name a date and a time of day in two elements."""
    return Moment(day_path, time_path)


class Period:
    """First and last day of a DTP (D8 or RD8). Set with one date or with a pair."""

    __slots__ = ("format_path", "span_path")

    def __init__(self, path: str) -> None:
        self.format_path = Path(path + "02")
        self.span_path = Path(path + "03")

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: "View", owner: type) -> tuple[date, date] | None: ...
    def __get__(self, view: "View | None", owner: type) -> "tuple[date, date] | Self | None":
        if view is None:
            return self
        qualifier, written = self.format_path.read(view.loop), self.span_path.read(view.loop)
        if not written:
            return None
        try:
            return texts.parse_period(qualifier, written)
        except ValueError as problem:
            raise ElementError("DTP03", str(problem)) from None

    def __set__(self, view: "View", value: tuple[date, date] | date | None) -> None:
        if value is None:
            return
        first, last = value if isinstance(value, tuple) else (value, value)
        single = first == last
        self.format_path.write(view.loop, "D8" if single else "RD8")
        span = texts.format_date(first) if single else f"{texts.format_date(first)}-{texts.format_date(last)}"
        self.span_path.write(view.loop, span)


def period(path: str, *, default: Any = None) -> Period:  # noqa: ARG001 (marks the field optional)
    """First and last day of a DTP: `period("DTP[472]")`."""
    return Period(path)


def iterate(loop: Loop, segment_id: str, *qualifiers: str) -> Iterator[Elements]:
    """Element lists of the loop's own segments of one id."""
    for segment in loop.segments(segment_id, *qualifiers):
        yield segment.elements


class Timed:
    """Date and time of a DTP (DT); a date alone (D8) is its midnight."""

    __slots__ = ("format_path", "moment_path")

    def __init__(self, path: str) -> None:
        self.format_path = Path(path + "02")
        self.moment_path = Path(path + "03")

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: "View", owner: type) -> datetime | None: ...
    def __get__(self, view: "View | None", owner: type) -> "datetime | Self | None":
        if view is None:
            return self
        written = self.moment_path.read(view.loop)
        if not written:
            return None
        try:
            return datetime.combine(texts.parse_date(written[:8]), texts.parse_time(written[8:] or "0000"))
        except ValueError as problem:
            raise ElementError("DTP03", str(problem)) from None

    def __set__(self, view: "View", value: datetime | None) -> None:
        if value is not None:
            self.format_path.write(view.loop, "DT")
            self.moment_path.write(view.loop, texts.format_moment(value))


def timed(path: str, *, default: Any = None) -> Timed:  # noqa: ARG001 (marks the field optional)
    """Name a date and time in a DTP: `timed("DTP[435]")`."""
    return Timed(path)

"""Fields that hold moments and spans of days. X12 names no time zone, so moments are naive."""

from datetime import date, datetime
from typing import Any, ClassVar, Self, overload

from revcycle_x12._syntax import elements as texts
from revcycle_x12._syntax.errors import ElementError
from revcycle_x12._views.loop_view import LoopView
from revcycle_x12._views.path import Path


class Moment:
    """A date and time of day in two elements, without a zone (X12 names none)."""

    form: ClassVar[str] = "a datetime without a zone"

    __slots__ = ("day_path", "time_path")

    def __init__(self, day_path: str, time_path: str) -> None:
        self.day_path = Path(day_path)
        self.time_path = Path(time_path)

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: LoopView, owner: type) -> datetime: ...
    def __get__(self, view: LoopView | None, owner: type) -> "datetime | Self":
        if view is None:
            return self
        try:
            on = texts.parse_date(self.day_path.read(view.loop))
            return datetime.combine(on, texts.parse_time(self.time_path.read(view.loop) or "0000"))
        except ValueError as problem:
            raise ElementError(self.day_path.reference, str(problem)) from None

    def __set__(self, view: LoopView, value: datetime) -> None:
        self.day_path.write(view.loop, texts.format_date(value.date()))
        self.time_path.write(view.loop, texts.format_time(value.time()))


def moment(day_path: str, time_path: str) -> Moment:
    """Name a date and a time of day in two elements."""
    return Moment(day_path, time_path)


class Period:
    """First and last day of a DTP (D8 or RD8). Set with one date or with a pair."""

    form: ClassVar[str] = "a date, or a pair of dates (first, last)"

    __slots__ = ("format_path", "span_path")

    def __init__(self, path: str) -> None:
        self.format_path = Path(path + "02")
        self.span_path = Path(path + "03")

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: LoopView, owner: type) -> tuple[date, date] | None: ...
    def __get__(self, view: LoopView | None, owner: type) -> "tuple[date, date] | Self | None":
        if view is None:
            return self
        qualifier, written = self.format_path.read(view.loop), self.span_path.read(view.loop)
        if not written:
            return None
        try:
            return texts.parse_period(qualifier, written)
        except ValueError as problem:
            raise ElementError("DTP03", str(problem)) from None

    def __set__(self, view: LoopView, value: tuple[date, date] | date | None) -> None:
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


class Timed:
    """Date and time of a DTP (DT); a date alone (D8) is its midnight."""

    form: ClassVar[str] = "a datetime without a zone"

    __slots__ = ("format_path", "moment_path")

    def __init__(self, path: str) -> None:
        self.format_path = Path(path + "02")
        self.moment_path = Path(path + "03")

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: LoopView, owner: type) -> datetime | None: ...
    def __get__(self, view: LoopView | None, owner: type) -> "datetime | Self | None":
        if view is None:
            return self
        written = self.moment_path.read(view.loop)
        if not written:
            return None
        try:
            return datetime.combine(texts.parse_date(written[:8]), texts.parse_time(written[8:] or "0000"))
        except ValueError as problem:
            raise ElementError("DTP03", str(problem)) from None

    def __set__(self, view: LoopView, value: datetime | None) -> None:
        if value is not None:
            self.format_path.write(view.loop, "DT")
            self.moment_path.write(view.loop, texts.format_moment(value))


def timed(path: str, *, default: Any = None) -> Timed:  # noqa: ARG001 (marks the field optional)
    """Name a date and time in a DTP: `timed("DTP[435]")`."""
    return Timed(path)

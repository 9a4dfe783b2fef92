"""Fields that hold every segment of one kind in a loop: rejections, dates, references, messages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.elements import format_date, parse_period
from revcycle_x12._syntax.errors import ElementError
from revcycle_x12._views.fields import child_of
from revcycle_x12._views.loop_view import LoopView

R = TypeVar("R")


class Rows(Generic[R]):
    """A field holding one value for each segment of one id, in order; `loops` leads to the loop they stand in."""

    form: ClassVar[str] = "a list"

    __slots__ = ("build", "loops", "parse", "segment_id")

    def __init__(
        self, segment_id: str, parse: Callable[[Elements], R], build: Callable[[R], Elements], loops: str = ""
    ) -> None:
        self.segment_id = segment_id
        self.parse = parse
        self.build = build
        self.loops = tuple(filter(None, loops.split("/")))

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: LoopView, owner: type) -> list[R]: ...
    def __get__(self, view: LoopView | None, owner: type) -> "list[R] | Self":
        if view is None:
            return self
        at: Loop | None = view.loop
        for loop_id in self.loops:
            at = at.loop(loop_id) if at is not None else None
        return [self.parse([*item, *[""] * 4]) for item in at.lists(self.segment_id)] if at is not None else []

    def __set__(self, view: LoopView, value: Sequence[R]) -> None:
        at = view.loop
        for loop_id in self.loops:
            at = child_of(at, loop_id)
        at.content = [item for item in at.content if isinstance(item, Loop) or item[0] != self.segment_id]
        for row in value:
            elements = [self.segment_id, *self.build(row)]
            while not elements[-1]:
                elements.pop()
            at.content.append(elements)
        at.changed()


@dataclass(frozen=True, slots=True)
class Trace:
    """
    One TRN: a number that ties an answer to its question.

    `kind` is 1 where whoever sends the transaction made the number, 2 where it
    echoes the other side's. `originator` (ten characters) names who made it.
    """

    number: str
    originator: str = ""
    kind: str = "1"
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """One REF: a number and what it is (`qualifier`)."""

    qualifier: str
    id: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """One DTP: first and last day, and what they are the dates of (`qualifier`)."""

    qualifier: str
    first_on: date
    last_on: date

    @classmethod
    def parse(cls, item: Elements) -> "Dated":
        """Read a DTP. Raises ElementError where it holds no date."""
        try:
            first, last = parse_period(item[2], item[3])
        except ValueError as problem:
            raise ElementError("DTP03", str(problem)) from None
        return cls(item[1], first, last)

    def build(self) -> Elements:
        """Write it: one day as D8, several as RD8."""
        first, last = format_date(self.first_on), format_date(self.last_on)
        return [self.qualifier, "D8", first] if first == last else [self.qualifier, "RD8", f"{first}-{last}"]


def traces(*, default: Any = ()) -> Rows[Trace]:  # noqa: ARG001 (marks the field optional)
    """All TRN of a loop."""
    return Rows(
        "TRN",
        lambda item: Trace(item[2], item[3], item[1], item[4]),
        lambda row: [row.kind, row.number, row.originator, row.detail],
    )


def references(*, default: Any = ()) -> Rows[Reference]:  # noqa: ARG001
    """All REF of a loop."""
    return Rows(
        "REF",
        lambda item: Reference(item[1], item[2], item[3]),
        lambda row: [row.qualifier, row.id, row.description],
    )


def dates(*, default: Any = ()) -> Rows[Dated]:  # noqa: ARG001
    """All DTP of a loop."""
    return Rows("DTP", Dated.parse, Dated.build)


def messages(*, default: Any = ()) -> Rows[str]:  # noqa: ARG001
    """All MSG of a loop, as texts."""
    return Rows("MSG", lambda item: item[1], lambda row: [row])

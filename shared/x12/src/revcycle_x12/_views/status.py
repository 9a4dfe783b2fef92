"""STC: status codes of claims, as the 277 and the 277CA give them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self, overload

from revcycle_x12._reading.loop import Elements
from revcycle_x12._syntax.elements import format_cents, format_date, parse_cents, parse_date
from revcycle_x12._syntax.errors import ElementError
from revcycle_x12._views.loop_view import LoopView
from revcycle_x12.codes import text_of

_COMPOSITES = (1, 10, 11)


@dataclass(frozen=True, slots=True)
class Status:
    """
    One status: category and code, and the entity meant.

    Category A1 received, A2 accepted, A3 returned unprocessable, A4 not found,
    A5 split, A6 missing information, A7 invalid information, A8 relational; P
    pending, F finalized, R requests, E errors, D data search.
    """

    category: str
    code: str
    entity: str = ""
    on: date | None = None
    action: str = ""
    """277CA: U reject, WQ accept."""
    amount_cents: int | None = None
    paid_cents: int | None = None
    message: str = ""
    finalized_on: date | None = None
    """277: when the payer decided."""
    paid_on: date | None = None
    check_number: str = ""
    code_list: str = ""
    """RX where the code is one of the pharmacy standard's reject codes."""

    @property
    def text(self) -> str:
        """What is said, in our own words: category, status, and who is meant; what has no words stays a code."""
        parts = (
            text_of("status_category", self.category) or self.category,
            text_of("status", self.code) or self.code,
            text_of("entity", self.entity) or self.entity,
        )
        return "; ".join(filter(None, parts))

    @property
    def is_rejection(self) -> bool:
        """A claim so answered was not taken for adjudication."""
        return self.category in {"A3", "A4", "A6", "A7", "A8"}


def read_statuses(items: Sequence[Elements], separator: str) -> list[Status]:
    """Every status of these STC segments, one per composite. Raises ElementError for a broken date or amount."""
    found: list[Status] = []
    for item in items:
        row = [*item, *[""] * 13]
        try:
            on = parse_date(row[2]) if row[2] else None
            amount = parse_cents(row[4]) if row[4] else None
            paid = parse_cents(row[5]) if row[5] else None
            finalized = parse_date(row[6]) if row[6] else None
            paid_on = parse_date(row[8]) if row[8] else None
        except ValueError as problem:
            raise ElementError("STC", str(problem)) from None
        for at in _COMPOSITES:
            parts = [*row[at].split(separator), "", "", "", ""]
            if parts[0]:
                dates = (finalized, paid_on, row[9], parts[3])
                found.append(Status(parts[0], parts[1], parts[2], on, row[3], amount, paid, row[12], *dates))
    return found


def status_segment(status: Status, separator: str) -> Elements:
    """One STC for one status."""
    composite = separator.join([status.category, status.code, status.entity, status.code_list]).rstrip(separator)
    on, finalized, paid_on = (_date(day) for day in (status.on, status.finalized_on, status.paid_on))
    amounts = ["" if cents is None else format_cents(cents) for cents in (status.amount_cents, status.paid_cents)]
    elements = ["STC", composite, on, status.action, *amounts, finalized, "", paid_on, status.check_number]
    elements += ["", "", status.message]
    while not elements[-1]:
        elements.pop()
    return elements


def _date(day: date | None) -> str:
    return format_date(day) if day is not None else ""


class StatusesField:
    """A field holding the statuses of a loop."""

    form: ClassVar[str] = "a list of Status"

    __slots__ = ("loop_id",)

    def __init__(self, loop_id: str) -> None:
        self.loop_id = loop_id

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: LoopView, owner: type) -> list[Status]: ...
    def __get__(self, view: LoopView | None, owner: type) -> "list[Status] | Self":
        if view is None:
            return self
        loop = view.loop.loop(self.loop_id) if self.loop_id else view.loop
        return read_statuses(loop.lists("STC"), loop.delimiters.component) if loop is not None else []

    def __set__(self, view: LoopView, value: Sequence[Status]) -> None:
        from revcycle_x12._views.fields import child_of  # noqa: PLC0415 (fields is imported by everything that is imported here)

        loop = child_of(view.loop, self.loop_id) if self.loop_id else view.loop
        loop.content = [item for item in loop.content if not (isinstance(item, list) and item[0] == "STC")]
        loop.content += [status_segment(status, loop.delimiters.component) for status in value]
        loop.changed()


def statuses_of(loop_id: str = "", *, default: Any = ()) -> StatusesField:  # noqa: ARG001 (marks the field optional)
    """Give the statuses of a loop, or of a child loop."""
    return StatusesField(loop_id)

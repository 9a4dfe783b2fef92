"""Adjustments: the CAS triplets of remittances and of other payers' decisions, read and written."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, Self, overload

from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.elements import format_cents, parse_cents
from revcycle_x12._syntax.errors import ElementError
from revcycle_x12._views.loop_view import LoopView
from revcycle_x12.codes import AdjustmentGroup, text_of

_TRIPLETS_MAX = 6


class Adjustment(NamedTuple):
    """
    One reason why paid is not charged.

    Positive amounts lower the payment. `reason` is a claim adjustment reason
    code (CARC); `quantity` the units adjusted as written, empty where not stated.
    """

    group: AdjustmentGroup
    reason: str
    amount_cents: int
    quantity: str = ""

    @property
    def text(self) -> str:
        """What the reason means, in our own words; empty where there are none for it."""
        return text_of("carc", self.reason)


def read_adjustments(loop: Loop) -> list[Adjustment]:
    """All CAS triplets of a loop itself, in order. Raises ElementError where an amount is none."""
    found: list[Adjustment] = []
    for item in (loop.indexed or loop.index()).get("CAS", ()):
        size = len(item)
        group = _group(item[1]) if size > 1 else _group("")
        for at in range(2, size, 3):
            reason, amount = item[at], item[at + 1] if at + 1 < size else ""
            if reason or amount:
                try:
                    cents = parse_cents(amount)
                except ValueError as problem:
                    raise ElementError(f"CAS{at + 1:02d}", str(problem)) from None
                found.append(_new(Adjustment, (group, reason, cents, item[at + 2] if at + 2 < size else "")))
    return found


_group = lru_cache(64)(AdjustmentGroup)
_new = tuple.__new__


def write_adjustments(loop: Loop, adjustments: Sequence[Adjustment]) -> None:
    """Put adjustments in place of the loop's CAS segments: one segment a group, six triplets in each."""
    loop.content = [item for item in loop.content if not (isinstance(item, list) and item[0] == "CAS")]
    by_group: dict[str, list[Adjustment]] = {}
    for adjustment in adjustments:
        by_group.setdefault(adjustment.group, []).append(adjustment)
    for group, members in by_group.items():
        for at in range(0, len(members), _TRIPLETS_MAX):
            loop.content.append(_segment(group, members[at : at + _TRIPLETS_MAX]))
    loop.changed()


def _segment(group: str, members: list[Adjustment]) -> Elements:
    elements = ["CAS", str(group)]
    for member in members:
        elements += [member.reason, format_cents(member.amount_cents), member.quantity]
    while not elements[-1]:
        elements.pop()
    return elements


class AdjustmentsField:
    """A field holding the adjustments of a loop."""

    form: ClassVar[str] = "a list of Adjustment"

    __slots__ = ()

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: LoopView, owner: type) -> list[Adjustment]: ...
    def __get__(self, view: LoopView | None, owner: type) -> "list[Adjustment] | Self":
        return self if view is None else read_adjustments(view.loop)

    def __set__(self, view: LoopView, value: Sequence[Adjustment]) -> None:
        write_adjustments(view.loop, value)


def cas(*, default: Any = ()) -> AdjustmentsField:  # noqa: ARG001 (marks the field optional)
    """Give the adjustments of a loop."""
    return AdjustmentsField()

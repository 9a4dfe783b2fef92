"""PWK: papers that support a claim or a line, sent apart from it."""

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple, Self, overload

from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._views.loop_view import LoopView


class Attachment(NamedTuple):
    """
    One paper.

    `transmission` says how it comes: AA on request, BM mail, EL electronically,
    FX fax; `control_number` is what the paper itself carries.
    """

    report_type: str
    transmission: str
    control_number: str = ""


class AttachmentsField:
    """A field holding the attachments of a loop."""

    form: ClassVar[str] = "a list of Attachment"

    __slots__ = ()

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: LoopView, owner: type) -> list[Attachment]: ...
    def __get__(self, view: LoopView | None, owner: type) -> "list[Attachment] | Self":
        if view is None:
            return self
        rows = ([*item, *[""] * 7] for item in view.loop.lists("PWK"))
        return [Attachment(row[1], row[2], row[6]) for row in rows]

    def __set__(self, view: LoopView, value: Sequence[Attachment]) -> None:
        loop = view.loop
        loop.content = [item for item in loop.content if not _is_paper(item)]
        loop.content += [_segment(item) for item in value]
        loop.changed()


def _is_paper(item: "Elements | Loop") -> bool:
    return isinstance(item, list) and item[0] == "PWK"


def _segment(item: Attachment) -> Elements:
    elements = ["PWK", item.report_type, item.transmission]
    return [*elements, "", "", "AC", item.control_number] if item.control_number else elements


def attachments_of(*, default: Any = ()) -> AttachmentsField:  # noqa: ARG001 (marks the field optional)
    """Name the attachments of a loop."""
    return AttachmentsField()

"""TOO: the tooth, and its surfaces, that a dental service was given on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from revcycle_x12._views.loop_view import LoopView
from revcycle_x12._views.rows import Rows


@dataclass(frozen=True, slots=True)
class Tooth:
    """
    One TOO. `number` is 1 to 32 or A to T (universal numbering, JP).

    `surfaces` are letters: B buccal, D distal, F facial, I incisal, L lingual,
    M mesial, O occlusal; `"MO"` is two surfaces.
    """

    number: str
    surfaces: str = ""


class Teeth(Rows[Tooth]):
    """A field holding the teeth of a line."""

    __slots__ = ()

    def __set__(self, view: LoopView, value: Sequence[Tooth]) -> None:
        super().__set__(view, value)
        mark = view.loop.delimiters.component
        for item in view.loop.lists("TOO"):
            item[3:] = [mark.join(surfaces) for surfaces in item[3:]]


def teeth(*, default: Any = ()) -> Teeth:  # noqa: ARG001 (marks the field optional)
    """All TOO of a loop."""
    return Teeth(
        "TOO",
        lambda item: Tooth(item[2], "".join(filter(str.isalnum, item[3]))),
        lambda row: ["JP", row.number, row.surfaces],
    )

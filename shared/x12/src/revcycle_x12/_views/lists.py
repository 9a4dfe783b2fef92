"""Fields that hold lists: diagnosis pointers in one composite, codes in a row of segments."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar, Self, overload

from revcycle_x12._views.fields import Path
from revcycle_x12._views.loop_view import LoopView


@lru_cache(1 << 10)
def _numbers(text: str, separator: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(separator) if part.isdecimal())


class PointersField:
    """Numbers in the components of one element."""

    form: ClassVar[str] = "a list of whole numbers"

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: LoopView, owner: type) -> list[int]: ...
    def __get__(self, view: LoopView | None, owner: type) -> "list[int] | Self":
        if view is None:
            return self
        return list(_numbers(self.path.read(view.loop), view.loop.delimiters.component))

    def __set__(self, view: LoopView, value: Sequence[int]) -> None:
        self.path.write(view.loop, view.loop.delimiters.component.join(map(str, value)))


def pointers(path: str, *, default: Any = ()) -> PointersField:  # noqa: ARG001 (marks the field optional)
    """Places in another list, from 1, in one composite."""
    return PointersField(path)


class ListedField:
    """One text of each segment of a kind."""

    form: ClassVar[str] = "a list of texts"

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: LoopView, owner: type) -> list[str]: ...
    def __get__(self, view: LoopView | None, owner: type) -> "list[str] | Self":
        if view is None:
            return self
        place, codes = self.path.element, self.path.codes
        return [
            item[place]
            for item in (view.loop.indexed or view.loop.index()).get(self.path.segment, ())
            if len(item) > place and item[place] and (not codes or item[1] in codes)
        ]

    def __set__(self, view: LoopView, value: Sequence[str]) -> None:
        loop, path = view.loop, self.path
        loop.content = [item for item in loop.content if not self._mine(item)]
        blank = [path.segment, *path.codes[:1]]
        loop.content += [[*blank, *[""] * (path.element - len(blank)), text] for text in value]
        loop.changed()

    def _mine(self, item: object) -> bool:
        path = self.path
        return isinstance(item, list) and item[0] == path.segment and (not path.codes or item[1] in path.codes)


def listed(path: str, *, default: Any = ()) -> ListedField:  # noqa: ARG001 (marks the field optional)
    """One text of each segment of a kind: `listed("LQ[HE]02")` are all remark codes of a line."""
    return ListedField(path)

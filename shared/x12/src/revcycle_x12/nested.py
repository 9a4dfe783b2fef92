"""Fields for loops that stand in the name loop of a level (2100C/2110C), named on the level itself."""

from collections.abc import Sequence
from typing import Any, Generic, Self, TypeVar, overload

from revcycle_x12.fields import One, child_of, replace_loops
from revcycle_x12.view import View

V = TypeVar("V", bound=View)


class Within(Generic[V]):
    """Child loops of a child loop, in order, seen through a view class."""

    __slots__ = ("loop_id", "outer_id", "view")

    def __init__(self, view: type[V], outer_id: str, loop_id: str) -> None:
        self.view = view
        self.outer_id = outer_id
        self.loop_id = loop_id

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: View, owner: type) -> list[V]: ...
    def __get__(self, view: View | None, owner: type) -> "list[V] | Self":
        if view is None:
            return self
        outer = view.loop.loop(self.outer_id)
        return [self.view.of(loop) for loop in outer.loops(self.loop_id)] if outer is not None else []

    def __set__(self, view: View, value: Sequence[V]) -> None:
        replace_loops(child_of(view.loop, self.outer_id), self.loop_id, value)


class Keeping(One[V]):
    """One child loop; what stands in the loop it replaces is kept."""

    __slots__ = ()

    def __set__(self, view: View, value: V) -> None:
        before = view.loop.loop(self.loop_id)
        super().__set__(view, value)
        if before is not None and before is not value.loop:
            for child in before.loops():
                value.loop.add(child)


def within(view: type[V], outer_id: str, loop_id: str, *, default: Any = ()) -> Within[V]:  # noqa: ARG001 (marks the field optional)
    """Child loops of a child loop."""
    return Within(view, outer_id, loop_id)


def keeping(view: type[V], loop_id: str, *, default: Any = None) -> Keeping[V]:  # noqa: ARG001
    """One child loop, whose own child loops are set from outside."""
    return Keeping(view, loop_id, "required")

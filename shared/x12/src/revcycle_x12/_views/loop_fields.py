"""Fields that hold child loops, seen through view classes."""

from collections.abc import Sequence
from typing import Any, Generic, Self, TypeVar, overload

from revcycle_x12._grammar.spec import REQUIRED, loose
from revcycle_x12._reading.loop import Loop
from revcycle_x12._syntax.errors import ElementError
from revcycle_x12._views.loop_view import LoopView

V = TypeVar("V", bound=LoopView)
Seen = TypeVar("Seen")


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
    def __get__(self, view: LoopView, owner: type) -> Seen: ...
    def __get__(self, view: LoopView | None, owner: type) -> "Seen | Self":
        if view is None:
            return self
        found = view.loop.index().get(self.loop_id)
        if found is not None:
            if self.view.looks_up:
                found[0].parent = view.loop
            return self.view.of(found[0])  # type: ignore[no-any-return]
        if self.default is REQUIRED:
            raise ElementError(f"loop {self.loop_id}", "missing")
        return self.default  # type: ignore[no-any-return]

    @property
    def form(self) -> str:
        """What it takes, in words."""
        return f"a {self.view.__name__}"

    def __set__(self, view: LoopView, value: Seen) -> None:
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
    def __get__(self, view: LoopView, owner: type) -> list[V]: ...
    def __get__(self, view: LoopView | None, owner: type) -> "list[V] | Self":
        if view is None:
            return self
        loops = view.loop.index().get(self.loop_id, ())
        if self.view.looks_up:
            for loop in loops:
                loop.parent = view.loop
        return [self.view.of(loop) for loop in loops]

    @property
    def form(self) -> str:
        """What it takes, in words."""
        return f"a list of {self.view.__name__}"

    def __set__(self, view: LoopView, value: Sequence[V]) -> None:
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

"""Fields for loops that stand in the name loop of a level (2100C/2110C), named on the level itself."""

from collections.abc import Sequence
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

from revcycle_x12._grammar.spec import loose
from revcycle_x12._reading.loop import Loop
from revcycle_x12._views.fields import REQUIRED, Many, One, child_of, replace_loops
from revcycle_x12._views.loop_view import LoopView

V = TypeVar("V", bound=LoopView)


class Within(Generic[V]):
    """Child loops of a child loop, in order, seen through a view class."""

    form: ClassVar[str] = "a list"

    __slots__ = ("loop_id", "outer_id", "view")

    def __init__(self, view: type[V], outer_id: str, loop_id: str) -> None:
        self.view = view
        self.outer_id = outer_id
        self.loop_id = loop_id

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: LoopView, owner: type) -> list[V]: ...
    def __get__(self, view: LoopView | None, owner: type) -> "list[V] | Self":
        if view is None:
            return self
        outer = view.loop.loop(self.outer_id)
        return [self.view.of(loop) for loop in outer.loops(self.loop_id)] if outer is not None else []

    def __set__(self, view: LoopView, value: Sequence[V]) -> None:
        replace_loops(child_of(view.loop, self.outer_id), self.loop_id, value)
        for item in value:
            _settle(item.loop, self.loop_id[-1])


def _settle(loop: Loop, letter: str) -> None:
    """Give loops built for a subscriber (…C) the ids they have under a dependent (…D), and the other way."""
    for child in loop.loops():
        if child.spec.id[-1] != letter:
            child.spec = loose(child.spec.id[:-1] + letter)
            loop.changed()
        _settle(child, letter)


class Alike(Many[V]):
    """Child loops whose id ends with the letter of the level they stand in (2200D, 2200E)."""

    __slots__ = ()

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: LoopView, owner: type) -> list[V]: ...
    def __get__(self, view: LoopView | None, owner: type) -> "list[V] | Self":
        if view is None:
            return self
        return [self.view.of(loop) for loop in view.loop.loops() if loop.spec.id[:-1] == self.loop_id[:-1]]

    def __set__(self, view: LoopView, value: Sequence[V]) -> None:
        letter = view.loop.spec.id[-1]
        replace_loops(view.loop, self.loop_id[:-1] + letter, value)
        for item in value:
            _settle(item.loop, letter)


class Keeping(One[V]):
    """One child loop whose own child loops, and what was set before it, are kept when it is set."""

    __slots__ = ()

    def __set__(self, view: LoopView, value: V) -> None:
        before = view.loop.loop(self.loop_id)
        super().__set__(view, value)
        if before is None or before is value.loop:
            return
        named = before.elements("NM1") is not None
        for item in before.content:
            if isinstance(item, Loop) or not named:
                value.loop.add(item)


def within(view: type[V], outer_id: str, loop_id: str, *, default: Any = ()) -> Within[V]:  # noqa: ARG001 (marks the field optional)
    """Child loops of a child loop."""
    return Within(view, outer_id, loop_id)


def alike(view: type[V], loop_id: str, *, default: Any = ()) -> Alike[V]:  # noqa: ARG001
    """Child loops of one id but for its last letter."""
    return Alike(view, loop_id)


def keeping(view: type[V], loop_id: str, *, default: Any = None) -> Keeping[V]:  # noqa: ARG001
    """One child loop, whose own child loops are set from outside."""
    return Keeping(view, loop_id, REQUIRED)

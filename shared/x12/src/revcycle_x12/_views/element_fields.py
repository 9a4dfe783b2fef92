"""Fields for repeating elements and for percentages."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Self, overload

from revcycle_x12._syntax.errors import ElementError, WriteError
from revcycle_x12._views.fields import Path
from revcycle_x12._views.loop_view import LoopView

_WHOLE = 100


class Repeated:
    """A repeating element as a list of texts."""

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
        found, separator = self.path.read(view.loop), view.loop.delimiters.repetition
        if not found:
            return []
        return found.split(separator) if separator else [found]

    def __set__(self, view: LoopView, value: Sequence[str]) -> None:
        self.path.write(view.loop, (view.loop.delimiters.repetition or "^").join(value))


def repeated(path: str, *, default: Any = ()) -> Repeated:  # noqa: ARG001 (marks the field optional)
    """Name a repeating element."""
    return Repeated(path)


class Percent:
    """
    A share written as a fraction (`.2`), given in percent (20). None where absent.

    Raises ElementError for what is no share of the whole: 20 may have been meant
    as 20 percent, but nobody can know what 1 was meant as.
    """

    form: ClassVar[str] = "a percentage, such as Decimal(20)"

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: LoopView, owner: type) -> Decimal | None: ...
    def __get__(self, view: LoopView | None, owner: type) -> "Decimal | Self | None":
        if view is None:
            return self
        found = self.path.read(view.loop)
        if not found:
            return None
        try:
            share = Decimal(found)
        except InvalidOperation:
            raise ElementError(self.path.reference, "not a number") from None
        if not 0 <= share <= 1:
            raise ElementError(self.path.reference, "a share has to be between 0 and 1")
        return share * 100

    def __set__(self, view: LoopView, value: Decimal | int | None) -> None:
        if value is not None:
            if not 0 <= value <= _WHOLE:
                raise WriteError(self.path.reference, "a percentage has to be between 0 and 100")
            written = f"{Decimal(value) / 100:f}"
            self.path.write(view.loop, written.rstrip("0").rstrip(".") if "." in written else written)


def percent_of(path: str, *, default: Any = None) -> Percent:  # noqa: ARG001
    """Name a share in percent."""
    return Percent(path)

"""
Names for what stands in loops: fields that read an element when asked, and write one when set.

A view class names its fields with paths into its loop::

    class ServiceLine(LoopView):
        loop_id = "2400"
        charge_cents: Field[int] = cents("SV102")
        service_on: Field[date] = day("DTP[472]03")
        control_number: Field[str] = text("REF[6R]02", default="")

A path is `SEGMENT[qualifier]EE-C`: element EE, component C of the first segment
of that id whose first element is the qualifier (`[A|B]`: either; the first is
written). `2010AA/NM109` goes into a child loop. Reading is lazy: a broken element
raises ElementError when it is asked for, and harms nothing else.
"""

from collections.abc import Callable
from datetime import date, time
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

from revcycle_x12._grammar.spec import REQUIRED
from revcycle_x12._syntax import elements as texts
from revcycle_x12._views.date_fields import Moment, Period, Timed, moment, period, timed
from revcycle_x12._views.getters import getter_of
from revcycle_x12._views.loop_fields import Many, One, many, one, replace_loops
from revcycle_x12._views.loop_view import LoopView, wrong_form
from revcycle_x12._views.path import Path, child_of, path_of

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


if TYPE_CHECKING:

    class Field(Generic[T]):
        """One named value of a view: `decode` reads its text, `encode` writes it."""

        path: Path
        default: Any
        name: str
        form: str

        def __init__(
            self,
            path: str,
            decode: Callable[[str], T] | None,
            encode: Callable[[T], str],
            default: Any = REQUIRED,
            *,
            kind: type = str,
            form: str = "",
        ) -> None: ...

        @overload
        def __get__(self, view: None, owner: type) -> Self: ...
        @overload
        def __get__(self, view: LoopView, owner: type) -> T: ...
        def __get__(self, view: LoopView | None, owner: type) -> T | Self: ...
        def __set__(self, view: LoopView, value: T) -> None: ...

else:

    class Field(property):
        """
        One named value of a view: `decode` reads its text, `encode` writes it. A property, for its speed.

        What is set has to be of the `kind`; `form` says so in words.
        """

        def __init__(self, path, decode, encode, default=REQUIRED, *, kind=str, form=""):  # noqa: ANN001, ANN204
            self.path = Path(path)
            self.default = default
            self.name = ""
            self.form = form
            write = self.path.write

            def put(view, value):  # noqa: ANN001, ANN202 (typed above)
                if value is None or value == "":
                    write(view.loop, "")
                elif value.__class__ is kind or (isinstance(value, kind) and value.__class__ is not bool):
                    write(view.loop, encode(value))
                else:
                    raise wrong_form(view, self.name, self.form, value)

            super().__init__(getter_of(self.path, decode, default), put)

        def __class_getitem__(cls, _kind):  # noqa: ANN001, ANN204 (typed above)
            return cls

        def __set_name__(self, _owner, name):  # noqa: ANN001, ANN204 (typed above)
            self.name = name


@overload
def text(path: str) -> Field[str]: ...
@overload
def text(path: str, *, default: str) -> Field[str]: ...
def text(path: str, *, default: Any = REQUIRED) -> Field[Any]:
    """Name a text as it stands."""
    return Field(path, None, str, default, form='a text, such as "1"')


@overload
def cents(path: str) -> Field[int]: ...
@overload
def cents(path: str, *, default: int) -> Field[int]: ...
@overload
def cents(path: str, *, default: None) -> Field[int | None]: ...
def cents(path: str, *, default: Any = REQUIRED) -> Field[Any]:
    """Name an amount, in integer cents."""
    form = "an amount in whole cents, such as 12550 for 125.50"
    return Field(path, texts.parse_cents, texts.format_cents, default, kind=int, form=form)


@overload
def number(path: str) -> Field[int]: ...
@overload
def number(path: str, *, default: int) -> Field[int]: ...
@overload
def number(path: str, *, default: None) -> Field[int | None]: ...
def number(path: str, *, default: Any = REQUIRED) -> Field[Any]:
    """Name a whole number."""
    return Field(path, int, str, default, kind=int, form="a whole number")


@overload
def hundredths(path: str) -> Field[int]: ...
@overload
def hundredths(path: str, *, default: int) -> Field[int]: ...
@overload
def hundredths(path: str, *, default: None) -> Field[int | None]: ...
def hundredths(path: str, *, default: Any = REQUIRED) -> Field[Any]:
    """Name a quantity of at most two decimals, in integer hundredths: 150 is 1.5."""
    form = "a quantity in hundredths, such as 150 for 1.5"
    return Field(path, texts.parse_cents, texts.format_cents, default, kind=int, form=form)


@overload
def day(path: str) -> Field[date]: ...
@overload
def day(path: str, *, default: None) -> Field[date | None]: ...
def day(path: str, *, default: Any = REQUIRED) -> Field[Any]:
    """Name a calendar date (CCYYMMDD)."""
    form = "a date, such as date(2026, 1, 31)"
    return Field(path, texts.parse_date, texts.format_date, default, kind=date, form=form)


def clock(path: str, *, default: Any = REQUIRED) -> Field[time]:
    """Name a time of day, without a zone."""
    form = "a time of day, such as time(9, 30)"
    return Field(path, texts.parse_time, texts.format_time, default, kind=time, form=form)


@overload
def code(path: str, kind: type[E]) -> Field[E]: ...
@overload
def code(path: str, kind: type[E], *, default: E) -> Field[E]: ...
@overload
def code(path: str, kind: type[E], *, default: None) -> Field[E | None]: ...
def code(path: str, kind: type[E], *, default: Any = REQUIRED) -> Field[Any]:
    """Name a code of a known list; a code not in the list becomes a member named UNKNOWN with its own value."""
    form = f"a {kind.__name__} (one of {', '.join(kind)})"
    return Field(path, lru_cache(256)(kind), str, default, form=form)


def flag(path: str, *, default: bool = False) -> Field[bool]:
    """Y or N."""
    form = "True or False"
    return Field(path, lambda text: text == "Y", lambda value: "Y" if value else "N", default, kind=object, form=form)


__all__ = [
    "REQUIRED",
    "Field",
    "Many",
    "Moment",
    "One",
    "Path",
    "Period",
    "Timed",
    "cents",
    "child_of",
    "clock",
    "code",
    "day",
    "flag",
    "hundredths",
    "many",
    "moment",
    "number",
    "one",
    "path_of",
    "period",
    "replace_loops",
    "text",
    "timed",
]

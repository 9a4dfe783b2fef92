"""View: a loop under names a biller knows."""

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar, dataclass_transform

from revcycle_x12._grammar.spec import loose
from revcycle_x12._reading.loop import Loop
from revcycle_x12._syntax.errors import WriteError
from revcycle_x12._views.adjustments import cas
from revcycle_x12._views.attachments import attachments_of
from revcycle_x12._views.fields import (
    REQUIRED,
    Field,
    cents,
    clock,
    code,
    day,
    flag,
    hundredths,
    many,
    moment,
    number,
    one,
    period,
    text,
    timed,
)
from revcycle_x12._views.health_codes import health_codes
from revcycle_x12._views.lists import listed, pointers
from revcycle_x12._views.loop_view import LoopView, wrong_form
from revcycle_x12._views.procedure import procedure_code
from revcycle_x12._views.status import statuses_of

V = TypeVar("V", bound="View")


@dataclass_transform(
    kw_only_default=True,
    field_specifiers=(
        text,
        cents,
        number,
        hundredths,
        day,
        clock,
        code,
        flag,
        one,
        many,
        period,
        moment,
        procedure_code,
        cas,
        health_codes,
        statuses_of,
        pointers,
        listed,
        timed,
        attachments_of,
    ),
)
class View(LoopView):
    """
    A loop, read and written through named fields.

    `View.of(loop)` looks at a loop that was read. Calling the class with keyword
    arguments builds a new loop; what the library can know by itself (qualifiers
    with one possible value, HL and LX numbers, counts) is left out.
    """

    def __init__(self, **fields: Any) -> None:
        self.loop = Loop(loose(self.loop_id))
        setters, written = self._plan()
        later = []
        for name, value in fields.items():
            setter = setters.get(name)
            if setter is None:
                raise self._unknown(name, setters)
            if setter[1]:
                later.append((name, setter[0], value))  # whole loops go in first, then what is named inside of them
            else:
                self._set(name, setter[0], value)
        for name, setting, value in later:
            self._set(name, setting, value)
        for name, setting, default in written:
            if name not in fields:
                setting(self, default)

    def _unknown(self, name: str, names: Iterable[str]) -> TypeError:
        near = get_close_matches(name, names, 1)
        question = f"; is it {near[0]!r}?" if near else ""
        return TypeError(f"{type(self).__name__} has no field {name!r}{question}")

    def _set(self, name: str, setting: "_Setting", value: Any) -> None:
        """Set a field. Raises WriteError where it cannot hold the value, naming the field and what it takes."""
        try:
            setting(self, value)
        except WriteError:
            raise
        except (AttributeError, LookupError, TypeError, ValueError) as problem:
            item = getattr(type(self), name, None)
            raise wrong_form(self, name, getattr(item, "form", ""), value) from problem

    @classmethod
    def _plan(cls) -> "_Plan":
        """How each field is set, and what is written where nothing is said; worked out once for each class."""
        found: _Plan | None = cls.__dict__.get("_planned")
        if found is None:
            owned = {name: item for kind in reversed(cls.__mro__) for name, item in vars(kind).items()}
            settable = {name: item for name, item in owned.items() if _is_field(name, item)}
            setters = {name: (_setting(item), _is_inner(item)) for name, item in settable.items()}
            written = [
                (name, _setting(item), item.default)
                for name, item in settable.items()
                if isinstance(item, Field) and _is_value(item.default)
            ]
            found = (setters, written)
            cls._planned = found  # type: ignore[attr-defined]
        return found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, View) and list(self.loop.all_elements()) == list(other.loop.all_elements())

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.loop!r})"


_Setting = Callable[[View, Any], None]
_Plan = tuple[dict[str, tuple[_Setting, bool]], list[tuple[str, _Setting, Any]]]


def _is_field(name: str, item: object) -> bool:
    settable = item.fset is not None if isinstance(item, property) else hasattr(item, "__set__")
    return settable and not name.startswith("_")


def _setting(item: Any) -> _Setting:
    return item.__set__  # type: ignore[no-any-return]


def _is_inner(item: object) -> bool:
    """Say whether it is named inside of a child loop, or is a property that builds on fields."""
    return bool(item.path.loops) if isinstance(item, Field) else isinstance(item, property)


def _is_value(default: object) -> bool:
    return default is not REQUIRED and default is not None and default != "" and default is not False


def views(kind: type[V], loops: Sequence[Loop]) -> list[V]:
    """Look at several loops."""
    return [kind.of(loop) for loop in loops]

"""View: a loop under names a biller knows."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform

from revcycle_x12.adjustments import cas
from revcycle_x12.fields import (
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
)
from revcycle_x12.health_codes import health_codes
from revcycle_x12.loop import Loop
from revcycle_x12.procedure import procedure_code
from revcycle_x12.spec import loose
from revcycle_x12.status import statuses_of

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
    ),
)
class View:
    """
    A loop, read and written through named fields.

    `View.of(loop)` looks at a loop that was read. Calling the class with keyword
    arguments builds a new loop; what the library can know by itself (qualifiers
    with one possible value, HL and LX numbers, counts) is left out.
    """

    loop: Loop = None  # type: ignore[assignment]
    loop_id: ClassVar[str] = ""

    def __init__(self, **fields: Any) -> None:
        self.loop = Loop(loose(self.loop_id))
        later = []
        for name, value in fields.items():
            field = getattr(type(self), name, None)
            if field is None:
                raise TypeError(f"{type(self).__name__} has no field {name!r}")
            if isinstance(field, Field) and field.path.loops:
                later.append((name, value))  # whole loops are put in first, then what is named inside of them
            else:
                setattr(self, name, value)
        for name, value in later:
            setattr(self, name, value)
        for name, default in self._defaults():
            if name not in fields:
                setattr(self, name, default)

    @classmethod
    def _defaults(cls) -> list[tuple[str, Any]]:
        """What is written where nothing is said: defaults that are values."""
        found: list[tuple[str, Any]] | None = cls.__dict__.get("_written")
        if found is None:
            owned = {name: item for kind in reversed(cls.__mro__) for name, item in vars(kind).items()}
            found = [(n, f.default) for n, f in owned.items() if isinstance(f, Field) and _is_value(f.default)]
            cls._written = found  # type: ignore[attr-defined]
        return found

    @classmethod
    def of(cls, loop: Loop) -> Self:
        """Look at a loop."""
        view = cls.__new__(cls)
        view.loop = loop
        return view

    def __eq__(self, other: object) -> bool:
        return isinstance(other, View) and list(self.loop.all_elements()) == list(other.loop.all_elements())

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.loop!r})"


def _is_value(default: object) -> bool:
    return default is not REQUIRED and default is not None and default != "" and default is not False


def views(kind: type[V], loops: Sequence[Loop]) -> list[V]:
    """Look at several loops."""
    return [kind.of(loop) for loop in loops]

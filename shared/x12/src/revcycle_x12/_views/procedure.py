"""The procedure composite (C003) of SV1, SV2, SV3, SVC and SVD."""

from functools import lru_cache
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar, overload

from revcycle_x12._syntax.errors import ElementError, WriteError
from revcycle_x12._views.fields import REQUIRED, Path
from revcycle_x12._views.loop_view import LoopView

P = TypeVar("P")


class Procedure(NamedTuple):
    """A service named by a code: `qualifier` is HC for HCPCS and CPT, N4 for NDC, AD for dental, NU for revenue."""

    code: str
    modifiers: tuple[str, ...] = ()
    qualifier: str = "HC"
    description: str = ""

    @staticmethod
    @lru_cache(1 << 13)
    def parse(text: str, separator: str) -> "Procedure":
        """Read the composite."""
        qualifier, _, rest = text.partition(separator)
        parts = rest.split(separator)
        modifiers = tuple(part for part in parts[1:5] if part)
        return Procedure(parts[0], modifiers, qualifier, parts[5] if len(parts) > 5 else "")  # noqa: PLR2004 (C003-7)

    def format(self, separator: str) -> str:
        """Write the composite."""
        modifiers = [*self.modifiers, "", "", "", ""][:4] if self.description else list(self.modifiers)
        parts = [self.qualifier, self.code, *modifiers, *filter(None, [self.description])]
        if any(separator in part for part in parts):
            raise WriteError("procedure", f"the text holds the component separator {separator!r}")
        return separator.join(parts)


class ProcedureField(Generic[P]):
    """A field holding a Procedure."""

    form: ClassVar[str] = "a Procedure"

    __slots__ = ("default", "path")

    def __init__(self, path: str, default: Any) -> None:
        self.path = Path(path)
        self.default = default

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: LoopView, owner: type) -> P: ...
    def __get__(self, view: LoopView | None, owner: type) -> "P | Self":
        if view is None:
            return self
        text = self.path.read(view.loop)
        if text:
            return Procedure.parse(text, view.loop.delimiters.component)  # type: ignore[return-value]
        if self.default is REQUIRED:
            raise ElementError(self.path.reference, "missing")
        return self.default  # type: ignore[no-any-return]

    def __set__(self, view: LoopView, value: P) -> None:
        if value is not None and not isinstance(value, Procedure):
            raise TypeError(self.form)
        if value is not None:
            self.path.write(view.loop, value.format(view.loop.delimiters.component))


@overload
def procedure_code(path: str) -> ProcedureField[Procedure]: ...
@overload
def procedure_code(path: str, *, default: None) -> ProcedureField[Procedure | None]: ...
def procedure_code(path: str, *, default: Any = REQUIRED) -> ProcedureField[Any]:
    """Give a procedure composite."""
    return ProcedureField(path, default)

"""What a field needs of the view it stands in: the loop looked at."""

from typing import ClassVar, Self

from revcycle_x12._reading.loop import Loop
from revcycle_x12._syntax.errors import WriteError

_new = object.__new__


def wrong_form(view: object, name: str, form: str, value: object) -> WriteError:
    """Say which field of which view was given what it cannot hold, and what it takes."""
    return WriteError(
        f"{type(view).__name__}.{name}", f"{form or 'something else'} is needed, not {type(value).__name__}"
    )


class LoopView:
    """A look at one loop. `View` gives it names."""

    loop: Loop
    loop_id: ClassVar[str] = ""
    looks_up: ClassVar[bool] = False
    """The view asks for loops above its own, though its loop is not handed out by the stream itself."""

    @classmethod
    def of(cls, loop: Loop) -> Self:
        """Look at a loop."""
        view = _new(cls)
        view.loop = loop
        return view

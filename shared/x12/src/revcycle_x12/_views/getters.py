"""How a field is read, compiled: one function for each field, with nothing in it that the field does not need."""

from collections.abc import Callable
from typing import Any

from revcycle_x12._grammar.spec import REQUIRED
from revcycle_x12._syntax.errors import ElementError
from revcycle_x12._views.loop_view import LoopView
from revcycle_x12._views.path import Path

Decode = Callable[[str], Any] | None


def getter_of(path: Path, decode: Decode, default: Any) -> Callable[[LoopView], Any]:
    """Compile the reading of a field: its element's text decoded, or what stands for an absent one."""
    if path.component or path.loops:
        return _through_path(path, decode, default)
    return _qualified(path, decode, default) if path.codes else _plain(path, decode, default)


def _absent(path: Path, default: Any) -> Any:
    if default is REQUIRED:
        raise ElementError(path.reference, "missing")
    return default


def _decoded(path: Path, decode: Decode, text: str) -> Any:
    if decode is None:
        return text
    try:
        return decode(text)
    except ValueError as problem:
        raise ElementError(path.reference, str(problem)) from None


def _plain(path: Path, decode: Decode, default: Any) -> Callable[[LoopView], Any]:
    """Give an element of the first segment of its id."""
    segment, element = path.segment, path.element

    def get(view: LoopView) -> Any:
        loop = view.loop
        found = (loop.indexed or loop.index()).get(segment)
        if found is not None and len(found[0]) > element:
            text = found[0][element]
            if text:
                return text if decode is None else _decoded(path, decode, text)
        return _absent(path, default)

    return get


def _qualified(path: Path, decode: Decode, default: Any) -> Callable[[LoopView], Any]:
    """Give an element of the first segment that carries the qualifier."""
    segment, element, codes = path.segment, path.element, frozenset(path.codes)

    def get(view: LoopView) -> Any:
        loop = view.loop
        for elements in (loop.indexed or loop.index()).get(segment, ()):
            if len(elements) > 1 and elements[1] in codes:
                if len(elements) > element and elements[element]:
                    text = elements[element]
                    return text if decode is None else _decoded(path, decode, text)
                break
        return _absent(path, default)

    return get


def _through_path(path: Path, decode: Decode, default: Any) -> Callable[[LoopView], Any]:
    """Give an element of a child loop, or a component."""
    read = path.read

    def get(view: LoopView) -> Any:
        text = read(view.loop)
        return _decoded(path, decode, text) if text else _absent(path, default)

    return get

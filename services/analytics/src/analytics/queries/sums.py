"""Sums that the database made, as values."""

from collections.abc import Iterable
from typing import TypeVar

import msgspec
from sqlalchemy import RowMapping

T = TypeVar("T", bound=msgspec.Struct)


def summed(kind: type[T], row: RowMapping, *, prefix: str = "", names: Iterable[str] | None = None) -> T:
    """Return the value whose fields (all, or those named) are sums of a row, under their names after a prefix."""
    wanted = kind.__struct_fields__ if names is None else names
    return msgspec.convert({name: int(row[f"{prefix}{name}"]) for name in wanted}, kind)

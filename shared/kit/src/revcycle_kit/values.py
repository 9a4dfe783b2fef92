"""Values: what domain code and messages are made of."""

from typing import dataclass_transform

import msgspec
from msgspec.structs import replace

__all__ = ["Value", "replace"]


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """
    A plain value that never changes: compared by its fields, changed by `replace`.

    In a document or a message, a field that holds its default takes no room; so a default, once released, stays what
    it is, and a field that SQL searches is a column or has no default.
    """

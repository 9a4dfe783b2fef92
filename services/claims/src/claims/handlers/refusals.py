"""How a refusal of the domain is answered to the person who asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from claims.domain.refusal import Refused
from revcycle_kit.errors import Conflict


@contextmanager
def conflict_over(field: str) -> Iterator[None]:
    """Answer what the domain refuses as a conflict over this field of the request, with the domain's fix."""
    try:
        yield
    except Refused as refused:
        raise Conflict(refused.reason, field, refused.fix) from refused

"""What eligibility's tests share: places, messages, and a clearinghouse that answers as it is told."""

from collections.abc import Callable
from uuid import UUID

import pytest

ORGANIZATION = UUID("00000000-0000-8000-8000-00000000000a")
CLINIC = UUID("00000000-0000-8000-8000-00000000000c")

Segments = Callable[..., bytes]


@pytest.fixture
def message() -> Segments:
    """Join segments into one HL7 v2 message, as senders end them."""

    def join(*segments: str) -> bytes:
        return ("\r".join(segments) + "\r").encode()

    return join

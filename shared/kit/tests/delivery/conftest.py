"""The small shop under test."""

from typing import Any

import pytest

from revcycle_kit.testing import shop as small
from revcycle_kit.testing.shop import Carrier, build


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture
async def shop(harness: Any, carrier: Carrier) -> Any:
    return await harness(build(carrier))


@pytest.fixture
def events() -> Any:
    """The event classes of the small shop."""
    return small

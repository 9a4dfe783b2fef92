"""The office of denials, opened for each test."""

import pytest

from denials.testing.office import Office, open_office
from revcycle_kit.testing.harness import Build


@pytest.fixture
async def office(harness: Build) -> Office:
    """Open the service on a fresh database; the directory has spoken."""
    return await open_office(harness)

"""The API of denials with one claim refused, and its callers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from denials.testing.api import Clients, serving
from denials.testing.office import Office, open_office
from revcycle_kit.testing.harness import Build


@pytest.fixture
async def office(harness: Build) -> Office:
    """Open the service; the directory has spoken, one claim was refused."""
    office = await open_office(harness)
    await office.refuse()
    return office


@pytest.fixture
async def clients(office: Office, tmp_path: Path) -> AsyncIterator[Clients]:
    """Make clients: `clients("biller", clinic=…)`."""
    async with serving(office.harness, tmp_path) as clients:
        yield clients

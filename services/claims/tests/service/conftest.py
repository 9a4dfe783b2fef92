"""A billing office on a fresh database, and clients of its API."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from claims.service import build
from claims.testing.api_clients import ApiClients
from claims.testing.billing_office import START, BillingOffice, ScriptedClearinghouse
from claims.testing.payer_files import PayerFiles
from revcycle_kit.testing.harness import Harness


@pytest.fixture
async def office(harness: Callable[..., Awaitable[Harness]]) -> BillingOffice:
    """Open the service on a fresh database; the directory has spoken."""
    clearinghouse = ScriptedClearinghouse()
    started: list[Harness] = []
    service = build(clearinghouse, lambda: started[0].runtime)
    started.append(await harness(service, package="claims", start=START))
    office = BillingOffice(started[0], clearinghouse, PayerFiles())
    await office.know()
    return office


@pytest.fixture
async def api(office: BillingOffice, tmp_path: Path) -> AsyncIterator[ApiClients]:
    """Open the API of the office."""
    clients = ApiClients(office.harness.runtime, tmp_path)
    yield clients
    await clients.close()

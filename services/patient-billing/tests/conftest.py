"""Patient billing under test: an account played day by day, and the service on real PostgreSQL with scripted mail."""

from collections.abc import Awaitable, Callable

import pytest

from patient_billing.service import build
from patient_billing.testing.accounts import AccountBook
from patient_billing.testing.mail import ScriptedMail
from patient_billing.testing.office import START, BillingOffice
from revcycle_kit.testing.harness import Harness


@pytest.fixture
async def office(harness: Callable[..., Awaitable[Harness]]) -> BillingOffice:
    """Open patient billing with its directory known."""
    mail = ScriptedMail()
    opened: list[Harness] = []
    service = build(mail, lambda: opened[0].sealer)
    opened.append(await harness(service, package="patient_billing", start=START))
    office = BillingOffice(opened[0], mail)
    await office.know_directory()
    return office


@pytest.fixture
def book() -> AccountBook:
    """Open an account under the default policy."""
    return AccountBook()

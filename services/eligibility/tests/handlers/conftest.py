"""Eligibility at work, with a directory entered and a scripted clearinghouse."""

from collections.abc import Awaitable, Callable

import pytest

from eligibility.service import build
from eligibility.testing.clearinghouse import ScriptedClearinghouse
from eligibility.testing.practice import START, Practice, open_practice
from revcycle_kit.testing.harness import Harness


@pytest.fixture
def clearinghouse() -> ScriptedClearinghouse:
    """Return a clearinghouse that answers nothing of use until a test says otherwise."""
    return ScriptedClearinghouse()


@pytest.fixture
async def practice(harness: Callable[..., Awaitable[Harness]], clearinghouse: ScriptedClearinghouse) -> Practice:
    """Return a clinic with a payee, a clinician and a payer in the directory."""
    at_work = await harness(build(clearinghouse), package="eligibility", start=START)
    return await open_practice(at_work, clearinghouse)

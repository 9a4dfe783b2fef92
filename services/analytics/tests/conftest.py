"""Analytics at work, encounters to tell it of, days that pass, callers."""

from pathlib import Path

import pytest

from analytics.queries.database import ReadOnlyDatabase
from analytics.service import build
from analytics.storage import AnalyticsWork
from analytics.testing.api import Callers
from analytics.testing.days import Days
from analytics.testing.visits import Visits
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.testing.harness import Build, Harness


@pytest.fixture
async def analytics(harness: Build) -> Harness:
    """Start the service on a fresh database, which it also measures."""
    running: list[Runtime[AnalyticsWork]] = []
    under_test = await harness(build(ReadOnlyDatabase.over(lambda: running[0])), package="analytics")
    running.append(under_test.runtime)
    return under_test


@pytest.fixture
def visits(analytics: Harness) -> Visits:
    """Make encounters by their names."""
    return Visits(analytics)


@pytest.fixture
def days(analytics: Harness) -> Days:
    """Let days pass."""
    return Days(analytics)


@pytest.fixture
def callers(analytics: Harness, tmp_path: Path) -> Callers:
    """Make clients with a grant."""
    return Callers.of(analytics, tmp_path)

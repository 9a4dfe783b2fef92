"""A KPI that newly misses its target is visit, on the morning after something moved, and not again while it lasts."""

from datetime import date
from uuid import UUID

import pytest

from analytics.messages import MeasureFigures
from analytics.queries.database import ReadOnlyDatabase
from analytics.testing.days import Days
from analytics.testing.visits import Visit, Visits
from revcycle_kit.errors import Unavailable
from revcycle_kit.ids import derived_id
from revcycle_kit.testing.harness import Harness


async def announced_misses(analytics: Harness, clinic: UUID) -> list[str]:
    """Return the KPIs told as missed, in order."""
    stream_id = derived_id("kpi", str(clinic))
    return [data["kpi"] for name, data in await analytics.said(stream_id) if name == "kpi_target_missed"]


async def refused(visits: Visits, name: str) -> Visit:
    """Tell an encounter whose claim is refused and given up: nothing stays open."""
    visit = visits(name)
    await visit.register()
    await visit.charge(100_00)
    await visit.submit("a", 100_00)
    await visit.acknowledge("a")
    await visit.decide("a", 0, (100_00, {"CO-197 denial": 100_00}), outcome="denied")
    await visit.give_up("denial", 60_00, adjusted=40_00)
    return visit


async def paid(visits: Visits, name: str) -> None:
    """Tell an encounter that is paid at once."""
    visit = visits(name)
    await visit.register()
    await visit.charge(100_00)
    await visit.submit("a", 100_00)
    await visit.acknowledge("a")
    await visit.decide("a", 60_00, (100_00, {"CO-45 contractual": 40_00}))


async def test_a_missed_target_is_told_with_its_parts(analytics: Harness, visits: Visits, days: Days) -> None:
    visit = await refused(visits, "one")

    await days(8)

    assert ["net_collection_rate", "denial_rate", "first_pass_rate"] == await announced_misses(analytics, visit.clinic)
    [denial_rate] = [miss for _, miss in await analytics.said() if miss.get("kpi") == "denial_rate"]
    assert (1, 1, "< 5 %") == (denial_rate["numerator"], denial_rate["denominator"], denial_rate["target"])
    assert str(visit.clinic) == denial_rate["clinic_id"]
    assert "2026-01-05" == denial_rate["as_of"]


async def test_a_target_missed_again_the_next_day_is_no_news(analytics: Harness, visits: Visits, days: Days) -> None:
    visit = await refused(visits, "one")
    await days(8)
    before = await announced_misses(analytics, visit.clinic)

    await refused(visits, "two")
    await days(8)

    assert before == await announced_misses(analytics, visit.clinic)


async def test_a_target_reached_in_between_makes_the_next_miss_news(
    analytics: Harness, visits: Visits, days: Days
) -> None:
    """1 of 1 refused, then 1 of 21 (4.76 %), then 2 of 22 (9.09 %)."""
    visit = await refused(visits, "one")
    await days(8)
    for number in range(20):
        await paid(visits, f"good {number}")
    await days(8)
    await refused(visits, "two")
    await days(8)

    assert 2 == (await announced_misses(analytics, visit.clinic)).count("denial_rate")


async def test_figures_are_measured_once_a_week_and_only_when_something_moved(
    analytics: Harness, visits: Visits, days: Days
) -> None:
    for number in range(3):
        await paid(visits, f"visit {number}")

    await days(30)

    [measured] = await analytics.query("SELECT count(*) AS times FROM task WHERE name = 'measure_figures'")
    assert 1 == measured["times"]


async def test_without_tables_to_read_nothing_is_measured_and_it_is_tried_again() -> None:
    effect = MeasureFigures(clinic_id=derived_id("clinic"), as_of=date(2026, 1, 5))

    with pytest.raises(Unavailable):
        await ReadOnlyDatabase().measure_kpis(effect, "figures")

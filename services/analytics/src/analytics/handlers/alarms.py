"""Alarms: a deadline was missed, a journey stalled, a KPI misses its target."""

from datetime import UTC
from typing import Final
from uuid import UUID

from analytics import events
from analytics.figures.deadlines import next_week
from analytics.handlers.concluding import conclude
from analytics.messages import DeadlineDue, FiguresDue, FiguresMoved, Measured, MeasureFigures
from analytics.storage import AnalyticsWork, Standing
from revcycle_kit.delivery.messages import Reply
from revcycle_kit.values import replace

FIGURES: Final = "figures"


async def raise_alarm(_: DeadlineDue, work: AnalyticsWork) -> None:
    """Tell each deadline that has passed, once; where none is ahead and nothing happens any more, tell the stall."""
    encounter = replace(work.encounter(work.stream.id), armed_at=None)
    for wait in encounter.overdue(work.now):
        work.publish(events.deadline_missed(encounter, wait))
    alarmed = encounter.alarmed(work.now)
    if alarmed.stalled and not encounter.stalled:
        work.publish(events.journey_stalled(encounter, work.now))
    conclude(alarmed, work)


async def schedule_measuring(_: FiguresMoved, work: AnalyticsWork) -> None:
    """Measure the clinic's figures on the next Monday, once for all that happened until then."""
    work.later(FiguresDue(), next_week(work.now), FIGURES)


async def measure_kpis(_: FiguresDue, work: AnalyticsWork) -> None:
    """Have the figures added up outside the transaction."""
    as_of = work.now.astimezone(UTC).date()
    effect = MeasureFigures(clinic_id=work.stream.tenant_id, as_of=as_of)
    work.effect(effect, key=f"figures-{work.stream.tenant_id}-{as_of}")


async def compare_with_targets(reply: Reply[Measured], work: AnalyticsWork) -> None:
    """Tell a KPI that newly misses its target; one that missed it before is no news."""
    effect = reply.effect
    assert isinstance(effect, MeasureFigures)  # noqa: S101 - the reply to this effect
    before = _standing(work.stream.id, work)
    for miss in reply.answer.misses:
        if miss.kpi not in before.missed:
            work.publish(events.kpi_target_missed(miss, effect))
    missed = tuple(miss.kpi for miss in reply.answer.misses)
    work.standings.put(replace(before, missed=missed, as_of=effect.as_of))


def _standing(standing_id: UUID, work: AnalyticsWork) -> Standing:
    return work.standings.find(standing_id) or Standing(standing_id=standing_id)

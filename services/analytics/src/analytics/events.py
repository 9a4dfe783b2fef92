"""Builders of the promised events; the promises themselves stand in `published`."""

from datetime import datetime

from analytics import published
from analytics.figures.deadlines import Wait
from analytics.figures.encounters import Encounter, next_step
from analytics.messages import MeasureFigures, Miss
from revcycle_kit.events import build


def deadline_missed(encounter: Encounter, wait: Wait) -> published.DeadlineMissed:
    """Say that a step did not happen in time."""
    return build(published.DeadlineMissed, wait, encounter_id=encounter.encounter_id)


def journey_stalled(encounter: Encounter, now: datetime) -> published.JourneyStalled:
    """Say since when nothing has happened, and what comes next."""
    since = encounter.last_at or now
    return build(published.JourneyStalled, encounter, since=since, next_step=next_step(encounter))


def kpi_target_missed(miss: Miss, measured: MeasureFigures) -> published.KpiTargetMissed:
    """Say that a KPI of a clinic is on the wrong side of its target."""
    return build(published.KpiTargetMissed, miss, clinic_id=measured.clinic_id, as_of=measured.as_of)

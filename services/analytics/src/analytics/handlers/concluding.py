"""The end of every event of an encounter: what changed is kept, and the next alarm is set."""

from datetime import UTC

from analytics.figures.encounters import ENDED, Encounter
from analytics.messages import DeadlineDue, FiguresMoved, figures_stream
from analytics.storage import AnalyticsWork
from revcycle_kit.values import replace

ALARM = "deadline"


def conclude(encounter: Encounter, work: AnalyticsWork) -> None:
    """Keep the encounter, with its timer at the earliest deadline; a journey that has ended waits for nothing."""
    if encounter.waits and encounter.state in ENDED:
        encounter = replace(encounter, waits=())
    work.encounters.put(_armed(encounter, work))


def moved_figures(encounter: Encounter, work: AnalyticsWork) -> Encounter:
    """Ask once a day for the clinic's KPIs to be measured."""
    today = work.now.astimezone(UTC).date()
    if encounter.measured_on == today:
        return encounter
    work.send(FiguresMoved(), to=figures_stream(work.stream.tenant_id), key=today.isoformat())
    return replace(encounter, measured_on=today)


def _armed(encounter: Encounter, work: AnalyticsWork) -> Encounter:
    """
    Set the alarm, unless it stands right.

    The alarm for silence may ring too early: it is set anew then, and not at every event.
    """
    wakes_at, armed_at = encounter.wakes_at, encounter.armed_at
    only_silence = all(wait.missed for wait in encounter.waits)
    if wakes_at == armed_at or (armed_at and wakes_at and only_silence and armed_at <= wakes_at):
        return encounter
    if wakes_at is None:
        work.cancel(DeadlineDue, ALARM)
    else:
        work.later(DeadlineDue(), wakes_at, ALARM)
    return replace(encounter, armed_at=wakes_at)

"""Single encounters over HTTP: their journeys, where they stand, what they wait for."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from analytics.figures.encounters import State
from analytics.http import views
from analytics.http.requests import Reader, Scoped
from analytics.queries import encounters, journeys
from revcycle_kit.errors import NotFound
from revcycle_kit.http import Cursor, Now, Page, Paging, Runner

router = APIRouter(prefix="/v1", tags=["journeys"])

by_service_day = Cursor("encounters", tuple[date, UUID])
by_due = Cursor("deadlines", tuple[datetime, UUID])


@router.get("/journeys/{encounter_id}")
async def read_journey(encounter_id: UUID, caller: Reader, now: Now, runner: Runner) -> views.JourneyView:
    """Tell every event of one encounter in order, what is late, and what comes next."""
    async with runner.read(caller) as connection:
        row = await encounters.find_encounter(connection, encounter_id)
        if row is None:
            raise NotFound("encounter")
        steps = await journeys.read_steps(connection, row.clinic_id, encounter_id)
    shown = views.EncounterView.of(row.clinic_id, row.encounter, now)
    return views.JourneyView(encounter=shown, events=[views.StepView.of(step) for step in steps])


@router.get("/encounters/counts")
async def count_encounters(caller: Reader, scope: Scoped, runner: Runner) -> views.EncounterCounts:
    """Count encounters by where they stand."""
    async with runner.read(caller) as connection:
        by_state = await encounters.count_states(connection, scope)
    return views.EncounterCounts.of(by_state)


@router.get("/encounters")
async def list_encounters(
    *,
    caller: Reader,
    scope: Scoped,
    paging: Paging,
    now: Now,
    runner: Runner,
    state: Annotated[list[State] | None, Query(description="Only these states.")] = None,
) -> Page[views.EncounterView]:
    """List encounters by day of service, with their money and what comes next."""
    after = by_service_day.read(paging.cursor)
    async with runner.read(caller) as connection:
        rows = await encounters.encounters(connection, scope, state or [], after, paging.limit + 1)
    return by_service_day.page(rows, paging, item=_shown(now), after=lambda row: (row.day, row.encounter.encounter_id))


@router.get("/deadlines")
async def list_deadlines(
    *,
    caller: Reader,
    scope: Scoped,
    paging: Paging,
    now: Now,
    runner: Runner,
    late: Annotated[bool, Query(description="Only encounters on which something is late.")] = False,
) -> Page[views.EncounterView]:
    """List encounters that wait for something, the most urgent first, each with its deadlines."""
    after = by_due.read(paging.cursor)
    until = now if late else None
    async with runner.read(caller) as connection:
        rows = await encounters.deadlines(connection, scope, until, after, paging.limit + 1)
    return by_due.page(rows, paging, item=_shown(now), after=lambda row: (row.due_at, row.encounter.encounter_id))


def _shown(now: datetime) -> Callable[[encounters.OfClinic], views.EncounterView]:
    return lambda row: views.EncounterView.of(row.clinic_id, row.encounter, now)

"""HTTP of analytics: journeys, figures, deadlines, reconciliation. Everything is read; nothing is changed."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Query

from analytics.figures import aging
from analytics.figures.encounters import State
from analytics.http import views
from analytics.queries import balances, encounters, events, journeys, kpis, reconciliation
from analytics.queries.scope import Scope
from revcycle_kit.auth import Grant, Verifier
from revcycle_kit.clock import Clock, SystemClock
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.errors import NotFound, Refusal, Unauthenticated
from revcycle_kit.http import Check, Cursor, Now, Page, Paging, openapi_json, requires, service_app

READERS = ("biller", "front_desk", "coder", "lead", "manager", "client", "auditor", "operator")
CONTROLLERS = ("lead", "manager", "client", "auditor", "operator")
Reader = Annotated[Grant, requires(*READERS)]
Controller = Annotated[Grant, requires(*CONTROLLERS)]

by_service_day = Cursor("encounters", tuple[date, UUID])
by_due = Cursor("deadlines", tuple[datetime, UUID])


async def _scope(
    *,
    caller: Reader,
    now: Now,
    clinic_id: Annotated[UUID | None, Query(description="Only this clinic; else every clinic of the grant.")] = None,
    payer_id: Annotated[UUID | None, Query(description="Only encounters of this primary payer.")] = None,
    provider_id: Annotated[UUID | None, Query(description="Only this rendering provider.")] = None,
    month: Annotated[str | None, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="Such as 2026-03.")] = None,
    as_of: Annotated[date | None, Query(description="As known on this day; today by default.")] = None,
) -> Scope:
    """Return whose figures are asked for; a clinic outside the grant does not exist."""
    if clinic_id is not None:
        caller.require_clinic(clinic_id)
    today = now.astimezone(UTC).date()
    first = _first_of(month) if month else None
    return Scope(as_of=as_of or today, clinic_id=clinic_id, payer_id=payer_id, provider_id=provider_id, month=first)


def _first_of(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Refusal("This is no month.", "query.month", "Write it such as 2026-03.") from None


Scoped = Annotated[Scope, Depends(_scope)]


def journey_routes(runtime: Runtime[Any]) -> APIRouter:
    """Make the routes about single encounters."""
    router = APIRouter(prefix="/v1", tags=["journeys"])

    @router.get("/journeys/{encounter_id}")
    async def read_journey(encounter_id: UUID, caller: Reader, now: Now) -> views.JourneyView:
        """Tell every event of one encounter in order, what is late, and what comes next."""
        async with runtime.read(caller) as connection:
            found = await journeys.find_encounter(connection, encounter_id)
            if found is None:
                raise NotFound("encounter")
            clinic_id, encounter = found
            steps = await journeys.read_steps(connection, clinic_id, encounter_id)
        shown = views.EncounterView.of(clinic_id, encounter, now)
        return views.JourneyView(encounter=shown, events=[views.StepView.of(step) for step in steps])

    @router.get("/encounters/counts")
    async def count_encounters(caller: Reader, scope: Scoped) -> views.EncounterCounts:
        """Count encounters by where they stand."""
        async with runtime.read(caller) as connection:
            by_state = await encounters.count_states(connection, scope)
        return views.EncounterCounts.of(by_state)

    @router.get("/encounters")
    async def list_encounters(
        caller: Reader,
        scope: Scoped,
        paging: Paging,
        now: Now,
        state: Annotated[list[State] | None, Query(description="Only these states.")] = None,
    ) -> Page[views.EncounterView]:
        """List encounters by day of service, with their money and what comes next."""
        after = by_service_day.read(paging.cursor)
        async with runtime.read(caller) as connection:
            rows = await encounters.encounters(connection, scope, state or [], after, paging.limit + 1)
        return by_service_day.page(rows, paging, item=_shown(now), after=lambda row: (row.day, row.id))

    @router.get("/deadlines")
    async def list_deadlines(
        caller: Reader,
        scope: Scoped,
        paging: Paging,
        now: Now,
        late: Annotated[bool, Query(description="Only encounters on which something is late.")] = False,  # noqa: FBT002 - a query parameter
    ) -> Page[views.EncounterView]:
        """List encounters that wait for something, the most urgent first, each with its deadlines."""
        after = by_due.read(paging.cursor)
        until = now if late else None
        async with runtime.read(caller) as connection:
            rows = await encounters.deadlines(connection, scope, until, after, paging.limit + 1)
        return by_due.page(rows, paging, item=_shown(now), after=lambda row: (row.next_due_at, row.id))

    return router


def _shown(now: datetime) -> Callable[[Any], views.EncounterView]:
    return lambda row: views.EncounterView.of(row.clinic_id, journeys.encounter_of(row.body), now)


def figure_routes(runtime: Runtime[Any]) -> APIRouter:
    """Make the routes about figures."""
    router = APIRouter(prefix="/v1", tags=["figures"])

    @router.get("/kpis")
    async def read_kpis(caller: Reader, scope: Scoped) -> views.KpisView:
        """Compute the KPIs of a scope, each with numerator, denominator, exclusions, as-of, target and colour."""
        async with runtime.read(caller) as connection:
            figures = await kpis.compute_kpis(connection, scope)
        month = f"{scope.month:%Y-%m}" if scope.month else None
        shown = views.ScopeView(
            clinic_id=scope.clinic_id,
            payer_id=scope.payer_id,
            provider_id=scope.provider_id,
            month=month,
            as_of=scope.as_of,
        )
        return views.KpisView(scope=shown, kpis=[views.KpiView.of(kpi) for kpi in figures.values()])

    @router.get("/money")
    async def read_money(caller: Reader, scope: Scoped) -> views.MoneyTotals:
        """Add up the money of all encounters in scope; each is checked for itself. Cash is that of granted payees."""
        async with runtime.read(caller) as connection:
            each = await balances.balances(connection, scope)
            whole = aging.total(each)
            cash = await balances.cash(connection, scope.as_of)
            patients = await balances.patient_cash(connection, whole)
        return views.MoneyTotals.of(scope.as_of, each, whole, cash, patients)

    @router.get("/aging")
    async def read_aging(caller: Reader, scope: Scoped) -> views.AgingView:
        """Sort what is open by its age from service, insurance and patient apart, credits apart."""
        async with runtime.read(caller) as connection:
            each = await balances.balances(connection, scope)
        return views.AgingView(as_of=scope.as_of, buckets=aging.aged(each, scope.as_of))

    @router.get("/event-counts")
    async def count_events(caller: Reader) -> views.EventCounts:
        """Count the events heard, by type."""
        async with runtime.read(caller) as connection:
            by_type = await events.count_events(connection)
        return views.EventCounts.of(by_type)

    @router.get("/reconciliation")
    async def reconcile(caller: Controller, now: Now) -> views.ReconciliationView:
        """Compare services, payers and bank with one another; an empty list of findings means that all agree."""
        async with runtime.read(caller) as connection:
            made = await reconciliation.reconcile(connection, now.astimezone(UTC).date(), caller.clinics)
        return views.ReconciliationView(
            as_of=made.as_of, agrees=not made.findings, checked=made.checked, findings=made.findings
        )

    return router


def build_app(runtime: Runtime[Any], verifier: Verifier) -> FastAPI:
    """Make the HTTP application."""
    return _app(runtime, verifier, runtime.clock, {"database": runtime.check})


def describe() -> str:
    """Return the OpenAPI description, for `contracts/api/openapi.json`; needs no database."""
    return openapi_json(_app(cast("Runtime[Any]", None), _Nobody(), SystemClock(), {}))


def _app(runtime: Runtime[Any], verifier: Verifier, clock: Clock, readiness: Mapping[str, Check]) -> FastAPI:
    return service_app(
        name="analytics",
        routers=[journey_routes(runtime), figure_routes(runtime)],
        verifier=verifier,
        clock=clock,
        readiness=readiness,
    )


class _Nobody:
    """Believes no token: a description needs none."""

    async def verify(self, token: str) -> Grant:
        raise Unauthenticated(f"no token of {len(token)} characters is believed here")

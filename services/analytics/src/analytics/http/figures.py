"""Figures over HTTP: KPIs, money, aging, counts of events, reconciliation."""

from datetime import UTC

from fastapi import APIRouter

from analytics.figures import aging
from analytics.http import views
from analytics.http.requests import Controller, Reader, Scoped
from analytics.queries import balances, events, kpis, reconciliation
from revcycle_kit.http import Now, Runner

router = APIRouter(prefix="/v1", tags=["figures"])


@router.get("/kpis")
async def read_kpis(caller: Reader, scope: Scoped, runner: Runner) -> views.KpisView:
    """Compute the KPIs of a scope, each with numerator, denominator, exclusions, as-of, target and colour."""
    async with runner.read(caller) as connection:
        figures = await kpis.compute_kpis(connection, scope)
    return views.KpisView(scope=views.ScopeView.of(scope), kpis=[views.KpiView.of(kpi) for kpi in figures.values()])


@router.get("/money")
async def read_money(caller: Reader, scope: Scoped, runner: Runner) -> views.MoneyTotals:
    """Add up the money of all encounters in scope; each is checked for itself. Cash is that of granted payees."""
    async with runner.read(caller) as connection:
        of_encounters = await balances.balances(connection, scope)
        whole = aging.total(of_encounters)
        cash = await balances.cash(connection, scope.as_of)
        patients = await balances.patient_cash(connection, whole)
    return views.MoneyTotals.of(scope.as_of, of_encounters, whole, cash, patients)


@router.get("/aging")
async def read_aging(caller: Reader, scope: Scoped, runner: Runner) -> views.AgingView:
    """Sort what is open by its age from service, insurance and patient apart, credits apart."""
    async with runner.read(caller) as connection:
        of_encounters = await balances.balances(connection, scope)
    return views.AgingView.of(scope.as_of, aging.aged(of_encounters, scope.as_of))


@router.get("/event-counts")
async def count_events(caller: Reader, runner: Runner) -> views.EventCounts:
    """Count the events heard, by type."""
    async with runner.read(caller) as connection:
        by_type = await events.count_events(connection)
    return views.EventCounts.of(by_type)


@router.get("/reconciliation")
async def reconcile(caller: Controller, now: Now, runner: Runner) -> views.ReconciliationView:
    """Compare services, payers and bank with one another; an empty list of findings means that all agree."""
    async with runner.read(caller) as connection:
        compared = await reconciliation.reconcile(connection, now.astimezone(UTC).date(), caller.clinics)
    return views.ReconciliationView.of(compared)

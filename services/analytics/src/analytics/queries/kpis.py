"""
What KPIs are made of, added up by the database: money by encounter, and what became of claims.

Money is counted by posting date up to the as-of day, so a figure as of an earlier day is what was known then. A month
means for each figure what its date basis says: service month, month of the first 835 or of the first edit, posting
month; a balance is then the one at the month's end.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Executable, Select, and_, case, cast, func, not_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.figures.kpis import DAYS, ClaimSums, Kpi, MoneySums, all_kpis
from analytics.figures.money import Amounts
from analytics.queries.scope import Scope
from analytics.queries.sums import summed
from analytics.storage import claim_table, encounter_table, posting_table
from revcycle_kit.values import replace

_P = posting_table.c
_E = encounter_table.c
_C = claim_table.c


async def compute_kpis(connection: AsyncConnection, scope: Scope) -> dict[str, Kpi]:
    """Compute every KPI of a scope, as far as the connection's grant reaches."""
    money = await money_sums(connection, scope)
    claims = await claim_sums(connection, scope)
    return all_kpis(money, claims, scope.as_of)


async def money_sums(connection: AsyncConnection, scope: Scope) -> MoneySums:
    """Add up the money of the encounters in scope."""
    row = (await connection.execute(_money(scope))).mappings().one()
    return replace(
        summed(MoneySums, row, names=_OTHER),
        closed=summed(Amounts, row, prefix="closed_", names=_OF_COHORT),
        posted=summed(Amounts, row, prefix="posted_", names=_OF_PERIOD),
    )


_OF_COHORT = ("charged_cents", "insurance_paid_cents", "adjusted_cents", "patient_paid_cents", "charity_cents")
_OF_PERIOD = ("charged_cents", "adjusted_cents", "charity_cents", "refused_loss_cents", "bad_debt_cents")
_OTHER = (
    "unclosed_charged_cents",
    "unclosed_encounters",
    "insurance_open_cents",
    "patient_open_cents",
    "credit_cents",
    "in_transit_cents",
    "aged_open_cents",
    "recent_charged_cents",
)


def _money(scope: Scope) -> Executable:
    sums = _by_encounter(scope).subquery("sums")
    c = sums.c
    reached = sums.join(encounter_table, and_(_E.clinic_id == c.clinic_id, _E.id == c.stream_id))
    settled = and_(c.insurance_now == 0, c.patient_now == 0, c.in_transit_now == 0)
    in_cohort = scope.within(_E.service_on) if scope.month else true()
    closed, unclosed = and_(settled, in_cohort), and_(not_(settled), in_cohort)
    unpaid = func.greatest(c.insurance_open, 0) + func.greatest(c.patient_open, 0)
    credit = func.greatest(-c.insurance_open, 0) + func.greatest(-c.patient_open, 0)
    aged = _E.service_on < scope.balance_on - timedelta(days=DAYS)
    return (
        select(
            *(_sum(c[name], closed).label(f"closed_{name}") for name in _OF_COHORT),
            *(_sum(c[f"period_{name}"]).label(f"posted_{name}") for name in _OF_PERIOD),
            _sum(c.charged_cents, unclosed).label("unclosed_charged_cents"),
            func.count().filter(unclosed).label("unclosed_encounters"),
            _sum(func.greatest(c.insurance_open, 0)).label("insurance_open_cents"),
            _sum(func.greatest(c.patient_open, 0)).label("patient_open_cents"),
            _sum(credit).label("credit_cents"),
            _sum(c.in_transit).label("in_transit_cents"),
            _sum(unpaid, aged).label("aged_open_cents"),
            _sum(c.recent).label("recent_charged_cents"),
        )
        .select_from(reached)
        .where(_E.state != "cancelled", *scope.owner(_E))
    )


def _by_encounter(scope: Scope) -> Select[Any]:
    """Add up each encounter: all that is known, what was posted in the period, and the balances at its end."""
    period = scope.within(_P.posted_on)
    by_then = _P.posted_on <= scope.balance_on
    recent = by_then & (_P.posted_on > scope.balance_on - timedelta(days=DAYS))
    return (
        select(
            _P.clinic_id,
            _P.stream_id,
            *(_sum(_P[name]).label(name) for name in _OF_COHORT),
            *(_sum(_P[name], period).label(f"period_{name}") for name in _OF_PERIOD),
            _sum(_P.insurance_open_cents).label("insurance_now"),
            _sum(_P.patient_open_cents).label("patient_now"),
            _sum(_P.transferred_cents - _P.received_cents).label("in_transit_now"),
            _sum(_P.insurance_open_cents, by_then).label("insurance_open"),
            _sum(_P.patient_open_cents, by_then).label("patient_open"),
            _sum(_P.transferred_cents - _P.received_cents, by_then).label("in_transit"),
            _sum(_P.charged_cents - _P.capitated_cents, recent).label("recent"),
        )
        .where(_P.posted_on <= scope.as_of, *_clinic(scope))
        .group_by(_P.clinic_id, _P.stream_id)
    )


def _clinic(scope: Scope) -> list[ColumnElement[bool]]:
    return [_P.clinic_id == scope.clinic_id] if scope.clinic_id else []


async def claim_sums(connection: AsyncConnection, scope: Scope) -> ClaimSums:
    """Count what became of the claims in scope."""
    row = (await connection.execute(_claims(scope))).mappings().one()
    return summed(ClaimSums, row)


def _claims(scope: Scope) -> Executable:
    decided = and_(_C.counted, scope.within(_C.decided_on))
    edited = and_(_C.counted, not_(_C.resubmission), scope.within(_C.first_edited_on))
    accepted = or_(_C.accepted_on <= scope.as_of, _C.decided_on <= scope.as_of)
    rejected = _on(_C.rejected_on <= scope.as_of)
    answered = or_(_on(accepted), rejected, _C.held)
    resolved = _C.first_outcome == "resolved"
    at_once = and_(resolved, not_(_C.rejected_before))
    duplicate = and_(_C.first_outcome == "duplicate", scope.within(_C.decided_on))
    return select(
        _count(edited, answered).label("edited"),
        _count(edited, _on(accepted), not_(rejected), not_(_C.touched), not_(_C.held)).label("clean"),
        _count(edited, not_(answered)).label("unanswered"),
        _count(decided).label("decided"),
        _count(decided, _C.first_outcome == "denied").label("denied"),
        _count(decided, _C.first_outcome == "information").label("information"),
        _count(decided, at_once).label("resolved"),
        _count(decided, resolved, _C.rejected_before).label("rejected_then_decided"),
        _sum(_C.charge_cents, decided).label("decided_charge_cents"),
        _sum(_C.denied_charge_cents, decided).label("denied_charge_cents"),
        _count(duplicate).label("duplicates"),
    ).where(*scope.owner(_C))


def _on(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Take a comparison with an unknown date as false."""
    return func.coalesce(condition, False)


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(and_(*conditions))


def _sum(amount: ColumnElement[Any], condition: ColumnElement[bool] | None = None) -> ColumnElement[int]:
    chosen = amount if condition is None else case((condition, amount), else_=0)
    return cast(func.coalesce(func.sum(chosen), 0), BigInteger)

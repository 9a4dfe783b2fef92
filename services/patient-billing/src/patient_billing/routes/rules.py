"""Rules of a billing entity: its policies by day, and the closing of its months."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from patient_billing.commands import ClosePeriod, SetPolicy
from patient_billing.domain.policy import SMALL_BALANCE_CENTS, BillingPolicy
from patient_billing.messages import period_stream, rules_stream
from patient_billing.routes.asking import Asked, Desk, organization_of
from revcycle_kit.auth import Grant
from revcycle_kit.http import IdempotencyKey, requires
from revcycle_kit.money import Cents

Manager = Annotated[Grant, requires("manager", "client", "operator")]
Percent = Annotated[int, Field(ge=0, le=10_000)]
Days = Annotated[int, Field(ge=0, le=366)]


class PolicyAsked(Asked):
    """How patients are billed; percentages are basis points (4000 is 40 %)."""

    self_pay_discount_basis_points: Percent = 0
    clinic_discounts: dict[UUID, Percent] = Field(default_factory=dict)
    first_statement_after_days: Days = 1
    statement_days: list[Days] = Field(default=[0, 30, 60, 90], min_length=1, max_length=12)
    due_after_days: Days = 21
    reminder_after_days: Days = 14
    small_balance_cents: int = Field(default=SMALL_BALANCE_CENTS, ge=0, le=10_00, strict=True)
    credit_rest_days: Days = 14
    prepayment_rest_days: Days = 120
    presented_pause_days: Days = 30
    plan_grace_days: Days = 5
    plan_missed_max: int = Field(default=2, ge=1, le=12)
    plan_installments_max: int = Field(default=36, ge=1, le=120)
    agency: str = Field(default="Collection agency", min_length=1, max_length=80)
    agency_fee_basis_points: Percent = 2500
    bad_debt_automatic: bool = True


def rule_routes(desk: Desk) -> APIRouter:
    """Return the routes that state rules and close months."""
    router = APIRouter(prefix="/v1", tags=["rules"])

    @router.put("/billing-entities/{billing_entity_id}/policies/{effective_on}", status_code=204)
    async def set_policy(
        billing_entity_id: UUID, effective_on: date, asked: PolicyAsked, caller: Manager, key: IdempotencyKey
    ) -> Response:
        """Let a policy hold from a day on; the self-pay discount goes by the day of service, the rest by today."""
        caller.require_billing_entity(billing_entity_id)
        told = asked.model_dump()
        small, days = Cents(told.pop("small_balance_cents")), tuple(sorted(set(told.pop("statement_days"))))
        policy = BillingPolicy(effective_on, small_balance_cents=small, statement_days=days, **told)
        stream = rules_stream(organization_of(caller), billing_entity_id)
        command = SetPolicy(billing_entity_id=billing_entity_id, policy=policy)
        await desk.runtime.execute(command, stream, grant=caller, key=key)
        return Response(status_code=204)

    @router.post("/billing-entities/{billing_entity_id}/periods/{period}/close", status_code=204)
    async def close_period(billing_entity_id: UUID, period: str, caller: Manager, key: IdempotencyKey) -> Response:
        """Close a month (2026-10) that is over: later entries post into the next."""
        caller.require_billing_entity(billing_entity_id)
        command = ClosePeriod(organization_id=organization_of(caller), period=period)
        await desk.runtime.execute(command, period_stream(billing_entity_id), grant=caller, key=key)
        return Response(status_code=204)

    return router

"""Rules of a billing entity: its policies by day, and the closing of its months."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response

from patient_billing.domain.policy import BillingPolicy
from patient_billing.http.requests import Manager, PolicyAsked
from patient_billing.messages import ClosePeriod, SetPolicy, period_stream, rules_stream
from revcycle_kit.http import IdempotencyKey, Runner
from revcycle_kit.money import Cents

router = APIRouter(prefix="/v1", tags=["rules"])


@router.put("/billing-entities/{billing_entity_id}/policies/{effective_on}", status_code=204)
async def set_policy(
    billing_entity_id: UUID,
    effective_on: date,
    *,
    request: PolicyAsked,
    caller: Manager,
    key: IdempotencyKey,
    runner: Runner,
) -> Response:
    """Let a policy hold from a day on; the self-pay discount goes by the day of service, the rest by today."""
    caller.require_billing_entity(billing_entity_id)
    rules = request.model_dump()
    small, days = Cents(rules.pop("small_balance_cents")), tuple(sorted(set(rules.pop("statement_days"))))
    policy = BillingPolicy(effective_on, small_balance_cents=small, statement_days=days, **rules)
    stream = rules_stream(caller.require_organization(), billing_entity_id)
    command = SetPolicy(billing_entity_id=billing_entity_id, policy=policy)
    await runner.run(command, stream, caller=caller, key=key)
    return Response(status_code=204)


@router.post("/billing-entities/{billing_entity_id}/periods/{period}/close", status_code=204)
async def close_period(
    billing_entity_id: UUID, period: str, caller: Manager, key: IdempotencyKey, runner: Runner
) -> Response:
    """Close a month (2026-10) that is over: later entries post into the next."""
    caller.require_billing_entity(billing_entity_id)
    command = ClosePeriod(organization_id=caller.require_organization(), period=period)
    await runner.run(command, period_stream(billing_entity_id), caller=caller, key=key)
    return Response(status_code=204)

"""Payment plans."""

from uuid import UUID

from fastapi import APIRouter

from patient_billing.http.requests import ACCOUNT, Clerk, PlanAsked, run_on_account
from patient_billing.http.views import AccountStateView
from patient_billing.messages import CancelPlan, StartPlan
from revcycle_kit.http import IdempotencyKey, Runner

router = APIRouter(prefix="/v1", tags=["care"])


@router.post(ACCOUNT + "/plans", status_code=201)
async def start_plan(
    billing_entity_id: UUID,
    account_id: UUID,
    *,
    request: PlanAsked,
    caller: Clerk,
    key: IdempotencyKey,
    runner: Runner,
) -> AccountStateView:
    """Put what is due, of all encounters or of those named, into monthly installments."""
    agreed = request.model_dump(exclude={"encounter_ids"})
    command = StartPlan(**agreed, encounter_ids=tuple(request.encounter_ids))
    return await run_on_account(runner, command, billing_entity_id, account_id, caller=caller, key=key)


@router.post(ACCOUNT + "/plans/cancel")
async def cancel_plan(
    billing_entity_id: UUID, account_id: UUID, caller: Clerk, key: IdempotencyKey, runner: Runner
) -> AccountStateView:
    """End the running plan: statements ask for what is left."""
    return await run_on_account(runner, CancelPlan(), billing_entity_id, account_id, caller=caller, key=key)

"""Financial assistance."""

from uuid import UUID

from fastapi import APIRouter

from patient_billing.http.requests import ACCOUNT, AssistanceAsked, Clerk, Lead, run_on_account
from patient_billing.http.views import AccountStateView
from patient_billing.messages import ApplyForAssistance, DecideAssistance
from revcycle_kit.http import IdempotencyKey, Runner

router = APIRouter(prefix="/v1", tags=["care"])


@router.post(ACCOUNT + "/assistance-applications", status_code=201)
async def apply_for_assistance(
    billing_entity_id: UUID, account_id: UUID, caller: Clerk, key: IdempotencyKey, runner: Runner
) -> AccountStateView:
    """Receive an application for financial assistance: everything waits for its decision."""
    return await run_on_account(runner, ApplyForAssistance(), billing_entity_id, account_id, caller=caller, key=key)


@router.post(ACCOUNT + "/assistance-applications/{application_id}/decide")
async def decide_assistance(
    billing_entity_id: UUID,
    account_id: UUID,
    *,
    application_id: UUID,
    request: AssistanceAsked,
    caller: Lead,
    key: IdempotencyKey,
    runner: Runner,
) -> AccountStateView:
    """Forgive a share of everything owed as charity."""
    command = DecideAssistance(application_id=application_id, percent_basis_points=request.percent_basis_points)
    return await run_on_account(runner, command, billing_entity_id, account_id, caller=caller, key=key)

"""Holds."""

from uuid import UUID

from fastapi import APIRouter

from patient_billing.domain.hold import HoldReason
from patient_billing.http.requests import ACCOUNT, Biller, HoldAsked, run_on_account
from patient_billing.http.views import AccountStateView
from patient_billing.messages import PlaceHold, ReleaseHold
from revcycle_kit.http import IdempotencyKey, Runner

router = APIRouter(prefix="/v1", tags=["care"])


@router.post(ACCOUNT + "/holds", status_code=201)
async def place_hold(
    billing_entity_id: UUID,
    account_id: UUID,
    *,
    request: HoldAsked,
    caller: Biller,
    key: IdempotencyKey,
    runner: Runner,
) -> AccountStateView:
    """Stop statements, reminders, plan and placement."""
    command = PlaceHold(reason=HoldReason(request.reason))
    return await run_on_account(runner, command, billing_entity_id, account_id, caller=caller, key=key)


@router.post(ACCOUNT + "/holds/lift")
async def lift_hold(
    billing_entity_id: UUID,
    account_id: UUID,
    *,
    request: HoldAsked,
    caller: Biller,
    key: IdempotencyKey,
    runner: Runner,
) -> AccountStateView:
    """Lift a hold; installments move by the days it stood."""
    command = ReleaseHold(reason=HoldReason(request.reason))
    return await run_on_account(runner, command, billing_entity_id, account_id, caller=caller, key=key)

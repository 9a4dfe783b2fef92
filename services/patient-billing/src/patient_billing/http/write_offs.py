"""Write-offs by hand."""

from uuid import UUID

from fastapi import APIRouter

from patient_billing.domain.approval import check_tier
from patient_billing.http.requests import ACCOUNT, Biller, WriteOffAsked, run_on_account
from patient_billing.http.runner import Runner
from patient_billing.http.views import AccountStateView
from patient_billing.messages import WriteOff
from revcycle_kit.http import IdempotencyKey

router = APIRouter(prefix="/v1", tags=["money"])


@router.post(ACCOUNT + "/write-offs", status_code=201)
async def write_off_balance(
    billing_entity_id: UUID,
    account_id: UUID,
    *,
    request: WriteOffAsked,
    caller: Biller,
    key: IdempotencyKey,
    runner: Runner,
) -> AccountStateView:
    """Give up part or all of what an encounter owes, as far as the caller's role allows."""
    check_tier(request.amount_cents, caller.roles)
    command = WriteOff(**request.model_dump())
    return await run_on_account(runner, command, billing_entity_id, account_id, caller=caller, key=key)

"""Write-offs by hand."""

from uuid import UUID

from fastapi import APIRouter

from patient_billing.domain.approval import check_tier
from patient_billing.domain.ledger import WriteOffClass
from patient_billing.http.requests import ACCOUNT, Biller, WriteOffAsked, run_on_account
from patient_billing.http.views import AccountStateView
from patient_billing.messages import WriteOff
from revcycle_kit.http import IdempotencyKey, Runner
from revcycle_kit.money import Cents

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
    command = WriteOff(
        encounter_id=request.encounter_id,
        write_off_class=WriteOffClass(request.write_off_class),
        amount_cents=Cents(request.amount_cents),
    )
    return await run_on_account(runner, command, billing_entity_id, account_id, caller=caller, key=key)

"""Disputes."""

from uuid import UUID

from fastapi import APIRouter

from patient_billing.domain.dispute import DisputeKind, DisputeOutcome
from patient_billing.http.requests import ACCOUNT, Clerk, DisputeAsked, Lead, ResolutionAsked, run_on_account
from patient_billing.http.views import AccountStateView
from patient_billing.messages import OpenDispute, ResolveDispute
from revcycle_kit.http import IdempotencyKey, Runner
from revcycle_kit.money import Cents

router = APIRouter(prefix="/v1", tags=["care"])


@router.post(ACCOUNT + "/disputes", status_code=201)
async def open_dispute(
    billing_entity_id: UUID,
    account_id: UUID,
    *,
    request: DisputeAsked,
    caller: Clerk,
    key: IdempotencyKey,
    runner: Runner,
) -> AccountStateView:
    """Open a dispute: the account is held until it is decided."""
    command = OpenDispute(
        encounter_id=request.encounter_id, kind=DisputeKind(request.kind), amount_cents=Cents(request.amount_cents)
    )
    return await run_on_account(runner, command, billing_entity_id, account_id, caller=caller, key=key)


@router.post(ACCOUNT + "/disputes/{dispute_id}/resolve")
async def resolve_dispute(
    billing_entity_id: UUID,
    account_id: UUID,
    *,
    dispute_id: UUID,
    request: ResolutionAsked,
    caller: Lead,
    key: IdempotencyKey,
    runner: Runner,
) -> AccountStateView:
    """Decide a dispute."""
    adjusted = Cents(request.adjusted_cents)
    command = ResolveDispute(dispute_id=dispute_id, outcome=DisputeOutcome(request.outcome), adjusted_cents=adjusted)
    return await run_on_account(runner, command, billing_entity_id, account_id, caller=caller, key=key)

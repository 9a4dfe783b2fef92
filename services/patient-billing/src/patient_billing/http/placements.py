"""Agencies: placements, and what they collected."""

from uuid import UUID

from fastapi import APIRouter

from patient_billing.http.requests import ACCOUNT, Biller, Lead, PlacementAsked, RecoveryAsked, run_on_account
from patient_billing.http.views import AccountStateView
from patient_billing.messages import PlaceWithAgency, RecallPlacement, TakeRecovery
from revcycle_kit.http import IdempotencyKey, Runner

router = APIRouter(prefix="/v1")


@router.post(ACCOUNT + "/placements", tags=["care"], status_code=201)
async def place_with_agency(
    billing_entity_id: UUID,
    account_id: UUID,
    *,
    request: PlacementAsked,
    caller: Lead,
    key: IdempotencyKey,
    runner: Runner,
) -> AccountStateView:
    """Place balances early-out; bad debt is placed by the calendar, not by hand."""
    command = PlaceWithAgency(encounter_ids=tuple(request.encounter_ids))
    return await run_on_account(runner, command, billing_entity_id, account_id, caller=caller, key=key)


@router.post(ACCOUNT + "/placements/{placement_id}/recall", tags=["care"])
async def recall_placement(
    billing_entity_id: UUID,
    account_id: UUID,
    *,
    placement_id: UUID,
    caller: Lead,
    key: IdempotencyKey,
    runner: Runner,
) -> AccountStateView:
    """Take balances back from the agency."""
    command = RecallPlacement(placement_id=placement_id)
    return await run_on_account(runner, command, billing_entity_id, account_id, caller=caller, key=key)


@router.post(ACCOUNT + "/placements/{placement_id}/recoveries", tags=["money"], status_code=201)
async def take_recovery(
    billing_entity_id: UUID,
    account_id: UUID,
    *,
    placement_id: UUID,
    request: RecoveryAsked,
    caller: Biller,
    key: IdempotencyKey,
    runner: Runner,
) -> AccountStateView:
    """Record what an agency collected: the write-off is reversed by it, the fee stays outside."""
    command = TakeRecovery(placement_id=placement_id, **request.model_dump())
    return await run_on_account(runner, command, billing_entity_id, account_id, caller=caller, key=key)

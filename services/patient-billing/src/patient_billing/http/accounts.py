"""Accounts: what is owed and why, and how the guarantor may be reached."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from patient_billing.http.requests import ACCOUNT, Clerk, ContactAsked, Reader, run_on_account
from patient_billing.http.views import AccountRow, AccountStateView, AccountView, account_view
from patient_billing.messages import SetContactPreference
from patient_billing.queries import account_rows, find_account
from revcycle_kit.clock import local_date
from revcycle_kit.http import Cursor, IdempotencyKey, Now, Page, Paging, Runner

router = APIRouter(prefix="/v1")
_accounts = Cursor("accounts", UUID)


@router.get("/billing-entities/{billing_entity_id}/accounts", tags=["accounts"])
async def list_accounts(
    billing_entity_id: UUID,
    paging: Paging,
    caller: Reader,
    runner: Runner,
    due: Annotated[
        bool | None, Query(description="Only accounts that owe something, or only those that do not.")
    ] = None,
) -> Page[AccountRow]:
    """List the accounts of a billing entity."""
    caller.require_billing_entity(billing_entity_id)
    after = _accounts.read(paging.cursor)
    async with runner.read(caller) as connection:
        rows = await account_rows(connection, billing_entity_id, due=due, after=after, limit=paging.limit + 1)
    return _accounts.page(rows, paging, item=AccountRow.model_validate, after=lambda row: row.account_id)


@router.get(ACCOUNT, tags=["accounts"])
async def show_account(
    billing_entity_id: UUID, account_id: UUID, caller: Reader, now: Now, runner: Runner
) -> AccountView:
    """Show an account: balances, payments, plan, holds, disputes, placements."""
    caller.require_billing_entity(billing_entity_id)
    async with runner.read(caller) as connection:
        account = await find_account(connection, billing_entity_id, account_id)
    return account_view(account, local_date(now, account.time_zone))


@router.put(ACCOUNT + "/contact", tags=["care"])
async def set_contact(
    billing_entity_id: UUID,
    account_id: UUID,
    *,
    request: ContactAsked,
    caller: Clerk,
    key: IdempotencyKey,
    runner: Runner,
) -> AccountStateView:
    """Keep what the guarantor allows: e-mail until opted out, text messages with consent."""
    return await run_on_account(
        runner, SetContactPreference(**request.model_dump()), billing_entity_id, account_id, caller=caller, key=key
    )

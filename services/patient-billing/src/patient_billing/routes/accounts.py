"""Accounts and encounters: what is owed, and why."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import Row, Select, select

from patient_billing.routes.reading import Runs, read_account, read_encounter
from patient_billing.routes.views import AccountRow, AccountView, EncounterView, EntryView, account_view
from patient_billing.storage import account_table, ledger_table
from revcycle_kit.auth import Grant
from revcycle_kit.clock import local_date
from revcycle_kit.http import Cursor, Now, Page, Paging, requires

Reader = Annotated[Grant, requires("biller", "front_desk", "lead", "manager", "client", "auditor", "operator")]
_accounts = Cursor("accounts", UUID)
_entries = Cursor("ledger entries", UUID)


def account_routes(runtime: Runs) -> APIRouter:
    """Return the routes that read accounts and encounters."""
    router = APIRouter(prefix="/v1", tags=["accounts"])

    @router.get("/billing-entities/{billing_entity_id}/accounts")
    async def list_accounts(
        billing_entity_id: UUID,
        paging: Paging,
        caller: Reader,
        due: Annotated[
            bool | None, Query(description="Only accounts that owe something, or only those that do not.")
        ] = None,
    ) -> Page[AccountRow]:
        """List the accounts of a billing entity."""
        caller.require_billing_entity(billing_entity_id)
        wanted = _wanted(billing_entity_id, due, _accounts.read(paging.cursor), paging.limit)
        async with runtime.read(caller) as connection:
            rows = (await connection.execute(wanted)).all()
        return _accounts.page(rows, paging, item=_account_row, after=lambda row: row.account_id)

    @router.get("/billing-entities/{billing_entity_id}/accounts/{account_id}")
    async def show_account(billing_entity_id: UUID, account_id: UUID, caller: Reader, now: Now) -> AccountView:
        """Show an account: balances, payments, plan, holds, disputes, placements."""
        account = await read_account(runtime, caller, billing_entity_id, account_id)
        return account_view(account, local_date(now, account.time_zone))

    @router.get("/clinics/{clinic_id}/encounters/{encounter_id}")
    async def show_encounter(clinic_id: UUID, encounter_id: UUID, caller: Reader) -> EncounterView:
        """Show what the patient owes for an encounter, and on which account."""
        return EncounterView.model_validate(await read_encounter(runtime, caller, clinic_id, encounter_id))

    @router.get("/clinics/{clinic_id}/encounters/{encounter_id}/ledger")
    async def list_entries(clinic_id: UUID, encounter_id: UUID, paging: Paging, caller: Reader) -> Page[EntryView]:
        """List the entries of an encounter's patient ledger."""
        caller.require_clinic(clinic_id)
        columns = ledger_table.c
        wanted = select(*(column.label("entry_id") if column is columns.id else column for column in columns)).where(
            columns.clinic_id == clinic_id, columns.stream_id == encounter_id
        )
        after = _entries.read(paging.cursor)
        if after is not None:
            wanted = wanted.where(columns.id > after)
        async with runtime.read(caller) as connection:
            rows = (await connection.execute(wanted.order_by(columns.id).limit(paging.limit + 1))).all()
        return _entries.page(rows, paging, item=EntryView.model_validate, after=lambda row: row.entry_id)

    return router


def _wanted(billing_entity_id: UUID, due: bool | None, after: UUID | None, limit: int) -> Select[tuple[UUID]]:  # noqa: FBT001 - a filter of the query
    columns = account_table.c
    wanted = select(
        columns.id.label("account_id"),
        columns.billing_entity_id,
        columns.guarantor_id,
        columns.due_cents,
        columns.credit_cents,
        columns.unapplied_cents,
        columns.held,
        columns.wakes_on,
    ).where(columns.billing_entity_id == billing_entity_id)
    if due is not None:
        wanted = wanted.where(columns.due_cents > 0 if due else columns.due_cents == 0)
    if after is not None:
        wanted = wanted.where(columns.id > after)
    return wanted.order_by(columns.id).limit(limit + 1)


def _account_row(row: Row[tuple[UUID]]) -> AccountRow:
    return AccountRow.model_validate(row)

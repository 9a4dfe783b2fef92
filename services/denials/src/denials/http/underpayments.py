"""Underpayments over HTTP: what was allowed below the contract."""

from uuid import UUID

from fastapi import APIRouter

from denials import queries
from denials.http import views
from denials.http.requests import Reader
from revcycle_kit.http import Cursor, Page, Paging, Runner

router = APIRouter(prefix="/v1", tags=["prevention"])

by_missing = Cursor("underpayments", tuple[int, UUID])


@router.get("/underpayments")
async def list_underpayments(caller: Reader, paging: Paging, runner: Runner) -> Page[views.UnderpaymentView]:
    """List lines that were allowed less than the contract says, the largest first."""
    after = by_missing.read(paging.cursor)
    async with runner.read(caller) as connection:
        rows = await queries.underpayments(connection, caller, after, paging.limit + 1)
    return by_missing.page(
        rows,
        paging,
        item=lambda row: views.UnderpaymentView.of(row.document, clinic_id=row.clinic_id),
        after=lambda row: (-row.document.missing_cents, row.document.underpayment_id),
    )

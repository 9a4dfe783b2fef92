"""Statements: a list, the value, the page, the PDF. Names are opened here and nowhere else in the API."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from patient_billing.domain.statement import Statement
from patient_billing.letters.page import POLICY, statement_page
from patient_billing.letters.pdf import statement_pdf
from patient_billing.letters.words import Words
from patient_billing.postman import words_of
from patient_billing.routes.reading import Runs, read_sender, read_statement
from patient_billing.routes.views import StatementRowView
from patient_billing.storage import statement_table
from revcycle_kit.auth import Grant
from revcycle_kit.http import Cursor, Page, Paging, requires

Reader = Annotated[Grant, requires("biller", "front_desk", "lead", "manager", "client", "operator")]
_newest_first = Cursor("statements", UUID)
_PLACE = "/billing-entities/{billing_entity_id}/statements/{statement_id}"


def statement_routes(runtime: Runs) -> APIRouter:
    """Return the routes that show statements."""
    router = APIRouter(prefix="/v1", tags=["statements"])

    @router.get("/billing-entities/{billing_entity_id}/accounts/{account_id}/statements")
    async def list_statements(
        billing_entity_id: UUID, account_id: UUID, paging: Paging, caller: Reader
    ) -> Page[StatementRowView]:
        """List the statements of an account."""
        caller.require_billing_entity(billing_entity_id)
        columns = statement_table.c
        wanted = select(
            columns.id.label("statement_id"), columns.number, columns.balance_cents, columns.issued_on, columns.due_by
        ).where(columns.billing_entity_id == billing_entity_id, columns.stream_id == account_id)
        after = _newest_first.read(paging.cursor)
        if after is not None:
            wanted = wanted.where(columns.id > after)
        async with runtime.read(caller) as connection:
            rows = (await connection.execute(wanted.order_by(columns.id).limit(paging.limit + 1))).all()
        return _newest_first.page(
            rows, paging, item=StatementRowView.model_validate, after=lambda row: row.statement_id
        )

    @router.get(_PLACE)
    async def show_statement(billing_entity_id: UUID, statement_id: UUID, caller: Reader) -> Statement:
        """Show a statement as it was issued."""
        statement = await read_statement(runtime, caller, billing_entity_id, statement_id)
        return replace(statement, items=tuple(replace(item, sealed="") for item in statement.items))

    @router.get(f"{_PLACE}/page", response_class=HTMLResponse)
    async def show_statement_page(billing_entity_id: UUID, statement_id: UUID, caller: Reader) -> HTMLResponse:
        """Show a statement as its guarantor reads it."""
        words = await _words(runtime, caller, billing_entity_id, statement_id)
        return HTMLResponse(statement_page(words), headers={"Content-Security-Policy": POLICY})

    @router.get(f"{_PLACE}/pdf", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
    async def show_statement_pdf(billing_entity_id: UUID, statement_id: UUID, caller: Reader) -> Response:
        """Show a statement as it is printed."""
        words = await _words(runtime, caller, billing_entity_id, statement_id)
        return Response(statement_pdf(words), media_type="application/pdf")

    return router


async def _words(runtime: Runs, caller: Grant, billing_entity_id: UUID, statement_id: UUID) -> Words:
    statement = await read_statement(runtime, caller, billing_entity_id, statement_id)
    for item in statement.items:
        caller.require_clinic(item.clinic_id)
    return words_of(statement, await read_sender(runtime, caller, billing_entity_id), runtime.sealer)

"""Statements: a list, the value, the page, the PDF. Names are opened here and nowhere else in the API."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from patient_billing.http import views
from patient_billing.http.requests import ACCOUNT, StatementReader
from patient_billing.http.views import StatementRowView
from patient_billing.letters.addressees import open_addressees
from patient_billing.letters.page import POLICY, statement_page
from patient_billing.letters.pdf import statement_pdf
from patient_billing.letters.words import Words, statement_words
from patient_billing.queries import find_sender, find_statement, statement_rows
from revcycle_kit.auth import Grant
from revcycle_kit.http import CommandRunner, Cursor, Page, Paging, Runner

router = APIRouter(prefix="/v1", tags=["statements"])
_statements = Cursor("statements", UUID)
_STATEMENT: Final = "/billing-entities/{billing_entity_id}/statements/{statement_id}"


@router.get(ACCOUNT + "/statements")
async def list_statements(
    billing_entity_id: UUID, account_id: UUID, paging: Paging, caller: StatementReader, runner: Runner
) -> Page[StatementRowView]:
    """List the statements of an account."""
    caller.require_billing_entity(billing_entity_id)
    after = _statements.read(paging.cursor)
    async with runner.read(caller) as connection:
        rows = await statement_rows(connection, billing_entity_id, account_id, after=after, limit=paging.limit + 1)
    return _statements.page(rows, paging, item=StatementRowView.model_validate, after=lambda row: row.statement_id)


@router.get(_STATEMENT)
async def show_statement(
    billing_entity_id: UUID, statement_id: UUID, caller: StatementReader, runner: Runner
) -> views.Statement:
    """Show a statement as it was issued."""
    caller.require_billing_entity(billing_entity_id)
    async with runner.read(caller) as connection:
        statement = await find_statement(connection, billing_entity_id, statement_id)
    return views.Statement.model_validate(statement)


@router.get(_STATEMENT + "/page", response_class=HTMLResponse)
async def show_statement_page(
    billing_entity_id: UUID, statement_id: UUID, caller: StatementReader, runner: Runner
) -> HTMLResponse:
    """Show a statement as its guarantor reads it."""
    words = await _words(runner, caller, billing_entity_id, statement_id)
    return HTMLResponse(statement_page(words), headers={"Content-Security-Policy": POLICY})


@router.get(_STATEMENT + "/pdf", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
async def show_statement_pdf(
    billing_entity_id: UUID, statement_id: UUID, caller: StatementReader, runner: Runner
) -> Response:
    """Show a statement as it is printed."""
    words = await _words(runner, caller, billing_entity_id, statement_id)
    return Response(statement_pdf(words), media_type="application/pdf")


async def _words(runner: CommandRunner, caller: Grant, billing_entity_id: UUID, statement_id: UUID) -> Words:
    caller.require_billing_entity(billing_entity_id)
    async with runner.read(caller) as connection:
        statement = await find_statement(connection, billing_entity_id, statement_id)
        for item in statement.items:
            caller.require_clinic(item.clinic_id)
        sender = await find_sender(connection, caller.organization_id or UUID(int=0), billing_entity_id)
    return statement_words(statement, sender, open_addressees(statement, runner.runtime.sealer))

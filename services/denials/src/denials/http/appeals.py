"""Appeals over HTTP: file one with its letter, read it, record the decision."""

from datetime import date
from uuid import UUID

import msgspec
from fastapi import APIRouter, Response

from denials import messages, queries
from denials.http import views
from denials.http.requests import AppealRequest, DecisionRequest, Reader, Worker
from denials.storage import LETTER_PURPOSE, LetterFile, appeal_table, denial_table
from revcycle_kit.http import Cursor, IdempotencyKey, Page, Paging, Runner

router = APIRouter(prefix="/v1", tags=["appeals"])

by_due = Cursor("appeals", tuple[date, UUID])


@router.post("/appeals", status_code=201)
async def file_appeal(request: AppealRequest, caller: Worker, key: IdempotencyKey, runner: Runner) -> views.Filed:
    """Write the letter of the next level about these denials, and send it."""
    command = messages.FileAppeal(
        denial_ids=tuple(request.denial_ids),
        argument=request.argument,
        enclosures=tuple(request.enclosures),
        signed_by=request.signed_by,
        late_reason=request.late_reason,
        by=caller.subject,
    )
    filed = await runner.answer_on(
        messages.Filed, denial_table, request.denial_ids, "denial", command, caller=caller, key=key
    )
    return views.Filed.of(filed)


@router.get("/appeals")
async def list_appeals(caller: Reader, paging: Paging, runner: Runner, state: str = "filed") -> Page[views.AppealView]:
    """List appeals (`filed` or `decided`), those first that should have been answered longest."""
    after = by_due.read(paging.cursor)
    async with runner.read(caller) as connection:
        rows = await queries.appeals(connection, caller, state, after, paging.limit + 1)
    return by_due.page(
        rows,
        paging,
        item=lambda row: views.AppealView.of(row.document, clinic_id=row.clinic_id),
        after=lambda row: (row.document.decision_due_by, row.document.appeal_id),
    )


@router.get("/appeals/{appeal_id}")
async def read_appeal(appeal_id: UUID, caller: Reader, runner: Runner) -> views.AppealView:
    """Show an appeal."""
    async with runner.read(caller) as connection:
        row = await queries.find_appeal(connection, caller, appeal_id)
    return views.AppealView.of(row.document, clinic_id=row.clinic_id)


@router.get("/appeals/{appeal_id}/letter.pdf", response_class=Response)
async def read_letter(appeal_id: UUID, caller: Worker, runner: Runner) -> Response:
    """Give the letter as it was sent: it names the patient."""
    async with runner.read(caller) as connection:
        clinic_id, sealed = await queries.sealed_letter(connection, caller, appeal_id)
    opened = runner.runtime.sealer.open_text(clinic_id, LETTER_PURPOSE, appeal_id, sealed)
    return Response(msgspec.json.decode(opened, type=LetterFile).pdf, media_type="application/pdf")


@router.post("/appeals/{appeal_id}/decision")
async def record_decision(
    appeal_id: UUID, request: DecisionRequest, caller: Worker, key: IdempotencyKey, runner: Runner
) -> views.Decided:
    """Note what the payer answered; money moves only with its remittance."""
    command = messages.RecordDecision(
        appeal_id=appeal_id,
        outcome=request.outcome,
        decided_on=request.decided_on,
        expected_cents=request.expected_cents,
        payment_due_by=request.payment_due_by,
        upheld_denial_ids=tuple(request.upheld_denial_ids),
    )
    decided = await runner.answer_on(
        messages.Decided, appeal_table, appeal_id, "appeal", command, caller=caller, key=key
    )
    return views.Decided.of(decided)

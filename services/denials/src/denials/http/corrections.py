"""Corrections over HTTP: the claim of some denials is sent again."""

from fastapi import APIRouter

from denials import messages
from denials.http import views
from denials.http.requests import CorrectionRequest, Worker
from denials.published import Change
from denials.storage import denial_table
from revcycle_kit.http import IdempotencyKey, Runner

router = APIRouter(prefix="/v1", tags=["denials"])


@router.post("/corrections", status_code=201)
async def request_correction(
    request: CorrectionRequest, caller: Worker, key: IdempotencyKey, runner: Runner
) -> views.Corrected:
    """Have the claim of these denials sent again, corrected, by the payer's method."""
    command = messages.RequestCorrection(
        denial_ids=tuple(request.denial_ids),
        changes=tuple(Change(**change.model_dump()) for change in request.changes),
        method=request.method,
        by=caller.subject,
    )
    corrected = await runner.answer_on(
        messages.Corrected, denial_table, request.denial_ids, "denial", command, caller=caller, key=key
    )
    return views.Corrected.of(corrected)

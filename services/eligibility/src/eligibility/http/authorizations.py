"""Authorizations and the worklists of verification over HTTP."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter

from eligibility import queries
from eligibility.http.requests import DecisionShape, FrontDesk, Reader, RequestShape
from eligibility.http.views import DoneView, whole
from eligibility.messages.commands import Done, RecordAuthorization, RequestAuthorization
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.http import Cursor, IdempotencyKey, Page, Paging, Runner

_by_asking = Cursor("inquiries", tuple[datetime, UUID])
_by_due = Cursor("authorizations", tuple[datetime, UUID])

router = APIRouter(prefix="/v1/clinics/{clinic_id}", tags=["authorizations"])


@router.post("/encounters/{encounter_id}/authorizations")
async def request_authorization(
    clinic_id: UUID,
    encounter_id: UUID,
    request: RequestShape,
    caller: FrontDesk,
    key: IdempotencyKey,
    *,
    runner: Runner,
) -> DoneView:
    """Ask a payer for an authorization, also after the service."""
    command = RequestAuthorization(
        coverage_id=request.coverage_id, codes=tuple(request.codes), expedited=request.expedited
    )
    stream = StreamRef("clinic", clinic_id, "encounter", encounter_id)
    done = await runner.answer(Done, command, stream, caller=caller, key=key)
    return DoneView.model_validate(done)


@router.post("/encounters/{encounter_id}/authorization-decisions")
async def record_authorization(
    clinic_id: UUID,
    encounter_id: UUID,
    request: DecisionShape,
    caller: FrontDesk,
    key: IdempotencyKey,
    *,
    runner: Runner,
) -> DoneView:
    """Record what a payer decided outside of this system."""
    command = msgspec.convert(request.model_dump(), RecordAuthorization)
    stream = StreamRef("clinic", clinic_id, "encounter", encounter_id)
    done = await runner.answer(Done, command, stream, caller=caller, key=key)
    return DoneView.model_validate(done)


@router.get("/inquiries")
async def list_inquiries(
    clinic_id: UUID,
    paging: Paging,
    caller: Reader,
    runner: Runner,
    state: Literal["asked", "verified", "refused", "retrying"] | None = None,
) -> Page[dict[str, Any]]:
    """List verifications; the refused ones are the desk's worklist, each with its next step."""
    caller.require_clinic(clinic_id)
    async with runner.read(caller) as connection:
        after = _by_asking.read(paging.cursor)
        inquiries = await queries.list_inquiries(connection, clinic_id, state, after, paging.limit)
    return _by_asking.page(inquiries, paging, item=whole, after=lambda inquiry: (inquiry.asked_at, inquiry.inquiry_id))


@router.get("/authorizations")
async def list_authorizations(
    clinic_id: UUID,
    paging: Paging,
    caller: Reader,
    runner: Runner,
    state: Literal["requested", "decided"] | None = None,
) -> Page[dict[str, Any]]:
    """List authorizations by when the payer's decision is due."""
    caller.require_clinic(clinic_id)
    async with runner.read(caller) as connection:
        after = _by_due.read(paging.cursor)
        authorizations = await queries.list_authorizations(connection, clinic_id, state, after, paging.limit)
    return _by_due.page(
        authorizations,
        paging,
        item=whole,
        after=lambda authorization: (authorization.decision_due_at, authorization.authorization_id),
    )

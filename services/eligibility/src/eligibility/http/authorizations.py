"""Authorizations and the worklists of verification over HTTP."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter
from sqlalchemy import select, tuple_

from eligibility import queries
from eligibility.domain.authorization import Authorization
from eligibility.domain.verification import Inquiry
from eligibility.http.requests import DecisionShape, FrontDesk, Reader, RequestShape
from eligibility.http.views import DoneView, whole
from eligibility.messages.commands import Done, RecordAuthorization, RequestAuthorization
from eligibility.storage import EligibilityWork, authorization_table, inquiry_table
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.delivery.runtime import Runtime, answer_as
from revcycle_kit.http import Cursor, IdempotencyKey, Page, Paging

_by_asking = Cursor("inquiries", tuple[datetime, UUID])
_by_due = Cursor("authorizations", tuple[datetime, UUID])


def routes(runtime: Runtime[EligibilityWork]) -> APIRouter:
    """Make the routes of authorizations and verification worklists."""
    router = APIRouter(prefix="/v1/clinics/{clinic_id}", tags=["authorizations"])

    @router.post("/encounters/{encounter_id}/authorizations")
    async def request_authorization(
        clinic_id: UUID, encounter_id: UUID, request: RequestShape, caller: FrontDesk, key: IdempotencyKey
    ) -> DoneView:
        """Ask a payer for an authorization, also after the service."""
        caller.require_clinic(clinic_id)
        command = RequestAuthorization(
            coverage_id=request.coverage_id, codes=tuple(request.codes), expedited=request.expedited
        )
        stream = StreamRef("clinic", clinic_id, "encounter", encounter_id)
        answer = answer_as(Done, await runtime.execute(command, stream, grant=caller, key=key))
        return DoneView.model_validate(answer)

    @router.post("/encounters/{encounter_id}/authorization-decisions")
    async def record_authorization(
        clinic_id: UUID, encounter_id: UUID, request: DecisionShape, caller: FrontDesk, key: IdempotencyKey
    ) -> DoneView:
        """Record what a payer decided outside of this system."""
        caller.require_clinic(clinic_id)
        command = msgspec.convert(request.model_dump(), RecordAuthorization)
        stream = StreamRef("clinic", clinic_id, "encounter", encounter_id)
        answer = answer_as(Done, await runtime.execute(command, stream, grant=caller, key=key))
        return DoneView.model_validate(answer)

    @router.get("/inquiries")
    async def list_inquiries(
        clinic_id: UUID,
        paging: Paging,
        caller: Reader,
        state: Literal["asked", "verified", "refused", "retrying"] | None = None,
    ) -> Page[dict[str, Any]]:
        """List verifications; the refused ones are the desk's worklist, each with its next step."""
        caller.require_clinic(clinic_id)
        table, after = inquiry_table.c, _by_asking.read(paging.cursor)
        query = select(table.body).where(table.clinic_id == clinic_id)
        if state:
            query = query.where(table.state == state)
        if after:
            query = query.where(tuple_(table.asked_at, table.id) > after)
        query = query.order_by(table.asked_at, table.id).limit(paging.limit + 1)
        inquiries = await queries.documents(runtime, query, Inquiry, caller)
        return _by_asking.page(
            inquiries, paging, item=whole, after=lambda inquiry: (inquiry.asked_at, inquiry.inquiry_id)
        )

    @router.get("/authorizations")
    async def list_authorizations(
        clinic_id: UUID,
        paging: Paging,
        caller: Reader,
        state: Literal["requested", "decided"] | None = None,
    ) -> Page[dict[str, Any]]:
        """List authorizations by when the payer's decision is due."""
        caller.require_clinic(clinic_id)
        table, after = authorization_table.c, _by_due.read(paging.cursor)
        query = select(table.body).where(table.clinic_id == clinic_id)
        if state:
            query = query.where(table.state == state)
        if after:
            query = query.where(tuple_(table.decision_due_at, table.id) > after)
        query = query.order_by(table.decision_due_at, table.id).limit(paging.limit + 1)
        authorizations = await queries.documents(runtime, query, Authorization, caller)
        return _by_due.page(
            authorizations,
            paging,
            item=whole,
            after=lambda authorization: (authorization.decision_due_at, authorization.authorization_id),
        )

    return router

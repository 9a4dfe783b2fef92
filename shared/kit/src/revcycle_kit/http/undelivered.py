"""
What does not reach a partner, as a part of every service's worklist: listed within the caller's grant, and sent again.

What fails for now goes out by itself; what was given up or is in doubt waits for a person.
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from revcycle_kit.auth import Grant
from revcycle_kit.auth.grant import tenants_of
from revcycle_kit.delivery.sql import UNDELIVERED
from revcycle_kit.errors import Conflict, NotFound
from revcycle_kit.http.pages import Cursor, Page, Paging
from revcycle_kit.http.rules import any_role, repeatable, requires
from revcycle_kit.http.runner import CommandRunner, Runner

Sender = Annotated[Grant, requires("biller", "front_desk", "lead", "manager", "client", "administrator", "operator")]
UndeliveredState = Literal["failing", "given_up", "in_doubt"]

router = APIRouter(prefix="/v1/undelivered", tags=["undelivered"])

by_age = Cursor("undelivered", tuple[datetime, UUID])
_tenants = bindparam("tenants", type_=ARRAY(Uuid))
_query = text(UNDELIVERED).bindparams(_tenants)
_known = text("SELECT 1 FROM task WHERE task_id = :task_id AND tenant_id = ANY(:tenants)").bindparams(_tenants)


class UndeliveredView(BaseModel):
    """Something for a partner that has not reached it, or may not have."""

    task_id: UUID
    effect: str
    """What it is: `submit_batch`, `send_letter` …"""
    stream_kind: str
    stream_id: UUID
    """What it is about."""
    state: UndeliveredState
    reason: str
    attempts: int
    since: datetime
    retry_at: datetime | None
    """When it is tried again by itself; null: only when somebody sends it again."""


class Resent(BaseModel):
    """What sending something again answers."""

    task_id: UUID


@router.get("")
async def list_undelivered(
    caller: Annotated[Grant, any_role()], paging: Paging, runner: Runner, state: UndeliveredState | None = None
) -> Page[UndeliveredView]:
    """List what does not reach a partner, longest first."""
    since, task_id = by_age.read(paging.cursor) or (None, None)
    rows = await _undelivered(runner, caller, state=state, since=since, task_id=task_id, limit=paging.limit + 1)
    return by_age.page(
        rows,
        paging,
        item=lambda row: UndeliveredView.model_validate(row._asdict()),
        after=lambda row: (row.since, row.task_id),
    )


@router.post("/{task_id}/resend", status_code=202, dependencies=[repeatable("it goes out under its own key")])
async def resend_undelivered(task_id: UUID, caller: Sender, runner: Runner) -> Resent:
    """Send it again: the same content under the same key."""
    async with runner.read(caller) as connection:
        known = await connection.scalar(_known, {"task_id": task_id, "tenants": list(tenants_of(caller))})
    if known is None:
        raise NotFound("thing that waits for a partner")
    if not await runner.runtime.resend(task_id):
        raise Conflict("This does not wait to be sent again.", "task_id", "Look at the list: it may have gone out.")
    return Resent(task_id=task_id)


async def _undelivered(runner: CommandRunner, caller: Grant, **wanted: Any) -> list[Row[Any]]:
    """Return the rows within a grant; `wanted` narrows them."""
    async with runner.read(caller) as connection:
        return list(await connection.execute(_query, {**wanted, "tenants": list(tenants_of(caller))}))

"""Files: what a clearinghouse or payer sends, and what became of it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request

from claims import queries
from claims.http import views
from claims.http.requests import Intake, Lead, Reader
from claims.intake import receiver
from revcycle_kit.http import Cursor, Page, Paging, Runner, repeatable

router = APIRouter(prefix="/v1", tags=["cash"])
by_arrival = Cursor("interchanges", tuple[datetime, UUID])
ONCE = [repeatable("a file is unique by its sender, its control number and its content")]


@router.post("/interchanges", dependencies=ONCE, max_body_size=receiver.BYTES_MAX)
async def take_interchange(request: Request, caller: Intake, runner: Runner) -> views.TakenView:
    """Take in TA1, 999, 277CA, 277 and 835 files, any number in one; a copy changes nothing."""
    taken = await receiver.receive(await request.body(), runner.runtime, caller)
    return views.view(views.TakenView, taken)


@router.get("/interchanges")
async def list_interchanges(
    caller: Reader, paging: Paging, runner: Runner, state: Literal["accepted", "held", "refused"] | None = None
) -> Page[views.InterchangeView]:
    """List files as they arrived, those held or refused with the reason."""
    after = by_arrival.read(paging.cursor)
    async with runner.read(caller) as connection:
        interchanges = await queries.list_interchanges(
            connection, caller.require_organization(), state, after, paging.limit + 1
        )
    return by_arrival.page(
        interchanges,
        paging,
        item=lambda interchange: views.view(views.InterchangeView, interchange),
        after=lambda interchange: (interchange.received_at, interchange.file_id),
    )


@router.post("/interchanges/{file_id}/replay", dependencies=ONCE)
async def replay_interchange(file_id: UUID, caller: Lead, runner: Runner) -> views.TakenView:
    """Take a file that was held or refused, as it was kept; one that was taken already changes nothing."""
    return views.view(views.TakenView, await receiver.replay(file_id, runner.runtime, caller))

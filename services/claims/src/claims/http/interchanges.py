"""Files: what a clearinghouse or payer sends, and what became of it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import Request
from sqlalchemy import select, tuple_

from claims import queries
from claims.http import views
from claims.http.counter import Counter, Intake, Lead, Reader, organization_of
from claims.intake import receiver
from claims.storage.tables import interchange_table
from revcycle_kit.http import Cursor, Page, Paging

by_arrival = Cursor("interchanges", tuple[datetime, UUID])


class FileRoutes:
    """Take files in, and show them."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def take_interchange(self, request: Request, caller: Intake) -> views.TakenView:
        """Take in TA1, 999, 277CA, 277 and 835 files, any number in one; a copy changes nothing."""
        taken = await receiver.receive(await request.body(), self._counter.runtime, caller)
        return views.view(views.TakenView, taken)

    async def replay_interchange(self, file_id: UUID, caller: Lead) -> views.TakenView:
        """Take a file that was held or refused, as it was kept; one that was taken already changes nothing."""
        return views.view(views.TakenView, await receiver.replay(file_id, self._counter.runtime, caller))

    async def list_interchanges(
        self, caller: Reader, paging: Paging, state: Literal["accepted", "held", "refused"] | None = None
    ) -> Page[views.InterchangeView]:
        """List files as they arrived, those held or refused with the reason."""
        column = interchange_table.c
        query = select(column.received_at, column.id, queries.body_of(interchange_table)).where(
            column.organization_id == organization_of(caller)
        )
        if state is not None:
            query = query.where(column.state == state)
        after = by_arrival.read(paging.cursor)
        if after is not None:
            query = query.where(tuple_(column.received_at, column.id) > tuple_(*after))
        query = query.order_by(column.received_at, column.id).limit(paging.limit + 1)
        async with self._counter.runtime.read(caller) as connection:
            rows = (await connection.execute(query)).all()
        return by_arrival.page(
            rows,
            paging,
            item=lambda row: views.view(views.InterchangeView, queries.decode("interchanges", row.document)),
            after=lambda row: (row.received_at, row.id),
        )

"""HTTP of appeals: file one with its letter, read it, record the decision."""

from datetime import date
from uuid import UUID

import msgspec
from fastapi import Response

from denials import messages, queries
from denials.http import requests, views
from denials.http.desk import Desk, Reader, Worker
from denials.storage import LETTER_PURPOSE, LetterFile, appeal_table
from revcycle_kit.http import Cursor, IdempotencyKey, Page, Paging

by_due = Cursor("appeals", tuple[date, UUID])


class AppealRoutes:
    """File appeals, read them, record their decisions."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def file_appeal(self, asked: requests.AppealRequest, caller: Worker, key: IdempotencyKey) -> messages.Filed:
        """Write the letter of the next level about these denials, and send it."""
        command = messages.FileAppeal(
            denial_ids=tuple(asked.denial_ids),
            argument=asked.argument,
            enclosures=tuple(asked.enclosures),
            signed_by=asked.signed_by,
            late_reason=asked.late_reason,
            by=caller.subject,
        )
        return await self._desk.on_denials(  # type: ignore[no-any-return]
            asked.denial_ids, command, caller, key, messages.Filed
        )

    async def list_appeals(self, caller: Reader, paging: Paging, state: str = "filed") -> Page[views.AppealView]:
        """List appeals (`filed` or `decided`), those first that should have been answered longest."""
        after = by_due.read(paging.cursor)
        async with self._desk.runtime.read(caller) as connection:
            rows = await queries.appeals(connection, caller, state, after, paging.limit + 1)
        return by_due.page(
            rows,
            paging,
            item=lambda row: views.appeal_of(queries.decode("appeals", row.document), row.clinic_id),
            after=lambda row: (row.decision_due_by, row.id),
        )

    async def read_appeal(self, appeal_id: UUID, caller: Reader) -> views.AppealView:
        """Show an appeal."""
        async with self._desk.runtime.read(caller) as connection:
            row = await queries.one(connection, caller, appeal_table, appeal_id, "appeal")
        return views.appeal_of(queries.decode("appeals", row.document), row.clinic_id)

    async def read_letter(self, appeal_id: UUID, caller: Worker) -> Response:
        """Give the letter as it was sent: it names the patient."""
        async with self._desk.runtime.read(caller) as connection:
            row = await queries.sealed_letter(connection, caller, appeal_id)
        opened = self._desk.runtime.sealer.open_text(row.clinic_id, LETTER_PURPOSE, appeal_id, row.sealed)
        return Response(msgspec.json.decode(opened, type=LetterFile).pdf, media_type="application/pdf")

    async def record_decision(
        self, appeal_id: UUID, asked: requests.DecisionRequest, caller: Worker, key: IdempotencyKey
    ) -> messages.Decided:
        """Note what the payer answered; money moves only with its remittance."""
        command = messages.RecordDecision(
            appeal_id=appeal_id,
            outcome=asked.outcome,
            decided_on=asked.decided_on,
            expected_cents=asked.expected_cents,
            payment_due_by=asked.payment_due_by,
            upheld_denial_ids=tuple(asked.upheld_denial_ids),
        )
        return await self._desk.on_appeal(appeal_id, command, caller, key, messages.Decided)  # type: ignore[no-any-return]

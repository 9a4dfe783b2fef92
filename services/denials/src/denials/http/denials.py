"""HTTP of denials: the worklist, one denial in full, and what may be decided about it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query

from denials import messages, queries
from denials.domain.denial import OURS, Denial, State
from denials.http import requests, views
from denials.http.desk import Desk, Reader, Worker
from denials.published import Change
from denials.storage import denial_table
from revcycle_kit.http import Cursor, IdempotencyKey, Now, Page, Paging

States = Annotated[list[State], Query(max_length=7, description="Which states; the next step is ours by default.")]

by_work = Cursor("denials", tuple[date, int, int, date, UUID])


class DenialRoutes:
    """Read the worklist, decide on a denial."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def list_denials(  # noqa: PLR0917 - the filters of the list
        self,
        caller: Reader,
        paging: Paging,
        now: Now,
        state: States = list(OURS),  # noqa: B006 - read, never changed
        clinic_id: UUID | None = None,
        payer_id: UUID | None = None,
        category: str | None = None,
        assignee: str | None = None,
        due_by: date | None = None,
    ) -> Page[views.DenialItem]:
        """List denials in the order of work: what is due first, then what is worth most."""
        wanted = queries.WorklistFilter(
            states=state, clinic_id=clinic_id, payer_id=payer_id, category=category, assignee=assignee, due_by=due_by
        )
        after = by_work.read(paging.cursor)
        today = after[0] if after else now.date()
        async with self._desk.runtime.read(caller) as connection:
            rows = await queries.worklist(connection, caller, wanted, today, after, paging.limit + 1)
        found = [(row, queries.decode("denials", row.document)) for row in rows]
        return by_work.page(
            found,
            paging,
            item=lambda pair: views.item_of(pair[1], pair[0].clinic_id, pair[0].payer_name, today),
            after=lambda pair: (
                today,
                pair[0].urgency,
                -pair[1].expected_recovery_cents,
                pair[1].act_by,
                pair[1].denial_id,
            ),
        )

    async def read_denial(self, denial_id: UUID, caller: Reader, now: Now) -> views.DenialDetail:
        """Show a denial, why it was refused, what would cure it, and what was tried."""
        async with self._desk.runtime.read(caller) as connection:
            row = await queries.one(connection, caller, denial_table, denial_id, "denial")
            filed = await queries.appeals_of(connection, row)
            denial: Denial = queries.decode("denials", row.document)
            payer_name = await queries.payer_name(connection, denial.payer_id)
        appeals = [views.appeal_of(queries.decode("appeals", each.document), each.clinic_id) for each in filed]
        about = tuple(appeal for appeal in appeals if denial_id in appeal.denial_ids)
        item = views.item_of(denial, row.clinic_id, payer_name, now.date())
        return views.detail_of(denial, item, about, now.date())

    async def assign_denial(
        self, denial_id: UUID, asked: requests.AssignRequest, caller: Worker, key: IdempotencyKey
    ) -> messages.Done:
        """Give the work to a person, or back to the pool."""
        command = messages.AssignDenial(denial_id=denial_id, assignee=asked.assignee)
        return await self._desk.on_denials([denial_id], command, caller, key, messages.Done)  # type: ignore[no-any-return]

    async def resume_denial(self, denial_id: UUID, caller: Worker, key: IdempotencyKey) -> messages.Done:
        """Take the work back: the correction was not sent, or the promised money never came."""
        command = messages.ResumeDenial(denial_id=denial_id)
        return await self._desk.on_denials([denial_id], command, caller, key, messages.Done)  # type: ignore[no-any-return]

    async def write_off_denial(
        self, denial_id: UUID, asked: requests.WriteOffRequest, caller: Worker, key: IdempotencyKey
    ) -> messages.GivenUp:
        """Give the amount up as a loss, within the caller's tier."""
        command = messages.WriteOffDenial(
            denial_id=denial_id,
            write_off_class=asked.write_off_class,
            expected_allowed_cents=asked.expected_allowed_cents,
            by=caller.subject,
            roles=tuple(sorted(caller.roles)),
        )
        return await self._desk.on_denials([denial_id], command, caller, key, messages.GivenUp)  # type: ignore[no-any-return]

    async def accept_denial(self, denial_id: UUID, caller: Worker, key: IdempotencyKey) -> messages.GivenUp:
        """Agree with the refusal: nothing was ever to be paid."""
        command = messages.AcceptDenial(denial_id=denial_id, by=caller.subject, roles=tuple(sorted(caller.roles)))
        return await self._desk.on_denials([denial_id], command, caller, key, messages.GivenUp)  # type: ignore[no-any-return]

    async def bill_patient(self, denial_id: UUID, caller: Worker, key: IdempotencyKey) -> messages.Done:
        """Let the refusal stand as the patient's to pay, where the rules allow it."""
        command = messages.BillPatient(denial_id=denial_id)
        return await self._desk.on_denials([denial_id], command, caller, key, messages.Done)  # type: ignore[no-any-return]

    async def request_correction(
        self, asked: requests.CorrectionRequest, caller: Worker, key: IdempotencyKey
    ) -> messages.Corrected:
        """Have the claim of these denials sent again, corrected, by the payer's method."""
        command = messages.RequestCorrection(
            denial_ids=tuple(asked.denial_ids),
            changes=tuple(Change(**change.model_dump()) for change in asked.changes),
            method=asked.method,
            by=caller.subject,
        )
        return await self._desk.on_denials(  # type: ignore[no-any-return]
            asked.denial_ids, command, caller, key, messages.Corrected
        )

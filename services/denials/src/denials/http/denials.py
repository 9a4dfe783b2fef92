"""Denials over HTTP: the worklist, one denial in full, and what may be decided about it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from denials import messages, queries
from denials.domain.denial import OURS, State
from denials.http import views
from denials.http.requests import AssignRequest, Reader, Worker, WriteOffRequest
from denials.storage import denial_table
from revcycle_kit.http import Cursor, IdempotencyKey, Now, Page, Paging, Runner

router = APIRouter(prefix="/v1", tags=["denials"])

States = Annotated[list[State], Query(max_length=7, description="Which states; the next step is ours by default.")]

by_work = Cursor("denials", tuple[date, int, int, date, UUID])


@router.get("/denials")
async def list_denials(  # noqa: PLR0917 - the filters of the list
    caller: Reader,
    paging: Paging,
    now: Now,
    runner: Runner,
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
    async with runner.read(caller) as connection:
        rows = await queries.worklist(connection, caller, wanted, today, after, paging.limit + 1)
    return by_work.page(
        rows,
        paging,
        item=lambda row: views.DenialItem.of_denial(row.denial, row.clinic_id, row.payer_name, today),
        after=lambda row: (
            today,
            row.urgency,
            -row.denial.expected_recovery_cents,
            row.denial.act_by,
            row.denial.denial_id,
        ),
    )


@router.get("/denials/{denial_id}")
async def read_denial(denial_id: UUID, caller: Reader, now: Now, runner: Runner) -> views.DenialDetail:
    """Show a denial, why it was refused, what would cure it, and what was tried."""
    async with runner.read(caller) as connection:
        row = await queries.find_denial(connection, caller, denial_id)
        filed = await queries.appeals_about(connection, row)
        payer_name = await queries.payer_name(connection, row.document.payer_id)
    item = views.DenialItem.of_denial(row.document, row.clinic_id, payer_name, now.date())
    appeals = tuple(views.AppealView.of(appeal, clinic_id=row.clinic_id) for appeal in filed)
    return views.DenialDetail.of_denial(row.document, item, appeals, now.date())


@router.post("/denials/{denial_id}/assign")
async def assign_denial(
    denial_id: UUID, request: AssignRequest, caller: Worker, key: IdempotencyKey, runner: Runner
) -> views.Done:
    """Give the work to a person, or back to the pool."""
    command = messages.AssignDenial(denial_id=denial_id, assignee=request.assignee)
    done = await runner.answer_on(messages.Done, denial_table, denial_id, "denial", command, caller=caller, key=key)
    return views.Done.of(done)


@router.post("/denials/{denial_id}/resume")
async def resume_denial(denial_id: UUID, caller: Worker, key: IdempotencyKey, runner: Runner) -> views.Done:
    """Take the work back: the correction was not sent, or the promised money never came."""
    command = messages.ResumeDenial(denial_id=denial_id)
    done = await runner.answer_on(messages.Done, denial_table, denial_id, "denial", command, caller=caller, key=key)
    return views.Done.of(done)


@router.post("/denials/{denial_id}/write-off")
async def write_off_denial(
    denial_id: UUID, request: WriteOffRequest, caller: Worker, key: IdempotencyKey, runner: Runner
) -> views.GivenUp:
    """Give the amount up as a loss, within the caller's tier."""
    command = messages.WriteOffDenial(
        denial_id=denial_id,
        write_off_class=request.write_off_class,
        expected_allowed_cents=request.expected_allowed_cents,
        by=caller.subject,
        roles=tuple(sorted(caller.roles)),
    )
    given_up = await runner.answer_on(
        messages.GivenUp, denial_table, denial_id, "denial", command, caller=caller, key=key
    )
    return views.GivenUp.of(given_up)


@router.post("/denials/{denial_id}/accept")
async def accept_denial(denial_id: UUID, caller: Worker, key: IdempotencyKey, runner: Runner) -> views.GivenUp:
    """Agree with the refusal: nothing was ever to be paid."""
    command = messages.AcceptDenial(denial_id=denial_id, by=caller.subject, roles=tuple(sorted(caller.roles)))
    given_up = await runner.answer_on(
        messages.GivenUp, denial_table, denial_id, "denial", command, caller=caller, key=key
    )
    return views.GivenUp.of(given_up)


@router.post("/denials/{denial_id}/bill-patient")
async def bill_patient(denial_id: UUID, caller: Worker, key: IdempotencyKey, runner: Runner) -> views.Done:
    """Let the refusal stand as the patient's to pay, where the rules allow it."""
    command = messages.BillPatient(denial_id=denial_id)
    done = await runner.answer_on(messages.Done, denial_table, denial_id, "denial", command, caller=caller, key=key)
    return views.Done.of(done)

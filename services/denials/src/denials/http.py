"""HTTP of denials: the worklist, what may be done about a denial, appeals and prevention rules."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, FastAPI, Query, Response
from sqlalchemy import Table

from denials import messages, queries, views
from denials.domain.denial import OURS, Denial, State
from denials.domain.prevention import RuleState
from denials.published import Change
from denials.staff import LETTER_PURPOSE, LetterFile
from denials.storage import appeal_table, denial_table
from revcycle_kit.auth import Grant, Verifier
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.delivery.runtime import Runtime, answer_as
from revcycle_kit.errors import NotFound
from revcycle_kit.http import (
    CommandKey,
    Cursor,
    IdempotencyKey,
    Now,
    Page,
    Paging,
    any_role,
    requires,
    service_app,
)

WORKERS = ("biller", "lead", "manager", "client")
Worker = Annotated[Grant, requires(*WORKERS)]
Lead = Annotated[Grant, requires("lead", "manager", "client")]
Reader = Annotated[Grant, any_role()]
States = Annotated[list[State], Query(max_length=7, description="Which states; the next step is ours by default.")]
RuleStates = Annotated[list[RuleState], Query(max_length=4)]

by_work = Cursor("denials", tuple[date, int, int, date, UUID])
by_due = Cursor("appeals", tuple[date, UUID])
by_id = Cursor("prevention rules", tuple[UUID])
by_missing = Cursor("underpayments", tuple[int, UUID])


class Desk:
    """The runtime, and how a request reaches the encounter that it is about."""

    def __init__(self, runtime: Runtime[Any]) -> None:
        self.runtime = runtime

    async def on_denials(
        self, ids: Sequence[UUID], command: Command, caller: Grant, key: CommandKey, kind: type
    ) -> Any:
        """Let a command about denials take effect on their encounter."""
        return await self._on(denial_table, ids, "denial", command, caller, key, kind)

    async def on_appeal(self, appeal_id: UUID, command: Command, caller: Grant, key: CommandKey, kind: type) -> Any:
        """Let a command about an appeal take effect on its encounter."""
        return await self._on(appeal_table, [appeal_id], "appeal", command, caller, key, kind)

    async def on_rule(self, rule_id: UUID, command: Command, caller: Grant, key: CommandKey) -> messages.RuleDecided:
        """Let a command about a prevention rule take effect. Raises NotFound without an organization."""
        stream = StreamRef("organization", organization_of(caller), "prevention_rule", rule_id)
        answer = await self.runtime.execute(command, stream, grant=caller, key=key)
        return answer_as(messages.RuleDecided, answer)  # type: ignore[no-any-return]

    async def _on(  # noqa: PLR0917 - a request in all its parts
        self, table: Table, ids: Sequence[UUID], noun: str, command: Command, caller: Grant, key: CommandKey, kind: type
    ) -> Any:
        async with self.runtime.read(caller) as connection:
            stream = await queries.stream_of(connection, caller, table, ids, noun)
        return answer_as(kind, await self.runtime.execute(command, stream, grant=caller, key=key))


def organization_of(caller: Grant) -> UUID:
    """Return the caller's organization. Raises NotFound when the grant names none."""
    if caller.organization_id is None:
        raise NotFound("organization")
    return caller.organization_id


def denial_routes(desk: Desk) -> APIRouter:
    """Routes of denials: read the worklist, decide on one."""
    router = APIRouter(prefix="/v1", tags=["denials"])

    @router.get("/denials")
    async def list_denials(  # noqa: PLR0917 - the filters of the list
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
        async with desk.runtime.read(caller) as connection:
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

    @router.get("/denials/{denial_id}")
    async def read_denial(denial_id: UUID, caller: Reader, now: Now) -> views.DenialDetail:
        """Show a denial, why it was refused, what would cure it, and what was tried."""
        async with desk.runtime.read(caller) as connection:
            row = await queries.one(connection, caller, denial_table, denial_id, "denial")
            filed = await queries.appeals_of(connection, row)
            denial: Denial = queries.decode("denials", row.document)
            payer_name = await queries.payer_name(connection, denial.payer_id)
        appeals = [views.appeal_of(queries.decode("appeals", each.document), each.clinic_id) for each in filed]
        about = tuple(appeal for appeal in appeals if denial_id in appeal.denial_ids)
        item = views.item_of(denial, row.clinic_id, payer_name, now.date())
        return views.detail_of(denial, item, about, now.date())

    @router.post("/denials/{denial_id}/assign")
    async def assign_denial(
        denial_id: UUID, asked: views.AssignRequest, caller: Worker, key: IdempotencyKey
    ) -> messages.Done:
        """Give the work to a person, or back to the pool."""
        command = messages.AssignDenial(denial_id=denial_id, assignee=asked.assignee)
        return await desk.on_denials([denial_id], command, caller, key, messages.Done)  # type: ignore[no-any-return]

    @router.post("/denials/{denial_id}/resume")
    async def resume_denial(denial_id: UUID, caller: Worker, key: IdempotencyKey) -> messages.Done:
        """Take the work back: the correction was not sent, or the promised money never came."""
        command = messages.ResumeDenial(denial_id=denial_id)
        return await desk.on_denials([denial_id], command, caller, key, messages.Done)  # type: ignore[no-any-return]

    @router.post("/denials/{denial_id}/write-off")
    async def write_off_denial(
        denial_id: UUID, asked: views.WriteOffRequest, caller: Worker, key: IdempotencyKey
    ) -> messages.GivenUp:
        """Give the amount up as a loss, within the caller's tier."""
        command = messages.WriteOffDenial(
            denial_id=denial_id,
            write_off_class=asked.write_off_class,
            expected_allowed_cents=asked.expected_allowed_cents,
            by=caller.subject,
            roles=tuple(sorted(caller.roles)),
        )
        return await desk.on_denials([denial_id], command, caller, key, messages.GivenUp)  # type: ignore[no-any-return]

    @router.post("/denials/{denial_id}/accept")
    async def accept_denial(denial_id: UUID, caller: Worker, key: IdempotencyKey) -> messages.GivenUp:
        """Agree with the refusal: nothing was ever to be paid."""
        command = messages.AcceptDenial(denial_id=denial_id, by=caller.subject, roles=tuple(sorted(caller.roles)))
        return await desk.on_denials([denial_id], command, caller, key, messages.GivenUp)  # type: ignore[no-any-return]

    @router.post("/denials/{denial_id}/bill-patient")
    async def bill_patient(denial_id: UUID, caller: Worker, key: IdempotencyKey) -> messages.Done:
        """Let the refusal stand as the patient's to pay, where the rules allow it."""
        command = messages.BillPatient(denial_id=denial_id)
        return await desk.on_denials([denial_id], command, caller, key, messages.Done)  # type: ignore[no-any-return]

    @router.post("/corrections", status_code=201)
    async def request_correction(
        asked: views.CorrectionRequest, caller: Worker, key: IdempotencyKey
    ) -> messages.Corrected:
        """Have the claim of these denials sent again, corrected, by the payer's method."""
        command = messages.RequestCorrection(
            denial_ids=tuple(asked.denial_ids),
            changes=tuple(Change(**change.model_dump()) for change in asked.changes),
            method=asked.method,
            by=caller.subject,
        )
        return await desk.on_denials(  # type: ignore[no-any-return]
            asked.denial_ids, command, caller, key, messages.Corrected
        )

    return router


def appeal_routes(desk: Desk) -> APIRouter:
    """Routes of appeals: file one with its letter, read it, record the decision."""
    router = APIRouter(prefix="/v1", tags=["appeals"])

    @router.post("/appeals", status_code=201)
    async def file_appeal(asked: views.AppealRequest, caller: Worker, key: IdempotencyKey) -> messages.Filed:
        """Write the letter of the next level about these denials, and send it."""
        command = messages.FileAppeal(
            denial_ids=tuple(asked.denial_ids),
            argument=asked.argument,
            enclosures=tuple(asked.enclosures),
            signed_by=asked.signed_by,
            late_reason=asked.late_reason,
            by=caller.subject,
        )
        return await desk.on_denials(  # type: ignore[no-any-return]
            asked.denial_ids, command, caller, key, messages.Filed
        )

    @router.get("/appeals")
    async def list_appeals(caller: Reader, paging: Paging, state: str = "filed") -> Page[views.AppealView]:
        """List appeals (`filed` or `decided`), those first that should have been answered longest."""
        after = by_due.read(paging.cursor)
        async with desk.runtime.read(caller) as connection:
            rows = await queries.appeals(connection, caller, state, after, paging.limit + 1)
        return by_due.page(
            rows,
            paging,
            item=lambda row: views.appeal_of(queries.decode("appeals", row.document), row.clinic_id),
            after=lambda row: (row.decision_due_by, row.id),
        )

    @router.get("/appeals/{appeal_id}")
    async def read_appeal(appeal_id: UUID, caller: Reader) -> views.AppealView:
        """Show an appeal."""
        async with desk.runtime.read(caller) as connection:
            row = await queries.one(connection, caller, appeal_table, appeal_id, "appeal")
        return views.appeal_of(queries.decode("appeals", row.document), row.clinic_id)

    @router.get("/appeals/{appeal_id}/letter.pdf", response_class=Response)
    async def read_letter(appeal_id: UUID, caller: Worker) -> Response:
        """Give the letter as it was sent: it names the patient."""
        async with desk.runtime.read(caller) as connection:
            row = await queries.sealed_letter(connection, caller, appeal_id)
        opened = desk.runtime.sealer.open_text(row.clinic_id, LETTER_PURPOSE, appeal_id, row.sealed)
        return Response(msgspec.json.decode(opened, type=LetterFile).pdf, media_type="application/pdf")

    @router.post("/appeals/{appeal_id}/decision")
    async def record_decision(
        appeal_id: UUID, asked: views.DecisionRequest, caller: Worker, key: IdempotencyKey
    ) -> messages.Decided:
        """Note what the payer answered; money moves only with its remittance."""
        command = messages.RecordDecision(
            appeal_id=appeal_id,
            outcome=asked.outcome,
            decided_on=asked.decided_on,
            expected_cents=asked.expected_cents,
            payment_by=asked.payment_by,
            upheld_denial_ids=tuple(asked.upheld_denial_ids),
        )
        return await desk.on_appeal(appeal_id, command, caller, key, messages.Decided)  # type: ignore[no-any-return]

    return router


def rule_routes(desk: Desk) -> APIRouter:
    """Routes of prevention: rules proposed from patterns; and what was allowed below the contract."""
    router = APIRouter(prefix="/v1", tags=["prevention"])

    @router.get("/prevention-rules")
    async def list_rules(
        caller: Reader,
        paging: Paging,
        state: RuleStates = [RuleState.PROPOSED, RuleState.ACTIVE],  # noqa: B006 - read, never changed
    ) -> Page[views.RuleView]:
        """List prevention rules in these states."""
        after = by_id.read(paging.cursor)
        organization_id = organization_of(caller)
        async with desk.runtime.read(caller) as connection:
            rows = await queries.rules(
                connection, organization_id, state, after[0] if after else None, paging.limit + 1
            )
        return by_id.page(
            rows,
            paging,
            item=lambda row: views.rule_of(queries.decode("patterns", row.document)),
            after=lambda row: (row.id,),
        )

    @router.post("/prevention-rules/{rule_id}/activate")
    async def activate_rule(rule_id: UUID, caller: Lead, key: IdempotencyKey) -> messages.RuleDecided:
        """Have claims held by this rule."""
        return await desk.on_rule(rule_id, messages.ActivateRule(rule_id=rule_id, by=caller.subject), caller, key)

    @router.post("/prevention-rules/{rule_id}/retire")
    async def retire_rule(rule_id: UUID, caller: Lead, key: IdempotencyKey) -> messages.RuleDecided:
        """Have claims held no longer, or turn the proposal down."""
        return await desk.on_rule(rule_id, messages.RetireRule(rule_id=rule_id, by=caller.subject), caller, key)

    @router.get("/underpayments")
    async def list_underpayments(caller: Reader, paging: Paging) -> Page[views.UnderpaymentView]:
        """List lines that were allowed less than the contract says, the largest first."""
        after = by_missing.read(paging.cursor)
        async with desk.runtime.read(caller) as connection:
            rows = await queries.underpayments(connection, caller, after, paging.limit + 1)
        return by_missing.page(
            rows,
            paging,
            item=lambda row: views.underpayment_of(queries.decode("underpayments", row.document), row.clinic_id),
            after=lambda row: (-row.missing_cents, row.id),
        )

    return router


def build_app(runtime: Runtime[Any], verifier: Verifier) -> FastAPI:
    """Make the application of denials."""
    desk = Desk(runtime)
    return service_app(
        name="denials",
        routers=[denial_routes(desk), appeal_routes(desk), rule_routes(desk)],
        verifier=verifier,
        clock=runtime.clock,
        readiness={"database": runtime.check},
    )

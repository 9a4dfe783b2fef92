"""Claims: the worklists of held and rejected ones, one in full, and what people do to them."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from claims import messages, queries
from claims.domain.corrections import Change
from claims.http import requests, views
from claims.http.requests import Biller, Lead, Reader
from claims.storage import claim_table
from revcycle_kit.http import Cursor, IdempotencyKey, Page, Paging, Runner

router = APIRouter(prefix="/v1", tags=["claims"])

State = Literal[
    "draft",
    "held",
    "ready",
    "sent",
    "received",
    "accepted",
    "pending",
    "information_requested",
    "adjudicated",
    "in_rework",
    "readjudicated",
    "closed",
    "rejected",
    "superseded",
    "voided",
    "forwarded",
    "not_ours",
]
"""The states of a claim, as the promise of the API lists them."""
States = Annotated[list[State], Query(max_length=17, description="Which states; none: the worklists of this service.")]
Owner = Literal["biller", "coder", "registration", "enrollment", "system"]
by_service = Cursor("claims", tuple[date, UUID])
TO_BE_WORKED: tuple[State, ...] = ("held", "rejected", "not_ours", "information_requested")


@router.get("/claims")
async def list_claims(  # noqa: PLR0917 - the filters of the list
    caller: Reader,
    paging: Paging,
    runner: Runner,
    state: States = list(TO_BE_WORKED),  # noqa: B006 - read, never changed
    clinic_id: UUID | None = None,
    payer_id: UUID | None = None,
    owner: Owner | None = None,
    encounter_id: UUID | None = None,
) -> Page[views.ClaimItem]:
    """List claims, the oldest service first; by default those that wait for a person."""
    wanted = queries.ClaimFilter(
        clinics=frozenset({caller.require_clinic(clinic_id)}) if clinic_id else caller.clinics,
        states=None if encounter_id and list(state) == list(TO_BE_WORKED) else tuple(state),
        payer_id=payer_id,
        owner=owner,
        encounter_id=encounter_id,
    )
    after = by_service.read(paging.cursor)
    async with runner.read(caller) as connection:
        claims = await queries.list_claims(connection, wanted, after, paging.limit + 1)
    return by_service.page(
        claims, paging, item=views.claim_item, after=lambda claim: (claim.service_on, claim.claim_id)
    )


@router.get("/claims/{claim_id}")
async def read_claim(claim_id: UUID, caller: Reader, runner: Runner) -> views.ClaimView:
    """Show a claim with its lines, its proofs and every decision on it."""
    async with runner.read(caller) as connection:
        return views.claim_view(await queries.find_claim(connection, claim_id))


@router.post("/claims/{claim_id}/recheck")
async def recheck_claim(
    claim_id: UUID, request: requests.RecheckRequest, caller: Biller, key: IdempotencyKey, runner: Runner
) -> views.ClaimView:
    """Check a held claim again; it leaves with the next interchange when nothing is found."""
    command = messages.RecheckClaim(claim_id=claim_id, override=tuple(request.override), reason=request.reason)
    await runner.run_on(claim_table, claim_id, "claim", command, caller=caller, key=key)
    return await read_claim(claim_id, caller, runner)


@router.post("/claims/{claim_id}/corrections")
async def correct_claim(
    claim_id: UUID, request: requests.CorrectionsRequest, caller: Biller, key: IdempotencyKey, runner: Runner
) -> Page[views.ClaimItem]:
    """Change a held or rejected claim and send it; a rejected one leaves as a new claim."""
    changes = tuple(
        Change(field=change.field, line_number=change.line_number, value=change.value) for change in request.changes
    )
    command = messages.CorrectClaim(claim_id=claim_id, changes=changes)
    await runner.run_on(claim_table, claim_id, "claim", command, caller=caller, key=key)
    async with runner.read(caller) as connection:
        claims = await queries.claims_beside(connection, claim_id)
    return Page(items=[views.claim_item(claim) for claim in claims], next_cursor=None)


@router.post("/claims/{claim_id}/void")
async def void_claim(claim_id: UUID, caller: Lead, key: IdempotencyKey, runner: Runner) -> views.ClaimView:
    """Take a claim back: before it left, or by a void (8) when a payer decided it. No other is made."""
    command = messages.VoidClaim(claim_id=claim_id)
    await runner.run_on(claim_table, claim_id, "claim", command, caller=caller, key=key)
    return await read_claim(claim_id, caller, runner)

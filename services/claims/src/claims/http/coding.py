"""The coding worklist, an encounter in full, and its ledger."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter

from claims import messages, queries
from claims.domain.charging import LineCoding
from claims.domain.ledger import money
from claims.http import requests, views
from claims.http.requests import Coder, Reader
from claims.storage import encounter_table
from revcycle_kit.errors import NotFound
from revcycle_kit.http import Cursor, IdempotencyKey, Page, Paging, Runner

router = APIRouter(prefix="/v1", tags=["coding"])
by_service = Cursor("encounters", tuple[date, UUID])


@router.get("/coding-worklist")
async def list_coding(
    caller: Reader, paging: Paging, runner: Runner, clinic_id: UUID | None = None
) -> Page[views.EncounterView]:
    """List encounters that wait for a coder, the oldest service first, each with what is missing."""
    clinics = frozenset({caller.require_clinic(clinic_id)}) if clinic_id else caller.clinics
    after = by_service.read(paging.cursor)
    async with runner.read(caller) as connection:
        files = await queries.list_coding(connection, clinics, after, paging.limit + 1)
    return by_service.page(
        files,
        paging,
        item=lambda file: views.encounter_view(file.encounter),
        after=lambda file: (file.service_on, file.encounter_id),
    )


@router.get("/encounters/{encounter_id}")
async def read_encounter(encounter_id: UUID, caller: Reader, runner: Runner) -> views.EncounterView:
    """Show an encounter with its charges and what its coder has to supply."""
    async with runner.read(caller) as connection:
        file = await queries.find_encounter(connection, encounter_id)
    return views.encounter_view(file.encounter)


@router.post("/encounters/{encounter_id}/coding")
async def complete_coding(
    encounter_id: UUID, request: requests.CodingRequest, caller: Coder, key: IdempotencyKey, runner: Runner
) -> views.EncounterView:
    """Take a coder's answer; when nothing is missing any more the encounter goes on to its claim."""
    command = messages.CompleteCoding(
        lines=tuple(_line(line) for line in request.lines),
        diagnoses=tuple(request.diagnoses),
        rendering_provider_id=request.rendering_provider_id,
    )
    await runner.run_on(encounter_table, encounter_id, "encounter", command, caller=caller, key=key)
    return await read_encounter(encounter_id, caller, runner)


@router.get("/encounters/{encounter_id}/ledger")
async def read_ledger(encounter_id: UUID, caller: Reader, runner: Runner) -> views.LedgerView:
    """Show an encounter's insurance ledger: every entry, and what they add up to."""
    async with runner.read(caller) as connection:
        entries = await queries.entries_of(connection, caller.clinics, encounter_id)
    if not entries:
        raise NotFound("ledger")
    return views.ledger_view(money(entries), entries)


def _line(request: requests.LineCodingRequest) -> LineCoding:
    return LineCoding(
        line_id=request.line_id,
        code=request.code.strip().upper() if request.code else None,
        modifiers=None if request.modifiers is None else tuple(modifier.upper() for modifier in request.modifiers),
        units=request.units,
        charge_cents=request.charge_cents,
        diagnoses=None if request.diagnoses is None else tuple(request.diagnoses),
        rendering_provider_id=request.rendering_provider_id,
        remove=request.remove,
    )

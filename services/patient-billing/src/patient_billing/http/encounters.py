"""Encounters: what the patient owes for one, its ledger, and a coverage shown late."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response

from patient_billing.http.requests import Clerk, InsuranceAsked, Reader
from patient_billing.http.views import EncounterView, EntryView
from patient_billing.messages import PresentInsurance, encounter_stream
from patient_billing.queries import find_encounter, ledger_rows
from revcycle_kit.http import Cursor, IdempotencyKey, Page, Paging, Runner

router = APIRouter(prefix="/v1")
_entries = Cursor("ledger entries", UUID)
_ENCOUNTER: Final = "/clinics/{clinic_id}/encounters/{encounter_id}"


@router.get(_ENCOUNTER, tags=["accounts"])
async def show_encounter(clinic_id: UUID, encounter_id: UUID, caller: Reader, runner: Runner) -> EncounterView:
    """Show what the patient owes for an encounter, and on which account."""
    caller.require_clinic(clinic_id)
    async with runner.read(caller) as connection:
        return EncounterView.model_validate(await find_encounter(connection, clinic_id, encounter_id))


@router.get(_ENCOUNTER + "/ledger", tags=["accounts"])
async def list_entries(
    clinic_id: UUID, encounter_id: UUID, paging: Paging, caller: Reader, runner: Runner
) -> Page[EntryView]:
    """List the entries of an encounter's patient ledger."""
    caller.require_clinic(clinic_id)
    after = _entries.read(paging.cursor)
    async with runner.read(caller) as connection:
        rows = await ledger_rows(connection, clinic_id, encounter_id, after=after, limit=paging.limit + 1)
    return _entries.page(rows, paging, item=EntryView.model_validate, after=lambda row: row.entry_id)


@router.post(_ENCOUNTER + "/insurance-presented", tags=["care"], status_code=202)
async def present_insurance(
    clinic_id: UUID,
    encounter_id: UUID,
    *,
    request: InsuranceAsked,
    caller: Clerk,
    key: IdempotencyKey,
    runner: Runner,
) -> Response:
    """Tell that the patient showed a coverage after the bill: it is verified and billed first."""
    caller.require_clinic(clinic_id)
    caller.require_organization()
    command = PresentInsurance(payer_name=request.payer_name)
    await runner.run(command, encounter_stream(clinic_id, encounter_id), caller=caller, key=key)
    return Response(status_code=202)

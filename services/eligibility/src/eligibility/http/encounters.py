"""Encounters over HTTP: register, find, read with everything that is known."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request

from eligibility import queries
from eligibility.domain.facts import (
    CoverageSent,
    EncounterSent,
    Fact,
    GuarantorSent,
    Origin,
    PatientSent,
    ProviderSent,
    Reading,
    Registration,
)
from eligibility.domain.npi import is_npi
from eligibility.domain.people import Person
from eligibility.http.dependencies import Receiver
from eligibility.http.requests import Filter, FrontDesk, Reader, RegistrationShape, domain_value
from eligibility.http.views import EncounterRow, EncounterView, ReceiptView, encounter_view
from eligibility.intake.receiver import Sender
from eligibility.intake.scope import Scope
from eligibility.queries import EncounterFilter
from revcycle_kit.http import Cursor, Page, Paging, Runner, repeatable

_by_day = Cursor("encounters", tuple[date, UUID])
_once = repeatable("a registration is unique by its content and its visit number")

router = APIRouter(prefix="/v1/clinics/{clinic_id}/encounters", tags=["encounters"])


@router.post("", dependencies=[_once])
async def register_encounter(
    clinic_id: UUID, request: RegistrationShape, http_request: Request, caller: FrontDesk, receiver: Receiver
) -> ReceiptView:
    """Register an encounter by hand, or change its registration."""
    caller.require_clinic(clinic_id)
    sender = Sender(caller.require_organization(), clinic_id, "api")
    reading = _reading(request, Scope(sender.organization_id, source=sender.name))
    receipt = await receiver.register(reading, await http_request.body(), sender, caller)
    return ReceiptView.model_validate(receipt)


@router.get("")
async def list_encounters(
    clinic_id: UUID, paging: Paging, caller: Reader, request: Annotated[Filter, Query()], runner: Runner
) -> Page[EncounterRow]:
    """List encounters by day of service: one by visit number, those that lack something, or those that wait."""
    caller.require_clinic(clinic_id)
    number = request.visit_number.upper()
    wanted = EncounterFilter(
        visit_hash=runner.runtime.sealer.keyed_hash(clinic_id, "visit_number", number).hex() if number else "",
        patient_id=request.patient_id,
        incomplete=request.incomplete,
        waiting=request.waiting,
    )
    async with runner.read(caller) as connection:
        after = _by_day.read(paging.cursor)
        encounters = await queries.list_encounters(connection, clinic_id, wanted, after, paging.limit)
    return _by_day.page(
        encounters,
        paging,
        item=EncounterRow.model_validate,
        after=lambda encounter: (encounter.service_on, encounter.encounter_id),
    )


@router.get("/{encounter_id}")
async def read_encounter(clinic_id: UUID, encounter_id: UUID, caller: Reader, runner: Runner) -> EncounterView:
    """Read an encounter: who, when, who pays, what the payers said."""
    caller.require_clinic(clinic_id)
    async with runner.read(caller) as connection:
        encounter = await queries.encounter_of(connection, clinic_id, encounter_id)
        inquiries = await queries.inquiries_of(connection, clinic_id, encounter_id)
        authorizations = await queries.authorizations_of(connection, clinic_id, encounter_id)
    identity = queries.identity_of(runner.runtime.sealer, encounter)
    return encounter_view(encounter, identity, inquiries, authorizations)


def _reading(request: RegistrationShape, scope: Scope) -> Reading:
    assigner = request.assigner or scope.source
    patient = PatientSent(
        patient_id=scope.patient_id(assigner, request.medical_record_number),
        medical_record_number=request.medical_record_number,
        assigner=assigner,
        person=domain_value(Person, request.patient),
    )
    fact: Fact = Registration(
        patient=patient,
        encounter=_encounter(request, scope),
        guarantor=_guarantor(request, scope),
        coverages=tuple(
            msgspec.convert({**coverage.model_dump(), "order": order}, CoverageSent)
            for order, coverage in enumerate(request.coverages, start=1)
        ),
    )
    origin = Origin(format="hl7v2", application="api", facility=scope.source, type="api")
    return Reading(origin=origin, facts=(fact,))


def _encounter(request: RegistrationShape, scope: Scope) -> EncounterSent:
    return EncounterSent(
        encounter_id=scope.encounter_id(scope.source, request.visit_number),
        visit_number=request.visit_number,
        visit_class=request.visit_class,
        service_on=request.service_on,
        service_through_on=request.service_through_on,
        admitted_at=request.admitted_at,
        providers=tuple(
            ProviderSent(
                role=provider.role,
                npi=provider.npi if is_npi(provider.npi) else None,
                family=provider.family,
                given=provider.given,
            )
            for provider in request.providers
        ),
    )


def _guarantor(request: RegistrationShape, scope: Scope) -> GuarantorSent | None:
    if request.guarantor is None:
        return None
    person = domain_value(Person, request.guarantor)
    name = f"{person.family}^{person.given}"
    return GuarantorSent(
        guarantor_id=scope.guarantor_by_name(name, str(person.birth_on)), person=person, relationship="G8"
    )

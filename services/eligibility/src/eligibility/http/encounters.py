"""Encounters over HTTP: register, find, read with everything that is known."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request
from sqlalchemy import select, tuple_

from eligibility import queries
from eligibility.domain.encounter import Encounter
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
from eligibility.http.requests import Filter, FrontDesk, Reader, RegistrationShape, domain_value
from eligibility.http.views import EncounterRow, EncounterView, ReceiptView, whole
from eligibility.intake.receiver import MessageReceiver, Source
from eligibility.intake.scope import Scope
from eligibility.storage import EligibilityWork, encounter_table
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.errors import NotFound
from revcycle_kit.http import Cursor, Page, Paging, repeatable

_by_day = Cursor("encounters", tuple[date, UUID])


def routes(runtime: Runtime[EligibilityWork], receiver: MessageReceiver) -> APIRouter:
    """Make the routes of encounters."""
    router = APIRouter(prefix="/v1/clinics/{clinic_id}/encounters", tags=["encounters"])
    once = repeatable("a registration is unique by its content and its visit number")

    @router.post("", dependencies=[once])
    async def register_encounter(
        clinic_id: UUID, request: RegistrationShape, http_request: Request, caller: FrontDesk
    ) -> ReceiptView:
        """Register an encounter by hand, or change its registration."""
        caller.require_clinic(clinic_id)
        if caller.organization_id is None:
            raise NotFound("organization")
        source = Source(caller.organization_id, clinic_id, "api")
        raw = await http_request.body()
        reading = _reading(request, Scope(caller.organization_id, source=source.name))
        return ReceiptView.model_validate(await receiver.enter(reading, raw, source, caller))

    @router.get("")
    async def list_encounters(
        clinic_id: UUID,
        paging: Paging,
        caller: Reader,
        request: Annotated[Filter, Query()],
    ) -> Page[EncounterRow]:
        """List encounters by day of service: one by visit number, those that lack something, or those that wait."""
        caller.require_clinic(clinic_id)
        table, after = encounter_table.c, _by_day.read(paging.cursor)
        query = select(table.body).where(table.clinic_id == clinic_id)
        query = query.where(table.state == "expected" if request.waiting else table.state != "expected")
        if request.visit_number:
            query = query.where(table.visit_hash == _hash(runtime, clinic_id, request.visit_number))
        if request.patient_id:
            query = query.where(table.patient_id == request.patient_id)
        if request.incomplete:
            query = query.where(table.lacks > 0)
        if after:
            query = query.where(tuple_(table.service_on, table.id) > after)
        query = query.order_by(table.service_on, table.id).limit(paging.limit + 1)
        encounters = await queries.documents(runtime, query, Encounter, caller)
        return _by_day.page(
            encounters, paging, item=_row, after=lambda encounter: (encounter.service_on, encounter.encounter_id)
        )

    @router.get("/{encounter_id}")
    async def read_encounter(clinic_id: UUID, encounter_id: UUID, caller: Reader) -> EncounterView:
        """Read an encounter: who, when, who pays, what the payers said."""
        return await _view(runtime, await queries.encounter(runtime, clinic_id, encounter_id, caller), caller)

    return router


def _hash(runtime: Runtime[EligibilityWork], clinic_id: UUID, visit_number: str) -> str:
    return runtime.sealer.keyed_hash(clinic_id, "visit_number", visit_number.upper()).hex()


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


def _row(encounter: Encounter) -> EncounterRow:
    return EncounterRow.model_validate(encounter)


async def _view(runtime: Runtime[EligibilityWork], encounter: Encounter, caller: Grant) -> EncounterView:
    identity = queries.opened(runtime, encounter)
    inquiries = await queries.inquiries(runtime, encounter.clinic_id, encounter.encounter_id, caller)
    authorizations = await queries.authorizations(runtime, encounter.clinic_id, encounter.encounter_id, caller)
    plain = whole(encounter)
    people = whole(identity)
    subscribers = {subscriber["coverage_id"]: subscriber for subscriber in people["subscribers"]}
    coverages = [
        {
            **coverage,
            "member_id": subscribers[coverage["coverage_id"]]["member_id"],
            "group_number": subscribers[coverage["coverage_id"]]["group_number"],
            "subscriber": subscribers[coverage["coverage_id"]]["person"],
        }
        for coverage in plain["coverages"]
    ]
    return EncounterView.model_validate(
        {
            **plain,
            **{name: people[name] for name in ("patient", "guarantor", "medical_record_number")},
            "visit_number": identity.visit_number,
            "account_number": identity.account_number,
            "coverages": coverages,
            "inquiries": whole(inquiries),
            "authorizations": whole(authorizations),
            "charge_lines": len(encounter.charged),
            "waiting_charges": len(encounter.pending),
        }
    )

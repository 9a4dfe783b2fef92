"""What people at the desk do over HTTP: correct coverages and people, verify, sign, finish, charge."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends

from eligibility.domain.facts import ChargeSent, DiagnosisSent
from eligibility.domain.people import Person
from eligibility.http.requests import (
    AddCoverageShape,
    CancelShape,
    ChargesShape,
    EstimateShape,
    FrontDesk,
    GivenShape,
    NoticeShape,
    PeopleShape,
    SelfPayShape,
    VerifyShape,
    domain_value,
)
from eligibility.http.views import DoneView
from eligibility.messages.commands import (
    AddCharges,
    AddCoverage,
    CancelEncounter,
    CorrectCoverage,
    CorrectPatient,
    CoverageInput,
    Done,
    ElectSelfPay,
    FinishEncounter,
    PrepareEstimate,
    RemoveCoverage,
    SignNotice,
    VerifyCoverage,
)
from eligibility.storage import EligibilityWork
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.delivery.runtime import Runtime, answer_as
from revcycle_kit.http import CommandKey, IdempotencyKey

Place = tuple[UUID, UUID]
Execute = Callable[[Command, Place, Grant, CommandKey], Awaitable[DoneView]]


def _place(clinic_id: UUID, encounter_id: UUID) -> Place:
    return clinic_id, encounter_id


At = Annotated[Place, Depends(_place)]
"""The clinic and the encounter of the path."""


def routes(runtime: Runtime[EligibilityWork]) -> APIRouter:
    """Make the routes of the desk."""
    router = APIRouter(prefix="/v1/clinics/{clinic_id}/encounters/{encounter_id}", tags=["desk"])

    async def execute(command: Command, at: Place, caller: Grant, key: CommandKey) -> DoneView:
        clinic_id, encounter_id = at
        caller.require_clinic(clinic_id)
        stream = StreamRef("clinic", clinic_id, "encounter", encounter_id)
        return DoneView.model_validate(answer_as(Done, await runtime.execute(command, stream, grant=caller, key=key)))

    _coverages(router, execute)
    _papers(router, execute)
    _visit(router, execute)
    return router


def _coverages(router: APIRouter, execute: Execute) -> None:
    """Add the routes of coverages and people."""

    @router.post("/coverages")
    async def add_coverage(at: At, request: AddCoverageShape, caller: FrontDesk, key: IdempotencyKey) -> DoneView:
        """Add a coverage and verify it."""
        command = AddCoverage(given=_given(request), first=request.first)
        return await execute(command, at, caller, key)

    @router.patch("/coverages/{coverage_id}")
    async def correct_coverage(
        at: At, coverage_id: UUID, request: GivenShape, caller: FrontDesk, key: IdempotencyKey
    ) -> DoneView:
        """Correct a coverage and verify it again."""
        command = CorrectCoverage(coverage_id=coverage_id, given=_given(request))
        return await execute(command, at, caller, key)

    @router.delete("/coverages/{coverage_id}")
    async def remove_coverage(at: At, coverage_id: UUID, caller: FrontDesk, key: IdempotencyKey) -> DoneView:
        """Take a coverage off the encounter."""
        return await execute(RemoveCoverage(coverage_id=coverage_id), at, caller, key)

    @router.patch("/people")
    async def correct_people(at: At, request: PeopleShape, caller: FrontDesk, key: IdempotencyKey) -> DoneView:
        """Correct the patient or the guarantor."""
        command = CorrectPatient(
            patient=domain_value(Person, request.patient) if request.patient else None,
            guarantor=domain_value(Person, request.guarantor) if request.guarantor else None,
        )
        return await execute(command, at, caller, key)

    @router.post("/verifications")
    async def verify_coverage(at: At, request: VerifyShape, caller: FrontDesk, key: IdempotencyKey) -> DoneView:
        """Ask the payer now whether the coverage is active."""
        return await execute(VerifyCoverage(coverage_id=request.coverage_id), at, caller, key)


def _papers(router: APIRouter, execute: Execute) -> None:
    """Add the routes of notices and estimates."""

    @router.post("/notices")
    async def sign_notice(at: At, request: NoticeShape, caller: FrontDesk, key: IdempotencyKey) -> DoneView:
        """Record a notice that the patient signed."""
        command = SignNotice(kind=request.kind, codes=tuple(request.codes), signed_on=request.signed_on)
        return await execute(command, at, caller, key)

    @router.post("/self-pay")
    async def elect_self_pay(at: At, request: SelfPayShape, caller: FrontDesk, key: IdempotencyKey) -> DoneView:
        """Record that the patient pays cash and no plan may be told (45 CFR 164.522)."""
        return await execute(ElectSelfPay(elected_on=request.elected_on), at, caller, key)

    @router.post("/estimates")
    async def prepare_estimate(at: At, request: EstimateShape, caller: FrontDesk, key: IdempotencyKey) -> DoneView:
        """Estimate what the patient will owe."""
        command = PrepareEstimate(codes=tuple(request.codes), requested=request.requested)
        return await execute(command, at, caller, key)


def _visit(router: APIRouter, execute: Execute) -> None:
    """Add the routes of the visit itself."""

    @router.post("/charges")
    async def add_charges(at: At, request: ChargesShape, caller: FrontDesk, key: IdempotencyKey) -> DoneView:
        """Enter charges by hand."""
        return await execute(_charges(request), at, caller, key)

    @router.post("/finish")
    async def finish_encounter(at: At, caller: FrontDesk, key: IdempotencyKey) -> DoneView:
        """End the visit."""
        return await execute(FinishEncounter(), at, caller, key)

    @router.post("/cancel")
    async def cancel_encounter(at: At, request: CancelShape, caller: FrontDesk, key: IdempotencyKey) -> DoneView:
        """Cancel the visit."""
        return await execute(CancelEncounter(reason=request.reason), at, caller, key)


def _given(request: GivenShape) -> CoverageInput:
    fields = request.model_dump(exclude={"first", "subscriber"})
    subscriber = domain_value(Person, request.subscriber) if request.subscriber else None
    return CoverageInput(**fields, subscriber=subscriber)


def _charges(request: ChargesShape) -> AddCharges:
    lines = tuple(
        msgspec.convert({**line.model_dump(), "position": position}, ChargeSent)
        for position, line in enumerate(request.lines, start=1)
    )
    diagnoses = tuple(msgspec.convert(diagnosis.model_dump(), DiagnosisSent) for diagnosis in request.diagnoses)
    return AddCharges(lines=lines, diagnoses=diagnoses, complete=request.complete, reference=request.reference)

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
    Desk,
    EstimateShape,
    GivenShape,
    NoticeShape,
    PeopleShape,
    SelfPayShape,
    VerifyShape,
    told,
)
from eligibility.http.views import DoneView
from eligibility.messages.commands import (
    AddCharges,
    AddCoverage,
    CancelEncounter,
    CorrectCoverage,
    CorrectPatient,
    CoverageGiven,
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
    async def add_coverage(at: At, asked: AddCoverageShape, caller: Desk, key: IdempotencyKey) -> DoneView:
        """Add a coverage and verify it."""
        command = AddCoverage(given=_given(asked), first=asked.first)
        return await execute(command, at, caller, key)

    @router.patch("/coverages/{coverage_id}")
    async def correct_coverage(
        at: At, coverage_id: UUID, asked: GivenShape, caller: Desk, key: IdempotencyKey
    ) -> DoneView:
        """Correct a coverage and verify it again."""
        command = CorrectCoverage(coverage_id=coverage_id, given=_given(asked))
        return await execute(command, at, caller, key)

    @router.delete("/coverages/{coverage_id}")
    async def remove_coverage(at: At, coverage_id: UUID, caller: Desk, key: IdempotencyKey) -> DoneView:
        """Take a coverage off the encounter."""
        return await execute(RemoveCoverage(coverage_id=coverage_id), at, caller, key)

    @router.patch("/people")
    async def correct_people(at: At, asked: PeopleShape, caller: Desk, key: IdempotencyKey) -> DoneView:
        """Correct the patient or the guarantor."""
        command = CorrectPatient(
            patient=told(Person, asked.patient) if asked.patient else None,
            guarantor=told(Person, asked.guarantor) if asked.guarantor else None,
        )
        return await execute(command, at, caller, key)

    @router.post("/verifications")
    async def verify_coverage(at: At, asked: VerifyShape, caller: Desk, key: IdempotencyKey) -> DoneView:
        """Ask the payer now whether the coverage is active."""
        return await execute(VerifyCoverage(coverage_id=asked.coverage_id), at, caller, key)


def _papers(router: APIRouter, execute: Execute) -> None:
    """Add the routes of notices and estimates."""

    @router.post("/notices")
    async def sign_notice(at: At, asked: NoticeShape, caller: Desk, key: IdempotencyKey) -> DoneView:
        """Record a notice that the patient signed."""
        command = SignNotice(kind=asked.kind, codes=tuple(asked.codes), signed_on=asked.signed_on)
        return await execute(command, at, caller, key)

    @router.post("/self-pay")
    async def elect_self_pay(at: At, asked: SelfPayShape, caller: Desk, key: IdempotencyKey) -> DoneView:
        """Record that the patient pays cash and no plan may be told (45 CFR 164.522)."""
        return await execute(ElectSelfPay(elected_on=asked.elected_on), at, caller, key)

    @router.post("/estimates")
    async def prepare_estimate(at: At, asked: EstimateShape, caller: Desk, key: IdempotencyKey) -> DoneView:
        """Estimate what the patient will owe."""
        command = PrepareEstimate(codes=tuple(asked.codes), requested=asked.requested)
        return await execute(command, at, caller, key)


def _visit(router: APIRouter, execute: Execute) -> None:
    """Add the routes of the visit itself."""

    @router.post("/charges")
    async def add_charges(at: At, asked: ChargesShape, caller: Desk, key: IdempotencyKey) -> DoneView:
        """Enter charges by hand."""
        return await execute(_charges(asked), at, caller, key)

    @router.post("/finish")
    async def finish_encounter(at: At, caller: Desk, key: IdempotencyKey) -> DoneView:
        """End the visit."""
        return await execute(FinishEncounter(), at, caller, key)

    @router.post("/cancel")
    async def cancel_encounter(at: At, asked: CancelShape, caller: Desk, key: IdempotencyKey) -> DoneView:
        """Cancel the visit."""
        return await execute(CancelEncounter(reason=asked.reason), at, caller, key)


def _given(asked: GivenShape) -> CoverageGiven:
    given = asked.model_dump(exclude={"first", "subscriber"})
    subscriber = told(Person, asked.subscriber) if asked.subscriber else None
    return CoverageGiven(**given, subscriber=subscriber)


def _charges(asked: ChargesShape) -> AddCharges:
    lines = tuple(
        msgspec.convert({**each.model_dump(), "position": position}, ChargeSent)
        for position, each in enumerate(asked.lines, start=1)
    )
    diagnoses = tuple(msgspec.convert(each.model_dump(), DiagnosisSent) for each in asked.diagnoses)
    return AddCharges(lines=lines, diagnoses=diagnoses, complete=asked.complete, reference=asked.reference)

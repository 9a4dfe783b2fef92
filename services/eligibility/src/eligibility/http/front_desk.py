"""The front desk over HTTP: correct coverages and people, verify, sign, finish, charge."""

from uuid import UUID

import msgspec
from fastapi import APIRouter

from eligibility.domain.facts import ChargeSent, DiagnosisSent
from eligibility.domain.people import Person
from eligibility.http.dependencies import EncounterStream
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
from revcycle_kit.http import IdempotencyKey, Runner

router = APIRouter(prefix="/v1/clinics/{clinic_id}/encounters/{encounter_id}", tags=["desk"])


@router.post("/coverages")
async def add_coverage(
    stream: EncounterStream, request: AddCoverageShape, caller: FrontDesk, key: IdempotencyKey, runner: Runner
) -> DoneView:
    """Add a coverage and verify it."""
    command = AddCoverage(given=_given(request), first=request.first)
    done = await runner.answer(Done, command, stream, caller=caller, key=key)
    return DoneView.model_validate(done)


@router.patch("/coverages/{coverage_id}")
async def correct_coverage(
    stream: EncounterStream,
    coverage_id: UUID,
    request: GivenShape,
    caller: FrontDesk,
    key: IdempotencyKey,
    *,
    runner: Runner,
) -> DoneView:
    """Correct a coverage and verify it again."""
    command = CorrectCoverage(coverage_id=coverage_id, given=_given(request))
    done = await runner.answer(Done, command, stream, caller=caller, key=key)
    return DoneView.model_validate(done)


@router.delete("/coverages/{coverage_id}")
async def remove_coverage(
    stream: EncounterStream, coverage_id: UUID, caller: FrontDesk, key: IdempotencyKey, runner: Runner
) -> DoneView:
    """Take a coverage off the encounter."""
    done = await runner.answer(Done, RemoveCoverage(coverage_id=coverage_id), stream, caller=caller, key=key)
    return DoneView.model_validate(done)


@router.patch("/people")
async def correct_people(
    stream: EncounterStream, request: PeopleShape, caller: FrontDesk, key: IdempotencyKey, runner: Runner
) -> DoneView:
    """Correct the patient or the guarantor."""
    command = CorrectPatient(
        patient=domain_value(Person, request.patient) if request.patient else None,
        guarantor=domain_value(Person, request.guarantor) if request.guarantor else None,
    )
    done = await runner.answer(Done, command, stream, caller=caller, key=key)
    return DoneView.model_validate(done)


@router.post("/verifications")
async def verify_coverage(
    stream: EncounterStream, request: VerifyShape, caller: FrontDesk, key: IdempotencyKey, runner: Runner
) -> DoneView:
    """Ask the payer now whether the coverage is active."""
    done = await runner.answer(Done, VerifyCoverage(coverage_id=request.coverage_id), stream, caller=caller, key=key)
    return DoneView.model_validate(done)


@router.post("/notices")
async def sign_notice(
    stream: EncounterStream, request: NoticeShape, caller: FrontDesk, key: IdempotencyKey, runner: Runner
) -> DoneView:
    """Record a notice that the patient signed."""
    command = SignNotice(kind=request.kind, codes=tuple(request.codes), signed_on=request.signed_on)
    done = await runner.answer(Done, command, stream, caller=caller, key=key)
    return DoneView.model_validate(done)


@router.post("/self-pay")
async def elect_self_pay(
    stream: EncounterStream, request: SelfPayShape, caller: FrontDesk, key: IdempotencyKey, runner: Runner
) -> DoneView:
    """Record that the patient pays cash and no plan may be told (45 CFR 164.522)."""
    done = await runner.answer(Done, ElectSelfPay(elected_on=request.elected_on), stream, caller=caller, key=key)
    return DoneView.model_validate(done)


@router.post("/estimates")
async def prepare_estimate(
    stream: EncounterStream, request: EstimateShape, caller: FrontDesk, key: IdempotencyKey, runner: Runner
) -> DoneView:
    """Estimate what the patient will owe."""
    command = PrepareEstimate(codes=tuple(request.codes), requested=request.requested)
    done = await runner.answer(Done, command, stream, caller=caller, key=key)
    return DoneView.model_validate(done)


@router.post("/charges")
async def add_charges(
    stream: EncounterStream, request: ChargesShape, caller: FrontDesk, key: IdempotencyKey, runner: Runner
) -> DoneView:
    """Enter charges by hand."""
    done = await runner.answer(Done, _charges(request), stream, caller=caller, key=key)
    return DoneView.model_validate(done)


@router.post("/finish")
async def finish_encounter(stream: EncounterStream, caller: FrontDesk, key: IdempotencyKey, runner: Runner) -> DoneView:
    """End the visit."""
    done = await runner.answer(Done, FinishEncounter(), stream, caller=caller, key=key)
    return DoneView.model_validate(done)


@router.post("/cancel")
async def cancel_encounter(
    stream: EncounterStream, request: CancelShape, caller: FrontDesk, key: IdempotencyKey, runner: Runner
) -> DoneView:
    """Cancel the visit."""
    done = await runner.answer(Done, CancelEncounter(reason=request.reason), stream, caller=caller, key=key)
    return DoneView.model_validate(done)


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

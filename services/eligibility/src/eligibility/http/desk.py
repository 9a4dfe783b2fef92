"""What people at the desk do over HTTP: correct coverages and people, verify, sign, finish, charge."""

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends
from pydantic import Field

from eligibility.domain.intake import ChargeSent, CodeSystem, DiagnosisSent, DiagnosisSystem
from eligibility.domain.people import Person
from eligibility.http.shapes import Code, Desk, DoneView, PersonShape, Shape, Text, told
from eligibility.requests import (
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
from revcycle_kit.http import CommandKey, IdempotencyKey, NonNegativeCents

Modifier = Annotated[str, Field(pattern=r"^[A-Z0-9]{2}$")]


class GivenShape(Shape):
    """A coverage as the desk knows it; what is left out stays."""

    payer_id: UUID | None = None
    member_id: Text | None = None
    group_number: Text | None = None
    relationship: Annotated[str, Field(pattern=r"^(18|01|19|53|G8)$")] | None = None
    subscriber: PersonShape | None = None
    begins_on: date | None = None
    ends_on: date | None = None


class AddCoverageShape(GivenShape):
    """A coverage to add; `first`: it pays before the others unless a rule says otherwise."""

    first: bool = False


class PeopleShape(Shape):
    """Who the patient or the guarantor is."""

    patient: PersonShape | None = None
    guarantor: PersonShape | None = None


class VerifyShape(Shape):
    """Which coverage to verify; none: all."""

    coverage_id: UUID | None = None


class NoticeShape(Shape):
    """A notice that was signed."""

    kind: Literal["abn", "assignment_of_benefits", "release_of_information", "financial_responsibility"]
    codes: tuple[Code, ...] = ()
    signed_on: date


class SelfPayShape(Shape):
    """When the patient chose to pay cash."""

    elected_on: date


class EstimateShape(Shape):
    """For which services; `requested`: the patient asked."""

    codes: list[Code]
    requested: bool = False


class DiagnosisShape(Shape):
    """A diagnosis."""

    code: Code
    system: DiagnosisSystem = "icd10cm"
    rank: int = 0


class ChargeShape(Shape):
    """A charge line; without an amount the fee schedule decides."""

    transaction_id: Text = ""
    code: Code
    system: CodeSystem = "hcpcs"
    modifiers: Annotated[tuple[Modifier, ...], Field(max_length=4)] = ()
    units: Annotated[Decimal, Field(gt=0, le=100_000)] = Decimal(1)
    amount_cents: NonNegativeCents | None = None
    service_on: date | None = None
    diagnoses: tuple[DiagnosisShape, ...] = ()
    revenue_code: Annotated[str, Field(pattern=r"^(\d{4})?$")] = ""
    credit: bool = False


class ChargesShape(Shape):
    """Charges entered by hand; the reference makes them the same delivery each time."""

    reference: Annotated[str, Field(min_length=1, max_length=100)]
    lines: Annotated[list[ChargeShape], Field(min_length=1, max_length=500)]
    diagnoses: tuple[DiagnosisShape, ...] = ()
    complete: bool = True


class CancelShape(Shape):
    """Why the visit did not take place."""

    reason: Literal["cancelled", "no_show", "entered_in_error"] = "cancelled"


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

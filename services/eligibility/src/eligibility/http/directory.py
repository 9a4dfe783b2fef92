"""The directory over HTTP: enter and read clinics, payees, clinicians, payers, enrollments, prices."""

from collections.abc import Iterable
from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec
from fastapi import APIRouter

from eligibility import queries
from eligibility.domain import identifiers
from eligibility.domain.directory import (
    BillingEntity,
    Clinic,
    Enrollment,
    Entry,
    Payer,
    PriceList,
    Provider,
    enrollment_id,
)
from eligibility.domain.npi import is_npi
from eligibility.http.dependencies import Keys, Receiver
from eligibility.http.requests import (
    Administrator,
    BillingEntityShape,
    ClinicShape,
    EnrollmentShape,
    PayerShape,
    PricesShape,
    ProviderShape,
    Reader,
    Shape,
)
from eligibility.http.views import EnteredView, whole
from eligibility.messages.commands import (
    EnterBillingEntity,
    EnterClinic,
    Entered,
    EnterEnrollment,
    EnterPayer,
    EnterPrices,
    EnterProvider,
)
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.errors import Refusal
from revcycle_kit.http import CommandKey, IdempotencyKey, Runner
from revcycle_kit.values import replace

READERS_OF_CLINICS = ("claims", "denials", "patient-billing")
READERS_OF_PAYEES = ("claims", "patient-billing")

E = TypeVar("E", bound=Entry)

router = APIRouter(prefix="/v1", tags=["directory"])


@router.put("/clinics/{clinic_id}")
async def enter_clinic(
    clinic_id: UUID,
    request: ClinicShape,
    caller: Administrator,
    key: IdempotencyKey,
    *,
    runner: Runner,
    keys: Keys,
    receiver: Receiver,
) -> EnteredView:
    """Enter or change a clinic; its keys are made with it, and those of its organization."""
    _require(caller, (clinic_id,), request.billing_entity_ids)
    organization_id = caller.require_organization()
    keys.create(organization_id, READERS_OF_CLINICS)
    keys.create(clinic_id, READERS_OF_CLINICS)
    clinic = _entry(Clinic, request, organization_id=organization_id, clinic_id=clinic_id)
    entered = await _enter(EnterClinic(clinic=clinic), clinic_id, caller, key, runner)
    receiver.clinics.forget(organization_id)
    return entered


@router.put("/billing-entities/{billing_entity_id}")
async def enter_billing_entity(
    billing_entity_id: UUID,
    request: BillingEntityShape,
    caller: Administrator,
    key: IdempotencyKey,
    *,
    runner: Runner,
    keys: Keys,
) -> EnteredView:
    """Enter or change a payee; its keys are made with it."""
    _require(caller, request.clinic_ids, (billing_entity_id,))
    _check_npi(request.npi)
    keys.create(billing_entity_id, READERS_OF_PAYEES)
    entity = _entry(
        BillingEntity, request, organization_id=caller.require_organization(), billing_entity_id=billing_entity_id
    )
    return await _enter(EnterBillingEntity(billing_entity=entity), billing_entity_id, caller, key, runner)


@router.post("/providers")
async def enter_provider(
    request: ProviderShape, caller: Administrator, key: IdempotencyKey, runner: Runner
) -> EnteredView:
    """Enter or change a clinician: the NPI says which."""
    _require(caller, request.clinic_ids)
    _check_npi(request.npi)
    organization_id = caller.require_organization()
    provider_id = identifiers.provider(organization_id, request.npi)
    provider = _entry(Provider, request, organization_id=organization_id, provider_id=provider_id)
    return await _enter(EnterProvider(provider=provider), provider_id, caller, key, runner)


@router.post("/payers")
async def enter_payer(request: PayerShape, caller: Administrator, key: IdempotencyKey, runner: Runner) -> EnteredView:
    """Enter or change a payer: its code says which."""
    organization_id = caller.require_organization()
    payer_id = identifiers.payer(organization_id, request.payer_code)
    payer = _entry(Payer, request, organization_id=organization_id, payer_id=payer_id)
    return await _enter(EnterPayer(payer=payer), payer_id, caller, key, runner)


@router.post("/enrollments")
async def enter_enrollment(
    request: EnrollmentShape, caller: Administrator, key: IdempotencyKey, runner: Runner
) -> EnteredView:
    """Enter or change an enrollment: payer, payee, provider and transaction say which."""
    _require(caller, billing_entity_ids=(request.billing_entity_id,))
    organization_id = caller.require_organization()
    enrollment = _entry(Enrollment, request, organization_id=organization_id, enrollment_id=organization_id)
    identified = replace(enrollment, enrollment_id=enrollment_id(enrollment))
    return await _enter(EnterEnrollment(enrollment=identified), identified.enrollment_id, caller, key, runner)


@router.put("/clinics/{clinic_id}/prices")
async def enter_prices(
    clinic_id: UUID, request: PricesShape, caller: Administrator, key: IdempotencyKey, runner: Runner
) -> EnteredView:
    """Enter the prices a clinic estimates with."""
    _require(caller, (clinic_id,))
    prices = _entry(PriceList, request, organization_id=caller.require_organization(), clinic_id=clinic_id)
    return await _enter(EnterPrices(prices=prices), clinic_id, caller, key, runner)


@router.get("/directory/{kind}")
async def read_directory(
    kind: Literal["clinics", "billing-entities", "providers", "payers", "enrollments"],
    caller: Reader,
    runner: Runner,
    *,
    provisional: bool | None = None,
) -> list[dict[str, Any]]:
    """List entries; `provisional=true` those that messages named and nobody completed."""
    async with runner.read(caller) as connection:
        entries = await queries.directory(connection, kind, caller.require_organization())
    return [whole(entry) for entry in entries if provisional in {None, entry.provisional}]


async def _enter(command: Command, entry_id: UUID, caller: Grant, key: CommandKey, runner: Runner) -> EnteredView:
    stream = StreamRef("organization", caller.require_organization(), "directory", entry_id)
    return EnteredView.model_validate(await runner.answer(Entered, command, stream, caller=caller, key=key))


def _require(caller: Grant, clinic_ids: Iterable[UUID] = (), billing_entity_ids: Iterable[UUID] = ()) -> None:
    """Raise NotFound for an id that is not the caller's: another organization may have it already."""
    for clinic_id in clinic_ids:
        caller.require_clinic(clinic_id)
    for billing_entity_id in billing_entity_ids:
        caller.require_billing_entity(billing_entity_id)


def _entry(kind: type[E], request: Shape, **identified: UUID) -> E:
    return msgspec.convert({**request.model_dump(), **identified}, kind)


def _check_npi(npi: str) -> None:
    if not is_npi(npi):
        raise Refusal("The NPI's check digit is wrong.", "npi", "Copy it from the NPPES registry.")

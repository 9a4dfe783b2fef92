"""The directory over HTTP: enter and read clinics, payees, clinicians, payers, enrollments, prices."""

from collections.abc import Iterable
from typing import Any, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter
from sqlalchemy import Table, select

from eligibility.domain import identifiers
from eligibility.domain.directory import BillingEntity, Clinic, Enrollment, Payer, PriceList, Provider, enrollment_id
from eligibility.domain.npi import is_npi
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
from eligibility.intake.receiver import MessageReceiver
from eligibility.messages.commands import (
    EnterBillingEntity,
    EnterClinic,
    Entered,
    EnterEnrollment,
    EnterPayer,
    EnterPrices,
    EnterProvider,
)
from eligibility.storage import (
    EligibilityWork,
    billing_entity_table,
    clinic_table,
    decoded,
    enrollment_table,
    payer_table,
    provider_table,
)
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.delivery.runtime import Runtime, answer_as
from revcycle_kit.errors import NotFound, Refusal
from revcycle_kit.http import CommandKey, IdempotencyKey
from revcycle_kit.keyring import KeyRing

READERS_OF_CLINICS = ("claims", "denials", "patient-billing")
READERS_OF_PAYEES = ("claims", "patient-billing")


def routes(runtime: Runtime[EligibilityWork], keys: KeyRing, receiver: MessageReceiver) -> APIRouter:
    """Make the routes of the directory."""
    router = APIRouter(prefix="/v1", tags=["directory"])

    async def enter(command: Command, caller: Grant, entry_id: UUID, key: CommandKey) -> EnteredView:
        stream = StreamRef("organization", _organization(caller), "directory", entry_id)
        answer = answer_as(Entered, await runtime.execute(command, stream, grant=caller, key=key))
        return EnteredView(id=answer.id, changed=answer.changed)

    @router.put("/clinics/{clinic_id}")
    async def enter_clinic(
        clinic_id: UUID, request: ClinicShape, caller: Administrator, key: IdempotencyKey
    ) -> EnteredView:
        """Enter or change a clinic; its keys are made with it, and those of its organization."""
        _granted(caller, (clinic_id,), request.billing_entity_ids)
        organization_id = _organization(caller)
        keys.create(organization_id, READERS_OF_CLINICS)
        keys.create(clinic_id, READERS_OF_CLINICS)
        clinic = _entry(Clinic, request, organization_id=organization_id, clinic_id=clinic_id)
        entered = await enter(EnterClinic(clinic=clinic), caller, clinic_id, key)
        receiver.forget(organization_id)
        return entered

    @router.put("/billing-entities/{billing_entity_id}")
    async def enter_billing_entity(
        billing_entity_id: UUID, request: BillingEntityShape, caller: Administrator, key: IdempotencyKey
    ) -> EnteredView:
        """Enter or change a payee; its keys are made with it."""
        _granted(caller, request.clinic_ids, (billing_entity_id,))
        _checked(request.npi)
        keys.create(billing_entity_id, READERS_OF_PAYEES)
        entity = _entry(
            BillingEntity, request, organization_id=_organization(caller), billing_entity_id=billing_entity_id
        )
        return await enter(EnterBillingEntity(billing_entity=entity), caller, billing_entity_id, key)

    @router.post("/providers")
    async def enter_provider(request: ProviderShape, caller: Administrator, key: IdempotencyKey) -> EnteredView:
        """Enter or change a clinician: the NPI says which."""
        _granted(caller, request.clinic_ids)
        _checked(request.npi)
        organization_id = _organization(caller)
        provider_id = identifiers.provider(organization_id, request.npi)
        provider = _entry(Provider, request, organization_id=organization_id, provider_id=provider_id)
        return await enter(EnterProvider(provider=provider), caller, provider_id, key)

    @router.post("/payers")
    async def enter_payer(request: PayerShape, caller: Administrator, key: IdempotencyKey) -> EnteredView:
        """Enter or change a payer: its code says which."""
        organization_id = _organization(caller)
        payer_id = identifiers.payer(organization_id, request.payer_code)
        payer = _entry(Payer, request, organization_id=organization_id, payer_id=payer_id)
        return await enter(EnterPayer(payer=payer), caller, payer_id, key)

    @router.post("/enrollments")
    async def enter_enrollment(request: EnrollmentShape, caller: Administrator, key: IdempotencyKey) -> EnteredView:
        """Enter or change an enrollment: payer, payee, provider and transaction say which."""
        _granted(caller, billing_entity_ids=(request.billing_entity_id,))
        organization_id = _organization(caller)
        enrollment = _entry(Enrollment, request, organization_id=organization_id, enrollment_id=organization_id)
        identified = msgspec.structs.replace(enrollment, enrollment_id=enrollment_id(enrollment))
        return await enter(EnterEnrollment(enrollment=identified), caller, identified.enrollment_id, key)

    @router.put("/clinics/{clinic_id}/prices")
    async def enter_prices(
        clinic_id: UUID, request: PricesShape, caller: Administrator, key: IdempotencyKey
    ) -> EnteredView:
        """Enter the prices a clinic estimates with."""
        _granted(caller, (clinic_id,))
        prices = _entry(PriceList, request, organization_id=_organization(caller), clinic_id=clinic_id)
        return await enter(EnterPrices(prices=prices), caller, clinic_id, key)

    @router.get("/directory/{kind}")
    async def read_directory(
        kind: Literal["clinics", "billing-entities", "providers", "payers", "enrollments"],
        caller: Reader,
        *,
        provisional: bool | None = None,
    ) -> list[dict[str, Any]]:
        """List entries; `provisional=true` those that messages named and nobody completed."""
        entries = await _entries(runtime, *_ENTRIES[kind], caller)
        return [entry for entry in entries if provisional in {None, entry["provisional"]}]

    return router


_ENTRIES: dict[str, tuple[Table, type[Any]]] = {
    "clinics": (clinic_table, Clinic),
    "billing-entities": (billing_entity_table, BillingEntity),
    "providers": (provider_table, Provider),
    "payers": (payer_table, Payer),
    "enrollments": (enrollment_table, Enrollment),
}


def _organization(caller: Grant) -> UUID:
    if caller.organization_id is None:
        raise NotFound("organization")
    return caller.organization_id


def _granted(caller: Grant, clinic_ids: Iterable[UUID] = (), billing_entity_ids: Iterable[UUID] = ()) -> None:
    """Raise NotFound for an id that is not the caller's: another organization may have it already."""
    for clinic_id in clinic_ids:
        caller.require_clinic(clinic_id)
    for billing_entity_id in billing_entity_ids:
        caller.require_billing_entity(billing_entity_id)


def _entry(kind: type[Any], request: Shape, **identified: UUID) -> Any:
    return msgspec.convert({**request.model_dump(), **identified}, kind)


def _checked(npi: str) -> None:
    if not is_npi(npi):
        raise Refusal("The NPI's check digit is wrong.", "npi", "Copy it from the NPPES registry.")


async def _entries(
    runtime: Runtime[EligibilityWork], table: Table, kind: type[Any], caller: Grant
) -> list[dict[str, Any]]:
    organization_id = _organization(caller)
    async with runtime.read(caller) as connection:
        rows = await connection.execute(
            select(table.c.body).where(table.c.organization_id == organization_id).order_by(table.c.id)
        )
        return [whole(decoded(kind, row.body)) for row in rows]

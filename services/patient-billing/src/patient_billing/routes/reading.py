"""Reads that several routes share; row security narrows each to the caller's grant."""

from typing import Final, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Column, Text, cast, select

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.encounter import BilledEncounter
from patient_billing.domain.statement import Statement
from patient_billing.messages import Sender
from patient_billing.storage import (
    BillingEntity,
    BillingWork,
    account_table,
    billing_entity_table,
    encounter_table,
    statement_table,
)
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.errors import NotFound

Runs = Runtime[BillingWork]
Kind = TypeVar("Kind")

_ACCOUNT: Final = msgspec.json.Decoder(PatientAccount)
_ENCOUNTER: Final = msgspec.json.Decoder(BilledEncounter)
_STATEMENT: Final = msgspec.json.Decoder(Statement)
_ENTITY: Final = msgspec.json.Decoder(BillingEntity)


async def read_account(runtime: Runs, caller: Grant, billing_entity_id: UUID, account_id: UUID) -> PatientAccount:
    """Return an account. Raises NotFound, also for one that the caller may not know of."""
    caller.require_billing_entity(billing_entity_id)
    return _ACCOUNT.decode(
        await _body(runtime, caller, account_table.c.billing_entity_id, billing_entity_id, account_id)
    )


async def read_encounter(runtime: Runs, caller: Grant, clinic_id: UUID, encounter_id: UUID) -> BilledEncounter:
    """Return an encounter. Raises NotFound, also for one that the caller may not know of."""
    caller.require_clinic(clinic_id)
    return _ENCOUNTER.decode(await _body(runtime, caller, encounter_table.c.clinic_id, clinic_id, encounter_id))


async def read_statement(runtime: Runs, caller: Grant, billing_entity_id: UUID, statement_id: UUID) -> Statement:
    """Return a statement as it was issued. Raises NotFound."""
    caller.require_billing_entity(billing_entity_id)
    body = await _body(runtime, caller, statement_table.c.billing_entity_id, billing_entity_id, statement_id)
    return _STATEMENT.decode(body)


async def read_sender(runtime: Runs, caller: Grant, billing_entity_id: UUID) -> Sender:
    """Return who the letters of a billing entity come from. Raises NotFound."""
    organization_id = caller.organization_id or UUID(int=0)
    body = await _body(runtime, caller, billing_entity_table.c.organization_id, organization_id, billing_entity_id)
    entity = _ENTITY.decode(body)
    return Sender(name=entity.name, address=entity.address, phone=entity.phone)


async def _body(runtime: Runs, caller: Grant, owned: Column[UUID], tenant_id: UUID, key: UUID) -> str:
    """Read one document by its tenant's column."""
    table = owned.table
    wanted = select(cast(table.c.body, Text)).where(owned == tenant_id, table.c.id == key)
    async with runtime.read(caller) as connection:
        body: str | None = (await connection.execute(wanted)).scalar_one_or_none()
    if body is None:
        raise NotFound(table.name.replace("_", " "))
    return body

"""Reads for the API, each by a key or a page; row security narrows every one to the caller's grant."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Column, Row, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.encounter import BilledEncounter
from patient_billing.domain.statement import Statement
from patient_billing.messages import Sender
from patient_billing.storage import (
    BillingEntity,
    account_table,
    billing_entity_table,
    encounter_table,
    ledger_table,
    statement_table,
)
from revcycle_kit.errors import NotFound

Kind = TypeVar("Kind")


async def find_account(connection: AsyncConnection, billing_entity_id: UUID, account_id: UUID) -> PatientAccount:
    """Return an account. Raises NotFound, also for one that the caller may not know of."""
    return await _document(connection, PatientAccount, account_table.c.billing_entity_id, billing_entity_id, account_id)


async def find_encounter(connection: AsyncConnection, clinic_id: UUID, encounter_id: UUID) -> BilledEncounter:
    """Return an encounter. Raises NotFound, also for one that the caller may not know of."""
    return await _document(connection, BilledEncounter, encounter_table.c.clinic_id, clinic_id, encounter_id)


async def find_statement(connection: AsyncConnection, billing_entity_id: UUID, statement_id: UUID) -> Statement:
    """Return a statement as it was issued. Raises NotFound."""
    owned = statement_table.c.billing_entity_id
    return await _document(connection, Statement, owned, billing_entity_id, statement_id)


async def find_sender(connection: AsyncConnection, organization_id: UUID, billing_entity_id: UUID) -> Sender:
    """Return who the letters of a billing entity come from. Raises NotFound."""
    owned = billing_entity_table.c.organization_id
    entity = await _document(connection, BillingEntity, owned, organization_id, billing_entity_id)
    return Sender(name=entity.name, address=entity.address, phone=entity.phone)


async def account_rows(
    connection: AsyncConnection, billing_entity_id: UUID, *, due: bool | None, after: UUID | None, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the accounts of a billing entity after one, by id: all, those that owe, or those that do not."""
    columns = account_table.c
    query = select(
        columns.id.label("account_id"),
        columns.billing_entity_id,
        columns.guarantor_id,
        columns.due_cents,
        columns.credit_cents,
        columns.unapplied_cents,
        columns.held,
        columns.wakes_on,
    ).where(columns.billing_entity_id == billing_entity_id)
    if due is not None:
        query = query.where(columns.due_cents > 0 if due else columns.due_cents == 0)
    if after is not None:
        query = query.where(columns.id > after)
    return (await connection.execute(query.order_by(columns.id).limit(limit))).all()


async def ledger_rows(
    connection: AsyncConnection, clinic_id: UUID, encounter_id: UUID, *, after: UUID | None, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the ledger entries of an encounter after one, by id."""
    columns = ledger_table.c
    query = select(*(column.label("entry_id") if column is columns.id else column for column in columns)).where(
        columns.clinic_id == clinic_id, columns.stream_id == encounter_id
    )
    if after is not None:
        query = query.where(columns.id > after)
    return (await connection.execute(query.order_by(columns.id).limit(limit))).all()


async def statement_rows(
    connection: AsyncConnection, billing_entity_id: UUID, account_id: UUID, *, after: UUID | None, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the statements of an account after one, by id."""
    columns = statement_table.c
    query = select(
        columns.id.label("statement_id"), columns.number, columns.balance_cents, columns.issued_on, columns.due_by
    ).where(columns.billing_entity_id == billing_entity_id, columns.stream_id == account_id)
    if after is not None:
        query = query.where(columns.id > after)
    return (await connection.execute(query.order_by(columns.id).limit(limit))).all()


async def _document(
    connection: AsyncConnection, kind: type[Kind], owned: Column[UUID], tenant_id: UUID, key: UUID
) -> Kind:
    """Read one document by its tenant's column. Raises NotFound."""
    table = owned.table
    query = select(cast(table.c.body, Text)).where(owned == tenant_id, table.c.id == key)
    body: str | None = (await connection.execute(query)).scalar_one_or_none()
    if body is None:
        raise NotFound(table.name.replace("_", " "))
    return msgspec.json.decode(body, type=kind)

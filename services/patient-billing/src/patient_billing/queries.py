"""Reads for the API, each by a key or a page; row security narrows every one to the caller's grant."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row, select
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
from revcycle_kit.database.documents import document
from revcycle_kit.errors import NotFound

Kind = TypeVar("Kind")


async def find_account(connection: AsyncConnection, billing_entity_id: UUID, account_id: UUID) -> PatientAccount:
    """Return an account. Raises NotFound, also for one that the caller may not know of."""
    columns = account_table.c
    where = columns.billing_entity_id == billing_entity_id, columns.id == account_id
    return _found(await document(connection, account_table, PatientAccount, *where), "account")


async def find_encounter(connection: AsyncConnection, clinic_id: UUID, encounter_id: UUID) -> BilledEncounter:
    """Return an encounter. Raises NotFound, also for one that the caller may not know of."""
    columns = encounter_table.c
    where = columns.clinic_id == clinic_id, columns.id == encounter_id
    return _found(await document(connection, encounter_table, BilledEncounter, *where), "encounter")


async def find_statement(connection: AsyncConnection, billing_entity_id: UUID, statement_id: UUID) -> Statement:
    """Return a statement as it was issued. Raises NotFound."""
    columns = statement_table.c
    where = columns.billing_entity_id == billing_entity_id, columns.id == statement_id
    return _found(await document(connection, statement_table, Statement, *where), "statement")


async def find_sender(connection: AsyncConnection, organization_id: UUID, billing_entity_id: UUID) -> Sender:
    """Return who the letters of a billing entity come from. Raises NotFound."""
    columns = billing_entity_table.c
    where = columns.organization_id == organization_id, columns.id == billing_entity_id
    entity = _found(await document(connection, billing_entity_table, BillingEntity, *where), "billing entity")
    return Sender(name=entity.name, address=entity.address, phone=entity.phone)


def _found(value: Kind | None, noun: str) -> Kind:
    if value is None:
        raise NotFound(noun)
    return value


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

"""Reads for the API: each within what the connection may see, bounded and along an index."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Table, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from eligibility.domain.authorization import Authorization
from eligibility.domain.directory import BillingEntity, Clinic, Enrollment, Entry, Payer, Provider
from eligibility.domain.ehr_messages import Message
from eligibility.domain.encounter import Encounter, EncounterState, Identity
from eligibility.domain.verification import Inquiry
from eligibility.storage import (
    ENCOUNTER_PURPOSE,
    RAW_PURPOSE,
    RawContent,
    authorization_table,
    billing_entity_table,
    clinic_table,
    encounter_table,
    enrollment_table,
    inquiry_table,
    message_table,
    payer_table,
    provider_table,
    raw_message_table,
)
from revcycle_kit.database.documents import body_of, document, documents
from revcycle_kit.errors import NotFound
from revcycle_kit.sealing import Sealed, Sealer
from revcycle_kit.values import Value

DIRECTORY: dict[str, tuple[Table, type[Entry]]] = {
    "clinics": (clinic_table, Clinic),
    "billing-entities": (billing_entity_table, BillingEntity),
    "providers": (provider_table, Provider),
    "payers": (payer_table, Payer),
    "enrollments": (enrollment_table, Enrollment),
}
REPLAY_MAX = 500


class EncounterFilter(Value, kw_only=True):
    """The encounters of a clinic to list."""

    visit_hash: str = ""
    patient_id: UUID | None = None
    incomplete: bool = False
    waiting: bool = False


class MessageFilter(Value, kw_only=True):
    """The kept messages to use again: these, or all in these states, within a time."""

    message_ids: tuple[UUID, ...] = ()
    states: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


class KeptMessage(Value):
    """A message with its bytes, and the stream on which it lies."""

    message: Message
    raw: bytes
    stream_id: UUID


async def directory(connection: AsyncConnection, kind: str, organization_id: UUID) -> list[Entry]:
    """Return the entries of one kind of an organization's directory."""
    table, entry = DIRECTORY[kind]
    return await documents(connection, table, entry, table.c.organization_id == organization_id)


async def clinics(connection: AsyncConnection, organization_id: UUID) -> dict[UUID, Clinic]:
    """Return the clinics of an organization by id."""
    found = await documents(connection, clinic_table, Clinic, clinic_table.c.organization_id == organization_id)
    return {clinic.clinic_id: clinic for clinic in found}


async def encounter_of(connection: AsyncConnection, clinic_id: UUID, encounter_id: UUID) -> Encounter:
    """Return a registered encounter. Raises NotFound."""
    table = encounter_table.c
    found = await document(
        connection, encounter_table, Encounter, table.clinic_id == clinic_id, table.id == encounter_id
    )
    if found is None or not found.registrations:
        raise NotFound("encounter")
    return found


async def list_encounters(
    connection: AsyncConnection, clinic_id: UUID, wanted: EncounterFilter, after: tuple[date, UUID] | None, limit: int
) -> list[Encounter]:
    """Return encounters by day of service."""
    table = encounter_table.c
    is_waiting = table.state == EncounterState.EXPECTED
    where = [table.clinic_id == clinic_id, is_waiting if wanted.waiting else ~is_waiting]
    if wanted.visit_hash:
        where.append(table.visit_hash == wanted.visit_hash)
    if wanted.patient_id:
        where.append(table.patient_id == wanted.patient_id)
    if wanted.incomplete:
        where.append(table.lacks > 0)
    order = (table.service_on, table.id)
    return await documents(
        connection, encounter_table, Encounter, *where, *_after(order, after), order_by=order, limit=limit + 1
    )


async def inquiries_of(connection: AsyncConnection, clinic_id: UUID, encounter_id: UUID) -> list[Inquiry]:
    """Return the inquiries of an encounter, oldest first."""
    table = inquiry_table.c
    where = table.clinic_id == clinic_id, table.stream_id == encounter_id
    return await documents(connection, inquiry_table, Inquiry, *where, order_by=(table.asked_at,))


async def authorizations_of(connection: AsyncConnection, clinic_id: UUID, encounter_id: UUID) -> list[Authorization]:
    """Return the authorizations of an encounter, by when they are due."""
    table = authorization_table.c
    where = table.clinic_id == clinic_id, table.stream_id == encounter_id
    return await documents(connection, authorization_table, Authorization, *where, order_by=(table.decision_due_at,))


async def list_inquiries(
    connection: AsyncConnection, clinic_id: UUID, state: str | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[Inquiry]:
    """Return the inquiries of a clinic, oldest first."""
    table = inquiry_table.c
    order = (table.asked_at, table.id)
    where = *_in_state(inquiry_table, clinic_id, state), *_after(order, after)
    return await documents(connection, inquiry_table, Inquiry, *where, order_by=order, limit=limit + 1)


async def list_authorizations(
    connection: AsyncConnection, clinic_id: UUID, state: str | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[Authorization]:
    """Return the authorizations of a clinic, by when the payer's decision is due."""
    table = authorization_table.c
    order = (table.decision_due_at, table.id)
    where = *_in_state(authorization_table, clinic_id, state), *_after(order, after)
    return await documents(connection, authorization_table, Authorization, *where, order_by=order, limit=limit + 1)


async def list_messages(
    connection: AsyncConnection, clinic_id: UUID, state: str | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[Message]:
    """Return the messages of a clinic in the order in which they came."""
    table = message_table.c
    order = (table.received_at, table.id)
    where = *_in_state(message_table, clinic_id, state), *_after(order, after)
    return await documents(connection, message_table, Message, *where, order_by=order, limit=limit + 1)


async def kept_messages(
    connection: AsyncConnection, sealer: Sealer, clinic_id: UUID, wanted: MessageFilter
) -> list[KeptMessage]:
    """Return kept messages with their bytes, oldest first, at most REPLAY_MAX."""
    table, raw = message_table.c, raw_message_table.c
    joined = message_table.join(raw_message_table, (raw.clinic_id == table.clinic_id) & (raw.message_id == table.id))
    query = (
        select(body_of(message_table), table.stream_id, raw.sealed)
        .select_from(joined)
        .where(table.clinic_id == clinic_id)
    )
    if wanted.message_ids:
        query = query.where(table.id.in_(wanted.message_ids))
    if wanted.states:
        query = query.where(table.state.in_(wanted.states))
    if wanted.since:
        query = query.where(table.received_at >= wanted.since)
    if wanted.until:
        query = query.where(table.received_at < wanted.until)
    query = query.order_by(table.received_at, table.id).limit(REPLAY_MAX)
    rows = await connection.execute(query)
    return [_opened(sealer, msgspec.json.decode(row.document, type=Message), row.sealed, row.stream_id) for row in rows]


def _opened(sealer: Sealer, message: Message, sealed: str, stream_id: UUID) -> KeptMessage:
    content = sealer.open_text(message.clinic_id, RAW_PURPOSE, message.message_id, Sealed(sealed))
    return KeptMessage(message, msgspec.json.decode(content, type=RawContent).raw(), stream_id)


def identity_of(sealer: Sealer, encounter: Encounter) -> Identity:
    """Open who an encounter is about."""
    plain = sealer.open_text(encounter.clinic_id, ENCOUNTER_PURPOSE, encounter.encounter_id, Sealed(encounter.identity))
    return msgspec.json.decode(plain, type=Identity)


def _in_state(table: Table, clinic_id: UUID, state: str | None) -> list[ColumnElement[bool]]:
    of_clinic = table.c.clinic_id == clinic_id
    return [of_clinic, table.c.state == state] if state else [of_clinic]


def _after(order: Sequence[ColumnElement[Any]], last: tuple[Any, ...] | None) -> list[ColumnElement[bool]]:
    """Return the condition that begins a page behind the last row of the page before."""
    return [tuple_(*order) > last] if last else []

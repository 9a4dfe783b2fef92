"""Reads for the API: each within what the connection may see, bounded and along an index."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, Table, select, tuple_
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
    decoded,
    encounter_table,
    enrollment_table,
    inquiry_table,
    message_table,
    payer_table,
    provider_table,
    raw_message_table,
)
from revcycle_kit.errors import NotFound
from revcycle_kit.sealing import Sealed, Sealer
from revcycle_kit.values import Value

T = TypeVar("T")

DIRECTORY: dict[str, tuple[Table, type[Entry]]] = {
    "clinics": (clinic_table, Clinic),
    "billing-entities": (billing_entity_table, BillingEntity),
    "providers": (provider_table, Provider),
    "payers": (payer_table, Payer),
    "enrollments": (enrollment_table, Enrollment),
}
REPLAY_MAX = 500


class EncounterFilter(Value, kw_only=True):
    """Which encounters of a clinic to list."""

    visit_hash: str = ""
    patient_id: UUID | None = None
    incomplete: bool = False
    waiting: bool = False


class MessageFilter(Value, kw_only=True):
    """Which kept messages to use again: these, or all in these states, within a time."""

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
    query = select(table.c.body).where(table.c.organization_id == organization_id).order_by(table.c.id)
    return await _documents(connection, query, entry)


async def clinics(connection: AsyncConnection, organization_id: UUID) -> dict[UUID, Clinic]:
    """Return the clinics of an organization by id."""
    query = select(clinic_table.c.body).where(clinic_table.c.organization_id == organization_id)
    return {clinic.clinic_id: clinic for clinic in await _documents(connection, query, Clinic)}


async def encounter(connection: AsyncConnection, clinic_id: UUID, encounter_id: UUID) -> Encounter:
    """Return a registered encounter. Raises NotFound."""
    query = _of_clinic(encounter_table, clinic_id).where(encounter_table.c.id == encounter_id)
    for document in await _documents(connection, query, Encounter):
        if document.registrations:
            return document
    raise NotFound("encounter")


async def list_encounters(
    connection: AsyncConnection, clinic_id: UUID, wanted: EncounterFilter, after: tuple[date, UUID] | None, limit: int
) -> list[Encounter]:
    """Return encounters by day of service."""
    table = encounter_table.c
    is_waiting = table.state == EncounterState.EXPECTED
    query = _of_clinic(encounter_table, clinic_id).where(is_waiting if wanted.waiting else ~is_waiting)
    if wanted.visit_hash:
        query = query.where(table.visit_hash == wanted.visit_hash)
    if wanted.patient_id:
        query = query.where(table.patient_id == wanted.patient_id)
    if wanted.incomplete:
        query = query.where(table.lacks > 0)
    return await _page(connection, query, Encounter, (table.service_on, table.id), after=after, limit=limit)


async def inquiries_of(connection: AsyncConnection, clinic_id: UUID, encounter_id: UUID) -> list[Inquiry]:
    """Return the inquiries of an encounter, oldest first."""
    query = _of_clinic(inquiry_table, clinic_id).where(inquiry_table.c.stream_id == encounter_id)
    return await _documents(connection, query.order_by(inquiry_table.c.asked_at), Inquiry)


async def authorizations_of(connection: AsyncConnection, clinic_id: UUID, encounter_id: UUID) -> list[Authorization]:
    """Return the authorizations of an encounter, by when they are due."""
    table = authorization_table
    query = _of_clinic(table, clinic_id).where(table.c.stream_id == encounter_id)
    return await _documents(connection, query.order_by(table.c.decision_due_at), Authorization)


async def list_inquiries(
    connection: AsyncConnection, clinic_id: UUID, state: str | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[Inquiry]:
    """Return the inquiries of a clinic, oldest first."""
    table = inquiry_table.c
    query = _in_state(inquiry_table, clinic_id, state)
    return await _page(connection, query, Inquiry, (table.asked_at, table.id), after=after, limit=limit)


async def list_authorizations(
    connection: AsyncConnection, clinic_id: UUID, state: str | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[Authorization]:
    """Return the authorizations of a clinic, by when the payer's decision is due."""
    table = authorization_table.c
    query = _in_state(authorization_table, clinic_id, state)
    return await _page(connection, query, Authorization, (table.decision_due_at, table.id), after=after, limit=limit)


async def list_messages(
    connection: AsyncConnection, clinic_id: UUID, state: str | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[Message]:
    """Return the messages of a clinic in the order in which they came."""
    table = message_table.c
    query = _in_state(message_table, clinic_id, state)
    return await _page(connection, query, Message, (table.received_at, table.id), after=after, limit=limit)


async def kept_messages(
    connection: AsyncConnection, sealer: Sealer, clinic_id: UUID, wanted: MessageFilter
) -> list[KeptMessage]:
    """Return kept messages with their bytes, oldest first, at most REPLAY_MAX."""
    table, raw = message_table.c, raw_message_table.c
    joined = message_table.join(raw_message_table, (raw.clinic_id == table.clinic_id) & (raw.message_id == table.id))
    query = select(table.body, table.stream_id, raw.sealed).select_from(joined).where(table.clinic_id == clinic_id)
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
    return [_opened(sealer, decoded(Message, row.body), row.sealed, row.stream_id) for row in rows]


def _opened(sealer: Sealer, message: Message, sealed: str, stream_id: UUID) -> KeptMessage:
    content = sealer.open_text(message.clinic_id, RAW_PURPOSE, message.message_id, Sealed(sealed))
    return KeptMessage(message, msgspec.json.decode(content, type=RawContent).raw(), stream_id)


def identity_of(sealer: Sealer, document: Encounter) -> Identity:
    """Open who an encounter is about."""
    plain = sealer.open_text(document.clinic_id, ENCOUNTER_PURPOSE, document.encounter_id, Sealed(document.identity))
    return msgspec.json.decode(plain, type=Identity)


def _of_clinic(table: Table, clinic_id: UUID) -> Select[Any]:
    return select(table.c.body).where(table.c.clinic_id == clinic_id)


def _in_state(table: Table, clinic_id: UUID, state: str | None) -> Select[Any]:
    query = _of_clinic(table, clinic_id)
    return query.where(table.c.state == state) if state else query


async def _page(
    connection: AsyncConnection,
    query: Select[Any],
    kind: type[T],
    order: Sequence[ColumnElement[Any]],
    *,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[T]:
    """Return one page, and one more document where another page follows."""
    if after:
        query = query.where(tuple_(*order) > after)
    return await _documents(connection, query.order_by(*order).limit(limit + 1), kind)


async def _documents(connection: AsyncConnection, query: Select[Any], kind: type[T]) -> list[T]:
    return [decoded(kind, row.body) for row in await connection.execute(query)]

"""Read what is kept, as the caller may see it."""

from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Select, Table, select

from eligibility.domain.authorization import Authorization
from eligibility.domain.encounter import Encounter, Identity
from eligibility.domain.verification import Inquiry
from eligibility.storage import (
    ENCOUNTER_PURPOSE,
    EligibilityWork,
    authorization_table,
    decoded,
    encounter_table,
    inquiry_table,
)
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.errors import NotFound
from revcycle_kit.sealing import Sealed

T = TypeVar("T")
Running = Runtime[EligibilityWork]


async def documents(runtime: Running, query: Select[Any], kind: type[T], caller: Grant) -> list[T]:
    """Return the documents of a query whose first column is the body."""
    async with runtime.read(caller) as connection:
        return [decoded(kind, row[0]) for row in await connection.execute(query)]


async def encounter(runtime: Running, clinic_id: UUID, encounter_id: UUID, caller: Grant) -> Encounter:
    """Return an encounter. Raises NotFound."""
    caller.require_clinic(clinic_id)
    found = await documents(runtime, _of(encounter_table, clinic_id, encounter_id), Encounter, caller)
    if not found or not found[0].registrations:
        raise NotFound("encounter")
    return found[0]


async def inquiries(runtime: Running, clinic_id: UUID, encounter_id: UUID, caller: Grant) -> list[Inquiry]:
    """Return the inquiries of an encounter, oldest first."""
    query = _on_stream(inquiry_table, clinic_id, encounter_id).order_by(inquiry_table.c.asked_at)
    return await documents(runtime, query, Inquiry, caller)


async def authorizations(runtime: Running, clinic_id: UUID, encounter_id: UUID, caller: Grant) -> list[Authorization]:
    """Return the authorizations of an encounter, by when they are due."""
    table = authorization_table
    query = _on_stream(table, clinic_id, encounter_id).order_by(table.c.decision_due_at)
    return await documents(runtime, query, Authorization, caller)


def opened(runtime: Running, kept: Encounter) -> Identity:
    """Open who the encounter is about."""
    plain = runtime.sealer.open_text(kept.clinic_id, ENCOUNTER_PURPOSE, kept.encounter_id, Sealed(kept.identity))
    return msgspec.json.decode(plain, type=Identity)


def _of(table: Table, clinic_id: UUID, identifier: UUID) -> Select[Any]:
    return select(table.c.body).where(table.c.clinic_id == clinic_id, table.c.id == identifier)


def _on_stream(table: Table, clinic_id: UUID, stream_id: UUID) -> Select[Any]:
    return select(table.c.body).where(table.c.clinic_id == clinic_id, table.c.stream_id == stream_id)

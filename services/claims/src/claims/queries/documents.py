"""Single documents, as far as the connection may see them."""

from collections.abc import Collection, Iterable
from typing import TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from claims.domain.batches import Batch
from claims.domain.claims import DECIDED, IN_FLIGHT, Claim
from claims.domain.pricing import PriceList
from claims.domain.remittance import Remittance, SetAside
from claims.storage import (
    BillingPrices,
    EncounterFile,
    Interchange,
    batch_table,
    claim_table,
    encounter_table,
    interchange_table,
    price_table,
    remittance_table,
    set_aside_table,
)
from revcycle_kit.database.documents import body_of, document, documents
from revcycle_kit.errors import NotFound

T = TypeVar("T")


async def find_claim(connection: AsyncConnection, claim_id: UUID) -> Claim:
    """Return a claim. Raises NotFound."""
    return _found(await document(connection, claim_table, Claim, claim_table.c.id == claim_id), "claim")


async def find_encounter(connection: AsyncConnection, encounter_id: UUID) -> EncounterFile:
    """Return an encounter. Raises NotFound."""
    where = encounter_table.c.id == encounter_id
    return _found(await document(connection, encounter_table, EncounterFile, where), "encounter")


async def find_remittance(connection: AsyncConnection, remittance_id: UUID) -> Remittance:
    """Return a remittance. Raises NotFound."""
    where = remittance_table.c.id == remittance_id
    return _found(await document(connection, remittance_table, Remittance, where), "remittance")


async def find_set_aside(connection: AsyncConnection, item_id: UUID) -> SetAside:
    """Return a payment that was set aside. Raises NotFound."""
    where = set_aside_table.c.id == item_id
    return _found(await document(connection, set_aside_table, SetAside, where), "payment set aside")


async def find_prices(connection: AsyncConnection, billing_entity_id: UUID) -> PriceList:
    """Return the chargemaster and the contracts of a payee. Raises NotFound."""
    where = price_table.c.id == billing_entity_id
    return _found(await document(connection, price_table, BillingPrices, where), "price list").prices


async def find_file(connection: AsyncConnection, file_id: UUID) -> tuple[Interchange, UUID]:
    """Return a file as it was kept, and its stream. Raises NotFound."""
    table = interchange_table
    query = select(table.c.stream_id, body_of(table)).where(table.c.id == file_id)
    row = _found((await connection.execute(query)).one_or_none(), "file")
    return msgspec.json.decode(row.document, type=Interchange), row.stream_id


async def find_batch(connection: AsyncConnection, batch_id: UUID) -> Batch:
    """Return an interchange on its way out. Raises NotFound."""
    batch = await document(connection, batch_table, Batch, batch_table.c.id == batch_id)
    if batch is None:
        raise NotFound("batch")
    return batch


async def leaving_claims(
    connection: AsyncConnection, claim_ids: Collection[UUID], encounter_ids: Collection[UUID]
) -> tuple[dict[UUID, Claim], dict[UUID, EncounterFile]]:
    """Return claims and the encounters they belong to, by their ids."""
    claims = await documents(connection, claim_table, Claim, claim_table.c.id.in_(claim_ids))
    files = await documents(connection, encounter_table, EncounterFile, encounter_table.c.id.in_(encounter_ids))
    return {claim.claim_id: claim for claim in claims}, {file.encounter_id: file for file in files}


async def claims_beside(connection: AsyncConnection, claim_id: UUID) -> list[Claim]:
    """Return every claim of the encounter that this claim belongs to, itself included."""
    table = claim_table.c
    stream = select(table.stream_id).where(table.id == claim_id).scalar_subquery()
    return await documents(connection, claim_table, Claim, table.stream_id == stream)


async def billed_for_same_patients(connection: AsyncConnection, leaving: Iterable[Claim]) -> list[Claim]:
    """Return what was billed before for the patients of these claims, on the days of these claims."""
    claims = tuple(leaving)
    if not claims:
        return []
    table = claim_table.c
    days = [claim.service_on for claim in claims]
    return await documents(
        connection,
        claim_table,
        Claim,
        table.clinic_id.in_({claim.clinic_id for claim in claims}),
        table.patient_id.in_({claim.patient_id for claim in claims}),
        table.service_on.between(min(days), max(days)),
        table.state.in_(sorted(IN_FLIGHT | DECIDED)),
        table.stream_id.not_in({claim.encounter_id for claim in claims}),
    )


def _found(value: T | None, noun: str) -> T:
    if value is None:
        raise NotFound(noun)
    return value

"""Where an answer about a claim belongs: payee, clinic and encounter, by our number or the payer's."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from claims.storage import address_table, claim_table
from revcycle_kit.auth.grant import Grant

Address = tuple[UUID, UUID, UUID]
"""Payee, clinic, encounter."""


async def addresses(connection: AsyncConnection, numbers: Collection[str]) -> dict[str, Address]:
    """Tell for patient control numbers where they belong."""
    if not numbers:
        return {}
    column = address_table.c
    query = select(column.patient_control_number, column.billing_entity_id, column.clinic_id, column.encounter_id)
    rows = await connection.execute(query.where(column.patient_control_number.in_(numbers)))
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


async def addresses_by_payer_number(
    connection: AsyncConnection, grant: Grant, numbers: Collection[str]
) -> dict[str, Address]:
    """Tell for payers' claim numbers where they belong: for files that lost our own number."""
    if not numbers:
        return {}
    column = claim_table.c
    query: Select[Any] = select(
        column.payer_claim_control_number, column.billing_entity_id, column.clinic_id, column.stream_id
    ).where(column.clinic_id.in_(grant.clinics), column.payer_claim_control_number.in_(numbers))
    rows = await connection.execute(query)
    return {row[0]: (row[1], row[2], row[3]) for row in rows}

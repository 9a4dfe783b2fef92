"""Whose system it is: the organization with its clinics and payees, as the directory has them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from revcycle.server.directory import STAFF_ROLES, Places
from revcycle.server.state import NoSystemError, SystemRecord
from revcycle.server.system import SERVICES, Dsn

ORGANIZATION = "SELECT organization_id FROM clinic GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
CLINICS = "SELECT id FROM clinic WHERE organization_id = $1 ORDER BY 1"
ENTITIES = "SELECT id FROM billing_entity WHERE organization_id = $1 ORDER BY 1"
LATEST = "SELECT max(changed_at) FROM task"


async def organization_in(database: Dsn, *, embedded: bool) -> SystemRecord:
    """Read it from eligibility's directory. Raises NoSystemError where nobody was entered."""
    connection = await asyncpg.connect(database("eligibility", "worker"))
    try:
        organization_id: UUID | None = await connection.fetchval(ORGANIZATION)
        if organization_id is None:
            raise NoSystemError("the directory is empty: enter a clinic first")
        clinics = await connection.fetch(CLINICS, organization_id)
        entities = await connection.fetch(ENTITIES, organization_id)
    finally:
        await connection.close()
    return SystemRecord(
        organization_id=organization_id,
        clinics=tuple(row["id"] for row in clinics),
        billing_entities=tuple(row["id"] for row in entities),
        embedded=embedded,
        begun_on=datetime.now(UTC).date(),
    )


async def latest_deed(database: Dsn) -> datetime | None:
    """Return when anything was last done by any service, by its own clock."""
    found = []
    for name in SERVICES:
        connection = await asyncpg.connect(database(name, "worker"))
        try:
            found.append(await connection.fetchval(LATEST))
        finally:
            await connection.close()
    return max((each for each in found if each is not None), default=None)


def grant_of(record: SystemRecord, roles: tuple[str, ...] = STAFF_ROLES) -> dict[str, Any]:
    """Return what a token carries to work for the whole organization in these roles."""
    return {
        "roles": roles,
        "organization_id": record.organization_id,
        "clinics": record.clinics,
        "billing_entities": record.billing_entities,
    }


def record_of(places: Places, *, embedded: bool) -> SystemRecord:
    """Return the record of a world's places."""
    return SystemRecord(
        organization_id=places.organization_id,
        clinics=tuple(places.clinics.values()),
        billing_entities=tuple(places.entities.values()),
        embedded=embedded,
        begun_on=datetime.now(UTC).date(),
    )

"""What the database itself refuses: other tenants' rows, changes to ledgers, and roles that reach above the rules."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from revcycle_kit.database.security import unprotected
from revcycle_kit.delivery.schema import DELIVERY_TABLES

SERVICES = ("eligibility", "claims", "denials", "patient_billing", "analytics")
ROLES = ("api", "worker")
APPEND_ONLY = [
    ("claims", "ledger_entry"),
    ("claims", "cash_entry"),
    ("patient_billing", "ledger_entry"),
    ("patient_billing", "statement"),
    ("patient_billing", "delivery"),
]


@asynccontextmanager
async def session(house: Any, role: str, granted: tuple[UUID, ...] = ()) -> AsyncIterator[asyncpg.Connection]:
    """Open a transaction of a role with a grant, which is undone at the end."""
    connection = await asyncpg.connect(house.harness.database.dsn(role))
    transaction = connection.transaction()
    await transaction.start()
    try:
        grant = "{" + ",".join(map(str, granted)) + "}"
        await connection.execute("SELECT set_config('app.tenants', $1, true)", grant)
        yield connection
    finally:
        await transaction.rollback()
        await connection.close()


async def tenants_seen(house: Any, role: str, granted: tuple[UUID, ...]) -> dict[str, set[UUID]]:
    """Return whose rows a role sees in each table."""
    async with session(house, role, granted) as connection:
        return {
            table: {row[0] for row in await connection.fetch(f'SELECT DISTINCT "{column}" FROM "{table}"')}  # noqa: S608 - our own names
            for table, column in house.tenant_columns().items()
        }


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("service", SERVICES)
async def test_the_startup_check_finds_nothing_unprotected(service: str, role: str, city: Any) -> None:
    """Every table has forced row security with a policy, and the role is under it."""
    dsn = city.houses[service].harness.database.dsn(role)
    engine = create_async_engine(dsn.replace("postgresql:", "postgresql+asyncpg:", 1))
    async with engine.connect() as connection:
        found = await connection.run_sync(unprotected)
    await engine.dispose()

    assert [] == found


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("service", SERVICES)
async def test_the_roles_at_work_cannot_rise_above_the_rules(service: str, role: str, city: Any) -> None:
    """They are no superusers, own nothing, and can neither switch row security off nor become the owner."""
    house = city.houses[service]
    owner = house.harness.database.roles.all[0]
    async with session(house, role) as connection:
        rights = await connection.fetchrow(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        owned = await connection.fetchval(
            "SELECT count(*) FROM pg_class JOIN pg_roles ON pg_roles.oid = relowner WHERE rolname = current_user"
        )
    assert ([False] * 4, 0) == (list(rights), owned)
    table = house.service.metadata.sorted_tables[0].name
    for statement in (f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY', f'SET ROLE "{owner}"'):
        async with session(house, role) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)


@pytest.mark.parametrize("service", SERVICES)
async def test_each_grant_sees_its_own_rows_in_every_table(service: str, city: Any, tenants: tuple[Any, Any]) -> None:
    """With one company's ids the api role sees that company's rows and no others; with no ids it sees none."""
    house = city.houses[service]
    north, south = tenants
    whole = await tenants_seen(house, "api", north.ids + south.ids)
    for tenant in tenants:
        seen = await tenants_seen(house, "api", tenant.ids)
        assert {table: ids & set(tenant.ids) for table, ids in whole.items()} == seen
    assert {table: set() for table in whole} == await tenants_seen(house, "api", ())
    assert any(ids & set(north.ids) and ids & set(south.ids) for ids in whole.values())


@pytest.mark.parametrize("service", SERVICES)
async def test_a_worker_sees_no_business_row_without_the_grant(service: str, city: Any) -> None:
    """Without ids a worker sees what delivery needs, and the directory; no claim, no account, no patient."""
    house = city.houses[service]
    seen = await tenants_seen(house, "worker", ())
    directory = {table.name for table in house.service.metadata.sorted_tables if "revision" in table.c}

    assert {} == {table: ids for table, ids in seen.items() if ids and table not in {*DELIVERY_TABLES, *directory}}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("service", SERVICES)
async def test_no_row_can_be_moved_to_or_taken_from_another_company(
    service: str, role: str, city: Any, tenants: tuple[Any, Any]
) -> None:
    """Under one company's grant a row given away is refused, and another's rows are not there to be changed."""
    house = city.houses[service]
    north, south = tenants
    moved: list[str] = []
    for table, column in house.tenant_columns().items():
        if table in DELIVERY_TABLES or (service, table) in APPEND_ONLY:
            continue
        async with session(house, role, north.ids) as connection:
            taken = await connection.execute(
                f'UPDATE "{table}" SET "{column}" = "{column}" WHERE "{column}" = ANY($1)',  # noqa: S608
                south.ids,
            )
            held = await connection.fetchval(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - our own names
            try:
                await connection.execute(f'UPDATE "{table}" SET "{column}" = $1', south.clinic_id)  # noqa: S608
                given = held
            except asyncpg.InsufficientPrivilegeError:
                given = 0
        if taken != "UPDATE 0" or given:
            moved.append(f"{table}: {taken}, {given} given away")

    assert [] == moved


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("service", "table"), APPEND_ONLY)
async def test_what_is_written_once_cannot_be_changed(
    service: str, table: str, role: str, city: Any, tenants: tuple[Any, Any]
) -> None:
    """A ledger is corrected by new entries: neither role may update, delete or truncate."""
    house = city.houses[service]
    verbs = (f'UPDATE "{table}" SET id = id', f'DELETE FROM "{table}"', f'TRUNCATE "{table}"')  # noqa: S608
    for statement in verbs:
        async with session(house, role, tenants[0].ids) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)

"""
Row security: a tenant's rows can be reached only with that tenant's grant.

The grant is a set of tenant ids in `app.tenants`, set per transaction. Delivery's own tables are open to roles whose
name ends in `_worker`; references (the directory) may be read by workers; everything else asks for the grant, whoever
asks.
"""

from typing import Any

from sqlalchemy import Connection, MetaData, text

from revcycle_kit.database.connections import one_connection
from revcycle_kit.delivery.schema import DELIVERY_TABLES

GRANTED = "ANY ((SELECT nullif(current_setting('app.tenants', true), '')::uuid[])::uuid[])"
WORKER = "current_user::text LIKE '%\\_worker'"
UNOWNED = frozenset({"position", "alembic_version"})
"""Tables without a tenant: bookkeeping that names nobody."""

UNPROTECTED = """
SELECT 'table ' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version'
  AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity
       OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))
UNION ALL
SELECT 'view ' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm')
  AND NOT coalesce(c.reloptions::text LIKE '%security_invoker=true%', false)
UNION ALL
SELECT 'function ' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'public' AND p.prosecdef
UNION ALL
SELECT 'role ' || rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)
UNION ALL
SELECT 'owner of ' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm') AND pg_has_role(current_user, c.relowner, 'MEMBER')
ORDER BY 1
"""
"""What is open, as the role that asks."""


UNSECURED = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT rowsecurity"
"""Tables that have been made, and not protected yet."""


def secure(op: Any, metadata: MetaData) -> None:
    """Enable and force row security on every table that migrations have made so far; `op` is Alembic's."""
    made = set(op.get_bind().execute(text(UNSECURED)).scalars())
    for table in metadata.sorted_tables:
        if table.name in made:
            tenant = table.info.get("tenant", "tenant_id")
            for statement in policies(table.name, tenant, reference="revision" in table.c):
                op.execute(statement)


def policies(table: str, tenant: str, *, reference: bool = False) -> list[str]:
    """Return the statements that protect one table."""
    enable = [f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY', f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY']
    owned = f'"{tenant}" = {GRANTED}'
    if table in UNOWNED:
        return [*enable, f'CREATE POLICY worker ON "{table}" USING ({WORKER}) WITH CHECK ({WORKER})']
    if table in DELIVERY_TABLES:
        owned = f"({WORKER} OR {owned})"
    statements = [*enable, f'CREATE POLICY tenant ON "{table}" USING ({owned}) WITH CHECK ({owned})']
    if reference:
        statements.append(f'CREATE POLICY directory ON "{table}" FOR SELECT USING ({WORKER})')
    return statements


def unprotected(connection: Connection) -> list[str]:
    """
    Return what a startup check must refuse, as the role that is connected.

    Unprotected tables, views and functions that run as their owner, a role above the rules or the owner of a table.
    """
    return [row[0] for row in connection.execute(text(UNPROTECTED))]


class Unprotected(Exception):  # noqa: N818 - a state
    """Row security does not hold for a role; the text names where, and says what to do."""


async def assert_protected(*addresses: str) -> None:
    """Raise Unprotected where row security would not hold for a role at work; Unavailable where it cannot be asked."""
    for address in addresses:
        async with one_connection(address) as connection:
            found = [row[0] for row in await connection.fetch(UNPROTECTED)]
            role = await connection.fetchval("SELECT current_user")
        if found:
            raise Unprotected(
                f"row security does not hold for the role {role}: {', '.join(found)}. Nothing is served like that: "
                "migrate the database as its owner, and give each process its own role, which is neither a superuser "
                "nor the owner of tables and may not bypass row security"
            )

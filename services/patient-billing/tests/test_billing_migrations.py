"""The migrations make what the code keeps, and nobody rewrites the books."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest

from patient_billing.testing.office import BillingOffice
from revcycle_kit.database.migrations import check, migrate
from revcycle_kit.testing.postgres import FreshDatabase


def test_the_migrations_make_every_table_as_the_code_declares_it(
    fresh_database: Callable[[str], FreshDatabase],
) -> None:
    database = fresh_database("patient_billing")
    with ThreadPoolExecutor(1) as thread:
        thread.submit(migrate, "patient_billing", database.owner).result()
        thread.submit(check, "patient_billing", database.owner).result()


@pytest.mark.parametrize("table", ["ledger_entry", "statement", "delivery"])
@pytest.mark.parametrize("deed", ["DELETE FROM {}", "UPDATE {} SET stream_id = stream_id", "TRUNCATE {}"])
async def test_what_is_posted_or_sent_cannot_be_changed(office: BillingOffice, table: str, deed: str) -> None:
    for role in (office.harness.database.worker, office.harness.database.api):
        connection = await asyncpg.connect(role)
        try:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(deed.format(table))
        finally:
            await connection.close()

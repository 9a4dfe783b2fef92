"""Effects of one stream go out one after another; those of different streams wait for nobody."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from revcycle_kit.delivery import sql
from revcycle_kit.testing.harness import START

TENANT = UUID(int=1)
LATER = START + timedelta(hours=1)
INSERT = """
INSERT INTO task (task_id, kind, tenant_kind, tenant_id, stream_kind, stream_id, name, key, due_at, state, body, step,
                  traceparent, changed_at)
VALUES ($1, 'effect', 'clinic', $2, 'order', $3, 'ship', ($1::uuid)::text, $4, $5, '', 0, '', $4)
"""


class Queue:
    """Effects of streams, and those that a worker takes next."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def add(self, stream: int, number: int, state: str = "pending", due_at: datetime = START) -> None:
        await self._connection.execute(INSERT, UUID(int=number), TENANT, UUID(int=stream), due_at, state)

    async def claimed(self, limit: int = 100) -> list[int]:
        rows = await self._connection.fetch(sql.CLAIM_EFFECTS, START, limit, START)
        return sorted(row["task_id"].int for row in rows)

    async def next_due(self) -> datetime | None:
        found: datetime | None = await self._connection.fetchval(sql.NEXT_EFFECT)
        return found


@pytest.fixture
async def queue(shop: Any) -> AsyncIterator[Queue]:
    connection = await asyncpg.connect(shop.database.owner)
    await connection.execute(f"SET app.tenants = '{{{TENANT}}}'")
    yield Queue(connection)
    await connection.close()


async def test_only_the_first_of_each_stream_goes_out(queue: Queue) -> None:
    for number, stream in enumerate((1, 1, 2, 2, 3), start=1):
        await queue.add(stream, number)

    assert await queue.claimed() == [1, 3, 5]
    assert await queue.claimed() == []


async def test_what_follows_waits_for_one_that_is_under_way_or_postponed(queue: Queue) -> None:
    await queue.add(1, 1, "sending")
    await queue.add(1, 2)
    await queue.add(2, 3, due_at=LATER)
    await queue.add(2, 4)

    assert await queue.claimed() == []
    assert await queue.next_due() == LATER


async def test_what_follows_goes_out_when_the_first_is_done_or_given_up(queue: Queue) -> None:
    await queue.add(1, 1, "done")
    await queue.add(1, 2)
    await queue.add(2, 3, "given_up")
    await queue.add(2, 4)

    assert await queue.next_due() == START
    assert await queue.claimed() == [2, 4]


async def test_the_longest_due_go_out_first_when_not_all_can(queue: Queue) -> None:
    await queue.add(1, 1)
    await queue.add(2, 2, due_at=START - timedelta(hours=1))
    await queue.add(3, 3)

    assert await queue.claimed(2) == [1, 2]

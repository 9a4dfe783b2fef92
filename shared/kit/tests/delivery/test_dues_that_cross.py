"""What a command arms while the next due instant is being read is not forgotten."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from revcycle_kit.delivery import sql
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.testing.shop import Carrier, OrderPlaced, Overdue, ShopWork, build

ORDER = UUID(int=7)
STREAM = StreamRef("clinic", UUID(int=1), "encounter", ORDER)
SOON = timedelta(minutes=1)


class Promise(Command, frozen=True, kw_only=True):
    """Someone promises to come back."""

    order_id: UUID
    after_seconds: int


async def promise(command: Promise, work: ShopWork) -> None:
    """Remember the promise."""
    at = work.now + timedelta(seconds=command.after_seconds)
    work.later(Overdue(order_id=command.order_id), at=at, key="promise")


class Crossing:
    """A connection on which something happens after a statement was answered and before the answer is heard."""

    def __init__(self, real: Any, statement: str, deed: Any) -> None:
        self._real = real
        self._statement = statement
        self._deed = deed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def fetch(self, statement: str, *parameters: Any) -> Any:
        return await self._crossed(statement, await self._real.fetch(statement, *parameters))

    async def fetchval(self, statement: str, *parameters: Any) -> Any:
        return await self._crossed(statement, await self._real.fetchval(statement, *parameters))

    async def _crossed(self, statement: str, answer: Any) -> Any:
        if statement == self._statement and self._deed is not None:
            deed, self._deed = self._deed, None
            await deed()
        return answer


@pytest.mark.parametrize("seconds", [0, 30])
@pytest.mark.parametrize("statement", ["READY_TASKS", "NEXT_DUE_AFTER"])
async def test_a_timer_that_a_command_arms_meanwhile_fires(harness: Any, statement: str, seconds: int) -> None:
    service = build(Carrier())
    service.command(Promise, promise)
    shop = await harness(service)
    await shop.hear("web", OrderPlaced(order_id=ORDER, amount_cents=500), STREAM)
    shop.runtime.alone = True

    async def arm() -> None:
        await shop.command(Promise(order_id=ORDER, after_seconds=seconds), STREAM)

    line = shop.runtime._lines["tasks"]
    line._connection = Crossing(await line.connection(), getattr(sql, statement), arm)
    await shop.settle()
    await shop.advance(shop.clock.now() + SOON)

    [order] = await shop.documents("shop_order", ORDER)
    assert "overdue" in order.history

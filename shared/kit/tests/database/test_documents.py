"""Reads of documents give the values that handlers put."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import pytest
from sqlalchemy.exc import MultipleResultsFound
from sqlalchemy.ext.asyncio import AsyncConnection

from revcycle_kit.auth import Grant
from revcycle_kit.database.documents import document, documents
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.testing.harness import Harness
from revcycle_kit.testing.shop import Carrier, Order, OrderPlaced, build, orders

CLINIC = UUID(int=1)
FIRST, SECOND, THIRD = (UUID(int=number) for number in (11, 12, 13))


@pytest.fixture
async def connection(harness: Callable[..., Awaitable[Harness]]) -> AsyncIterator[AsyncConnection]:
    shop = await harness(build(Carrier()))
    for order, cents in ((SECOND, 20), (FIRST, 30), (THIRD, 10)):
        placed = OrderPlaced(order_id=order, amount_cents=cents)
        await shop.hear("web", placed, StreamRef("clinic", CLINIC, "encounter", order))
    async with shop.runtime.read(Grant("ada", clinics=frozenset({CLINIC}))) as connection:
        yield connection


async def test_documents_come_as_values_by_id(connection: AsyncConnection) -> None:
    found = await documents(connection, orders, Order)

    assert [(FIRST, 30), (SECOND, 20), (THIRD, 10)] == [(order.order_id, order.amount_cents) for order in found]


async def test_documents_are_narrowed_ordered_and_limited(connection: AsyncConnection) -> None:
    newest = await documents(connection, orders, Order, orders.c.id != FIRST, order_by=[orders.c.id.desc()], limit=1)

    assert [THIRD] == [order.order_id for order in newest]


async def test_one_document_is_found_or_not(connection: AsyncConnection) -> None:
    order = await document(connection, orders, Order, orders.c.id == FIRST)

    assert order is not None
    assert (FIRST, "taken") == (order.order_id, order.state)
    assert None is await document(connection, orders, Order, orders.c.id == UUID(int=99))


async def test_several_where_one_is_wanted_are_refused(connection: AsyncConnection) -> None:
    with pytest.raises(MultipleResultsFound):
        await document(connection, orders, Order)

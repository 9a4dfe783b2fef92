"""What waits for a fact goes on when the fact is there: whatever the order of sources, crashes and numbers of rows."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import asyncpg
import pytest

from revcycle_kit.auth import Grant
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.delivery.runtime import Addresses, AtOnce, Runtime
from revcycle_kit.delivery.stores import Documents
from revcycle_kit.testing.harness import Harness, NoBus
from revcycle_kit.testing.shop import (
    Carrier,
    Order,
    OrderCancelled,
    OrderPaid,
    OrderPlaced,
    Price,
    PriceChanged,
    ShopWork,
    build,
)

CLINIC, COMPANY = UUID(int=1), UUID(int=2)
ORDERS: Documents[Order] = vars(ShopWork)["orders"]
ORDER, PRICE, OTHER_PRICE = UUID(int=11), UUID(int=21), UUID(int=22)
STREAM = StreamRef("clinic", CLINIC, "encounter", ORDER)
DIRECTORY = StreamRef("organization", COMPANY, "directory", PRICE)
PLACED = OrderPlaced(order_id=ORDER, amount_cents=5_00, price_id=PRICE)
LEARNED = PriceChanged(price_id=PRICE, cents=5)


class SetPrice(Command, frozen=True, kw_only=True):
    """Somebody says what something costs."""

    price_id: UUID


async def set_price(command: SetPrice, work: ShopWork) -> None:
    work.prices.put(Price(command.price_id, 5))


@pytest.fixture
async def shop(harness: Callable[..., Awaitable[Harness]]) -> Harness:
    service = build(Carrier())
    service.command(SetPrice, set_price)
    return await harness(service)


async def _restarted(shop: Harness) -> None:
    """Let the process die, and another begin."""
    addresses = Addresses(shop.database.worker, shop.database.api)
    runtime = Runtime(shop.runtime.service, addresses, NoBus(), shop.sealer, shop.clock)
    await shop.runtime.close()
    shop.runtime = runtime
    await runtime.start()


async def test_what_stands_behind_a_message_that_waited_for_the_directory_follows_it(shop: Harness) -> None:
    await shop.hear("web", PLACED, STREAM)
    await shop.hear("web", OrderCancelled(order_id=ORDER), STREAM)
    assert ["waiting", "queued"] == [held["state"] for held in await shop.runtime.held()]

    await shop.hear("web", LEARNED, DIRECTORY)
    await shop.settle()

    [order] = await shop.documents(ORDERS, ORDER)
    assert ("cancelled", []) == (order.state, await shop.runtime.held())


async def test_another_source_that_waits_for_the_message_that_waited_follows_it(shop: Harness) -> None:
    """The bank's payment waits for the order, which waits for the directory."""
    await shop.hear("web", PLACED, STREAM)
    await shop.hear("bank", OrderPaid(order_id=ORDER, amount_cents=5_00), STREAM)

    await shop.hear("web", LEARNED, DIRECTORY)
    await shop.settle()

    assert ["order_taken", "order_settled"] == await shop.said_names()


async def test_the_order_in_which_sources_began_to_wait_does_not_matter(shop: Harness) -> None:
    """The bank was first to wait; what it waits for is behind it in the queue, and goes on after it was tried."""
    await shop.hear("bank", OrderPaid(order_id=ORDER, amount_cents=5_00), STREAM)
    await shop.hear("web", PLACED, STREAM)

    await shop.hear("web", LEARNED, DIRECTORY)
    await shop.settle()

    assert ["order_taken", "order_settled"] == await shop.said_names()


async def test_a_process_that_dies_after_the_fact_was_learned_wakes_nobody_less(shop: Harness) -> None:
    await shop.hear("web", PLACED, STREAM)
    await shop.hear("web", LEARNED, DIRECTORY)

    await _restarted(shop)
    await shop.settle()

    assert ["order_taken"] == await shop.said_names()


async def test_a_failure_of_the_round_that_wakes_is_no_end(shop: Harness) -> None:
    await shop.hear("web", PLACED, STREAM)
    await shop.hear("web", LEARNED, DIRECTORY)
    owner = await asyncpg.connect(shop.database.owner)
    await owner.execute(
        """
        CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$;
        CREATE TRIGGER full_disk BEFORE DELETE ON held EXECUTE FUNCTION full_disk();
        """
    )
    with pytest.raises(asyncpg.DiskFullError):
        await shop.settle()

    await owner.execute("DROP TRIGGER full_disk ON held")
    await owner.close()
    await shop.settle()

    assert ["order_taken"] == await shop.said_names()


async def test_more_messages_than_a_round_takes_that_wait_for_something_else_hold_up_nobody(shop: Harness) -> None:
    shop.runtime.at_once = AtOnce(messages=5)
    for number in range(8):
        order = UUID(int=100 + number)
        placed = OrderPlaced(order_id=order, amount_cents=5, price_id=OTHER_PRICE)
        await shop.hear("web", placed, StreamRef("clinic", CLINIC, "encounter", order))
    await shop.hear("web", PLACED, STREAM)

    await shop.hear("web", LEARNED, DIRECTORY)
    await shop.settle()

    assert ["order_taken"] == await shop.said_names()


async def test_all_that_waits_for_one_fact_goes_on_however_many_rounds_it_takes(shop: Harness) -> None:
    shop.runtime.at_once = AtOnce(messages=5)
    for number in range(12):
        order = UUID(int=100 + number)
        placed = OrderPlaced(order_id=order, amount_cents=5, price_id=PRICE)
        await shop.hear("web", placed, StreamRef("clinic", CLINIC, "encounter", order))

    await shop.hear("web", LEARNED, DIRECTORY)
    await shop.settle()

    assert ["order_taken"] * 12 == await shop.said_names()


async def test_a_fact_learned_while_the_message_that_needs_it_was_at_work_is_found(shop: Harness) -> None:
    """Two workers: one commits that a message waits after the other, which saw nobody waiting, learned the fact."""
    await shop.hear("web", LEARNED, DIRECTORY)
    await shop.settle()
    owner = await asyncpg.connect(shop.database.owner)
    await shop.hear("web", OrderPlaced(order_id=ORDER, amount_cents=5_00, price_id=OTHER_PRICE), STREAM)
    await owner.execute("SET app.tenants = '{" + f"{CLINIC},{COMPANY}" + "}'")
    assert "INSERT 0 1" == await owner.execute(
        "INSERT INTO price (organization_id, id, revision, body) SELECT organization_id, $1::uuid, 1, "
        "jsonb_set(body, '{price_id}', to_jsonb($1::uuid::text)) FROM price",
        OTHER_PRICE,
    )
    await owner.close()

    await shop.settle()

    assert ["order_taken"] == await shop.said_names()


async def test_a_fact_that_a_command_teaches_wakes_as_well(shop: Harness) -> None:
    await shop.hear("web", PLACED, STREAM)

    grant = Grant("ada", frozenset(), COMPANY)
    await shop.command(SetPrice(price_id=PRICE), DIRECTORY, grant=grant)
    await shop.settle()

    assert ["order_taken"] == await shop.said_names()

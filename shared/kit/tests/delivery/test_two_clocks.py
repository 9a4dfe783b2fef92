"""Business time may stand still: what waits for machines goes on, and nothing that people wait for comes due."""

from datetime import timedelta
from uuid import UUID

import pytest

from revcycle_kit.clock import SimulatedClock
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.delivery.runtime import Addresses, Runtime
from revcycle_kit.errors import Unavailable
from revcycle_kit.testing.harness import START, Harness
from revcycle_kit.testing.shop import Carrier, Crash, Order, OrderPaid, OrderPlaced, build

ORDER = UUID(int=7)
STREAM = StreamRef("clinic", UUID(int=1), "encounter", ORDER)


@pytest.fixture
def machine() -> SimulatedClock:
    return SimulatedClock(START + timedelta(days=333))


@pytest.fixture
async def still(shop: Harness, carrier: Carrier, machine: SimulatedClock) -> Harness:
    """The shop on a day that stands still, on a machine whose clock shows another day and runs."""
    await shop.runtime.close()
    shop.runtime = Runtime(
        build(carrier),
        Addresses(shop.database.worker, shop.database.api),
        shop.runtime._bus,
        shop.sealer,
        shop.clock,
        machine=machine,
    )
    await shop.hear("web", OrderPlaced(order_id=ORDER, amount_cents=500), STREAM)
    await shop.hear("bank", OrderPaid(order_id=ORDER, amount_cents=500), STREAM)
    return shop


async def state_of(shop: Harness) -> str:
    """Return the state of the order."""
    orders: list[Order] = await shop.documents("shop_order", ORDER)
    return orders[0].state


@pytest.mark.parametrize("alone", [True, False])
async def test_a_day_that_stands_still_still_tries_again(
    still: Harness,
    carrier: Carrier,
    machine: SimulatedClock,
    alone: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    still.runtime.alone = alone
    carrier.broken = Unavailable("the carrier")
    await still.settle()
    carrier.broken = None
    await still.settle()
    assert [] == carrier.sent
    machine.advance_by(timedelta(seconds=3))
    await still.settle()
    assert [f"ship-{ORDER}"] == carrier.sent
    assert START == still.clock.now()


async def test_nothing_that_people_wait_for_is_due_by_the_clock_of_the_machine(
    still: Harness, carrier: Carrier, machine: SimulatedClock
) -> None:
    carrier.broken = Unavailable("the carrier")
    await still.settle()
    assert await still.runtime.next_due() is None
    machine.advance_by(timedelta(days=400))
    assert await still.runtime.next_due() is None


async def test_a_lease_ends_by_the_clock_of_the_machine(
    still: Harness, carrier: Carrier, machine: SimulatedClock
) -> None:
    carrier.crash_after = True
    with pytest.raises(Crash):
        await still.settle()
    still.clock.advance_by(timedelta(days=1))
    await still.runtime.start()
    await still.settle()
    assert "paid" == await state_of(still)
    machine.advance_by(timedelta(minutes=6))
    await still.runtime.start()
    await still.settle()
    assert "shipped" == await state_of(still)

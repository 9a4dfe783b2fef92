"""
A crash at every step between deciding, sending and recording: what each kind of partner was sent, and how it ends.

Two of three kinds are sent everything once; the third once and then nothing, until a person sends it again.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import Unavailable
from revcycle_kit.partners.kinds import PartnerKind
from revcycle_kit.partners.outcomes import CredentialRefused, OutcomeUnknown, Rejected, Throttled
from revcycle_kit.testing.harness import Harness
from revcycle_kit.testing.shop import Carrier, Crash, Order, OrderPaid, OrderPlaced, Ship, build

ORDER = UUID(int=7)
STREAM = StreamRef("clinic", UUID(int=1), "encounter", ORDER)
HOUR, MONTH = timedelta(hours=1), timedelta(days=30)
STEPS = ("before it is sent", "after it was sent", "before it is recorded")
AT_MOST_ONCE = [PartnerKind.DEDUPLICATES, PartnerKind.ANSWERS]


class Depot(Carrier):
    """A carrier that counts the parcels it holds: sent a second time, one is one more, unless it knows keys."""

    def __init__(self, kind: PartnerKind) -> None:
        super().__init__(kind)
        self.parcels: Counter[str] = Counter()
        self.knows_keys = kind is PartnerKind.DEDUPLICATES
        self.crash_before = False
        self.silent_after = False
        """True: the parcel arrives, and the answer is lost."""

    async def ship(self, effect: Ship, key: str) -> str:
        if self.crash_before:
            self.crash_before = False
            raise Crash
        known = self.knows_keys and key in self.parcels
        if self.broken is None and not known:
            self.parcels[key] += 1
        if self.silent_after:
            self.silent_after = False
            self.sent.append(key)
            raise OutcomeUnknown("the carrier", "ReadTimeout")
        return await super().ship(effect, key)


class Shop:
    """The small shop with an order that is paid, so that the carrier is asked next; it can die and come back."""

    def __init__(self, harness: Harness, depot: Depot) -> None:
        self.harness = harness
        self.depot = depot

    async def dies(self, step: str) -> None:
        """Let the process die at a step of the effect."""
        runtime = self.harness.runtime
        if step == STEPS[0]:
            self.depot.crash_before = True
        elif step == STEPS[1]:
            self.depot.crash_after = True
        else:
            await runtime._read_and_fire(0)
            performed = await runtime._effects.perform(self.harness.clock.now(), 1)
            assert 1 == len(performed)
            return
        with pytest.raises(Crash):
            await self.harness.settle()

    async def comes_back(self) -> None:
        """Start again: nobody else is at work, so what was interrupted is taken up at once."""
        self.harness.runtime.alone = True
        await self.harness.runtime.start()
        await self.harness.advance(self.harness.clock.now() + HOUR)

    async def order(self) -> Order:
        orders: list[Order] = await self.harness.documents("shop_order", ORDER)
        return orders[0]

    async def effects(self) -> list[tuple[str, str]]:
        """Return the effects that do not go out: state and reason."""
        return [(row["state"], row["reason"]) for row in await self.harness.runtime.effects()]


Open = Callable[[PartnerKind], Awaitable[Shop]]


@pytest.fixture
def open_shop(harness: Callable[..., Awaitable[Harness]]) -> Open:
    """Give a maker of shops by the kind of their carrier; each is about to ship."""

    async def made(kind: PartnerKind) -> Shop:
        depot = Depot(kind)
        shop = Shop(await harness(build(depot)), depot)
        await shop.harness.hear("web", OrderPlaced(order_id=ORDER, amount_cents=500), STREAM)
        await shop.harness.hear("bank", OrderPaid(order_id=ORDER, amount_cents=500), STREAM)
        return shop

    return made


@pytest.mark.parametrize("kind", AT_MOST_ONCE)
@pytest.mark.parametrize("step", STEPS)
async def test_a_crash_at_any_step_doubles_nothing_and_loses_nothing(
    open_shop: Open, kind: PartnerKind, step: str
) -> None:
    shop = await open_shop(kind)
    await shop.dies(step)
    await shop.comes_back()
    assert [1] == list(shop.depot.parcels.values())
    assert "shipped" == (await shop.order()).state


@pytest.mark.parametrize("step", STEPS)
async def test_a_mailbox_is_in_doubt_after_a_crash_and_is_sent_nothing_by_itself(open_shop: Open, step: str) -> None:
    shop = await open_shop(PartnerKind.NEITHER)
    await shop.dies(step)
    await shop.comes_back()
    await shop.harness.advance(shop.harness.clock.now() + MONTH)
    assert shop.depot.parcels.total() == (0 if step == STEPS[0] else 1)
    assert "in doubt" == (await shop.order()).state
    assert [("in_doubt", "the process ended while it was sent")] == await shop.effects()


async def test_a_partner_wrongly_taken_for_one_that_knows_keys_is_sent_it_twice(open_shop: Open) -> None:
    """The counting sees what it is there to see: the same crash, at a partner that is not what it was said to be."""
    shop = await open_shop(PartnerKind.DEDUPLICATES)
    shop.depot.knows_keys = False
    await shop.dies(STEPS[1])
    await shop.comes_back()
    assert 2 == shop.depot.parcels.total()


@pytest.mark.parametrize("kind", AT_MOST_ONCE)
async def test_a_lost_answer_doubles_nothing(open_shop: Open, kind: PartnerKind) -> None:
    shop = await open_shop(kind)
    shop.depot.silent_after = True
    await shop.harness.advance(shop.harness.clock.now() + HOUR)
    assert [1] == list(shop.depot.parcels.values())
    assert "shipped" == (await shop.order()).state
    assert [] == await shop.effects()


async def test_what_a_mailbox_may_have_is_sent_again_by_a_person_under_the_same_key(open_shop: Open) -> None:
    shop = await open_shop(PartnerKind.NEITHER)
    shop.depot.silent_after = True
    await shop.harness.advance(shop.harness.clock.now() + MONTH)
    [effect] = await shop.harness.runtime.effects("in_doubt")
    assert await shop.harness.runtime.resend(effect["task_id"])
    await shop.harness.settle()
    assert [f"ship-{ORDER}"] * 2 == shop.depot.sent
    assert "shipped" == (await shop.order()).state
    assert [] == await shop.effects()
    assert not await shop.harness.runtime.resend(effect["task_id"])


@pytest.mark.parametrize("kind", list(PartnerKind))
@pytest.mark.parametrize("failure", [CredentialRefused("the carrier"), Throttled("the carrier"), Unavailable("it")])
async def test_refused_for_three_days_it_goes_out_by_itself_once_the_partner_takes_it(
    open_shop: Open, kind: PartnerKind, failure: Unavailable
) -> None:
    shop = await open_shop(kind)
    shop.depot.broken = failure
    await shop.harness.advance(shop.harness.clock.now() + timedelta(days=3))
    [(state, reason)] = await shop.effects()
    assert ("failing", True) == (state, str(failure) in reason)
    shop.depot.broken = None
    await shop.harness.advance(shop.harness.clock.now() + HOUR)
    assert [f"ship-{ORDER}"] == shop.depot.sent
    assert "shipped" == (await shop.order()).state


@pytest.mark.parametrize("kind", list(PartnerKind))
async def test_refused_content_is_given_up_at_once_told_to_its_handler_and_sent_again_by_one_command(
    open_shop: Open, kind: PartnerKind
) -> None:
    shop = await open_shop(kind)
    shop.depot.broken = Rejected("the carrier", "status 422")
    await shop.harness.settle()
    order = await shop.order()
    assert "stuck" == order.state
    assert "status 422" in order.history[-1]
    [effect] = await shop.harness.runtime.effects()
    assert ("given_up", "ship", 1, f"ship-{ORDER}") == tuple(effect[n] for n in ("state", "name", "attempts", "key"))
    shop.depot.broken = None
    await shop.harness.runtime.resend(effect["task_id"])
    await shop.harness.settle()
    assert [f"ship-{ORDER}"] == shop.depot.sent
    assert "shipped" == (await shop.order()).state


async def test_what_is_given_up_twice_is_told_twice(open_shop: Open) -> None:
    shop = await open_shop(PartnerKind.DEDUPLICATES)
    shop.depot.broken = Rejected("the carrier", "status 422")
    await shop.harness.settle()
    [effect] = await shop.harness.runtime.effects()
    await shop.harness.runtime.resend(effect["task_id"])
    await shop.harness.settle()
    assert 2 == len([line for line in (await shop.order()).history if line.startswith("stuck")])

"""A small shop: the smallest service that uses everything delivery offers. The kit's own tests run on it."""

import dataclasses
from operator import attrgetter
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column, MetaData, Text

from revcycle_kit.delivery.messages import Command, Consumed, Effect, GivenUp, Local, Reply, StreamRef, Timer
from revcycle_kit.delivery.schema import delivery_tables
from revcycle_kit.delivery.service import Service
from revcycle_kit.delivery.stores import Documents, References, Rows, document_table, reference_table, row_table
from revcycle_kit.delivery.work import Work
from revcycle_kit.errors import NotYet, Refusal, Unavailable
from revcycle_kit.events import UNSEALED, Published, Sealed
from revcycle_kit.partners.kinds import Partner, PartnerKind


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """An order as the shop keeps it."""

    order_id: UUID
    state: str
    amount_cents: int
    history: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """A line of the till."""

    entry_id: UUID
    amount_cents: int
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class Price:
    """A price of the directory."""

    price_id: UUID
    cents: int


metadata = MetaData()
delivery_tables(metadata)
orders = document_table("shop_order", metadata, "clinic_id", Column("state", Text, nullable=False), stream="encounter")
entries = row_table(
    "entry",
    metadata,
    "clinic_id",
    Column("amount_cents", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
)
prices = reference_table("price", metadata)


class ShopWork(Work):
    """What the shop keeps."""

    orders = Documents(Order, orders, key=attrgetter("order_id"))
    entries = Rows(Entry, entries, key=attrgetter("entry_id"))
    prices = References(Price, prices, key=attrgetter("price_id"))


class OrderPlaced(Consumed, frozen=True, kw_only=True):
    """The web site says that an order was placed."""

    SOURCE: ClassVar[str] = "web"
    order_id: UUID
    amount_cents: int
    price_id: UUID | None = None


class OrderPaid(Consumed, frozen=True, kw_only=True):
    """The bank says that an order was paid."""

    SOURCE: ClassVar[str] = "bank"
    order_id: UUID
    amount_cents: int


class OrderCancelled(Consumed, frozen=True, kw_only=True):
    """The web site says that an order was cancelled."""

    SOURCE: ClassVar[str] = "web"
    order_id: UUID


class PriceChanged(Consumed, frozen=True, kw_only=True):
    """The web site says what something costs."""

    SOURCE: ClassVar[str] = "web"
    price_id: UUID
    cents: int


class OrderTaken(Published, frozen=True, kw_only=True):
    """The shop took an order."""

    order_id: UUID
    amount_cents: int
    identity: Sealed = UNSEALED


class OrderSettled(Published, frozen=True, kw_only=True):
    """The shop settled an order."""

    order_id: UUID
    steps: tuple[str, ...]


class Told(Local, frozen=True, kw_only=True):
    """Words from one stream to another."""

    words: str


class Overdue(Timer, frozen=True, kw_only=True):
    """An order has waited long enough."""

    order_id: UUID


class Ship(Effect[str], frozen=True, kw_only=True):
    """A parcel for the carrier."""

    SEALED: ClassVar[bool] = True
    order_id: UUID
    address: str


class Discount(Command, frozen=True, kw_only=True):
    """Someone takes something off."""

    order_id: UUID
    cents: int


class Crash(BaseException):
    """The process dies here."""


class Carrier(Partner):
    """A scripted partner: remembers what it was sent; may be down; may crash us after it took the parcel."""

    def __init__(self, kind: PartnerKind = PartnerKind.ANSWERS) -> None:
        self.kind = kind
        self.sent: list[str] = []
        self.down = 0
        self.crash_after = False
        self.broken: Exception | None = None
        """What goes wrong at each call, where anything does."""

    async def ship(self, effect: Ship, key: str) -> str:
        if self.down:
            self.down -= 1
            raise Unavailable("the carrier")
        if self.broken is not None:
            raise self.broken
        self.sent.append(key)
        if self.crash_after:
            self.crash_after = False
            raise Crash
        return f"parcel for {effect.order_id}"

    async def ask(self, effect: Ship, key: str) -> str | None:
        if self.broken is not None:
            raise self.broken
        return f"parcel for {effect.order_id}" if key in self.sent else None


async def take(placed: OrderPlaced, work: ShopWork) -> None:
    """Take an order."""
    if placed.amount_cents < 0:
        raise Refusal("An order cannot cost less than nothing.", "amount_cents", "Correct it.")
    if placed.price_id:
        work.prices.get(placed.price_id)
    work.orders.put(Order(placed.order_id, "taken", placed.amount_cents, ("taken",)))
    work.entries.add(Entry(work.new_id(), placed.amount_cents, "sale"))
    work.publish(OrderTaken(order_id=placed.order_id, amount_cents=placed.amount_cents))


async def settle(paid: OrderPaid, work: ShopWork) -> None:
    """Settle an order that was paid."""
    order = work.orders.find(paid.order_id)
    if order is None:
        raise NotYet(f"order {paid.order_id}")
    paid_order = dataclasses.replace(order, state="paid", history=(*order.history, "paid"))
    work.orders.put(paid_order)
    work.publish(OrderSettled(order_id=order.order_id, steps=paid_order.history))
    work.send(Told(words="paid"), StreamRef("clinic", work.stream.tenant_id, "encounter", order.order_id), key="paid")


async def cancel(cancelled: OrderCancelled, work: ShopWork) -> None:
    """Cancel an order."""
    order = work.orders.get(cancelled.order_id)
    work.orders.put(dataclasses.replace(order, state="cancelled"))


async def learn(changed: PriceChanged, work: ShopWork) -> None:
    """Learn a price."""
    work.prices.put(Price(changed.price_id, changed.cents))


async def hear(event: Told, work: ShopWork) -> None:
    """Hear words, and ask the carrier."""
    [order] = work.orders.all()
    work.orders.put(dataclasses.replace(order, history=(*order.history, f"told {event.words}")))
    work.effect(Ship(order_id=order.order_id, address="1 Main Street"), key=f"ship-{order.order_id}")


async def shipped(reply: Reply[str], work: ShopWork) -> None:
    """Keep what the carrier answered."""
    [order] = work.orders.all()
    work.orders.put(dataclasses.replace(order, state="shipped", history=(*order.history, reply.answer)))


async def lose(failure: GivenUp[str], work: ShopWork) -> None:
    """Note that the parcel does not go out by itself."""
    [order] = work.orders.all()
    state = "in doubt" if failure.in_doubt else "stuck"
    work.orders.put(dataclasses.replace(order, state=state, history=(*order.history, f"{state}: {failure.reason}")))


async def remind(overdue: Overdue, work: ShopWork) -> None:
    """Note that an order waits."""
    order = work.orders.get(overdue.order_id)
    work.orders.put(dataclasses.replace(order, history=(*order.history, "overdue")))


async def discount(command: Discount, work: ShopWork) -> int:
    """Take something off; answer what is left."""
    order = work.orders.get(command.order_id)
    if command.cents > order.amount_cents:
        raise Refusal("A discount cannot exceed the price.", "cents", "Give less.")
    work.orders.put(dataclasses.replace(order, amount_cents=order.amount_cents - command.cents))
    return order.amount_cents - command.cents


def build(carrier: Carrier) -> Service[ShopWork]:
    """Return the shop."""
    shop = Service("shop", ShopWork, metadata)
    shop.on(OrderPlaced, take)
    shop.on(OrderPaid, settle)
    shop.on(OrderCancelled, cancel)
    shop.on(PriceChanged, learn)
    shop.local(Told, hear)
    shop.timer(Overdue, remind)
    shop.effect(Ship, call=carrier.ship, then=shipped, partner=carrier, reconcile=carrier.ask, given_up=lose)
    shop.command(Discount, discount)
    return shop

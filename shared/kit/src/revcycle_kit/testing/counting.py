"""
A web site and a counter: one says numbers, the other keeps them in the order in which they took effect.

What is lost, doubled or reordered between the two shows at once; fault tests and benchmarks of delivery run on them.
"""

import dataclasses
from collections.abc import Awaitable, Callable
from operator import attrgetter
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column, MetaData

from revcycle_kit.delivery.messages import Command, Consumed
from revcycle_kit.delivery.schema import delivery_tables
from revcycle_kit.delivery.service import Service
from revcycle_kit.delivery.stores import Documents, Rows, document_table, row_table
from revcycle_kit.delivery.work import Work
from revcycle_kit.errors import Refusal
from revcycle_kit.events import Published

web_metadata = MetaData()
delivery_tables(web_metadata)


class WebWork(Work):
    """The web site keeps nothing but its streams."""


class Placed(Published, frozen=True, kw_only=True):
    """An order was placed; published as `web.placed.v1`, counted by `number`."""

    order_id: UUID
    number: int
    amount_cents: int


class Place(Command, frozen=True, kw_only=True):
    """Place orders, one event each."""

    order_id: UUID
    numbers: tuple[int, ...]


async def place(command: Place, work: WebWork) -> int:
    """Say each number on the stream, in order."""
    for number in command.numbers:
        work.publish(Placed(order_id=command.order_id, number=number, amount_cents=number))
    return len(command.numbers)


def build_web() -> Service[WebWork]:
    """Return the web site."""
    web = Service("web", WebWork, web_metadata)
    web.command(Place, place)
    return web


counter_metadata = MetaData()
delivery_tables(counter_metadata)
heard_table = row_table("heard", counter_metadata, "clinic_id", Column("number", BigInteger, nullable=False))
tally_table = document_table("tally", counter_metadata, "clinic_id", Column("total_cents", BigInteger, nullable=False))


@dataclasses.dataclass(frozen=True, slots=True)
class Heard:
    """One event that took effect."""

    heard_id: UUID
    number: int


@dataclasses.dataclass(frozen=True, slots=True)
class Tally:
    """What a stream adds up to."""

    tally_id: UUID
    total_cents: int
    numbers: int


class CounterWork(Work):
    """What the counter keeps."""

    heard = Rows(Heard, heard_table, key=attrgetter("heard_id"))
    tallies = Documents(Tally, tally_table, key=attrgetter("tally_id"))


class PlacedHeard(Consumed, frozen=True, kw_only=True):
    """The web site's event, as the counter reads it."""

    SOURCE: ClassVar[str] = "web"
    NAME: ClassVar[str] = "placed"
    order_id: UUID
    number: int
    amount_cents: int


async def count(placed: PlacedHeard, work: CounterWork) -> None:
    """Keep the number and add up; a negative amount is poison."""
    if placed.amount_cents < 0:
        raise Refusal("An order cannot cost less than nothing.", "amount_cents", "Correct it.")
    tally = work.tallies.find(placed.order_id) or Tally(placed.order_id, 0, 0)
    work.tallies.put(Tally(placed.order_id, tally.total_cents + placed.amount_cents, tally.numbers + 1))
    work.heard.add(Heard(work.new_id(), placed.number))


def build_counter(handler: Callable[[PlacedHeard, CounterWork], Awaitable[None]] = count) -> Service[CounterWork]:
    """Return the counter; another handler stands for another version of it."""
    counter = Service("counter", CounterWork, counter_metadata)
    counter.on(PlacedHeard, handler)
    return counter

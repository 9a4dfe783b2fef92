"""Events are built from what has fields of the same names."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import msgspec
import pytest

from revcycle_kit.events import Published, build
from revcycle_kit.values import Value


class State(StrEnum):
    OPEN = "open"
    PAID = "paid"


class Line(Value):
    number: int
    state: State
    note: str = "not promised"


@dataclass(frozen=True)
class Order:
    order_id: int
    state: State
    lines: tuple[Line, ...]


class ToldLine(msgspec.Struct, frozen=True):
    number: int
    state: Literal["open", "paid"]


class OrderTaken(Published, frozen=True, kw_only=True):
    order_id: int
    state: Literal["open", "paid"]
    lines: tuple[ToldLine, ...]
    by: str = ""


ORDER = Order(7, State.PAID, (Line(1, State.OPEN), Line(2, State.PAID)))


def test_an_event_takes_the_fields_of_the_same_names() -> None:
    lines = (ToldLine(1, "open"), ToldLine(2, "paid"))

    assert OrderTaken(order_id=7, state="paid", lines=lines) == build(OrderTaken, ORDER)


def test_a_field_that_is_given_goes_before_the_source() -> None:
    event = build(OrderTaken, ORDER, by="ada", lines=[Line(3, State.OPEN)])

    assert OrderTaken(order_id=7, state="paid", lines=(ToldLine(3, "open"),), by="ada") == event


def test_an_enum_becomes_its_value() -> None:
    assert type(build(OrderTaken, ORDER).state) is str


def test_a_field_that_the_event_does_not_have_is_refused() -> None:
    with pytest.raises(TypeError, match="OrderTaken has no field lnes"):
        build(OrderTaken, ORDER, lnes=())


def test_a_field_that_nobody_gives_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="order_id"):
        build(OrderTaken, Line(1, State.OPEN), lines=())

"""Values: they never change, and what is a default takes no room."""

import msgspec
import pytest

from revcycle_kit.values import Value, replace


class Order(Value):
    number: int
    note: str = ""


def test_a_value_is_replaced_and_never_changed() -> None:
    order = Order(1)

    assert Order(1, "late") == replace(order, note="late")
    assert Order(1) == order
    with pytest.raises(AttributeError):
        order.note = "late"  # type: ignore[misc]


def test_values_that_say_the_same_are_the_same() -> None:
    assert {Order(1): "first"}[Order(number=1)] == "first"


def test_a_default_takes_no_room_and_is_read_back() -> None:
    written = msgspec.json.encode(Order(1))

    assert written == b'{"number":1}'
    assert Order(1) == msgspec.json.decode(written, type=Order)

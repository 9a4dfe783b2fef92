"""Events that nobody here handles are passed by: counted on their cursor, and in nobody's way."""

from typing import Any, ClassVar
from uuid import UUID

from revcycle_kit.delivery.messages import Consumed, StreamRef

CLINIC = UUID("0199f000-0000-7000-8000-0000000000c1")
ORDER = UUID("0199f000-0000-7000-8000-0000000000a1")
STREAM = StreamRef("clinic", CLINIC, "encounter", ORDER)


class PageViewed(Consumed, frozen=True):
    """The web site says what the shop does not want to know."""

    SOURCE: ClassVar[str] = "web"


async def heard_up_to(shop: Any) -> list[int]:
    """Return the versions up to which the reader heard each stream."""
    return [row[0] for row in await shop.query("SELECT version FROM cursor")]


async def test_they_move_the_cursor_and_touch_no_stream(shop: Any) -> None:
    await shop.hear("web", PageViewed(), STREAM)
    await shop.hear("web", PageViewed(), STREAM)

    assert [2] == await heard_up_to(shop)
    assert [] == await shop.query("SELECT version FROM stream")


async def test_the_next_event_that_is_handled_follows_them(shop: Any, events: Any) -> None:
    await shop.hear("web", PageViewed(), STREAM)
    await shop.hear("web", events.OrderPlaced(order_id=ORDER, amount_cents=5), STREAM)

    assert ["order_taken"] == await shop.said_names()


async def test_a_copy_is_counted_and_passed_over(shop: Any) -> None:
    await shop.hear("web", PageViewed(), STREAM)

    again = await shop.hear_again()

    assert (1, 0) == (again.copies, again.parked)
    assert [1] == await heard_up_to(shop)


async def test_a_gap_is_parked_even_where_nobody_handles_the_event(shop: Any) -> None:
    await shop.hear("web", PageViewed(), STREAM)

    await shop.hear("web", PageViewed(), STREAM, version=3)

    [held] = await shop.parked()
    assert "version 2 is missing: 3 came" == held["reason"]


async def test_a_fork_is_parked_even_where_nobody_handles_the_event(shop: Any) -> None:
    await shop.hear("web", PageViewed(), STREAM)
    envelope = shop._envelopes[-1]
    envelope.message_id = UUID("0199f000-0000-7000-8000-0000000000ff")

    await shop.hear_again()

    [held] = await shop.parked()
    assert "version 1 was said twice, with other content" == held["reason"]


async def test_one_behind_a_parked_event_does_not_stand_in_the_way_of_its_replay(shop: Any, events: Any) -> None:
    """It was heard when it came: what is replayed is only what has an effect."""
    await shop.hear("web", events.OrderPlaced(order_id=ORDER, amount_cents=-1), STREAM)
    await shop.hear("web", PageViewed(), STREAM)
    await shop.hear("web", events.OrderCancelled(order_id=ORDER), STREAM)

    assert ["parked", "queued"] == [held["state"] for held in await shop.runtime.held("parked", "queued")]
    assert [3] == await heard_up_to(shop)


async def test_one_that_was_held_is_released_by_its_replay(shop: Any) -> None:
    """A gap that was explained: the operator lets the stream go on from there."""
    await shop.hear("web", PageViewed(), STREAM, version=2)

    assert 1 == await shop.runtime.replay(CLINIC, ORDER, "web")

    assert [] == await shop.runtime.held("parked", "queued")
    assert [2] == await heard_up_to(shop)

"""What the transaction of a message does, and what it leaves when it fails."""

from typing import Any
from uuid import UUID

import pytest

from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import IdempotencyConflict, Refusal
from revcycle_kit.idempotency import CommandKey

CLINIC = UUID("0199f000-0000-7000-8000-00000000c111")
ORDER = UUID("0199f000-0000-7000-8000-0000000000a1")
STREAM = StreamRef("clinic", CLINIC, "encounter", ORDER)
ORGANIZATION = UUID("0199f000-0000-7000-8000-00000000c0de")


async def test_an_event_changes_documents_rows_and_outbox_together(shop: Any, events: Any) -> None:
    await shop.hear("web", events.OrderPlaced(order_id=ORDER, amount_cents=500), STREAM)
    [order] = await shop.documents("shop_order", ORDER)
    assert ("taken", 500) == (order.state, order.amount_cents)
    [entry] = await shop.query("SELECT amount_cents, reason FROM entry")
    assert (500, "sale") == tuple(entry)
    [(name, told)] = await shop.said()
    assert ("order_taken", 500) == (name, told["amount_cents"])
    [said] = await shop.outbox()
    assert "shop.order_taken.v1" == said["headers"]["ce_type"]
    assert ("1", "2", str(CLINIC)) == (
        said["headers"]["version"],
        said["headers"]["step"],
        said["headers"]["clinic_id"],
    )


async def test_a_copy_of_an_event_has_no_second_effect(shop: Any, events: Any) -> None:
    await shop.hear("web", events.OrderPlaced(order_id=ORDER, amount_cents=500), STREAM)

    outcome = await shop.hear_again()

    assert (1, 0) == (outcome.copies, outcome.applied)
    assert 1 == len(await shop.said())


async def test_two_copies_in_one_batch_have_one_effect(shop: Any, events: Any) -> None:
    await shop.hear("bank", events.OrderPaid(order_id=ORDER, amount_cents=1), STREAM)
    await shop.hear("web", events.OrderPlaced(order_id=ORDER, amount_cents=500), STREAM)
    envelope = shop._envelopes[-1]

    await shop._run([envelope, envelope])

    assert 1 == len(await shop.query("SELECT FROM entry"))


async def test_what_comes_too_early_waits_and_follows(shop: Any, events: Any) -> None:
    """The bank is heard before the shop: its message waits, the queue behind it too, and both follow in order."""
    await shop.hear("bank", events.OrderPaid(order_id=ORDER, amount_cents=500), STREAM)
    assert ["waiting"] == [held["state"] for held in await shop.waiting()]
    assert [] == await shop.said()

    await shop.hear("web", events.OrderPlaced(order_id=ORDER, amount_cents=500), STREAM)

    assert [] == await shop.waiting()
    assert ["order_taken", "order_settled"] == await shop.said_names()


async def test_what_waits_for_the_directory_follows_when_it_speaks(shop: Any, events: Any) -> None:
    price = UUID("0199f000-0000-7000-8000-0000000000b1")
    directory = StreamRef("organization", ORGANIZATION, "directory", price)
    await shop.hear("web", events.OrderPlaced(order_id=ORDER, amount_cents=500, price_id=price), STREAM)
    assert [] == await shop.said()

    await shop.hear("web", events.PriceChanged(price_id=price, cents=5), directory)
    await shop.settle()

    assert ["order_taken"] == await shop.said_names()


async def test_a_message_that_cannot_be_handled_parks_its_stream_and_no_other(shop: Any, events: Any) -> None:
    """A refusal parks the message; later ones of the same stream and source stand behind it; another flows."""
    other = UUID("0199f000-0000-7000-8000-0000000000a2")
    await shop.hear("web", events.OrderPlaced(order_id=ORDER, amount_cents=-1), STREAM)
    await shop.hear("web", events.OrderCancelled(order_id=ORDER), STREAM)
    await shop.hear(
        "web", events.OrderPlaced(order_id=other, amount_cents=7), StreamRef("clinic", CLINIC, "encounter", other)
    )

    held = await shop.runtime.held("parked", "queued")
    assert ["parked", "queued"] == [message["state"] for message in held]
    assert "Refusal@shop.py:take" == held[0]["fingerprint"]
    assert "amount_cents" in held[0]["reason"]
    assert ["order_taken"] == await shop.said_names()


async def test_a_gap_is_parked_and_never_guessed(shop: Any, events: Any) -> None:
    await shop.hear("web", events.OrderPlaced(order_id=ORDER, amount_cents=5), STREAM, version=2)

    [held] = await shop.parked()
    assert "version 1 is missing: 2 came" == held["reason"]
    assert [] == await shop.said()


async def test_a_local_message_is_delivered_once_and_asks_the_partner(shop: Any, events: Any, carrier: Any) -> None:
    await shop.hear("web", events.OrderPlaced(order_id=ORDER, amount_cents=500), STREAM)
    await shop.hear("bank", events.OrderPaid(order_id=ORDER, amount_cents=500), STREAM)

    await shop.settle()

    [order] = await shop.documents("shop_order", ORDER)
    assert ("taken", "paid", "told paid", f"parcel for {ORDER}") == order.history
    assert [f"ship-{ORDER}"] == carrier.sent


async def test_a_sealed_effect_rests_unreadable(shop: Any, events: Any, carrier: Any) -> None:
    carrier.down = 1
    await shop.hear("web", events.OrderPlaced(order_id=ORDER, amount_cents=500), STREAM)
    await shop.hear("bank", events.OrderPaid(order_id=ORDER, amount_cents=500), STREAM)
    await shop.settle()

    [task] = await shop.query("SELECT state, body FROM task WHERE kind = 'effect'")

    assert "pending" == task["state"]
    assert b"Main Street" not in task["body"]


async def test_a_partner_that_is_down_is_asked_again(shop: Any, events: Any, carrier: Any) -> None:
    carrier.down = 2
    await shop.hear("web", events.OrderPlaced(order_id=ORDER, amount_cents=500), STREAM)
    await shop.hear("bank", events.OrderPaid(order_id=ORDER, amount_cents=500), STREAM)

    await shop.advance(shop.clock.now().replace(hour=9))

    assert [f"ship-{ORDER}"] == carrier.sent


async def test_an_effect_interrupted_after_the_partner_took_it_is_not_sent_twice(
    shop: Any, events: Any, carrier: Any
) -> None:
    carrier.crash_after = True
    await shop.hear("web", events.OrderPlaced(order_id=ORDER, amount_cents=500), STREAM)
    await shop.hear("bank", events.OrderPaid(order_id=ORDER, amount_cents=500), STREAM)
    with pytest.raises(events.Crash):
        await shop.settle()

    shop.runtime.alone = True
    await shop.runtime.start()
    await shop.settle()

    [order] = await shop.documents("shop_order", ORDER)
    assert "shipped" == order.state
    assert 1 == len(carrier.sent)


async def test_a_command_answers_and_its_repetition_gives_the_same_answer(shop: Any, events: Any) -> None:
    await shop.hear("web", events.OrderPlaced(order_id=ORDER, amount_cents=500), STREAM)
    key = CommandKey("key-1", b"hash")
    command = events.Discount(order_id=ORDER, cents=100)

    answers = [await shop.command(command, STREAM, key=key, answer=int) for _ in range(2)]

    assert [400, 400] == answers
    [order] = await shop.documents("shop_order", ORDER)
    assert 400 == order.amount_cents


async def test_the_same_key_with_another_request_is_refused(shop: Any, events: Any) -> None:
    await shop.hear("web", events.OrderPlaced(order_id=ORDER, amount_cents=500), STREAM)
    await shop.command(events.Discount(order_id=ORDER, cents=100), STREAM, key=CommandKey("key-1", b"hash"))

    with pytest.raises(IdempotencyConflict):
        await shop.command(events.Discount(order_id=ORDER, cents=50), STREAM, key=CommandKey("key-1", b"other"))


async def test_a_refused_command_leaves_no_trace(shop: Any, events: Any) -> None:
    await shop.hear("web", events.OrderPlaced(order_id=ORDER, amount_cents=500), STREAM)

    with pytest.raises(Refusal, match="exceed the price"):
        await shop.command(events.Discount(order_id=ORDER, cents=900), STREAM)

    assert [] == await shop.parked()

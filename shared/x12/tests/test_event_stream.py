"""A transaction as a stream of events: its tree, whole or in parts."""

from datetime import date, datetime

from revcycle_x12 import Envelope, Limits, read, write
from revcycle_x12._output.event_stream import EventKind, event_stream
from revcycle_x12.claim_status import (
    ClaimInquiry,
    Named,
    PayerInquiry,
    ProviderInquiry,
    ReceiverInquiry,
    StatusInquiry,
    SubscriberInquiry,
)

NOON = datetime(2026, 1, 6, 12, 0)  # noqa: DTZ001 (X12 times name no zone)


def inquiry(claims: int) -> bytes:
    asked = [ClaimInquiry(trace=f"T{number}", control_number=f"C{number}") for number in range(claims)]
    people = [
        SubscriberInquiry(person=Named(last_name="DOE", id=f"M{number}"), born_on=date(1980, 2, 3), claims=asked)
        for number in range(2)
    ]
    provider = ProviderInquiry(provider=Named(last_name="CLINIC", id="1234567893"), subscribers=people)
    receiver = ReceiverInquiry(receiver=Named(last_name="ACME", id="ACME1"), providers=[provider])
    payer = PayerInquiry(payer=Named(last_name="PLAN", id="P1"), receivers=[receiver])
    envelope = Envelope(sender_id="ACME", receiver_id="HUB", control_number=7, created_at=NOON, is_test=True)
    return write(envelope, [StatusInquiry(reference="S1", created_at=NOON, payers=[payer])])


def segments_of(data: bytes, limits: Limits) -> list[list[str]]:
    [transaction] = [list(event_stream(transaction.chunks())) for transaction in read(data, limits=limits)]
    return [event.elements for event in transaction if event.kind is EventKind.SEGMENT]


def test_every_segment_comes_once_in_order() -> None:
    data = inquiry(3)
    wanted = [segment.split("*") for segment in data.decode().split("~")[2:-3]]

    assert wanted == segments_of(data, Limits())


def test_every_loop_that_opens_closes_at_the_same_depth() -> None:
    open_loops: list[tuple[object, int]] = []
    for transaction in read(inquiry(2)):
        for event in event_stream(transaction.chunks()):
            if event.kind is EventKind.OPENS:
                open_loops.append((event.loop, event.depth))
            elif event.kind is EventKind.CLOSES:
                assert (event.loop, event.depth) == open_loops.pop()
            else:
                assert open_loops[-1] == (event.loop, event.depth - 1)

    assert not open_loops


def test_units_longer_than_the_limit_lose_nothing() -> None:
    data = inquiry(40)
    wanted = [segment.split("*") for segment in data.decode().split("~")[2:-3]]

    assert wanted == segments_of(data, Limits(unit_segments_max=10, block_bytes=128))

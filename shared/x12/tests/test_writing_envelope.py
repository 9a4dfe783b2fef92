"""The library makes ISA, GS, ST and their ends; what they cannot carry is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from revcycle_x12 import Delimiters, Envelope, WriteError, stream, write
from revcycle_x12.validate import validate

Make = Callable[..., Any]


@pytest.fixture
def files(batch: Make, subscriber: Make, claim: Make, remittance: Make, claim_payment: Make) -> Callable[[], list[Any]]:
    """Two batches of claims and a remittance."""
    return lambda: [
        batch(subscriber(claims=[claim()])),
        batch(subscriber(claims=[claim(control_number="ENC2")])),
        remittance(claim_payment()),
    ]


def test_sets_of_a_guide_share_a_group(envelope: Callable[..., Envelope], files: Callable[[], list[Any]]) -> None:
    text = write(envelope(line_end="\n"), files()).decode()

    control = [row.rstrip("~") for row in text.split("\n") if row[:2] in {"GS", "ST", "GE", "IE"}]
    assert [
        "GS*HC*ACME*HUB*20260106*1200*7*X*005010X222A1",
        "ST*837*0001*005010X222A1",
        "ST*837*0002*005010X222A1",
        "GE*2*7",
        "GS*HP*ACME*HUB*20260106*1200*8*X*005010X221A1",
        "ST*835*0001",
        "GE*1*8",
        "IEA*2*000000007",
    ] == control
    assert [] == validate(text.encode()).findings


def test_the_isa_is_106_characters_whatever_is_in_it(envelope: Callable[..., Envelope]) -> None:
    for partner in ("A", "A" * 15):
        assert write(envelope(sender_id=partner), [])[105:106] == b"~"


def test_a_partner_of_one_character_needs_a_group_code(
    envelope: Callable[..., Envelope], files: Callable[[], list[Any]]
) -> None:
    with pytest.raises(WriteError, match="2 to 15"):
        write(envelope(sender_id="A"), files())

    assert b"GS*HC*AA*HUB*" in write(envelope(sender_id="A", group_sender="AA"), files())


def test_a_stream_is_written_a_set_at_a_time(envelope: Callable[..., Envelope], files: Callable[[], list[Any]]) -> None:
    parts = list(stream(envelope(), files()))

    assert len(parts) > 6
    assert write(envelope(), files()) == b"".join(parts)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"sender_id": ""}, "1 to 15"),
        ({"receiver_id": "A" * 16}, "1 to 15"),
        ({"sender_id": "A*B"}, "delimiter"),
        ({"group_receiver": "A~"}, "delimiter"),
        ({"sender_id": "\u00c4"}, "character"),
        ({"control_number": 0}, "999999999"),
        ({"control_number": 1_000_000_000}, "999999999"),
        ({"delimiters": Delimiters("*", "*")}, "told apart"),
        ({"delimiters": Delimiters("A")}, "told apart"),
        ({"delimiters": Delimiters("*", ":", "^", "~~")}, "told apart"),
    ],
)
def test_an_envelope_that_cannot_be_is_refused(
    envelope: Callable[..., Envelope], fields: dict[str, Any], says: str
) -> None:
    with pytest.raises(WriteError, match=says):
        write(envelope(**fields), [])


def test_an_amount_takes_its_shortest_form(claim_file: Callable[..., str], claim: Make, service_line: Make) -> None:
    def charged(cents: int) -> str:
        text = claim_file(claim(charge_cents=cents, service_lines=[service_line(charge_cents=cents)]))
        return next(row for row in text.split("\n") if row.startswith("CLM*")).split("*")[2]

    assert ["0", "0.01", "0.1", "1", "10.5", "1234567.89"] == [charged(c) for c in (0, 1, 10, 100, 10_50, 1_234_567_89)]

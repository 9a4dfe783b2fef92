"""Contracts: what claims promises is committed as it is, and what it needs of others is promised to it."""

import json
from pathlib import Path

import msgspec
import pytest

from claims import consumed, published
from claims.http import describe
from revcycle_kit.contracts import schemas
from revcycle_kit.delivery.messages import Consumed, consumed_type
from revcycle_kit.testing.examples import examples_of, unkept

SERVICES = Path(__file__).parents[3]
CONTRACTS = SERVICES / "claims" / "contracts"
NEEDED = [
    path
    for publisher in ("eligibility", "denials")
    for path in sorted((SERVICES / publisher / "contracts" / "consumers" / "claims").glob("*.json"))
]
HEARD = {
    consumed_type(kind): kind
    for kind in vars(consumed).values()
    if isinstance(kind, type) and issubclass(kind, Consumed) and kind.SOURCE
}


def test_the_committed_schemas_are_what_is_published() -> None:
    assert [] == schemas.stale(CONTRACTS / "events", schemas.written("claims", published))


def test_the_committed_description_of_http_is_what_is_served() -> None:
    assert (CONTRACTS / "api" / "openapi.json").read_text() == describe()


@pytest.mark.parametrize("example", NEEDED, ids=lambda path: path.stem)
def test_what_we_need_of_others_is_promised_to_us(example: Path) -> None:
    assert [] == unkept(example.parents[2], example)


@pytest.mark.parametrize("example", NEEDED, ids=lambda path: path.stem)
def test_we_can_live_on_what_we_say_we_need(example: Path) -> None:
    event = json.loads(example.read_text())
    kind = HEARD[event["headers"]["ce_type"]]
    told = {name: value for name, value in event["data"].items() if name != "identity"}

    assert isinstance(msgspec.convert(told, kind, strict=False), kind)


def test_every_event_we_hear_has_an_example() -> None:
    shown = {json.loads(path.read_text())["headers"]["ce_type"] for path in NEEDED}
    concrete = {name for name, kind in HEARD.items() if not kind.__subclasses__()}

    assert concrete == shown


def test_we_keep_what_others_need_of_us() -> None:
    assert [] == [flaw for example in examples_of(CONTRACTS) for flaw in unkept(CONTRACTS, example)]

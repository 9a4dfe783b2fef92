"""Contracts: what denials promises is committed as it is, and what it needs of others is promised to it."""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import pytest

from denials import published
from denials.domain import corrections, policy
from denials.http import describe
from revcycle_kit.contracts import schemas
from revcycle_kit.testing.examples import examples_of, unkept

SERVICES = Path(__file__).parents[3]
CONTRACTS = SERVICES / "denials" / "contracts"
NEEDED = [
    path
    for publisher in ("claims", "eligibility")
    for path in sorted((SERVICES / publisher / "contracts" / "consumers" / "denials").glob("*.json"))
]


def test_the_committed_schemas_are_what_is_published() -> None:
    files = schemas.written("denials", published)

    assert [] == schemas.stale(CONTRACTS / "events", files)


def test_the_committed_description_of_http_is_what_is_served() -> None:
    assert (CONTRACTS / "api" / "openapi.json").read_text() == describe()


@pytest.mark.parametrize("example", NEEDED, ids=lambda path: path.stem)
def test_what_we_need_of_others_is_promised_to_us(example: Path) -> None:
    assert [] == unkept(example.parents[2], example)


def test_we_keep_what_others_need_of_us() -> None:
    assert [] == [flaw for example in examples_of(CONTRACTS) for flaw in unkept(CONTRACTS, example)]


@pytest.mark.parametrize(
    ("ours", "promised"),
    [
        (policy.Category, published.Category),
        (policy.Stage, published.Stage),
        (policy.Method, published.Method),
        (corrections.FieldName, published.Change.__annotations__["field"]),
    ],
)
def test_the_words_of_the_domain_are_the_words_of_the_promise(ours: Sequence[str], promised: Sequence[str]) -> None:
    assert get_args(ours) == get_args(promised)

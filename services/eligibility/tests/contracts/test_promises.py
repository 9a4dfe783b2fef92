"""Contracts: what eligibility promises is committed as it is, and what it needs of others is promised to it."""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import pytest

from eligibility import published
from eligibility.domain import authorization, directory, facts, verification
from eligibility.http import describe
from revcycle_kit.contracts import schemas
from revcycle_kit.testing.examples import examples_of, unkept

SERVICES = Path(__file__).parents[3]
CONTRACTS = SERVICES / "eligibility" / "contracts"
NEEDED = sorted(SERVICES.glob("*/contracts/consumers/eligibility/*.json"))


def test_the_committed_schemas_are_what_is_published() -> None:
    assert [] == schemas.stale(CONTRACTS / "events", schemas.written("eligibility", published))


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
        (directory.PayerKind, published.PayerKind),
        (facts.VisitClass, published.VisitClass),
        (verification.BenefitKind, published.BenefitKind),
        (authorization.Outcome, published.AuthorizationDecided.__annotations__["outcome"]),
        (facts.CodeSystem, published.ReceivedCharge.__annotations__["system"]),
        (facts.DiagnosisSystem, published.Diagnosis.__annotations__["system"]),
        (verification.Cause, published.CoverageRefused.__annotations__["cause"]),
    ],
)
def test_the_words_of_the_domain_are_the_words_of_the_promise(ours: Sequence[str], promised: Sequence[str]) -> None:
    assert set(get_args(ours)) == set(get_args(promised))

"""
What every service's contracts must keep, as tests: one suite, which a service's own tests subclass.

    class TestContracts(ContractTests):
        PACKAGE = "claims"

The tests find the rest by the rooms that every service has: `published`, `consumed`, `http.describe`, `contracts/`.
"""

import importlib
import importlib.util
import json
from collections.abc import Sequence
from enum import Enum
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, get_args

import msgspec
import pytest

from revcycle_kit.contracts.schemas import stale, written
from revcycle_kit.delivery.messages import Consumed, consumed_type
from revcycle_kit.testing.examples import examples_of, unkept


class ContractTests:
    """What a service promises is committed as it is; what it needs is promised to it, and enough."""

    PACKAGE: ClassVar[str]
    """The service's package: `patient_billing`."""
    WORDS: ClassVar[Sequence[tuple[Any, Any]]] = ()
    """The domain's enumerations, each beside the promise's: `(policy.Category, published.Category)`."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a test for each example that the service needs."""
        if "example" in metafunc.fixturenames:
            metafunc.parametrize("example", needed_by(self.PACKAGE), ids=lambda path: path.stem)

    def test_the_committed_schemas_are_what_is_published(self) -> None:
        files = written(self.PACKAGE, _room(self.PACKAGE, "published"))

        assert [] == stale(contracts_of(self.PACKAGE) / "events", files)

    def test_the_committed_description_of_http_is_what_is_served(self) -> None:
        served = _room(self.PACKAGE, "http").describe()

        assert (contracts_of(self.PACKAGE) / "api" / "openapi.json").read_text() == served

    def test_what_others_need_of_us_is_promised_to_them(self) -> None:
        contracts = contracts_of(self.PACKAGE)

        assert [] == [flaw for example in examples_of(contracts) for flaw in unkept(contracts, example)]

    def test_what_we_need_of_others_is_promised_to_us(self, example: Path) -> None:
        assert [] == unkept(example.parents[2], example)

    def test_we_can_live_on_what_we_say_we_need(self, example: Path) -> None:
        event = json.loads(example.read_text())
        kind = heard_by(self.PACKAGE)[event["headers"]["ce_type"]]
        data = {name: value for name, value in event["data"].items() if name != "identity"}

        assert isinstance(msgspec.convert(data, kind, strict=False), kind)

    def test_every_event_that_we_hear_has_an_example(self) -> None:
        shown = {json.loads(path.read_text())["headers"]["ce_type"] for path in needed_by(self.PACKAGE)}

        assert [] == [name for name, kind in heard_by(self.PACKAGE).items() if name not in shown and not _is_base(kind)]

    def test_the_words_of_the_domain_are_the_words_of_the_promise(self) -> None:
        assert [] == [ours for ours, promised in self.WORDS if words_of(ours) != words_of(promised)]


def contracts_of(package: str) -> Path:
    """Return the folder of a service's contracts, in a checkout."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise LookupError(f"{package} is not installed")
    return Path(spec.origin).parents[2] / "contracts"


def needed_by(package: str) -> list[Path]:
    """Return the examples that a service keeps in the contracts of those it hears."""
    return sorted(contracts_of(package).parents[1].glob(f"*/contracts/consumers/{package}/*.json"))


@cache
def heard_by(package: str) -> dict[str, type[Consumed]]:
    """Return the events that a service reads, by their types."""
    return {
        consumed_type(kind): kind
        for kind in vars(_room(package, "consumed")).values()
        if isinstance(kind, type) and issubclass(kind, Consumed) and kind.SOURCE
    }


def words_of(enumeration: Any) -> set[Any]:
    """Return what an enumeration or a Literal may say."""
    is_enum = isinstance(enumeration, type) and issubclass(enumeration, Enum)
    return {member.value for member in enumeration} if is_enum else set(get_args(enumeration))


def _is_base(kind: type) -> bool:
    return bool(kind.__subclasses__())


def _room(package: str, name: str) -> ModuleType:
    return importlib.import_module(f"{package}.{name}")

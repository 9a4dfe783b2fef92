"""The suite of contract tests compares words, and refuses a package that is not there."""

from enum import StrEnum
from typing import Literal

import pytest

from revcycle_kit.testing.contracts import ContractTests, contracts_of, words_of


class State(StrEnum):
    OPEN = "open"
    PAID = "paid"


class Suite(ContractTests):
    PACKAGE = "shop"
    WORDS = ((State, Literal["paid", "open"]), (State, Literal["open"]))


def test_words_are_the_same_whatever_says_them() -> None:
    assert words_of(State) == words_of(Literal["paid", "open"]) == {"open", "paid"}


def test_words_that_differ_fail_the_suite() -> None:
    with pytest.raises(AssertionError, match="State"):
        Suite().test_the_words_of_the_domain_are_the_words_of_the_promise()


def test_a_service_that_is_not_installed_has_no_contracts() -> None:
    with pytest.raises(LookupError, match="no_such_service is not installed"):
        contracts_of("no_such_service")

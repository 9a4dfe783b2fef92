"""Tokens verified lately: fast the second time, and not a moment longer than allowed."""

from datetime import UTC, datetime, timedelta

import pytest

from revcycle_kit.auth import Grant, TokenRules
from revcycle_kit.auth import believed as module
from revcycle_kit.auth.believed import BelievedTokens

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULES = TokenRules(issuer="i", audience="a")
GRANT = Grant("ada")


class Seconds:
    """A stopwatch in the test's hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def tokens(seconds: Seconds) -> BelievedTokens:
    kept = BelievedTokens(RULES, seconds)
    kept.keep("token", {"exp": NOW.timestamp() + 30}, GRANT)
    return kept


def test_a_token_is_remembered_and_another_is_not(tokens: BelievedTokens) -> None:
    assert GRANT == tokens.find("token", NOW)
    assert tokens.find("Token", NOW) is None


def test_it_is_verified_again_after_a_minute(tokens: BelievedTokens, seconds: Seconds) -> None:
    seconds.now = 59.9
    assert GRANT == tokens.find("token", NOW)
    seconds.now = 60.0
    assert tokens.find("token", NOW) is None


def test_it_is_not_believed_beyond_its_expiry_and_leeway(tokens: BelievedTokens) -> None:
    assert GRANT == tokens.find("token", NOW + timedelta(seconds=89))
    assert tokens.find("token", NOW + timedelta(seconds=90)) is None


def test_tokens_without_end_do_not_fill_the_memory(tokens: BelievedTokens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TOKENS_MAX", 3)
    for number in range(100):
        tokens.keep(str(number), {"exp": NOW.timestamp() + 30}, GRANT)
    assert len(tokens._held) <= 3


@pytest.mark.parametrize("token", ["\ud800", "x" * 1_000_000, ""])
def test_what_is_no_token_is_not_found(tokens: BelievedTokens, token: str) -> None:
    assert tokens.find(token, NOW) is None

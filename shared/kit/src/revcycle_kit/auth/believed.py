"""
Tokens verified a moment ago: a caller's next request need not verify the signature again.

A token is remembered by its hash for at most a minute, and never beyond its own
expiry; so a withdrawn key or grant takes effect within that minute.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from revcycle_kit.auth.grant import Grant
from revcycle_kit.auth.tokens import TokenRules

REMEMBERED_SECONDS: Final = 60
_TOKENS_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Believed:
    grant: Grant
    verified_at: float
    expires: float


class BelievedTokens:
    """Grants of tokens that were verified in the last minute."""

    def __init__(self, rules: TokenRules, seconds: Callable[[], float] = time.monotonic) -> None:
        self._leeway = rules.leeway.total_seconds()
        self._token_bytes_max = rules.token_bytes_max
        self._seconds = seconds
        self._held: dict[bytes, _Believed] = {}

    def find(self, token: str, now: datetime) -> Grant | None:
        """Return the grant of a token verified lately and not expired since."""
        if len(token) > self._token_bytes_max:
            return None
        held = self._held.get(_hash(token))
        if held is None or now.timestamp() >= held.expires + self._leeway:
            return None
        return held.grant if self._seconds() - held.verified_at < REMEMBERED_SECONDS else None

    def keep(self, token: str, claims: Mapping[str, Any], grant: Grant) -> Grant:
        """Remember a verified token, and return its grant."""
        if len(self._held) >= _TOKENS_MAX:
            self._held.clear()
        self._held[_hash(token)] = _Believed(grant, self._seconds(), claims["exp"])
        return grant


def _hash(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()

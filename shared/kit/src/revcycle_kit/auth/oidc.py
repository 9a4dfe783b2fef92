"""Any OpenID Connect provider: its keys are discovered, cached, and looked up again when it rotates them."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from revcycle_kit.auth.believed import BelievedTokens
from revcycle_kit.auth.grant import Grant
from revcycle_kit.auth.tokens import (
    ClaimNames,
    TokenRules,
    VerifyingKey,
    grant_from,
    read_claims,
    read_header,
    verifying_key,
)
from revcycle_kit.clock import Clock, SystemClock
from revcycle_kit.errors import Unauthenticated, Unavailable

FRESH_SECONDS: Final = 600
STALE_SECONDS_MAX: Final = 3_600
LOOK_AGAIN_SECONDS: Final = 30
LOOK_FIRST_SECONDS: Final = 1
_DISCOVERY: Final = "/.well-known/openid-configuration"
_ANSWER_BYTES_MAX: Final = 1024 * 1024
_KEYS_MAX: Final = 100
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class OidcVerifier:
    """
    Verifies the access tokens of one provider.

    Keys are fresh for ten minutes; an unknown key id looks again, at most every
    30 seconds (every second while none is known); while the provider is out of reach its last keys hold for an
    hour. After that, Unavailable: nobody is let in unverified. Addresses must
    be https, except on this machine; redirects are not followed.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        rules: TokenRules,
        *,
        names: ClaimNames | None = None,
        clock: Clock | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._rules = rules
        self._names = names or ClaimNames()
        self._clock = clock or SystemClock()
        self._seconds = seconds
        self._believed = BelievedTokens(rules, seconds)
        self._keys: dict[str, VerifyingKey] = {}
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._looking = asyncio.Lock()

    async def verify(self, token: str) -> Grant:
        """Return the grant in the token, which is believed for a minute. Raises Unauthenticated or Unavailable."""
        lately = self._believed.find(token, self._clock.now())
        if lately is not None:
            return lately
        header = read_header(token, self._rules)
        key = await self._key(header.get("kid"))
        claims = read_claims(token, key, self._rules, self._clock.now())
        return self._believed.keep(token, claims, grant_from(claims, self._names))

    async def _key(self, kid: str | None) -> VerifyingKey:
        if self._age() > FRESH_SECONDS or self._find(kid) is None:
            await self._look_again(kid)
        key = self._find(kid)
        if key is None:
            raise Unauthenticated("the key id is unknown")
        return key

    def _find(self, kid: str | None) -> VerifyingKey | None:
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid or "")

    async def _look_again(self, kid: str | None) -> None:
        async with self._looking:
            if self._age() <= FRESH_SECONDS and self._find(kid) is not None:
                return
            pause = LOOK_AGAIN_SECONDS if self._keys else LOOK_FIRST_SECONDS
            if self._seconds() - self._tried_at >= pause:
                self._tried_at = self._seconds()
                await self._fetch()
            if self._age() > STALE_SECONDS_MAX:
                raise Unavailable("the identity provider")

    async def _fetch(self) -> None:
        try:
            published = await self._published()
        except Unavailable:
            return
        self._keys = _usable(published)
        self._fetched_at = self._seconds()

    async def _published(self) -> list[Any]:
        found = await self._get(self._rules.issuer.rstrip("/") + _DISCOVERY)
        if found.get("issuer") != self._rules.issuer:
            raise Unavailable("the identity provider: it names another issuer")
        published = (await self._get(str(found.get("jwks_uri")))).get("keys")
        if not isinstance(published, list):
            raise Unavailable("the identity provider: it publishes no keys")
        return published

    async def _get(self, url: str) -> dict[str, Any]:
        """Return the JSON object at an address. Raises Unavailable."""
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise Unavailable("the identity provider: its address is not https")
        try:
            answer = await self._client.get(url, follow_redirects=False)
            body = answer.json() if answer.is_success and len(answer.content) <= _ANSWER_BYTES_MAX else None
        except (httpx.HTTPError, ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            raise Unavailable("the identity provider: no usable answer")
        return body

    def _age(self) -> float:
        return self._seconds() - self._fetched_at


def _usable(published: list[Any]) -> dict[str, VerifyingKey]:
    keys = {}
    for jwk in published[:_KEYS_MAX]:
        key = verifying_key(jwk) if isinstance(jwk, dict) else None
        if key is not None:
            keys[str(jwk.get("kid", ""))] = key
    return keys

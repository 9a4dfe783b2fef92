"""An identity provider: found by discovery, asked seldom, and never believed about others."""

from typing import Any, Protocol

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from revcycle_kit.auth import ClaimNames, OidcVerifier, TokenRules
from revcycle_kit.clock import SimulatedClock
from revcycle_kit.errors import Unauthenticated, Unavailable


class Provider(Protocol):
    """What the fixture shows of the provider."""

    issuer: str
    keys: dict[str, Any]
    asked: list[str]
    down: bool
    discovery: dict[str, Any]

    def publish(self, kid: str) -> rsa.RSAPrivateKey: ...
    def __call__(self, request: httpx.Request) -> httpx.Response: ...


class Seconds:
    """A stopwatch in the test's hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def verifier(provider: Provider, rules: TokenRules, clock: SimulatedClock, seconds: Seconds) -> OidcVerifier:
    client = httpx.AsyncClient(transport=httpx.MockTransport(provider))
    names = ClaimNames(roles="realm_access.roles")
    return OidcVerifier(client, rules, names=names, clock=clock, seconds=seconds)


def _token(provider: Provider, clock: SimulatedClock, key: rsa.RSAPrivateKey, kid: str | None, **more: Any) -> str:
    at = int(clock.now().timestamp())
    claims = {"iss": provider.issuer, "aud": ["account", "revcycle"], "sub": "u", "iat": at, "exp": at + 60, **more}
    return jwt.encode(claims, key, "RS256", headers={"typ": "at+jwt"} | ({"kid": kid} if kid else {}))


async def test_roles_are_read_where_the_provider_puts_them(
    verifier: OidcVerifier, provider: Provider, clock: SimulatedClock
) -> None:
    token = _token(provider, clock, provider.publish("k1"), "k1", realm_access={"roles": ["coder"]})
    assert frozenset({"coder"}) == (await verifier.verify(token)).roles


async def test_the_provider_is_asked_once_for_many_tokens(
    verifier: OidcVerifier, provider: Provider, clock: SimulatedClock
) -> None:
    token = _token(provider, clock, provider.publish("k1"), "k1")
    for _ in range(10):
        await verifier.verify(token)
    assert ["/realms/clinic/.well-known/openid-configuration", "/keys"] == provider.asked


async def test_a_new_key_is_found_when_a_token_names_it(
    verifier: OidcVerifier, provider: Provider, clock: SimulatedClock, seconds: Seconds
) -> None:
    await verifier.verify(_token(provider, clock, provider.publish("k1"), "k1"))
    seconds.now = 31.0
    assert "u" == (await verifier.verify(_token(provider, clock, provider.publish("k2"), "k2"))).subject


async def test_unknown_key_ids_do_not_make_us_hammer_the_provider(
    verifier: OidcVerifier, provider: Provider, clock: SimulatedClock
) -> None:
    key = provider.publish("k1")
    await verifier.verify(_token(provider, clock, key, "k1"))
    for number in range(50):
        with pytest.raises(Unauthenticated):
            await verifier.verify(_token(provider, clock, key, f"unknown-{number}"))
    assert 2 == len(provider.asked)


async def test_a_withdrawn_key_is_refused_once_the_cache_is_old(
    verifier: OidcVerifier, provider: Provider, clock: SimulatedClock, seconds: Seconds
) -> None:
    token = _token(provider, clock, provider.publish("k1"), "k1")
    await verifier.verify(token)
    provider.keys.clear()
    provider.publish("k2")
    seconds.now = 601.0
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)


async def test_while_the_provider_is_down_its_last_keys_hold_for_an_hour_and_a_minute(
    verifier: OidcVerifier, provider: Provider, clock: SimulatedClock, seconds: Seconds
) -> None:
    token = _token(provider, clock, provider.publish("k1"), "k1")
    await verifier.verify(token)
    provider.down = True
    seconds.now = 3_600.0
    assert "u" == (await verifier.verify(token)).subject
    seconds.now = 3_661.0
    with pytest.raises(Unavailable, match="identity provider"):
        await verifier.verify(token)


async def test_a_provider_never_reached_is_unavailable_and_then_found(
    verifier: OidcVerifier, provider: Provider, clock: SimulatedClock, seconds: Seconds
) -> None:
    token = _token(provider, clock, provider.publish("k1"), "k1")
    provider.down = True
    with pytest.raises(Unavailable):
        await verifier.verify(token)
    provider.down = False
    seconds.now = 1.0
    assert "u" == (await verifier.verify(token)).subject


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://evil.example.test"},
        {"jwks_uri": "http://id.example.test/keys"},
        {"jwks_uri": "http://169.254.169.254/latest/meta-data"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
    ],
)
async def test_a_discovery_that_leads_astray_is_not_followed(
    verifier: OidcVerifier, provider: Provider, clock: SimulatedClock, discovery: dict[str, Any]
) -> None:
    token = _token(provider, clock, provider.publish("k1"), "k1")
    provider.discovery = discovery
    with pytest.raises(Unavailable):
        await verifier.verify(token)
    assert "/keys" not in provider.asked


@pytest.mark.parametrize(
    "jwk",
    [
        {"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0", "kid": "k9"},
        {"kty": "RSA", "n": "!", "e": "AQAB", "kid": "k9"},
        {"kty": "EC", "crv": "P-1", "kid": "k9"},
        {"kid": "k9"},
        "k9",
    ],
)
async def test_keys_that_cannot_verify_are_passed_over(
    verifier: OidcVerifier, provider: Provider, clock: SimulatedClock, jwk: Any
) -> None:
    token = _token(provider, clock, provider.publish("k1"), "k1")
    provider.keys["k9"] = jwk
    assert "u" == (await verifier.verify(token)).subject


async def test_a_key_for_encryption_verifies_nothing(
    verifier: OidcVerifier, provider: Provider, clock: SimulatedClock
) -> None:
    key = provider.publish("k1")
    provider.keys["k1"]["use"] = "enc"
    with pytest.raises(Unauthenticated):
        await verifier.verify(_token(provider, clock, key, "k1"))


async def test_a_token_without_a_key_id_is_believed_only_if_there_is_one_key(
    verifier: OidcVerifier, provider: Provider, clock: SimulatedClock, seconds: Seconds
) -> None:
    token = _token(provider, clock, provider.publish("k1"), None)
    assert "u" == (await verifier.verify(token)).subject
    provider.publish("k2")
    seconds.now = 601.0
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)

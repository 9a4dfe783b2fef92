"""The corpus of bad tokens (S4): whatever the trick, nobody gets in, on either verifier."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from revcycle_kit.auth import Grant, TokenRules, Verifier
from revcycle_kit.clock import SimulatedClock
from revcycle_kit.errors import Unauthenticated

AT = int(datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp())


class Forge(Protocol):
    """What the fixture can forge."""

    public_pem: bytes
    header: dict[str, Any]
    verifier: Verifier

    def token(self, *, header: dict[str, Any] | None = None, key: Any = None, **changed: Any) -> str: ...
    def hmac_token(self, secret: bytes) -> str: ...
    def unsigned_token(self, algorithm: str) -> str: ...


async def _refused(forge: Forge, token: str) -> str:
    with pytest.raises(Unauthenticated) as refusal:
        await forge.verifier.verify(token)
    return refusal.value.reason


async def test_the_token_that_all_others_are_made_from_is_believed(forge: Forge) -> None:
    grant = await forge.verifier.verify(forge.token())
    assert ("user-1", frozenset({"biller"})) == (grant.subject, grant.roles)


CLAIMS: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "elsewhere"},
    "no audience": {"aud": ...},
    "an empty audience": {"aud": []},
    "an audience that only contains ours": {"aud": "revcycle-other"},
    "another issuer": {"iss": "https://evil.example.test"},
    "an issuer that is a part of ours": {"iss": "urn"},
    "no issuer": {"iss": ...},
    "no expiry": {"exp": ...},
    "an expiry of null": {"exp": None},
    "an expiry that is text": {"exp": "tomorrow"},
    "an expiry that is infinite": {"exp": float("inf")},
    "an expiry that is no number": {"exp": float("nan")},
    "an expiry that is true": {"exp": True},
    "expired beyond the leeway": {"exp": AT - 61, "iat": AT - 600},
    "no time of issue": {"iat": ...},
    "issued in the future": {"iat": AT + 3_600, "exp": AT + 7_200},
    "not before the future": {"nbf": AT + 3_600},
    "living for ten years": {"exp": AT + 10 * 365 * 86_400},
    "no subject": {"sub": ...},
    "an empty subject": {"sub": ""},
    "a subject that is a number": {"sub": 7},
    "a subject without end": {"sub": "x" * 256},
    "an ID token": {"at_hash": "abc"},
    "a refresh token": {"typ": "Refresh"},
    "roles in one text": {"roles": "biller"},
    "roles that are objects": {"roles": [{"name": "biller"}]},
    "too many clinics": {"clinics": [f"{n:032x}" for n in range(501)] * 4},
    "a clinic that is no UUID": {"clinics": ["*"]},
    "an organization that is no UUID": {"organization_id": "all"},
    "an organization that is a list": {"organization_id": ["x"]},
}


@pytest.mark.parametrize("changed", CLAIMS.values(), ids=CLAIMS)
async def test_a_signed_token_with_wrong_claims_is_refused(forge: Forge, changed: dict[str, Any]) -> None:
    assert await _refused(forge, forge.token(**changed))


HEADERS: dict[str, dict[str, Any]] = {
    "no type": {"typ": ...},
    "the type of an ID token": {"typ": "JWT"},
    "another type": {"typ": "logout+jwt"},
    "a key id that climbs": {"kid": "../../../../dev/null"},
    "a key id with SQL": {"kid": "x' UNION SELECT 'k"},
    "an unknown key id": {"kid": "key-2"},
    "an endless key id": {"kid": "k" * 10_000},
    "a key by address": {"jku": "https://evil.example.test/keys"},
    "a certificate by address": {"x5u": "https://evil.example.test/cert"},
    "a certificate": {"x5c": ["MIIB"]},
    "an unknown critical extension": {"crit": ["http://example.test/b"], "http://example.test/b": True},
}


@pytest.mark.parametrize("changed", HEADERS.values(), ids=HEADERS)
async def test_a_signed_token_with_a_suspect_header_is_refused(forge: Forge, changed: dict[str, Any]) -> None:
    assert await _refused(forge, forge.token(header=changed))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", "HS256"])
async def test_a_token_without_a_signature_is_refused(forge: Forge, algorithm: str) -> None:
    assert "algorithm" in await _refused(forge, forge.unsigned_token(algorithm))


async def test_an_unsigned_token_that_names_the_right_algorithm_is_refused(forge: Forge) -> None:
    for algorithm in ("ES256", "RS256"):
        assert await _refused(forge, forge.unsigned_token(algorithm))


async def test_a_public_key_is_no_shared_secret(forge: Forge) -> None:
    assert "algorithm" in await _refused(forge, forge.hmac_token(forge.public_pem))


async def test_a_key_brought_in_the_header_is_refused(forge: Forge, foreign_jwk: Callable[[], dict[str, Any]]) -> None:
    assert "brings a key" in await _refused(forge, forge.token(header={"jwk": foreign_jwk()}))


async def test_a_signature_by_another_key_is_refused(forge: Forge) -> None:
    other: Any = ec.generate_private_key(ec.SECP256R1())
    if forge.header["kid"] == "key-1":
        other = rsa.generate_private_key(65537, 2048)
    assert "InvalidSignature" in await _refused(forge, forge.token(key=other))


async def test_a_changed_claim_breaks_the_signature(forge: Forge) -> None:
    head, _, signature = forge.token().split(".")
    body = forge.token(roles=["operator"]).split(".")[1]
    assert "InvalidSignature" in await _refused(forge, f"{head}.{body}.{signature}")


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "Bearer x", "\x00", "é.é.é", "eyJ", "x" * 1_000_000])
async def test_what_is_no_token_is_refused(forge: Forge, token: str) -> None:
    assert await _refused(forge, token)


async def test_a_megabyte_is_refused_without_reading_it(forge: Forge) -> None:
    assert "too long" in await _refused(forge, forge.token(padding="x" * 1_000_000))


async def test_nesting_without_end_is_refused(forge: Forge) -> None:
    head, _, signature = forge.token().split(".")
    assert await _refused(forge, f"{head}.{'W1tb' * 6_000}.{signature}")


async def test_a_token_ends_with_its_time_and_a_minute_of_leeway(forge: Forge, clock: SimulatedClock) -> None:
    token = forge.token()
    clock.advance_by(timedelta(seconds=659))
    assert isinstance(await forge.verifier.verify(token), Grant)
    clock.advance_by(timedelta(seconds=1))
    assert "expired" in await _refused(forge, token)


@pytest.mark.parametrize("name", ["HS256", "none"])
def test_no_verifier_can_be_configured_with_a_shared_secret(name: str) -> None:
    with pytest.raises(ValueError, match="asymmetric"):
        TokenRules(issuer="i", audience="a", algorithms=frozenset({name}))

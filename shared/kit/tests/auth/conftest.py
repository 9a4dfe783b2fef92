"""An identity provider in the test's hand, and a forge for tokens of every kind."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from revcycle_kit.auth import LocalIssuer, OidcVerifier, TokenRules, Verifier
from revcycle_kit.clock import SimulatedClock

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLINIC = UUID("0199a0c0-0000-7000-8000-00000000000a")


@dataclass
class Provider:
    """An OpenID Connect provider behind a transport; it counts what it is asked."""

    issuer: str = "https://id.example.test/realms/clinic"
    keys: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    down: bool = False
    discovery: dict[str, Any] = field(default_factory=dict)

    def publish(self, kid: str) -> rsa.RSAPrivateKey:
        key = rsa.generate_private_key(65537, 2048)
        self.keys[kid] = {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig"}
        return key

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if self.down:
            raise httpx.ConnectError("refused")
        if request.url.path.endswith("/.well-known/openid-configuration"):
            uri = "https://id.example.test/keys"
            return httpx.Response(200, json={"issuer": self.issuer, "jwks_uri": uri, **self.discovery})
        return httpx.Response(200, json={"keys": list(self.keys.values())})


@dataclass
class Forge:
    """Signs what a test wants with the issuer's own key, and so shows that the key alone is not enough."""

    key: Any
    algorithm: str
    public_pem: bytes
    header: dict[str, Any]
    claims: dict[str, Any]
    verifier: Verifier

    def token(self, *, header: dict[str, Any] | None = None, key: Any = None, **changed: Any) -> str:
        claims = {name: value for name, value in {**self.claims, **changed}.items() if value is not ...}
        headers = {name: value for name, value in {**self.header, **(header or {})}.items() if value is not ...}
        return jwt.encode(claims, key or self.key, self.algorithm, headers=headers)

    def hmac_token(self, secret: bytes) -> str:
        """Sign with a public key as if it were a shared secret (the classic confusion of RS and HS)."""
        signed = _part({**self.header, "alg": "HS256"}) + b"." + _part(self.claims)
        return (signed + b"." + _b64(hmac.digest(secret, signed, hashlib.sha256))).decode()

    def unsigned_token(self, algorithm: str) -> str:
        return (_part({**self.header, "alg": algorithm}) + b"." + _part(self.claims) + b".").decode()


def _b64(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _part(value: dict[str, Any]) -> bytes:
    return _b64(json.dumps(value).encode())


def _claims(issuer: str) -> dict[str, Any]:
    at = int(NOW.timestamp())
    return {
        "iss": issuer,
        "aud": "revcycle",
        "sub": "user-1",
        "iat": at,
        "exp": at + 600,
        "roles": ["biller"],
        "clinics": [str(CLINIC)],
    }


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def rules(provider: Provider) -> TokenRules:
    return TokenRules(issuer=provider.issuer, audience="revcycle")


def _local_forge(folder: Path, clock: SimulatedClock) -> Forge:
    issuer = LocalIssuer(folder / "token.key", clock=clock)
    key: ec.EllipticCurvePrivateKey = issuer._key
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = {"typ": "at+jwt", "kid": issuer.jwks()["keys"][0]["kid"]}
    return Forge(key, "ES256", pem, header, _claims("urn:revcycle:local"), issuer)


def _oidc_forge(provider: Provider, rules: TokenRules, clock: SimulatedClock) -> Forge:
    key = provider.publish("key-1")
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    client = httpx.AsyncClient(transport=httpx.MockTransport(provider))
    verifier = OidcVerifier(client, rules, clock=clock)
    return Forge(key, "RS256", pem, {"typ": "at+jwt", "kid": "key-1"}, _claims(provider.issuer), verifier)


@pytest.fixture(params=["local", "oidc"])
def forge(
    request: pytest.FixtureRequest, tmp_path: Path, provider: Provider, rules: TokenRules, clock: SimulatedClock
) -> Forge:
    """Return a forge for each kind of verifier."""
    if request.param == "local":
        return _local_forge(tmp_path, clock)
    return _oidc_forge(provider, rules, clock)


@pytest.fixture
def foreign_jwk() -> Callable[[], dict[str, Any]]:
    """Return a key that nobody published, as a header would bring it."""

    def made() -> dict[str, Any]:
        public = ec.generate_private_key(ec.SECP256R1()).public_key()
        jwk: dict[str, Any] = ECAlgorithm.to_jwk(public, as_dict=True)
        return jwk

    return made

"""The issuer of one machine: an ES256 key in a file that only its owner can read."""

import os
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import ECAlgorithm

from revcycle_kit.auth.believed import BelievedTokens
from revcycle_kit.auth.grant import Grant
from revcycle_kit.auth.tokens import (
    ClaimNames,
    TokenRules,
    VerifyingKey,
    grant_from,
    read_claims,
    read_header,
)
from revcycle_kit.clock import Clock, SystemClock
from revcycle_kit.errors import Unauthenticated, Unavailable
from revcycle_kit.ids import derived_id

ISSUER: Final = "urn:revcycle:local"
LIFETIME: Final = timedelta(minutes=15)


class LocalIssuer:
    """
    Issues and verifies access tokens for one machine.

    The key file is made (0600) where absent; every process that reads the same
    file believes the same tokens. Raises Unavailable if others can read it.
    """

    def __init__(
        self, key_file: Path, *, audience: str = "revcycle", issuer: str = ISSUER, clock: Clock | None = None
    ) -> None:
        self._key = _read_or_make(key_file)
        public = self._key.public_key()
        self._jwk: dict[str, Any] = ECAlgorithm.to_jwk(public, as_dict=True)
        self._jwk |= {"alg": "ES256", "use": "sig", "kid": str(derived_id(self._jwk["x"], self._jwk["y"]))}
        self._verifying = VerifyingKey(public, ("ES256",))
        self._rules = TokenRules(issuer=issuer, audience=audience, algorithms=frozenset({"ES256"}))
        self._clock = clock or SystemClock()
        self._believed = BelievedTokens(self._rules)

    def issue(
        self,
        subject: str,
        *,
        roles: Iterable[str] = (),
        organization_id: UUID | None = None,
        clinics: Iterable[UUID] = (),
        billing_entities: Iterable[UUID] = (),
        lifetime: timedelta = LIFETIME,
    ) -> str:
        """Return a signed access token that carries this grant."""
        issued = int(self._clock.now().timestamp())
        claims: dict[str, Any] = {
            "iss": self._rules.issuer,
            "aud": self._rules.audience,
            "sub": subject,
            "iat": issued,
            "exp": issued + int(lifetime.total_seconds()),
            "jti": str(uuid4()),
            "roles": sorted(roles),
            "clinics": sorted(map(str, clinics)),
            "billing_entities": sorted(map(str, billing_entities)),
        }
        if organization_id is not None:
            claims["organization_id"] = str(organization_id)
        return jwt.encode(claims, self._key, "ES256", headers={"typ": "at+jwt", "kid": self._jwk["kid"]})

    async def verify(self, token: str) -> Grant:
        """Return the grant in the token. Raises Unauthenticated."""
        now = self._clock.now()
        lately = self._believed.find(token, now)
        if lately is not None:
            return lately
        if read_header(token, self._rules).get("kid") != self._jwk["kid"]:
            raise Unauthenticated("the key id is unknown")
        claims = read_claims(token, self._verifying, self._rules, now)
        return self._believed.keep(token, claims, grant_from(claims, ClaimNames()))

    def jwks(self) -> dict[str, Any]:
        """Return the public key as a JSON Web Key Set, for verifiers elsewhere."""
        return {"keys": [dict(self._jwk)]}


def _read_or_make(key_file: Path) -> ec.EllipticCurvePrivateKey:
    key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not key_file.exists():
        _make(key_file)
    if key_file.stat().st_mode & 0o077:
        raise Unavailable("the token key: others can read its file; delete the file and issue new tokens")
    try:
        key = load_pem_private_key(key_file.read_bytes(), password=None)
    except ValueError:
        raise Unavailable("the token key: its file is damaged; delete the file and issue new tokens") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise Unavailable("the token key: its file holds no P-256 key; delete the file and issue new tokens")
    return key


def _make(key_file: Path) -> None:
    """Write a new key; of two processes that try, the first wins."""
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = key_file.with_name(f"{key_file.name}.{os.getpid()}.{uuid4().hex}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        key_file.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()

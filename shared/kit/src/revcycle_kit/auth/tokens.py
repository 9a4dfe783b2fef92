"""
The rules by which a JSON Web Token is believed (RFC 7519, RFC 8725, RFC 9068).

The signature is PyJWT's work, with the algorithms that fit the key; the header
never chooses the key material, and time comes from the clock given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import jwt

from revcycle_kit.auth.grant import Grant
from revcycle_kit.errors import Unauthenticated

_KEY_IN_HEADER: Final = frozenset({"jwk", "jku", "x5c", "x5u", "crit"})
_NOT_FOR_ACCESS: Final = frozenset({"at_hash", "c_hash"})
_OTHER_USE: Final = frozenset({"id", "refresh", "offline", "logout"})
_SUBJECT_LENGTH_MAX: Final = 255
_KEY_ID_LENGTH_MAX: Final = 256
_LISTED_MAX: Final = 2_000
_EC_ALGORITHMS: Final = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What a token must be to be believed."""

    issuer: str
    audience: str
    algorithms: frozenset[str] = frozenset({"ES256", "ES384", "RS256", "RS384", "PS256", "EdDSA"})
    types: frozenset[str] = frozenset({"at+jwt"})
    leeway: timedelta = timedelta(seconds=60)
    lifetime_max: timedelta = timedelta(hours=24)
    token_bytes_max: int = 32 * 1024

    def __post_init__(self) -> None:
        if any(name.startswith("HS") or name == "none" for name in self.algorithms):
            raise ValueError("only asymmetric algorithms: a verifier must not be able to issue")


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """Under which claims the issuer says what; a dot leads into an object (`realm_access.roles`)."""

    roles: str = "roles"
    organization_id: str = "organization_id"
    clinics: str = "clinics"
    billing_entities: str = "billing_entities"


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A public key and the algorithms it may verify."""

    key: Any
    algorithms: tuple[str, ...]


def read_header(token: str, rules: TokenRules) -> dict[str, Any]:
    """Return the token's header, unverified but within the rules. Raises Unauthenticated."""
    if len(token) > rules.token_bytes_max:
        raise Unauthenticated("the token is too long")
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise Unauthenticated("the token is malformed") from None
    if not _KEY_IN_HEADER.isdisjoint(header):
        raise Unauthenticated("the header brings a key or a critical extension")
    if header.get("alg") not in rules.algorithms:
        raise Unauthenticated("the algorithm is not allowed")
    kind = header.get("typ")
    if not isinstance(kind, str) or _bare(kind) not in {_bare(allowed) for allowed in rules.types}:
        raise Unauthenticated("the type is not that of an access token")
    if len(str(header.get("kid", ""))) > _KEY_ID_LENGTH_MAX:
        raise Unauthenticated("the key id is too long")
    return header


def read_claims(token: str, key: VerifyingKey, rules: TokenRules, now: datetime) -> dict[str, Any]:
    """Return the verified claims. Raises Unauthenticated."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=[name for name in key.algorithms if name in rules.algorithms],
            audience=rules.audience,
            issuer=rules.issuer,
            # times are checked below, against the clock given
            options={
                "require": ["exp", "aud", "iss", "iat", "sub"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as problem:
        raise Unauthenticated(f"the token is not believed: {type(problem).__name__}") from None
    _check_times(claims, rules, now.timestamp())
    _check_use(claims)
    return claims


def grant_from(claims: Mapping[str, Any], names: ClaimNames) -> Grant:
    """Return the grant that verified claims describe. Raises Unauthenticated for claims of another shape."""
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= _SUBJECT_LENGTH_MAX:
        raise Unauthenticated("the subject is empty or too long")
    organization = _at(claims, names.organization_id)
    return Grant(
        subject=subject,
        roles=frozenset(_texts(_at(claims, names.roles))),
        organization_id=None if organization is None else _uuid(organization),
        clinics=frozenset(map(_uuid, _texts(_at(claims, names.clinics)))),
        billing_entities=frozenset(map(_uuid, _texts(_at(claims, names.billing_entities)))),
    )


def verifying_key(jwk: Mapping[str, Any]) -> VerifyingKey | None:
    """Return the key of a JSON Web Key (RFC 7517), or None for one that cannot verify tokens."""
    algorithms = _algorithms_of(jwk)
    if not algorithms or jwk.get("use", "sig") != "sig":
        return None
    try:
        return VerifyingKey(jwt.PyJWK(dict(jwk), algorithms[0]).key, algorithms)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None


def _algorithms_of(jwk: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what the kind of key allows, narrowed by what the key itself says."""
    kind = jwk.get("kty")
    fitting: tuple[str, ...] = ()
    if kind == "EC" and jwk.get("crv") in _EC_ALGORITHMS:
        fitting = (_EC_ALGORITHMS[jwk["crv"]],)
    elif kind == "RSA":
        fitting = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
    elif kind == "OKP":
        fitting = ("EdDSA",)
    return tuple(name for name in fitting if name == jwk.get("alg", name))


def _check_times(claims: Mapping[str, Any], rules: TokenRules, now: float) -> None:
    leeway = rules.leeway.total_seconds()
    expires, issued = _seconds(claims, "exp"), _seconds(claims, "iat")
    if now >= expires + leeway:
        raise Unauthenticated("the token has expired")
    if issued > now + leeway or ("nbf" in claims and _seconds(claims, "nbf") > now + leeway):
        raise Unauthenticated("the token is not valid yet")
    if expires - issued > rules.lifetime_max.total_seconds():
        raise Unauthenticated("the token lives too long")


def _check_use(claims: Mapping[str, Any]) -> None:
    use = claims.get("typ")
    if not _NOT_FOR_ACCESS.isdisjoint(claims) or (isinstance(use, str) and use.lower() in _OTHER_USE):
        raise Unauthenticated("the token is for another use than access")


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims[name]
    # json reads NaN and Infinity: neither is a time
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**53:
        raise Unauthenticated(f"the claim {name} is no time")
    return value


def _at(claims: Mapping[str, Any], path: str) -> Any:
    found: Any = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _texts(value: Any) -> list[str]:
    listed = [] if value is None else value
    if not isinstance(listed, list) or len(listed) > _LISTED_MAX or not all(isinstance(entry, str) for entry in listed):
        raise Unauthenticated("a claim of the grant is not a list of texts")
    return listed


def _uuid(value: Any) -> UUID:
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        raise Unauthenticated("a claim of the grant is not a UUID") from None


def _bare(kind: str) -> str:
    return kind.lower().removeprefix("application/")

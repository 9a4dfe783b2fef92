"""
The client of a partner over HTTP: address, credential, timeout, key; and one table of what its answers mean.

It lives as long as the runtime that calls it. What goes wrong is one of `outcomes`, or `Unavailable`.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum, unique
from pathlib import Path
from typing import Any, Final

import httpx

from revcycle_kit.errors import Unavailable
from revcycle_kit.idempotency import KEY_HEADER
from revcycle_kit.partners.outcomes import CredentialRefused, OutcomeUnknown, Rejected, Throttled

Credential = Callable[[], str]
"""Gives the bearer token as it is now, so that a renewed one is used; empty: none is sent."""


@unique
class Meaning(Enum):
    """What became of a call."""

    ANSWERED = "answered"
    REJECTED = "rejected"
    THROTTLED = "throttled"
    CREDENTIAL_REFUSED = "credential refused"
    UNAVAILABLE = "unavailable"
    UNKNOWN = "unknown"


STATUSES: Final[Mapping[int, Meaning]] = {
    401: Meaning.CREDENTIAL_REFUSED,
    403: Meaning.CREDENTIAL_REFUSED,
    407: Meaning.CREDENTIAL_REFUSED,
    408: Meaning.UNAVAILABLE,
    421: Meaning.UNAVAILABLE,
    425: Meaning.UNAVAILABLE,
    429: Meaning.THROTTLED,
    502: Meaning.UNAVAILABLE,
    503: Meaning.UNAVAILABLE,
}
"""Statuses with a meaning of their own (RFC 9110, 6585, 8470)."""
STATUS_CLASSES: Final[Mapping[int, Meaning]] = {
    1: Meaning.UNKNOWN,
    2: Meaning.ANSWERED,
    3: Meaning.UNAVAILABLE,
    4: Meaning.REJECTED,
    5: Meaning.UNKNOWN,
}
"""Every other status, by its first digit. A redirect is not followed: the address in the settings is out of date."""
FAILURES: Final[tuple[tuple[type[httpx.RequestError], Meaning], ...]] = (
    (httpx.ConnectError, Meaning.UNAVAILABLE),
    (httpx.ConnectTimeout, Meaning.UNAVAILABLE),
    (httpx.PoolTimeout, Meaning.UNAVAILABLE),
    (httpx.ProxyError, Meaning.UNAVAILABLE),
    (httpx.UnsupportedProtocol, Meaning.UNAVAILABLE),
    (httpx.LocalProtocolError, Meaning.UNAVAILABLE),
    (httpx.RequestError, Meaning.UNKNOWN),
)
"""What failed before any byte of the request left, and then everything else: the partner may have it."""


def meaning_of_status(status: int) -> Meaning:
    """Return what a status means."""
    return STATUSES.get(status) or STATUS_CLASSES.get(status // 100, Meaning.UNKNOWN)


def meaning_of_failure(failure: httpx.RequestError) -> Meaning:
    """Return what a call without an answer means."""
    return next(meaning for kind, meaning in FAILURES if isinstance(failure, kind))


class PartnerClient:
    """Calls one partner; see the module."""

    def __init__(
        self,
        name: str,
        address: str,
        *,
        credential: Credential | None = None,
        timeout_seconds: float = 60.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Make a client; `name` is what a person calls the partner (`the clearinghouse`)."""
        self.name = name
        self._address = address.rstrip("/")
        self._credential = credential
        self._client = httpx.AsyncClient(timeout=timeout_seconds, transport=transport)

    async def post(self, path: str = "", *, key: str, **content: Any) -> httpx.Response:
        """Hand something over under a key that a retry repeats; `content` as httpx names it. Raises the outcomes."""
        headers = {KEY_HEADER: key, **content.pop("headers", {})}
        return await self.request("POST", path, headers=headers, **content)

    async def request(self, method: str, path: str = "", **content: Any) -> httpx.Response:
        """Call and return a good answer; everything else is raised as one of the outcomes."""
        headers = {**content.pop("headers", {}), **self._authorization()}
        try:
            answer = await self._client.request(method, self._address + path, headers=headers, **content)
        except httpx.RequestError as failure:
            raise self._outcome(meaning_of_failure(failure), type(failure).__name__) from None
        meaning = meaning_of_status(answer.status_code)
        if meaning is not Meaning.ANSWERED:
            raise self._outcome(meaning, f"status {answer.status_code}", retry_after(answer.headers))
        return answer

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    def _authorization(self) -> dict[str, str]:
        token = self._credential() if self._credential else ""
        return {"Authorization": f"Bearer {token}"} if token else {}

    def _outcome(self, meaning: Meaning, reason: str, wait: timedelta | None = None) -> Exception:
        if meaning is Meaning.REJECTED:
            return Rejected(self.name, reason)
        if meaning is Meaning.UNKNOWN:
            return OutcomeUnknown(self.name, reason)
        return _FOR_NOW[meaning](f"{self.name} ({reason})", wait)


_FOR_NOW: Final[Mapping[Meaning, type[Unavailable]]] = {
    Meaning.THROTTLED: Throttled,
    Meaning.CREDENTIAL_REFUSED: CredentialRefused,
    Meaning.UNAVAILABLE: Unavailable,
}


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Return how long the partner wants us to wait (RFC 9110, 10.2.3): seconds, or an instant beside its own `Date`."""
    wish = headers.get("Retry-After", "").strip()
    if wish.isascii() and wish.isdigit():
        return timedelta(seconds=min(int(wish), _WAIT_SECONDS_MAX))
    until, now = _instant(wish), _instant(headers.get("Date", ""))
    return max(until - now, timedelta(0)) if until and now else None


_WAIT_SECONDS_MAX: Final = 7 * 24 * 3600


def _instant(written: str) -> datetime | None:
    try:
        instant = parsedate_to_datetime(written)
    except ValueError:
        return None
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


def token_in(path: Path) -> Credential:
    """Return a credential that is read from a file at every call, as whoever renews it left it."""

    def read() -> str:
        try:
            return path.read_text().strip()
        except OSError as error:
            raise CredentialRefused(f"the credential file ({type(error).__name__})") from error

    return read

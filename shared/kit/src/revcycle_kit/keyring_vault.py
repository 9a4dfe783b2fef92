"""
The key ring of HashiCorp Vault: data keys in KV version 2, wrapped by Transit.

Each tenant has a Transit key that never leaves Vault; a service reads its own
wrapped copy at `<prefix>/services/<service>/<tenant>`. Deleting the Transit key
makes every copy, and every backup of one, worthless. Policies in Vault say which
service may read which path; a refusal by policy is Unavailable, never silence.
"""

import json
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, cast
from uuid import UUID

import httpx

from revcycle_kit.errors import Unavailable
from revcycle_kit.keyring import Document, ShelfKeyRing

FRESH_SECONDS: Final = 60
STALE_SECONDS_MAX: Final = 300
PAUSE_SECONDS: Final = 1


@dataclass(frozen=True, slots=True)
class VaultPaths:
    """Where in Vault the ring lives."""

    kv_mount: str = "secret"
    transit_mount: str = "transit"
    prefix: str = "revcycle"


class VaultKeyRing(ShelfKeyRing):
    """
    Keys in Vault, cached for a minute, and up to five where Vault is out of reach.

    `client` carries the address, time-outs and TLS; `token` is asked before each
    request, so a renewed token is used at once. Work calls `preload` first: the
    calls to Vault block. For a second after Vault was out of reach it is not
    asked: nobody waits for its time-out again and again.
    """

    def __init__(
        self,
        client: httpx.Client,
        service: str,
        *,
        token: Callable[[], str],
        paths: VaultPaths | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        vault = _Vault(client, token, seconds)
        super().__init__(_VaultShelf(vault, paths or VaultPaths(), seconds), service)


@dataclass(slots=True)
class _Held:
    document: Document | None
    version: int
    read_at: float


class _VaultShelf:
    remote = True

    def __init__(self, vault: "_Vault", paths: VaultPaths, seconds: Callable[[], float]) -> None:
        self._vault = vault
        self._kv = f"{paths.kv_mount}/{{}}/{paths.prefix}/"
        self._transit = paths.transit_mount
        self._seconds = seconds
        self._held: dict[str, _Held] = {}
        self._changing = threading.RLock()

    def read(self, name: str) -> Document | None:
        held = self._held.get(name)
        age = self._seconds() - held.read_at if held else float("inf")
        if held and age < FRESH_SECONDS:
            return held.document
        try:
            return self._fetch(name, held)
        except Unavailable:
            if held and age < STALE_SECONDS_MAX:
                return held.document
            raise

    def write(self, name: str, document: Document, *, tenant_id: UUID) -> None:
        self.read(name)
        held = self._held.get(name)
        stored = {"wrapped": self._wrapped(tenant_id, document)} if _is_secret(name) else document
        # check-and-set: of two processes that change the same document, one must look again
        body = {"options": {"cas": held.version if held else 0}, "data": stored}
        answer = self._vault.call("POST", self._kv.format("data") + name, body)
        version = answer["data"]["version"] if answer else 0
        self._held[name] = _Held(document, version, self._seconds())

    def remove(self, name: str) -> None:
        self._vault.call("DELETE", self._kv.format("metadata") + name)
        self._held.pop(name, None)

    def forget_tenant(self, tenant_id: UUID) -> None:
        key = f"{self._transit}/keys/{tenant_id}"
        if self._vault.call("GET", key) is not None:
            self._vault.call("POST", f"{key}/config", {"deletion_allowed": True})
            self._vault.call("DELETE", key)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        with self._changing:
            self._held.clear()
            yield

    def _fetch(self, name: str, held: _Held | None) -> Document | None:
        answer = self._vault.call("GET", self._kv.format("data") + name)
        if answer is None:
            self._held.pop(name, None)
            return None
        version = answer["data"]["metadata"]["version"]
        if held is None or held.version != version:
            held = _Held(self._opened(name, answer["data"]["data"]), version, 0)
        self._held[name] = _Held(held.document, version, self._seconds())
        return held.document

    def _opened(self, name: str, stored: Document) -> Document | None:
        if not _is_secret(name):
            return stored
        tenant = name.rpartition("/")[2]
        answer = self._vault.call("POST", f"{self._transit}/decrypt/{tenant}", {"ciphertext": stored["wrapped"]})
        if answer is None:
            return None
        return cast("Document", json.loads(b64decode(answer["data"]["plaintext"])))

    def _wrapped(self, tenant_id: UUID, document: Document) -> str:
        self._vault.call("POST", f"{self._transit}/keys/{tenant_id}", {"type": "aes256-gcm96"})
        plaintext = b64encode(json.dumps(document).encode()).decode()
        answer = self._vault.call("POST", f"{self._transit}/encrypt/{tenant_id}", {"plaintext": plaintext})
        if answer is None:
            raise Unavailable("the key vault: it lost the tenant's wrapping key meanwhile")
        return str(answer["data"]["ciphertext"])


class _Vault:
    """Speaks Vault's HTTP API (version 1)."""

    def __init__(self, client: httpx.Client, token: Callable[[], str], seconds: Callable[[], float]) -> None:
        self._client = client
        self._token = token
        self._seconds = seconds
        self._failed_at = float("-inf")

    def call(self, method: str, path: str, body: Document | None = None) -> dict[str, Any] | None:
        """Return the answer's JSON ({} if empty), or None where there is no such thing."""
        if self._seconds() - self._failed_at < PAUSE_SECONDS:
            raise Unavailable("the key vault: it could not be reached a moment ago")
        try:
            answer = self._client.request(
                method, f"/v1/{path}", json=body, headers={"X-Vault-Token": self._token(), "X-Vault-Request": "true"}
            )
        except httpx.HTTPError:
            self._failed_at = self._seconds()
            raise Unavailable("the key vault: it cannot be reached") from None
        if answer.status_code == HTTPStatus.NOT_FOUND or _no_such_key(answer):
            return None
        if answer.is_error:
            raise Unavailable(_why(answer.status_code))
        return cast("dict[str, Any]", answer.json()) if answer.content else {}


def _is_secret(name: str) -> bool:
    return name.startswith("services/")


def _no_such_key(answer: httpx.Response) -> bool:
    """Transit says 400 where the key that would decrypt was deleted."""
    return answer.status_code == HTTPStatus.BAD_REQUEST and b"encryption key not found" in answer.content


def _why(status: int) -> str:
    if status == HTTPStatus.FORBIDDEN:
        return "the key vault: it refused this service's token or policy"
    if status == HTTPStatus.BAD_REQUEST:
        return "the key vault: another process changed the keys meanwhile, or the request was wrong"
    return f"the key vault: it answered {status}"

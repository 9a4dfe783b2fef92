"""
The keys of each tenant: who made them, who was granted them, and how they end.

A tenant is a clinic, or an organization for its own records. The service that
makes the tenant makes its keys and grants them to others by name. Several keys
may exist: the newest seals, all open. Destroying them makes every sealed
identity of the tenant unreadable, in events, tables and backups alike.

The ring keeps its documents on a shelf: files of one machine, or Vault.
"""

import asyncio
import secrets
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Protocol
from uuid import UUID

from revcycle_kit.errors import Refusal, Unavailable

_KEYS_MAX: Final = 64
_ABSENT_SECONDS: Final = 60
_SERVICE_NAME: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")

Document = dict[str, Any]


class Cause(StrEnum):
    """Why something sealed cannot be read."""

    NO_KEY = "no key was ever made for this tenant"
    NOT_GRANTED = "this service was not granted the tenant's keys"
    DESTROYED = "the tenant's keys were destroyed"
    UNKNOWN_KEY = "it was sealed under a key that this ring does not hold"
    ALTERED = "it was altered, or sealed for another tenant, kind or subject"
    MALFORMED = "it is not something this kit sealed"


class Unreadable(Exception):  # noqa: N818 - the name says what it is
    """Something sealed that cannot be read; `cause` says why. Trying again will not help."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.value)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class DataKey:
    """One AES-256 key and the id that sealed things carry."""

    key_id: UUID
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class TenantKeys:
    """All keys of a tenant, the one that seals first, and the root from which its search keys are derived."""

    tenant_id: UUID
    keys: tuple[DataKey, ...]
    search_root: bytes = field(repr=False)

    @property
    def sealing(self) -> DataKey:
        return self.keys[0]

    def with_spare(self) -> "TenantKeys":
        """Return the same keys and a new one that opens but does not seal yet."""
        if len(self.keys) >= _KEYS_MAX:
            raise Refusal(f"A tenant holds at most {_KEYS_MAX} keys.", "keys", "Reseal what the oldest key sealed.")
        return TenantKeys(self.tenant_id, (*self.keys, _new_key()), self.search_root)

    def promoted(self) -> "TenantKeys":
        """Return the same keys with the spare one sealing. The search root stays: searches must keep working."""
        return TenantKeys(self.tenant_id, (self.keys[-1], *self.keys[:-1]), self.search_root)

    @staticmethod
    def fresh(tenant_id: UUID) -> "TenantKeys":
        """Return newly drawn keys for a tenant."""
        return TenantKeys(tenant_id, (_new_key(),), secrets.token_bytes(32))


class KeyRing(Protocol):
    """What one service may do with the keys of tenants."""

    def keys(self, tenant_id: UUID) -> TenantKeys:
        """Return the tenant's keys. Raises Unreadable with the cause, Unavailable when the keys are out of reach."""
        ...

    async def preload(self, tenant_ids: Iterable[UUID]) -> None:
        """Fetch these tenants' keys ahead, so that `keys` need not wait for a remote ring; fails silently."""
        ...

    def create(self, tenant_id: UUID, grants: Iterable[str] = ()) -> None:
        """Make the tenant's keys, ours to grant; made before, nothing changes but further grants."""
        ...

    def grant(self, tenant_id: UUID, service: str) -> None:
        """Let another service read and seal for the tenant. Only the service that made the keys may."""
        ...

    def rotate(self, tenant_id: UUID) -> None:
        """Put a new key in front, in every service's hands. Only the service that made the keys may."""
        ...

    def destroy(self, tenant_id: UUID) -> None:
        """Destroy the tenant's keys everywhere, for ever. Only the service that made the keys may."""
        ...


class Shelf(Protocol):
    """Where a ring keeps documents: `read` returns the same object until the document changes."""

    remote: bool

    def read(self, name: str) -> Document | None: ...
    def write(self, name: str, document: Document, *, tenant_id: UUID) -> None: ...
    def remove(self, name: str) -> None: ...
    def forget_tenant(self, tenant_id: UUID) -> None: ...
    def exclusive(self) -> AbstractContextManager[None]: ...


class ShelfKeyRing:
    """A key ring over a shelf; one service's view of it."""

    def __init__(self, shelf: Shelf, service: str) -> None:
        self._shelf = shelf
        self._service = _named(service)
        self._parsed: dict[UUID, tuple[Document, TenantKeys]] = {}
        self._absent: dict[UUID, float] = {}
        """Since when we know of tenants that have no keys for us."""

    def keys(self, tenant_id: UUID) -> TenantKeys:
        document = self._shelf.read(_keys_name(self._service, tenant_id))
        if document is None:
            self._parsed.pop(tenant_id, None)
            raise Unreadable(self._why_absent(tenant_id))
        held = self._parsed.get(tenant_id)
        if held is None or held[0] is not document:
            held = self._parsed[tenant_id] = (document, _from_document(tenant_id, document))
        return held[1]

    async def preload(self, tenant_ids: Iterable[UUID]) -> None:
        if not self._shelf.remote:
            return
        for tenant_id in tenant_ids:
            if time.monotonic() - self._absent.get(tenant_id, float("-inf")) > _ABSENT_SECONDS:
                await asyncio.to_thread(self._look, tenant_id)

    def _look(self, tenant_id: UUID) -> None:
        """Fetch a tenant's keys; what is wrong with them, `keys` says where it matters."""
        self._absent.pop(tenant_id, None)
        try:
            self.keys(tenant_id)
        except Unreadable:
            self._absent[tenant_id] = time.monotonic()
        except Unavailable:
            return

    def create(self, tenant_id: UUID, grants: Iterable[str] = ()) -> None:
        with self._shelf.exclusive():
            record = self._shelf.read(_record_name(tenant_id))
            if record is None:
                self._make(tenant_id)
            else:
                self._owned(tenant_id)
            for service in grants:
                self._hand_to(tenant_id, _named(service))

    def grant(self, tenant_id: UUID, service: str) -> None:
        with self._shelf.exclusive():
            self._owned(tenant_id)
            self._hand_to(tenant_id, _named(service))

    def rotate(self, tenant_id: UUID) -> None:
        with self._shelf.exclusive():
            record = self._owned(tenant_id)
            spare = self.keys(tenant_id).with_spare()
            # everybody can open with the new key before anybody seals with it, whatever stops us in between
            for keys in (spare, spare.promoted()):
                for service in [self._service, *record["grants"]]:
                    self._shelf.write(_keys_name(service, tenant_id), _to_document(keys), tenant_id=tenant_id)

    def destroy(self, tenant_id: UUID) -> None:
        with self._shelf.exclusive():
            record = self._shelf.read(_record_name(tenant_id))
            if record is None or not record["destroyed"]:
                record = self._owned(tenant_id)
            ended = {**record, "destroyed": True}
            self._shelf.write(_record_name(tenant_id), ended, tenant_id=tenant_id)
            for service in [*record["grants"], record["owner"]]:
                self._shelf.remove(_keys_name(service, tenant_id))
            self._shelf.forget_tenant(tenant_id)

    def _make(self, tenant_id: UUID) -> None:
        name = _keys_name(self._service, tenant_id)
        if self._shelf.read(name) is None:
            self._shelf.write(name, _to_document(TenantKeys.fresh(tenant_id)), tenant_id=tenant_id)
        record = {"owner": self._service, "grants": [], "destroyed": False}
        self._shelf.write(_record_name(tenant_id), record, tenant_id=tenant_id)

    def _hand_to(self, tenant_id: UUID, service: str) -> None:
        record = self._owned(tenant_id)
        if service == self._service:
            return
        if service not in record["grants"]:
            # the record first: what destroy must remove is known before it exists
            wider = {**record, "grants": [*record["grants"], service]}
            self._shelf.write(_record_name(tenant_id), wider, tenant_id=tenant_id)
        document = _to_document(self.keys(tenant_id))
        self._shelf.write(_keys_name(service, tenant_id), document, tenant_id=tenant_id)

    def _owned(self, tenant_id: UUID) -> Document:
        record = self._shelf.read(_record_name(tenant_id))
        if record is None:
            raise Unreadable(Cause.NO_KEY)
        if record["destroyed"]:
            raise Unreadable(Cause.DESTROYED)
        if record["owner"] != self._service:
            raise Refusal(
                f"The tenant's keys belong to {record['owner']}.", "tenant keys", f"Ask {record['owner']} to do this."
            )
        return record

    def _why_absent(self, tenant_id: UUID) -> Cause:
        record = self._shelf.read(_record_name(tenant_id))
        if record is None:
            return Cause.NO_KEY
        return Cause.DESTROYED if record["destroyed"] else Cause.NOT_GRANTED


def _new_key() -> DataKey:
    return DataKey(UUID(bytes=secrets.token_bytes(16), version=4), secrets.token_bytes(32))


def _named(service: str) -> str:
    if not service or not _SERVICE_NAME.issuperset(service):
        raise ValueError("a service's name is lower-case letters, digits and hyphens")
    return service


def _keys_name(service: str, tenant_id: UUID) -> str:
    return f"services/{service}/{tenant_id}"


def _record_name(tenant_id: UUID) -> str:
    return f"tenants/{tenant_id}"


def _to_document(keys: TenantKeys) -> Document:
    held = [{"id": str(key.key_id), "secret": key.secret.hex()} for key in keys.keys]
    return {"keys": held, "search_root": keys.search_root.hex()}


def _from_document(tenant_id: UUID, document: Document) -> TenantKeys:
    held = tuple(DataKey(UUID(key["id"]), bytes.fromhex(key["secret"])) for key in document["keys"])
    return TenantKeys(tenant_id, held, bytes.fromhex(document["search_root"]))

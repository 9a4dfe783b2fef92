"""
Sealing: direct identifiers travel and rest only encrypted, bound to their place.

AES-256-GCM under the tenant's newest key. A sealed blob is a format byte, the
key's id (16 bytes), a random nonce (12) and the ciphertext with its tag; tenant,
kind and subject are authenticated with it, so a blob moved elsewhere does not
open. Equality search goes through a keyed hash under a key of its own.
"""

import hmac
import os
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final, NewType
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from revcycle_kit.keyring import Cause, DataKey, KeyRing, Unreadable

Sealed = NewType("Sealed", str)
"""The text form of a sealed blob: URL-safe base64 without padding."""

PLAINTEXT_BYTES_MAX: Final = 64 * 1024 * 1024
_FORMAT: Final = b"\x01"
_NONCE: Final = slice(17, 29)
_BODY_START: Final = 29
_BLOB_BYTES_MIN: Final = _BODY_START + 16
_CACHED_MAX: Final = 10_000


class Sealer:
    """
    Seals and opens for one service, with the keys its ring holds.

    Every call asks the ring, so a destroyed key takes effect as soon as the
    ring knows; only the prepared ciphers are kept.
    """

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self._ciphers: dict[UUID, tuple[bytes, AESGCM]] = {}
        self._search_keys: dict[tuple[UUID, str], tuple[bytes, bytes]] = {}

    async def preload(self, tenant_ids: Iterable[UUID]) -> None:
        """Fetch these tenants' keys ahead, so that what follows need not wait for a remote ring."""
        await self._ring.preload(tenant_ids)

    def seal(self, tenant_id: UUID, kind: str, subject: str | UUID, plaintext: bytes) -> bytes:
        """Encrypt for this tenant, kind and subject. Raises Unreadable when the tenant has no key for us."""
        if len(plaintext) > PLAINTEXT_BYTES_MAX:
            raise ValueError(f"at most {PLAINTEXT_BYTES_MAX} bytes are sealed at once")
        key = self._ring.keys(tenant_id).sealing
        head = _FORMAT + key.key_id.bytes
        nonce = os.urandom(12)
        body = self._cipher(key).encrypt(nonce, plaintext, _bound_to(head, tenant_id, kind, subject))
        return head + nonce + body

    def open(self, tenant_id: UUID, kind: str, subject: str | UUID, blob: bytes) -> bytes:
        """Decrypt what was sealed for the same tenant, kind and subject. Raises Unreadable with the cause."""
        if len(blob) < _BLOB_BYTES_MIN or blob[:1] != _FORMAT:
            raise Unreadable(Cause.MALFORMED)
        head = blob[:17]
        key = self._held(tenant_id, UUID(bytes=head[1:]))
        try:
            bound = _bound_to(head, tenant_id, kind, subject)
            return self._cipher(key).decrypt(blob[_NONCE], blob[_BODY_START:], bound)
        except InvalidTag:
            raise Unreadable(Cause.ALTERED) from None

    def seal_text(self, tenant_id: UUID, kind: str, subject: str | UUID, plaintext: bytes) -> Sealed:
        """Seal into text, for JSON."""
        return Sealed(urlsafe_b64encode(self.seal(tenant_id, kind, subject, plaintext)).rstrip(b"=").decode())

    def open_text(self, tenant_id: UUID, kind: str, subject: str | UUID, sealed: Sealed) -> bytes:
        """Open what `seal_text` made. Raises Unreadable with the cause."""
        try:
            padded = (sealed + "=" * (-len(sealed) % 4)).encode("ascii")
            blob = b64decode(padded, altchars=b"-_", validate=True)
        except (NotBase64, UnicodeEncodeError):
            raise Unreadable(Cause.MALFORMED) from None
        return self.open(tenant_id, kind, subject, blob)

    def keyed_hash(self, tenant_id: UUID, field: str, value: str) -> bytes:
        """
        Return the 32-byte hash under which a field's value is found again (HMAC-SHA-256).

        Equal only within a tenant and a field; rotation of keys does not change
        it. The caller normalises the value (case, spaces) first.
        """
        return hmac.digest(self._search_key(tenant_id, field), value.encode(), "sha256")

    def _held(self, tenant_id: UUID, key_id: UUID) -> DataKey:
        for key in self._ring.keys(tenant_id).keys:
            if key.key_id == key_id:
                return key
        raise Unreadable(Cause.UNKNOWN_KEY)

    def _cipher(self, key: DataKey) -> AESGCM:
        cached = self._ciphers.get(key.key_id)
        if cached is None or cached[0] is not key.secret:
            _make_room(self._ciphers)
            cached = self._ciphers[key.key_id] = (key.secret, AESGCM(key.secret))
        return cached[1]

    def _search_key(self, tenant_id: UUID, field: str) -> bytes:
        root = self._ring.keys(tenant_id).search_root
        cached = self._search_keys.get((tenant_id, field))
        if cached is None or cached[0] is not root:
            _make_room(self._search_keys)
            info = b"revcycle search" + _prefixed(tenant_id.bytes) + _prefixed(field.encode())
            derived = HKDF(SHA256(), 32, salt=None, info=info).derive(root)
            cached = self._search_keys[tenant_id, field] = (root, derived)
        return cached[1]


def _bound_to(head: bytes, tenant_id: UUID, kind: str, subject: str | UUID) -> bytes:
    about = subject.bytes if isinstance(subject, UUID) else b"text" + sha256(subject.encode()).digest()
    return head + tenant_id.bytes + _prefixed(kind.encode()) + about


def _prefixed(part: bytes) -> bytes:
    return len(part).to_bytes(4) + part


def _make_room(cache: dict[Any, Any]) -> None:
    if len(cache) >= _CACHED_MAX:
        cache.clear()

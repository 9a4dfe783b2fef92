"""Mail: whoever prints and posts letters, or sends e-mail and text messages."""

from base64 import b64encode
from typing import Protocol

import httpx

from revcycle_kit.partners.client import Credential, PartnerClient
from revcycle_kit.partners.kinds import Partner, PartnerKind

_TIMEOUT_SECONDS = 30.0


class Mail(Partner, Protocol):
    """Takes a letter and brings it to its addressee; the same key is delivered once."""

    async def deliver(self, document: bytes, cover: bytes, key: str) -> None:
        """Deliver a document (PDF or text) as its cover (JSON) says. Raises the outcomes of `revcycle_kit.partners`."""
        ...


class HttpMail(Mail):
    """A mail vendor behind one address: one POST per letter, deduplicated there by `Idempotency-Key`."""

    kind = PartnerKind.DEDUPLICATES

    def __init__(
        self, url: str, credential: Credential | None = None, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._client = PartnerClient(
            "the mail vendor", url, credential=credential, timeout_seconds=_TIMEOUT_SECONDS, transport=transport
        )

    async def deliver(self, document: bytes, cover: bytes, key: str) -> None:
        letter = {"cover": cover.decode(), "document": b64encode(document).decode()}
        await self._client.post(key=key, json=letter)

    async def close(self) -> None:
        await self._client.close()

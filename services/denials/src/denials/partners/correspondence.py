"""Correspondence: who carries letters to payers, as a Protocol, and over HTTP."""

from typing import Protocol

import httpx
import msgspec

from denials.messages import LetterSent, SendLetter
from revcycle_kit.partners.client import Credential, PartnerClient
from revcycle_kit.partners.kinds import Partner, PartnerKind

_TIMEOUT_SECONDS = 30.0


class Correspondence(Partner, Protocol):
    """Carries a letter to a payer's appeals department; the same key is the same letter."""

    async def send(self, letter_pdf: bytes, cover: bytes, key: str) -> None:
        """Hand the letter over, with its cover sheet (JSON). Raises the outcomes of `revcycle_kit.partners`."""
        ...


async def send_letter(correspondence: Correspondence, effect: SendLetter, key: str) -> LetterSent:
    """Hand over the letter of an effect. Raises the outcomes of `revcycle_kit.partners`."""
    await correspondence.send(effect.letter_pdf, msgspec.json.encode(effect.cover), key)
    return LetterSent(letter_sha256=effect.cover.letter_sha256)


class HttpCorrespondence(Correspondence):
    """A mailing or fax vendor behind one address: a multipart POST of `cover` and `letter`, with an Idempotency-Key."""

    kind = PartnerKind.DEDUPLICATES

    def __init__(
        self, url: str, credential: Credential | None = None, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._client = PartnerClient(
            "the correspondence vendor",
            url,
            credential=credential,
            timeout_seconds=_TIMEOUT_SECONDS,
            transport=transport,
        )

    async def send(self, letter_pdf: bytes, cover: bytes, key: str) -> None:
        files = {
            "cover": ("cover.json", cover, "application/json"),
            "letter": ("letter.pdf", letter_pdf, "application/pdf"),
        }
        await self._client.post(key=key, files=files)

    async def close(self) -> None:
        await self._client.close()

"""Correspondence: who carries letters to payers, as a Protocol, and over HTTP."""

from typing import Protocol

import httpx
import msgspec

from denials.messages import LetterSent, SendLetter
from revcycle_kit.errors import Unavailable

_SERVER_ERROR = 500
_TIMEOUT_SECONDS = 30.0


class Correspondence(Protocol):
    """Carries a letter to a payer's appeals department; the same key is the same letter."""

    async def send(self, letter_pdf: bytes, cover: bytes, key: str) -> None:
        """Hand the letter over, with its cover sheet (JSON). Raises Unavailable when it should be tried again."""
        ...


async def send_letter(correspondence: Correspondence, effect: SendLetter, key: str) -> LetterSent:
    """Hand over the letter of an effect. Raises Unavailable when it should be tried again."""
    await correspondence.send(effect.letter_pdf, msgspec.json.encode(effect.cover), key)
    return LetterSent(letter_sha256=effect.cover.letter_sha256)


class HttpCorrespondence:
    """
    A mailing or fax vendor behind one address: a multipart POST of `cover` and `letter`, with an Idempotency-Key.

    A vendor that refuses the letter (4xx) raises httpx.HTTPStatusError: a person has to look.
    """

    def __init__(self, url: str, token: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url
        self._token = token
        self._transport = transport

    async def send(self, letter_pdf: bytes, cover: bytes, key: str) -> None:
        files = {
            "cover": ("cover.json", cover, "application/json"),
            "letter": ("letter.pdf", letter_pdf, "application/pdf"),
        }
        headers = {"Idempotency-Key": key}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, transport=self._transport) as client:
            try:
                answer = await client.post(self._url, files=files, headers=headers)
            except httpx.TransportError as failure:
                raise Unavailable(f"correspondence vendor ({type(failure).__name__})") from failure
        if answer.status_code >= _SERVER_ERROR:
            raise Unavailable(f"correspondence vendor (status {answer.status_code})")
        answer.raise_for_status()

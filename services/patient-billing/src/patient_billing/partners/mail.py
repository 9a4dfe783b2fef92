"""Mail: whoever prints and posts letters, or sends e-mail and text messages."""

from base64 import b64encode
from http import HTTPStatus
from typing import Protocol

import httpx

from revcycle_kit.errors import Refusal, Unavailable


class Mail(Protocol):
    """Takes a letter and brings it to its addressee; the same key is delivered once."""

    async def deliver(self, document: bytes, cover: bytes, key: str) -> None:
        """Deliver a document (PDF or text) as its cover (JSON) says. Raises Unavailable to be tried again."""
        ...


class HttpMail:
    """A letter shop behind HTTP: one POST per letter, deduplicated there by `Idempotency-Key`."""

    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        self._client = client
        self._url = url

    async def deliver(self, document: bytes, cover: bytes, key: str) -> None:
        """Post the cover and the document. Raises Unavailable, or Refusal for a letter that is not taken."""
        letter = {"cover": cover.decode(), "document": b64encode(document).decode()}
        try:
            answer = await self._client.post(self._url, json=letter, headers={"Idempotency-Key": key})
        except httpx.HTTPError as error:
            raise Unavailable("the letter shop") from error
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            raise Unavailable("the letter shop")
        if answer.is_error:
            raise Refusal(f"The letter shop answered {answer.status_code}.", "", "Check its address and our letter.")

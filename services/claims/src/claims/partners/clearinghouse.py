"""Whom claims sends to: the clearinghouse, as a Protocol, and the one that works over HTTP."""

from typing import Protocol

import httpx

from revcycle_kit.errors import Unavailable

_SERVER_ERROR = 500
_NOT_FOUND = 404
_TIMEOUT_SECONDS = 60.0


class Clearinghouse(Protocol):
    """Takes claim files and answers status inquiries; what it has to say later comes as files of its own."""

    async def submit(self, interchange: bytes, name: str, key: str) -> None:
        """Hand over an 837; the same key is the same file. Raises Unavailable when it should be tried again."""
        ...

    async def ask(self, interchange: bytes, key: str) -> bytes:
        """Hand over a 276 and return the 277. Raises Unavailable when it should be tried again."""
        ...


class HttpClearinghouse:
    """
    A clearinghouse behind one address (CAQH CORE style): POST `/batch/<name>` and `/realtime`, Idempotency-Key.

    A refusal (4xx) raises httpx.HTTPStatusError: a person has to look.
    """

    def __init__(self, url: str, token: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._transport = transport

    async def submit(self, interchange: bytes, name: str, key: str) -> None:
        await self._post(f"/batch/{name}", interchange, key)

    async def ask(self, interchange: bytes, key: str) -> bytes:
        return await self._post("/realtime", interchange, key)

    async def _post(self, path: str, content: bytes, key: str) -> bytes:
        headers = {"Idempotency-Key": key, "Content-Type": "application/edi-x12"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, transport=self._transport) as client:
            try:
                answer = await client.post(f"{self._url}{path}", content=content, headers=headers)
            except httpx.TransportError as failure:
                raise Unavailable(f"clearinghouse ({type(failure).__name__})") from failure
        if answer.status_code >= _SERVER_ERROR:
            raise Unavailable(f"clearinghouse (status {answer.status_code})")
        answer.raise_for_status()
        return answer.content


class NoClearinghouse:
    """Stands where no clearinghouse is configured: claims wait in the queue."""

    async def submit(self, interchange: bytes, name: str, key: str) -> None:
        """Refuse for now."""
        del interchange, name, key
        raise Unavailable("a clearinghouse: set REVCYCLE_CLEARINGHOUSE_URL")

    async def ask(self, interchange: bytes, key: str) -> bytes:
        """Refuse for now."""
        del interchange, key
        raise Unavailable("a clearinghouse: set REVCYCLE_CLEARINGHOUSE_URL")

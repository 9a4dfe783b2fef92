"""The clearinghouse that claims sends to: the Protocol, and the one that works over HTTP."""

from typing import Protocol

import httpx

from revcycle_kit.errors import Unavailable
from revcycle_kit.partners.client import Credential, PartnerClient
from revcycle_kit.partners.kinds import Partner, PartnerKind

_X12 = {"Content-Type": "application/edi-x12"}


class Clearinghouse(Partner, Protocol):
    """Takes claim files and answers status inquiries; what it has to say later comes as files of its own."""

    async def submit(self, interchange: bytes, name: str, key: str) -> None:
        """Hand over an 837; the same key is the same file. Raises the outcomes of `revcycle_kit.partners`."""
        ...

    async def ask(self, interchange: bytes, key: str) -> bytes:
        """Hand over a 276 and return the 277. Raises the outcomes of `revcycle_kit.partners`."""
        ...


class HttpClearinghouse(Clearinghouse):
    """A clearinghouse behind one address (CAQH CORE style): POST `/batch/<name>` and `/realtime`, Idempotency-Key."""

    kind = PartnerKind.DEDUPLICATES

    def __init__(
        self, url: str, credential: Credential | None = None, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._client = PartnerClient("the clearinghouse", url, credential=credential, transport=transport)

    async def submit(self, interchange: bytes, name: str, key: str) -> None:
        await self._client.post(f"/batch/{name}", key=key, content=interchange, headers=_X12)

    async def ask(self, interchange: bytes, key: str) -> bytes:
        return (await self._client.post("/realtime", key=key, content=interchange, headers=_X12)).content

    async def close(self) -> None:
        await self._client.close()


class NoClearinghouse(Clearinghouse):
    """Stands where no clearinghouse is configured: claims wait in the queue."""

    async def submit(self, interchange: bytes, name: str, key: str) -> None:
        """Raise Unavailable: nobody takes files."""
        del interchange, name, key
        raise Unavailable("a clearinghouse: set REVCYCLE_CLEARINGHOUSE_URL")

    async def ask(self, interchange: bytes, key: str) -> bytes:
        """Raise Unavailable: nobody can be asked."""
        del interchange, key
        raise Unavailable("a clearinghouse: set REVCYCLE_CLEARINGHOUSE_URL")

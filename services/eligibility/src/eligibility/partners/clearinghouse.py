"""The clearinghouse in real time: live over HTTP, or none."""

from typing import Protocol

import httpx

from revcycle_kit.errors import Unavailable
from revcycle_kit.partners.client import Credential, PartnerClient
from revcycle_kit.partners.kinds import Partner, PartnerKind

ANSWER_SECONDS_MAX = 20.0
"""CAQH CORE connectivity rule: a real-time answer comes within 20 seconds."""


class Clearinghouse(Partner, Protocol):
    """Answers X12 interchanges in real time."""

    async def ask(self, interchange: bytes, key: str) -> bytes:
        """
        Return the answer to a 270 or 278.

        `key` is the same at every attempt. Raises the outcomes of `revcycle_kit.partners`.
        """
        ...


class HttpClearinghouse(Clearinghouse):
    """A clearinghouse that takes an interchange by POST at `/realtime` and answers with one."""

    kind = PartnerKind.DEDUPLICATES

    def __init__(
        self, url: str, credential: Credential | None = None, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._client = PartnerClient(
            "the clearinghouse",
            url,
            credential=credential,
            timeout_seconds=ANSWER_SECONDS_MAX,
            transport=transport,
        )

    async def ask(self, interchange: bytes, key: str) -> bytes:
        headers = {"Content-Type": "application/edi-x12"}
        return (await self._client.post("/realtime", key=key, content=interchange, headers=headers)).content

    async def close(self) -> None:
        await self._client.close()


class NoClearinghouse(Clearinghouse):
    """Stands where none is configured: nothing is asked, everything waits."""

    async def ask(self, interchange: bytes, key: str) -> bytes:
        """Raise Unavailable: nobody can be asked."""
        del interchange, key
        raise Unavailable("a clearinghouse: set REVCYCLE_CLEARINGHOUSE_URL")

"""The clearinghouse in real time: live over HTTP, or none."""

from typing import Protocol

import httpx

from revcycle_kit.errors import Unavailable

ANSWER_SECONDS_MAX = 20.0
"""CAQH CORE connectivity rule: a real-time answer comes within 20 seconds."""


class Clearinghouse(Protocol):
    """Answers X12 interchanges in real time."""

    async def ask(self, interchange: bytes, key: str) -> bytes:
        """
        Return the answer to a 270 or 278.

        `key` is the same at every attempt. Raises Unavailable where there is no answer now.
        """
        ...


class HttpClearinghouse:
    """A clearinghouse that takes an interchange in the body of a POST and answers with one."""

    def __init__(self, client: httpx.AsyncClient, path: str = "/x12/realtime", token: str = "") -> None:
        self._client = client
        self._path = path
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def ask(self, interchange: bytes, key: str) -> bytes:
        """Ask over HTTP; what is no answer of 200 counts as unavailable and is tried again."""
        headers = {**self._headers, "Content-Type": "application/edi-x12", "Idempotency-Key": key}
        try:
            answer = await self._client.post(
                self._path, content=interchange, headers=headers, timeout=ANSWER_SECONDS_MAX
            )
        except httpx.HTTPError as error:
            raise Unavailable("the clearinghouse") from error
        if answer.status_code != httpx.codes.OK:
            raise Unavailable("the clearinghouse")
        return answer.content


class NoClearinghouse:
    """Stands where none is configured: nothing is asked, everything waits."""

    async def ask(self, interchange: bytes, key: str) -> bytes:
        """Raise Unavailable: nobody can be asked."""
        del interchange, key
        raise Unavailable("a clearinghouse: set REVCYCLE_CLEARINGHOUSE_URL")

"""The services' doors for a system that runs on: what was not taken is said, so that it is brought again."""

import asyncio
from http import HTTPStatus
from typing import Any

import httpx

from eligibility.mllp import MllpClient
from revcycle.directory import Places
from revcycle.doors import Doors
from revcycle.post import Ledger
from revcycle.serve_sandbox import TooEarly
from revcycle.system import System
from revcycle_kit.errors import Unavailable
from revcycle_kit.telemetry import get_log

EARLY = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT})
_log = get_log()


class SteadyDoors(Doors):
    """
    Brings each kind of parcel to its service.

    Raises Unavailable where a service is out of order, TooEarly where it does not know yet what the parcel is about:
    both mean that the parcel was not taken.
    """

    def __init__(self, system: System, places: Places, pairs: Ledger, mllp_port: int) -> None:
        super().__init__(system, places, pairs, mllp_port)
        self._lines = [MllpClient("127.0.0.1", mllp_port)]
        self._free = asyncio.Queue()
        self._free.put_nowait(self._lines[0])

    async def _give(self, service: str, path: str, content: bytes, kind: str) -> Any:
        answer = await self._clients[service].post(path, content=content, headers={"Content-Type": kind})
        return _taken(service, answer)

    async def _tell(self, service: str, path: str, key: str, body: dict[str, Any]) -> bool:
        answer = await self._clients[service].post(path, json=body, headers={"Idempotency-Key": key})
        if answer.status_code in EARLY:
            raise TooEarly(service)
        return _taken(service, answer).is_success


def _taken(service: str, answer: httpx.Response) -> httpx.Response:
    """Return the answer; a refusal is logged and stands: asking again would not change it."""
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Unavailable(f"{service} (status {answer.status_code})")
    if answer.is_error:
        _log.error("parcel refused", source=service, status=answer.status_code)
    return answer

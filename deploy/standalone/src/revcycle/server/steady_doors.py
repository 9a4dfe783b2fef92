"""The services' doors for a system that runs on: what was not taken is said, so that it is kept and brought again."""

from http import HTTPStatus
from typing import Any

import httpx

from revcycle.server.bringing import Refused, TooEarly
from revcycle.server.directory import Places
from revcycle.server.doors import Doors
from revcycle.server.post import Ledger
from revcycle.server.system import System
from revcycle_kit.errors import Unavailable

EARLY = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT})
AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
"""Together with every status from 500 on: the service would take it at another time."""


class SteadyDoors(Doors):
    """
    Brings each kind of parcel to its service.

    Raises Unavailable where a service is out of order, TooEarly where it does not know yet what the parcel is about,
    Refused where it will never take it: all mean that the parcel was not taken.
    """

    def __init__(self, system: System, places: Places, pairs: Ledger, mllp: tuple[str, int]) -> None:
        super().__init__(system, places, pairs, mllp, side_by_side=1)

    async def _give(self, service: str, path: str, content: bytes, kind: str) -> Any:
        answer = await self._clients[service].post(path, content=content, headers={"Content-Type": kind})
        return _taken(service, answer)

    async def _tell(self, service: str, path: str, key: str, body: dict[str, Any]) -> bool:
        answer = await self._clients[service].post(path, json=body, headers={"Idempotency-Key": key})
        if answer.status_code in EARLY:
            raise TooEarly(service)
        return _taken(service, answer).is_success

    async def _tell_later(self, service: str, path: str, key: str, body: dict[str, Any]) -> None:
        """Ask at once: what comes too early is kept by who brings it."""
        await self._tell(service, path, key, body)


def _taken(service: str, answer: httpx.Response) -> httpx.Response:
    """Return the answer where the parcel was taken."""
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status_code in AGAIN:
        raise Unavailable(f"{service} (status {answer.status_code})")
    if answer.is_error:
        raise Refused(service, answer.status_code, _reason(answer))
    return answer


def _reason(answer: httpx.Response) -> str:
    """Return the kind of problem, and the fields it names: never a value."""
    try:
        told = answer.json()
        places = [str(flaw["where"]) for flaw in told.get("errors", [])]
        kind = str(told["type"]).rpartition(":")[2]
    except (ValueError, KeyError, TypeError, AttributeError):
        return "no-problem-details"
    return " ".join([kind, *places])[:160]

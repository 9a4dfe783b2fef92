"""
Far: the services and the sandbox as processes of their own, reached over the network.

What drives them in one process (doors, the directory) drives them here as well.
"""

from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.errors import Unavailable
from revcycle_sandbox import Parcel, World, from_json

PARCELS_MAX = 100


class Answered(msgspec.Struct, frozen=True):
    """What the sandbox answers at once."""

    parcels: list[Parcel]


class Numbered(msgspec.Struct, frozen=True):
    """A parcel that goes out, under its number."""

    number: int
    parcel: Parcel


class Waiting(msgspec.Struct, frozen=True):
    """What goes out."""

    parcels: list[Numbered]


class Services:
    """The services at their addresses; what `Doors` and the directory need of a system."""

    def __init__(self, addresses: Mapping[str, str], issuer: LocalIssuer) -> None:
        self.parts = dict(addresses)
        self.issuer = issuer

    def client(self, name: str, subject: str, **grant: Any) -> httpx.AsyncClient:
        """Return a client of one service's API, with a token of its own on each request."""

        def signed(request: httpx.Request) -> httpx.Request:
            return self._signed(request, subject, grant)

        return httpx.AsyncClient(base_url=self.parts[name], auth=signed, timeout=60)

    def _signed(self, request: httpx.Request, subject: str, grant: Mapping[str, Any]) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {self.issuer.issue(subject, **grant)}"
        return request


class FarSandbox:
    """The sandbox at its address."""

    start_at = None

    def __init__(self, url: str) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=60)

    async def world(self) -> World:
        """Return the world that it plays."""
        return from_json((await self._asked("GET", "/world")).content)

    async def give(self, parcels: list[Parcel]) -> list[Parcel]:
        """Hand parcels over; return what is answered at once."""
        answer = await self._asked("POST", "/parcels", content=msgspec.json.encode(parcels))
        return msgspec.json.decode(answer.content, type=Answered).parcels

    async def waiting(self, after: int, taken: int) -> list[Numbered]:
        """Return the parcels after a number; those up to `taken` are with whom they are for, and may be forgotten."""
        answer = await self._asked("GET", f"/parcels?after={after}&taken={taken}&limit={PARCELS_MAX}")
        return msgspec.json.decode(answer.content, type=Waiting).parcels

    async def _asked(self, method: str, path: str, content: bytes | None = None) -> httpx.Response:
        answer = await self._client.request(method, path, content=content)
        if answer.is_error:
            raise Unavailable(f"the sandbox (status {answer.status_code})")
        return answer

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()

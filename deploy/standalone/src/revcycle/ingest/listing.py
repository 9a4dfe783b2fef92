"""Lister: reads the lists of every service to their end, page after page."""

from collections.abc import AsyncIterator
from typing import Any

from revcycle.server.directory import Places
from revcycle.server.system import System

LIMIT = 200


class Lister:
    """Reads the services' lists with the grant of the whole billing company."""

    def __init__(self, system: System, places: Places) -> None:
        self.places = places
        self._clients = {name: system.client(name, "account", **places.grant) for name in system.parts}

    async def all(self, service: str, path: str) -> AsyncIterator[dict[str, Any]]:
        """Give every item of a list. Raises httpx.HTTPStatusError where the service refuses."""
        joint, cursor = "&" if "?" in path else "?", ""
        while True:
            address = f"{path}{joint}limit={LIMIT}" + (f"&cursor={cursor}" if cursor else "")
            page = await self.read(service, address)
            for item in page["items"]:
                yield item
            cursor = page["next_cursor"] or ""
            if not cursor:
                return

    async def read(self, service: str, path: str) -> Any:
        """Return what a service answers. Raises httpx.HTTPStatusError where it refuses."""
        answer = await self._clients[service].get(path)
        answer.raise_for_status()
        return answer.json()

    async def close(self) -> None:
        """Let go of the clients."""
        for client in self._clients.values():
            await client.aclose()

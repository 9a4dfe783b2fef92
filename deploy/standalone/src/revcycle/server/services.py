"""The services as whoever stands outside reaches them: by their APIs."""

from collections.abc import Mapping
from typing import Any, Protocol

import httpx

from revcycle_kit.auth.local import LocalIssuer

TIMEOUT_SECONDS = 60


class Services(Protocol):
    """The services' APIs, in this process or elsewhere."""

    def client(self, name: str, subject: str, **grant: Any) -> httpx.AsyncClient:
        """Return a client of one service's API whose requests carry the grant."""
        ...


class RemoteServices:
    """The services at their addresses."""

    def __init__(self, addresses: Mapping[str, str], issuer: LocalIssuer) -> None:
        self._addresses = dict(addresses)
        self._issuer = issuer

    def client(self, name: str, subject: str, **grant: Any) -> httpx.AsyncClient:
        """Return a client with a token of its own on each request."""

        def signed(request: httpx.Request) -> httpx.Request:
            request.headers["Authorization"] = f"Bearer {self._issuer.issue(subject, **grant)}"
            return request

        return httpx.AsyncClient(base_url=self._addresses[name], auth=signed, timeout=TIMEOUT_SECONDS)

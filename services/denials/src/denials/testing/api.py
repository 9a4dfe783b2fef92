"""Callers of the HTTP API, each with a grant."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx

from denials.http import build_app
from denials.testing.office import CLINIC, ORGANIZATION
from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.testing.harness import Harness


@dataclass(frozen=True, slots=True)
class Clients:
    """Makes clients: `clients("biller", clinic=…)`."""

    issuer: LocalIssuer
    transport: httpx.ASGITransport
    opened: AsyncExitStack

    def __call__(self, *roles: str, clinic: UUID = CLINIC, organization: UUID = ORGANIZATION) -> httpx.AsyncClient:
        """Return a client of a person with these roles."""
        token = self.issuer.issue("kim", roles=roles, organization_id=organization, clinics=[clinic])
        headers = {"Authorization": f"Bearer {token}"}
        client = httpx.AsyncClient(transport=self.transport, base_url="http://denials", headers=headers)
        self.opened.push_async_callback(client.aclose)
        return client


@asynccontextmanager
async def serving(harness: Harness, folder: Path) -> AsyncIterator[Clients]:
    """Serve the API in this process; the folder keeps the issuer's key."""
    issuer = LocalIssuer(folder / "token.key", clock=harness.clock)
    transport = httpx.ASGITransport(build_app(harness.runtime, issuer), raise_app_exceptions=False)
    async with AsyncExitStack() as opened:
        yield Clients(issuer, transport, opened)

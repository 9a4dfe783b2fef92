"""The HTTP API of eligibility, as callers meet it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx

from eligibility.http import build_app
from eligibility.testing.practice import CLINIC, ORGANIZATION, PAYEE
from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.testing.harness import Harness
from revcycle_kit.testing.keys import ThrowawayKeys

ROLES = ("front_desk", "intake", "administrator", "biller")


@dataclass
class Api:
    """The service as callers meet it."""

    harness: Harness
    issuer: LocalIssuer
    client: httpx.AsyncClient

    def as_caller(self, *roles: str, clinic: UUID = CLINIC, organization: UUID = ORGANIZATION) -> dict[str, str]:
        """Return the headers of a caller with these roles."""
        token = self.issuer.issue(
            "ada", roles=roles, organization_id=organization, clinics=[clinic], billing_entities=[PAYEE]
        )
        return {"Authorization": f"Bearer {token}"}

    async def send(self, method: str, path: str, body: object = None, key: str = "", **headers: str) -> httpx.Response:
        """Send a request as somebody who may do everything in the clinic."""
        sent = {**self.as_caller(*ROLES), **headers, **({"Idempotency-Key": key} if key else {})}
        content = body if isinstance(body, bytes) else None
        answer = await self.client.request(
            method, path, headers=sent, content=content, json=None if content is not None else body
        )
        await self.harness.settle()
        return answer


@asynccontextmanager
async def serving(harness: Harness, folder: Path) -> AsyncIterator[Api]:
    """Serve the API in this process; the folder keeps the issuer's key."""
    issuer = LocalIssuer(folder / "token.key", clock=harness.clock)
    app = build_app(harness.runtime, issuer, ThrowawayKeys())
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://eligibility") as client:
        yield Api(harness, issuer, client)

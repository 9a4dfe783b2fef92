"""Clients of the API of claims: ours, a stranger's, and a reader's."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from claims.http import build_app
from claims.testing.billing_office import CLINIC, ORGANIZATION, PAYEE
from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.clock import SimulatedClock
from revcycle_kit.delivery.runtime import Runtime

NOON = datetime(2026, 1, 11, 18, tzinfo=UTC)
ROLES = ["biller", "coder", "lead", "intake", "manager"]


class ApiClients:
    """Clients of the service's API: ours, and a stranger's with every role and no grant of ours."""

    def __init__(self, runtime: Runtime[Any], folder: Path) -> None:
        issuer = LocalIssuer(folder / "token.key", clock=SimulatedClock(NOON))
        self.app = build_app(runtime, issuer)
        own: dict[str, Any] = {"organization_id": ORGANIZATION, "clinics": [CLINIC], "billing_entities": [PAYEE]}
        other: dict[str, Any] = {
            "organization_id": UUID(int=1),
            "clinics": [UUID(int=2)],
            "billing_entities": [UUID(int=3)],
        }
        self.ours = self._client(issuer.issue("ada", roles=ROLES, **own))
        self.stranger = self._client(issuer.issue("eve", roles=[*ROLES, "operator"], **other))
        self.reader = self._client(issuer.issue("rita", roles=["auditor"], **own))
        self._keys = 0

    def _client(self, token: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers)

    async def post(self, path: str, body: Any = None, *, by: httpx.AsyncClient | None = None, key: str = "") -> Any:
        """Send a command under a key of its own."""
        self._keys += 1
        headers = {"Idempotency-Key": key or f"key-{self._keys}"}
        return await (by or self.ours).post(path, json=body, headers=headers)

    async def close(self) -> None:
        """Close the clients."""
        for client in (self.ours, self.stranger, self.reader):
            await client.aclose()

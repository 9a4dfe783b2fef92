"""Callers of the HTTP API, each with a grant."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from analytics.http import build_app
from analytics.testing.visits import CLINIC, ORGANIZATION, PAYEE
from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.testing.harness import Harness


@dataclass(frozen=True, slots=True)
class Callers:
    """Makes clients with a grant: by default of our clinic, payee and organization, as a biller."""

    issuer: LocalIssuer
    transport: httpx.ASGITransport

    @classmethod
    def of(cls, harness: Harness, folder: Path) -> "Callers":
        """Serve the API in this process; the folder keeps the issuer's key."""
        issuer = LocalIssuer(folder / "token.key", clock=harness.clock)
        return cls(issuer, httpx.ASGITransport(build_app(harness.runtime, issuer), raise_app_exceptions=False))

    def __call__(self, **grant: Any) -> httpx.AsyncClient:
        """Return a client."""
        ours: dict[str, Any] = {
            "roles": ["biller"],
            "organization_id": ORGANIZATION,
            "clinics": [CLINIC],
            "billing_entities": [PAYEE],
        }
        headers = {"Authorization": f"Bearer {self.issuer.issue('ada', **(ours | grant))}"}
        return httpx.AsyncClient(transport=self.transport, base_url="http://test", headers=headers)

    async def read(self, path: str, **query: Any) -> Any:
        """Return what a biller reads at a path."""
        async with self() as client:
            answer = await client.get(path, params=query)
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()

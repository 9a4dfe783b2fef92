"""Clients of the API, for callers of any role and grant."""

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from patient_billing.http import build_app
from patient_billing.testing.office import BillingOffice
from revcycle_kit.auth.local import LocalIssuer


class ApiClients:
    """Clients of the API: one that belongs to the organization, one of another."""

    def __init__(self, office: BillingOffice, tmp_path: Path) -> None:
        self.issuer = LocalIssuer(tmp_path / "token.key", clock=office.harness.clock)
        self.app = build_app(office.harness.runtime, self.issuer)
        self.entity = f"/v1/billing-entities/{office.entity_id}"
        self.account = f"{self.entity}/accounts/{office.account_id}"
        self.visit = f"/v1/clinics/{office.clinic_id}/encounters/{UUID(int=101)}"
        self.grant = {
            "organization_id": office.organization_id,
            "clinics": [office.clinic_id],
            "billing_entities": [office.entity_id],
        }
        self.keys = 0

    def client(self, *roles: str, **grant: Any) -> httpx.AsyncClient:
        token = self.issuer.issue("ada", roles=list(roles), **(grant or self.grant))
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(
            transport=transport, base_url="http://test", headers={"Authorization": f"Bearer {token}"}
        )

    @property
    def key(self) -> dict[str, str]:
        self.keys += 1
        return {"Idempotency-Key": f"key-{self.keys}"}

"""Throwaway keys for tests: every tenant has some as soon as it is asked for."""

from collections.abc import Iterable
from uuid import UUID

from revcycle_kit.keyring import TenantKeys


class ThrowawayKeys:
    """A key ring in memory that grants everybody everything; for tests only."""

    def __init__(self) -> None:
        self._keys: dict[UUID, TenantKeys] = {}

    def keys(self, tenant_id: UUID) -> TenantKeys:
        """Return the tenant's keys, drawn at the first call."""
        if tenant_id not in self._keys:
            self._keys[tenant_id] = TenantKeys.fresh(tenant_id)
        return self._keys[tenant_id]

    async def preload(self, tenant_ids: Iterable[UUID]) -> None:
        """Nothing is remote."""

    def create(self, tenant_id: UUID, grants: Iterable[str] = ()) -> None:
        """Every tenant has keys already."""

    def grant(self, tenant_id: UUID, service: str) -> None:
        """Everybody may already."""

    def rotate(self, tenant_id: UUID) -> None:
        """Draw new keys."""
        self._keys[tenant_id] = self.keys(tenant_id).with_spare().promoted()

    def destroy(self, tenant_id: UUID) -> None:
        """Draw new ones at the next call: what was sealed stays sealed."""
        del self._keys[tenant_id]

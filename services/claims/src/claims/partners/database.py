"""The service's own database, read beside its runtime: for what happens outside of a transaction."""

from contextlib import AbstractAsyncContextManager
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection

from claims.settings import Settings
from revcycle_kit.auth import Grant
from revcycle_kit.auth.grant import tenants_of
from revcycle_kit.database.connections import Reads
from revcycle_kit.program import key_ring_of
from revcycle_kit.sealing import Sealer


class OwnDatabase:
    """Reads the database that the settings name, within a grant; opened when first asked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def sealer(self) -> Sealer:
        """The keys."""
        return Sealer(key_ring_of(self._settings, "claims"))

    @cached_property
    def _reads(self) -> Reads:
        return Reads(self._settings.database_api, connections=2)

    def read(self, grant: Grant) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a read-only transaction that sees what the grant covers."""
        return self._reads.granted(tenants_of(grant))

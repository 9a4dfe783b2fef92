"""Readings: how an effect reads our own tables, with no transaction of a handler open."""

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.kpi_sums import Scope, claim_sums, money_sums
from analytics.kpis import SEED, Kpi, all_kpis
from analytics.messages import Measured, MeasureFigures, Miss
from revcycle_kit.auth.grant import Grant
from revcycle_kit.database.connections import Reads
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.errors import Unavailable

Read = Callable[[Iterable[UUID]], AbstractAsyncContextManager[AsyncConnection]]


class Readings:
    """
    Reads of one clinic at a time; told where to read once the service runs.

    Until then what needs them waits, as for any partner that is not up yet.
    """

    def __init__(self) -> None:
        self._read: Read | None = None

    @classmethod
    def at(cls, dsn: str) -> "Readings":
        """Return readings of the database at an address."""
        readings = cls()
        readings._read = Reads(dsn, connections=2).granted
        return readings

    def of(self, runtime: Runtime[Any]) -> None:
        """Read through a running service."""

        def read(tenants: Iterable[UUID]) -> AbstractAsyncContextManager[AsyncConnection]:
            return runtime.read(Grant("analytics", clinics=frozenset(tenants)))

        self._read = read

    async def measure(self, asked: MeasureFigures, key: str) -> Measured:
        """Return which of the seed KPIs miss their target. Raises Unavailable while there is nowhere to read."""
        del key
        if self._read is None:
            raise Unavailable("the tables of analytics")
        async with self._read([asked.clinic_id]) as connection:
            kpis = await figures(connection, Scope(as_of=asked.as_of, clinic_id=asked.clinic_id))
        return Measured(misses=tuple(_miss(kpis[name]) for name in SEED if _missed(kpis[name])))


async def figures(connection: AsyncConnection, scope: Scope) -> dict[str, Kpi]:
    """Compute every KPI of a scope, as far as the connection's grant reaches."""
    money = await money_sums(connection, scope)
    claims = await claim_sums(connection, scope)
    return all_kpis(money, claims, scope.as_of)


def _missed(kpi: Kpi) -> bool:
    return kpi.value is not None and kpi.target is not None and not kpi.target.reached(kpi.value)


def _miss(kpi: Kpi) -> Miss:
    target = kpi.target.words(kpi.unit) if kpi.target else ""
    return Miss(kpi=kpi.name, numerator=kpi.numerator, denominator=kpi.denominator, target=target)

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
    Reads of one clinic at a time.

    Where to read is asked each time, for the service is built before it runs; until then what needs it waits, as for
    any partner that is not up yet.
    """

    def __init__(self, read: Read | None = None) -> None:
        self._read = read

    @classmethod
    def at(cls, dsn: str) -> "Readings":
        """Return readings of the database at an address."""
        return cls(Reads(dsn, connections=2).granted)

    @classmethod
    def over(cls, runtime: Callable[[], Runtime[Any]]) -> "Readings":
        """Return readings through the running service: `Readings.over(lambda: runtimes["analytics"])`."""
        return cls(lambda tenants: runtime().read(Grant("analytics", clinics=frozenset(tenants))))

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

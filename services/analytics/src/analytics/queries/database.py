"""The own database, read only: how KPIs are measured with no transaction of a handler open."""

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.figures.kpis import SEED, Kpi
from analytics.messages import Measured, MeasureFigures, Miss
from analytics.queries.kpis import compute_kpis
from analytics.queries.scope import Scope
from revcycle_kit.auth.grant import Grant
from revcycle_kit.database.connections import Reads
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.errors import Unavailable

Read = Callable[[Iterable[UUID]], AbstractAsyncContextManager[AsyncConnection]]


class ReadOnlyDatabase:
    """
    The tables of analytics, one clinic at a time.

    Where to read is asked each time, for the service is built before it runs; until then what needs it waits, as for
    any partner that is not up yet.
    """

    def __init__(self, read: Read | None = None) -> None:
        self._read = read

    @classmethod
    def at(cls, dsn: str) -> "ReadOnlyDatabase":
        """Return the database at an address."""
        return cls(Reads(dsn, connections=2).granted)

    @classmethod
    def over(cls, runtime: Callable[[], Runtime[Any]]) -> "ReadOnlyDatabase":
        """Return the database of the running service: `ReadOnlyDatabase.over(lambda: runtimes["analytics"])`."""
        return cls(lambda tenants: runtime().read(Grant("analytics", clinics=frozenset(tenants))))

    async def measure_kpis(self, effect: MeasureFigures, key: str) -> Measured:
        """Return which of the seed KPIs miss their target. Raises Unavailable while there is nowhere to read."""
        del key
        if self._read is None:
            raise Unavailable("the tables of analytics")
        async with self._read([effect.clinic_id]) as connection:
            kpis = await compute_kpis(connection, Scope(as_of=effect.as_of, clinic_id=effect.clinic_id))
        return Measured(misses=tuple(_miss(kpis[name]) for name in SEED if _missed(kpis[name])))


def _missed(kpi: Kpi) -> bool:
    return kpi.value is not None and kpi.target is not None and not kpi.target.reached(kpi.value)


def _miss(kpi: Kpi) -> Miss:
    target = kpi.target.words(kpi.unit) if kpi.target else ""
    return Miss(kpi=kpi.name, numerator=kpi.numerator, denominator=kpi.denominator, target=target)

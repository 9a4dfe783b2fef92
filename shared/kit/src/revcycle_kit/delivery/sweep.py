"""Sweep: finds what waits for a reference (a clinic, a payer …) that is there by now."""

from time import monotonic
from typing import Any

from revcycle_kit.database.connections import Line
from revcycle_kit.delivery import sql
from revcycle_kit.delivery.loading import held_message
from revcycle_kit.delivery.service import Service
from revcycle_kit.delivery.unit import HeldMessage

SWEEP_SECONDS = 10.0


class Sweep:
    """
    Looks, in portions, at each waiting message once a sweep.

    It asks the tables and remembers nothing that a crash could lose. A sweep begins at the start, after doubt, when a
    reference was learned and when a message began to wait: whichever of the two commits last finds the other. Where
    other processes learn, it begins every few seconds as well.
    """

    def __init__(self, service: Service[Any], line: Line) -> None:
        references = list(service.references.values())
        self._statement = sql.held_for_known(references) if references else ""
        self._line = line
        self._after: int | None = 0
        self._looked_at = monotonic()

    def begin(self) -> None:
        """Look at everything once more."""
        self._after = 0

    async def portion(self, limit: int, *, exclusive: bool) -> list[HeldMessage]:
        """Return the next messages that can be tried again; none when the sweep is at its end."""
        if self._after is None and not exclusive and monotonic() - self._looked_at > SWEEP_SECONDS:
            self.begin()
        if self._after is None or not self._statement:
            return []
        async with self._line.lock:
            rows = await (await self._line.connection()).fetch(self._statement, self._after, limit)
        self._after = rows[-1]["seq"] if rows else None
        self._looked_at = monotonic()
        return [held_message(row) for row in rows]

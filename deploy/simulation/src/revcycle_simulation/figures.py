"""Figures: what the services say of a play, through their own APIs, and what must be true of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from revcycle.operate.lookups import PAYERS_DOING
from revcycle.server.directory import Places
from revcycle.server.system import System
from revcycle_kit.bus.protocol import topic_of

MONEY = (
    "charged",
    "insurance_paid",
    "adjusted",
    "patient_paid",
    "written_off",
    "insurance_open",
    "in_transit",
    "patient_open",
)
SEED_KPIS = ("net_collection_rate", "denial_rate", "days_in_ar", "clean_claim_rate", "first_pass_rate")


class Figures:
    """Reads analytics and the ledgers of the other services."""

    def __init__(self, system: System, places: Places) -> None:
        self._system = system
        self._clients = {name: system.client(name, "figures", **places.grant) for name in system.parts}

    async def read(self, service: str, path: str) -> Any:
        """Return what a service answers. Raises httpx.HTTPStatusError where it refuses."""
        answer = await self._clients[service].get(path)
        answer.raise_for_status()
        return answer.json()

    async def money(self) -> dict[str, int]:
        """Return the money of all encounters, in cents."""
        totals: dict[str, int] = (await self.read("analytics", "/v1/money"))["totals_cents"]
        return totals

    async def journey(self, encounter_id: UUID) -> dict[str, Any]:
        """Return the story of one encounter."""
        story: dict[str, Any] = await self.read("analytics", f"/v1/journeys/{encounter_id}")
        return story

    async def kpis(self, as_of: date | None = None) -> dict[str, dict[str, Any]]:
        """Return every KPI by name, as of today or another day."""
        scope = f"?as_of={as_of.isoformat()}" if as_of else ""
        return {kpi["name"]: kpi for kpi in (await self.read("analytics", f"/v1/kpis{scope}"))["kpis"]}

    async def event_counts(self) -> dict[str, int]:
        """Return how many events of each type were heard."""
        counts: dict[str, int] = (await self.read("analytics", "/v1/event-counts"))["by_type"]
        return counts

    async def encounters(self) -> dict[str, Any]:
        """Return how many encounters are registered, open and closed."""
        counts: dict[str, Any] = await self.read("analytics", "/v1/encounters/counts")
        return counts

    async def invariants(self) -> dict[str, bool]:
        """Return what must be true of every play, and whether it is."""
        money = await self.read("analytics", "/v1/money")
        agreed = await self.read("analytics", "/v1/reconciliation")
        held = [await service.held("parked", "queued") for service in self._system.runtimes.values()]
        return {
            "money_conserved": _conserved(money["totals_cents"]),
            "money_conserved_per_encounter": money["conserved"],
            "cash_conserved": money["insurance_cash_cents"]["conserved"],
            "nothing_in_transit": money["totals_cents"]["in_transit"] == 0,
            "services_agree": not [finding for finding in agreed["findings"] if finding["kind"] not in PAYERS_DOING],
            "nothing_parked": not any(held),
            "every_event_heard": self._everything_heard(),
        }

    def _everything_heard(self) -> bool:
        return all(
            service.heard[topic_of(source)] >= self._system.runtimes[source].published
            for service in self._system.runtimes.values()
            for source in service.service.sources
        )

    async def close(self) -> None:
        """Let go of the clients."""
        for client in self._clients.values():
            await client.aclose()


def _conserved(money: Mapping[str, int]) -> bool:
    return money["charged"] == sum(money[name] for name in MONEY[1:])

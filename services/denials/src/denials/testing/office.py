"""The service at work on real PostgreSQL, fed with the examples that it keeps in its publishers' trees."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from denials.domain.denial import Denial
from denials.service import build
from denials.testing.carrier import ScriptedCarrier
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.testing.contracts import contracts_of
from revcycle_kit.testing.harness import Build, Harness

START: Final = datetime(2026, 3, 3, 15, tzinfo=UTC)
CLINIC: Final = UUID("6b1f0d5c-2a11-8a10-9c01-000000000001")
ENCOUNTER: Final = StreamRef("clinic", CLINIC, "encounter", UUID("6b1f0d5c-2a11-8a10-9c02-000000000001"))
ORGANIZATION: Final = UUID("6b1f0d5c-2a11-8a10-9c06-000000000001")
DIRECTORY: Final = (
    "eligibility/payer_updated.commercial",
    "eligibility/billing_entity_updated.billing_company",
    "eligibility/clinic_updated.chicago",
)


@dataclass(frozen=True, slots=True)
class Office:
    """The service with its directory known, and short words for what tests do."""

    harness: Harness
    carrier: ScriptedCarrier

    async def hear(self, example: str, **changes: Any) -> None:
        """Let the service hear one of its examples: `claims/claim_adjudicated.no_authorization`."""
        await self.harness.hear_example(example_of(example), **changes)

    async def run(self, command: Command) -> Any:
        """Let a command take effect on the encounter."""
        return await self.harness.command(command, ENCOUNTER)

    async def refuse(self, case: str = "no_authorization", claim: str = "surgery", **changes: Any) -> Denial:
        """Let a claim be billed and refused; return its denial."""
        await self.hear(f"claims/claim_submitted.{claim}")
        await self.hear(f"claims/claim_adjudicated.{case}", **changes)
        [denial] = await self.denials()
        return denial

    async def denials(self) -> list[Denial]:
        """Return every denial, by id."""
        denials: list[Denial] = await self.harness.documents("denial")
        return denials

    async def event_names(self) -> list[str]:
        """Return the names of the events of the encounter."""
        return await self.harness.said_names(ENCOUNTER.id)

    async def last(self, event: str) -> dict[str, Any]:
        """Return the data of the last event of that name."""
        return [data for name, data in await self.harness.said() if name == event][-1]


def example_of(example: str) -> Path:
    """Return the file of an example: `claims/claim_adjudicated.no_authorization`."""
    source, _, name = example.partition("/")
    event, _, case = name.partition(".")
    services = contracts_of("denials").parents[1]
    return services / source / "contracts" / "consumers" / "denials" / f"{event}.v1.{case}.json"


async def open_office(make: Build) -> Office:
    """Start the service on a fresh database, and let the directory speak."""
    carrier = ScriptedCarrier()
    office = Office(await make(build(carrier), package="denials", start=START), carrier)
    for example in DIRECTORY:
        await office.hear(example)
    return office

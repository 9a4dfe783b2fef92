"""A practice: eligibility at work on real PostgreSQL for one clinic, with its directory entered."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from eligibility.domain import identifiers
from eligibility.domain.directory import BillingEntity, Clinic, Payer, Provider
from eligibility.domain.ehr_messages import Message
from eligibility.domain.encounter import Encounter
from eligibility.domain.people import Address
from eligibility.intake.receiver import MessageReceiver
from eligibility.intake.sender import Sender
from eligibility.messages.commands import (
    Done,
    EnterBillingEntity,
    EnterClinic,
    EnterPayer,
    EnterProvider,
    Receipt,
)
from eligibility.testing.clearinghouse import ScriptedClearinghouse
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.testing.harness import Harness

ORGANIZATION = UUID("00000000-0000-8000-8000-00000000000a")
CLINIC = UUID("00000000-0000-8000-8000-00000000000c")
PAYEE = UUID("00000000-0000-8000-8000-00000000000e")
START = datetime(2026, 1, 5, 14, 0, tzinfo=UTC)
NPI = "1234567893"
PPO = identifiers.payer(ORGANIZATION, "PPO01")


@dataclass
class Practice:
    """Eligibility with a clinic, as a sender and its people meet it."""

    harness: Harness
    clearinghouse: ScriptedClearinghouse
    receiver: MessageReceiver

    async def receive(self, raw: bytes) -> Receipt:
        """Take a message in, and let everything it causes take effect."""
        receipt = await self.receiver.receive(raw, Sender(ORGANIZATION, CLINIC))
        await self.harness.settle()
        return receipt

    async def run(self, command: Command, encounter_id: UUID) -> Done:
        """Run a command of a person on an encounter, and let everything it causes take effect."""
        stream = StreamRef("clinic", CLINIC, "encounter", encounter_id)
        done = await self.harness.command(command, stream)
        await self.harness.settle()
        return cast("Done", done)

    async def enter(self, command: Command, entry_id: UUID) -> None:
        """Enter something in the directory."""
        await self.harness.command(command, StreamRef("organization", ORGANIZATION, "directory", entry_id))

    async def encounter(self) -> Encounter:
        """Return the only encounter."""
        encounters: list[Encounter] = await self.harness.documents("encounter")
        [encounter] = encounters
        return encounter

    async def message(self) -> Message:
        """Return the only message."""
        messages: list[Message] = await self.harness.documents("message")
        [message] = messages
        return message

    async def last(self, name: str) -> dict[str, Any]:
        """Return the data of the last event of a name."""
        data: dict[str, Any] = [data for event, data in await self.harness.said() if event == name][-1]
        return data


async def open_practice(harness: Harness, clearinghouse: ScriptedClearinghouse) -> Practice:
    """Enter a clinic with a payee, a clinician and a payer."""
    practice = Practice(harness, clearinghouse, MessageReceiver(harness.runtime))
    clinic = Clinic(
        organization_id=ORGANIZATION,
        clinic_id=CLINIC,
        name="River Clinic",
        time_zone="America/New_York",
        billing_entity_ids=(PAYEE,),
        facility_codes=("RIVER",),
    )
    payee = BillingEntity(
        organization_id=ORGANIZATION,
        billing_entity_id=PAYEE,
        name="River Medical Group",
        tin="123456789",
        npi=NPI,
        address=Address(line1="1 Main St", city="Albany", state="NY", postal_code="122071234"),
    )
    provider = Provider(
        organization_id=ORGANIZATION,
        provider_id=identifiers.provider(ORGANIZATION, NPI),
        npi=NPI,
        family="Hart",
    )
    await practice.enter(EnterClinic(clinic=clinic), CLINIC)
    await practice.enter(EnterBillingEntity(billing_entity=payee), PAYEE)
    await practice.enter(EnterProvider(provider=provider), provider.provider_id)
    await practice.enter(EnterPayer(payer=_payer()), PPO)
    return practice


def _payer() -> Payer:
    return Payer(
        organization_id=ORGANIZATION,
        payer_id=PPO,
        name="Northern PPO",
        payer_code="PPO01",
        kind="commercial",
        filing_indicator="CI",
        timely_filing_days=90,
        authorization_codes=("J1745",),
    )

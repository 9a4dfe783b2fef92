"""Eligibility at work on real PostgreSQL, with a directory entered and a scripted clearinghouse."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from eligibility.domain import identifiers
from eligibility.domain.directory import BillingEntity, Clinic, Payer, Provider
from eligibility.domain.people import Address
from eligibility.intake.receiver import MessageReceiver, Sender
from eligibility.messages.commands import EnterBillingEntity, EnterClinic, EnterPayer, EnterProvider, Receipt
from eligibility.service import build
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.testing.harness import Harness

ORGANIZATION = UUID("00000000-0000-8000-8000-00000000000a")
CLINIC = UUID("00000000-0000-8000-8000-00000000000c")
PAYEE = UUID("00000000-0000-8000-8000-00000000000e")
START = datetime(2026, 1, 5, 14, 0, tzinfo=UTC)
NPI = "1234567893"


@dataclass
class ScriptedClearinghouse:
    """Answers as the test says; keeps what it was asked."""

    answer: Callable[[bytes], bytes] = lambda _: b""
    asked: list[bytes] = field(default_factory=list)

    async def ask(self, interchange: bytes, key: str) -> bytes:
        """Answer one interchange."""
        del key
        self.asked.append(interchange)
        return self.answer(interchange)


@dataclass
class Desk:
    """Eligibility with a clinic, as a sender and its people meet it."""

    harness: Harness
    clearinghouse: ScriptedClearinghouse
    reception: MessageReceiver

    async def receive(self, raw: bytes) -> Receipt:
        """Take a message in, and let everything it causes take effect."""
        receipt = await self.reception.receive(raw, Sender(ORGANIZATION, CLINIC))
        await self.harness.settle()
        return receipt

    async def do(self, command: Command, encounter_id: UUID) -> Any:
        """Do something at an encounter."""
        stream = StreamRef("clinic", CLINIC, "encounter", encounter_id)
        answer = await self.harness.command(command, stream)
        await self.harness.settle()
        return answer

    async def enter(self, command: Command, entry_id: UUID) -> None:
        """Enter something in the directory."""
        await self.harness.command(command, StreamRef("organization", ORGANIZATION, "directory", entry_id))


@pytest.fixture
def clearinghouse() -> ScriptedClearinghouse:
    """Return a clearinghouse that answers nothing of use until told."""
    return ScriptedClearinghouse()


@pytest.fixture
async def desk(harness: Callable[..., Awaitable[Harness]], clearinghouse: ScriptedClearinghouse) -> Desk:
    """Return a clinic with a payee, a clinician and a payer in the directory."""
    made = await harness(build(clearinghouse), package="eligibility", start=START)
    place = Desk(made, clearinghouse, MessageReceiver(made.runtime))
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
    await place.enter(EnterClinic(clinic=clinic), CLINIC)
    await place.enter(EnterBillingEntity(billing_entity=payee), PAYEE)
    await place.enter(EnterProvider(provider=provider), provider.provider_id)
    await place.enter(EnterPayer(payer=_payer()), _payer().payer_id)
    return place


def _payer() -> Payer:
    return Payer(
        organization_id=ORGANIZATION,
        payer_id=identifiers.payer(ORGANIZATION, "PPO01"),
        name="Northern PPO",
        payer_code="PPO01",
        kind="commercial",
        filing_indicator="CI",
        timely_filing_days=90,
        authorization_codes=("J1745",),
    )

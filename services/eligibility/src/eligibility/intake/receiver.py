"""The receiver of messages, by MLLP, HTTP or file: reads outside, then one command keeps and passes on."""

import asyncio
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from eligibility.domain.directory import Clinic
from eligibility.domain.ehr_messages import message_id
from eligibility.domain.facts import Reading
from eligibility.intake.clinics import ClinicFinder
from eligibility.intake.reading import read
from eligibility.intake.scope import Scope
from eligibility.intake.sender import Sender
from eligibility.messages.commands import Receipt, ReceiveMessage
from eligibility.storage import EligibilityWork
from revcycle_kit.auth.grant import Grant
from revcycle_kit.clock import Clock
from revcycle_kit.delivery.commands import answer_as
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.delivery.runtime import Runtime

__all__ = ["MessageReceiver", "Sender"]

BATCH_MAX = 100
"""How many messages of a file share transactions."""


class MessageReceiver:
    """Receives messages; each is kept when its receipt is returned."""

    def __init__(self, runtime: Runtime[EligibilityWork]) -> None:
        self._runtime = runtime
        self.clinics = ClinicFinder(runtime)

    @property
    def clock(self) -> Clock:
        """The clock by which messages are acknowledged."""
        return self._runtime.clock

    async def receive_all(self, messages: Sequence[bytes], sender: Sender, grant: Grant | None = None) -> list[Receipt]:
        """Keep the messages of a file, in their order, many to a transaction."""
        receipts: list[Receipt] = []
        if messages:
            await self.clinics.clinics(sender.organization_id)
        for start in range(0, len(messages), BATCH_MAX):
            batch = messages[start : start + BATCH_MAX]
            receipts += await asyncio.gather(*(self.receive(raw, sender, grant) for raw in batch))
        return receipts

    async def receive(
        self, raw: bytes, sender: Sender, grant: Grant | None = None, *, released: bool = False
    ) -> Receipt:
        """Keep a message and pass its facts on; returns after the commit."""
        clinic = await self.clinics.clinic_of(raw, sender)
        reading = _read(raw, sender, clinic)
        command = ReceiveMessage(
            organization_id=sender.organization_id,
            raw=raw,
            reading=reading,
            source=reading.origin.format,
            released=released,
        )
        return await self._execute(command, clinic.clinic_id if clinic else sender.clinic_id, grant)

    async def register(self, reading: Reading, raw: bytes, sender: Sender, grant: Grant) -> Receipt:
        """Take a registration that a person or program entered through the API."""
        command = ReceiveMessage(organization_id=sender.organization_id, raw=raw, reading=reading, source="api")
        return await self._execute(command, sender.clinic_id, grant)

    async def read_again(self, raw: bytes, sender: Sender) -> Reading:
        """Read a kept message as it is read now."""
        return _read(raw, sender, await self.clinics.clinic_of(raw, sender))

    async def _execute(self, command: ReceiveMessage, clinic_id: UUID, grant: Grant | None) -> Receipt:
        digest = sha256(command.raw).hexdigest()
        identifier = message_id(clinic_id, command.reading.origin, digest)
        stream = StreamRef("clinic", clinic_id, "message", identifier)
        receipt: Receipt = answer_as(Receipt, await self._runtime.execute(command, stream, grant=grant))
        return receipt


def _read(raw: bytes, sender: Sender, clinic: Clinic | None) -> Reading:
    """Read a message in its clinic's time zone."""
    time_zone = clinic.time_zone if clinic else "America/New_York"
    return read(raw, Scope(sender.organization_id, time_zone, sender.name))

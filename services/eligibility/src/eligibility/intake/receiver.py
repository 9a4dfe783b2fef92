"""
Where messages come in, by MLLP, HTTP or file: read outside, then one command that keeps and passes on.

A message belongs to the clinic that its sender's facility (MSH-4) names, else to the clinic of the connection.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from eligibility.domain.directory import Clinic
from eligibility.domain.ehr_messages import message_id
from eligibility.domain.facts import Gap, Reading
from eligibility.hl7v2 import (
    Acknowledgment,
    AcknowledgmentCode,
    Message,
    UnreadableMessageError,
    acknowledge,
    read_message,
)
from eligibility.intake import Scope, read
from eligibility.messages.commands import Receipt, ReceiptOutcome, ReceiveMessage
from eligibility.storage import EligibilityWork, clinic_table, decoded
from revcycle_kit.auth.grant import Grant
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.delivery.runtime import Runtime, answer_as

TOGETHER = 100
"""How many messages of a file share transactions."""
KNOWN_FOR = timedelta(minutes=5)
"""How long the directory's clinics are remembered …"""
UNKNOWN_FOR = timedelta(seconds=30)
"""… and how long a facility that no clinic claims stays unknown."""


@dataclass(frozen=True, slots=True)
class Source:
    """A connection: whose messages it brings, and the clinic of those that name none."""

    organization_id: UUID
    clinic_id: UUID
    name: str = "ehr"


class MessageReceiver:
    """Takes messages in."""

    def __init__(self, runtime: Runtime[EligibilityWork]) -> None:
        self._runtime = runtime
        self._clinics: dict[UUID, tuple[datetime, dict[UUID, Clinic]]] = {}
        self._reading = asyncio.Lock()

    async def receive_all(self, pieces: Sequence[bytes], source: Source, grant: Grant | None = None) -> list[Receipt]:
        """Keep the messages of a file, in their order, many to a transaction."""
        receipts: list[Receipt] = []
        if pieces:
            await self._known(source.organization_id)
        for start in range(0, len(pieces), TOGETHER):
            together = pieces[start : start + TOGETHER]
            receipts += await asyncio.gather(*(self.receive(piece, source, grant) for piece in together))
        return receipts

    async def receive(
        self, raw: bytes, source: Source, grant: Grant | None = None, *, released: bool = False
    ) -> Receipt:
        """Keep a message and pass its facts on; returns after the commit."""
        clinic = await self.clinic_of(raw, source)
        reading = self.read(raw, source, clinic)
        command = ReceiveMessage(
            organization_id=source.organization_id,
            raw=raw,
            reading=reading,
            source=reading.origin.format,
            released=released,
        )
        return await self._execute(command, clinic.clinic_id if clinic else source.clinic_id, grant)

    async def enter(self, reading: Reading, raw: bytes, source: Source, grant: Grant) -> Receipt:
        """Take a registration that a person or program entered through the API."""
        command = ReceiveMessage(organization_id=source.organization_id, raw=raw, reading=reading, source="api")
        return await self._execute(command, source.clinic_id, grant)

    def read(self, raw: bytes, source: Source, clinic: Clinic | None) -> Reading:
        """Read a message in its clinic's time zone."""
        time_zone = clinic.time_zone if clinic else "America/New_York"
        return read(raw, Scope(source.organization_id, time_zone, source.name))

    async def _execute(self, command: ReceiveMessage, clinic_id: UUID, grant: Grant | None) -> Receipt:
        digest = sha256(command.raw).hexdigest()
        identifier = message_id(clinic_id, command.reading.origin, digest)
        stream = StreamRef("clinic", clinic_id, "message", identifier)
        answer: Receipt = answer_as(Receipt, await self._runtime.execute(command, stream, grant=grant))
        return answer

    async def clinic_of(self, raw: bytes, source: Source) -> Clinic | None:
        """Return the clinic a message belongs to, as the directory knows it."""
        facility = _facility(raw) or source.name.upper()
        clinics = await self._known(source.organization_id)
        clinic = _named(clinics, facility) or clinics.get(source.clinic_id)
        if clinic is None or facility not in _codes(clinic):
            clinics = await self._known(source.organization_id, age_max=UNKNOWN_FOR)
            clinic = _named(clinics, facility) or clinics.get(source.clinic_id)
        return clinic

    async def _known(self, organization_id: UUID, *, age_max: timedelta = KNOWN_FOR) -> dict[UUID, Clinic]:
        async with self._reading:  # who comes meanwhile finds what the first one read
            now = self._runtime.clock.now()
            read_at, clinics = self._clinics.get(organization_id, (None, {}))
            if read_at is not None and now - read_at < age_max:
                return clinics
            return await self._read(organization_id, now)

    async def _read(self, organization_id: UUID, now: datetime) -> dict[UUID, Clinic]:
        table = clinic_table.c
        query = select(table.body).where(table.organization_id == organization_id)
        async with self._runtime.read(Grant("receiver", organization_id=organization_id)) as connection:
            entries = [decoded(Clinic, row.body) for row in await connection.execute(query)]
        clinics = {clinic.clinic_id: clinic for clinic in entries}
        self._clinics[organization_id] = (now, clinics)
        return clinics

    def forget(self, organization_id: UUID) -> None:
        """Read the clinics anew: the directory has changed."""
        self._clinics.pop(organization_id, None)


class MllpReceiver:
    """What the MLLP server calls: receives, and writes the acknowledgment."""

    def __init__(self, receiver: MessageReceiver, source: Source, runtime: Runtime[EligibilityWork]) -> None:
        self._reception = receiver
        self._source = source
        self._runtime = runtime

    async def receive(self, raw: bytes) -> bytes | None:
        """Return the acknowledgment of a message that is committed."""
        receipt = await self._reception.receive(raw, self._source)
        now: datetime = self._runtime.clock.now()
        return acknowledge(_header(raw), acknowledgment_of(receipt), at=now, control_id=receipt.message_id.hex[:20])


def acknowledgment_of(receipt: Receipt) -> Acknowledgment:
    """
    Choose how a message is acknowledged.

    What is kept is accepted, also if it is held or of no use here: the sender must neither stop nor send it
    again. Only bytes that are no message are an error.
    """
    if receipt.outcome == ReceiptOutcome.REFUSED and receipt.refusals and receipt.refusals[0].where.startswith("MSH"):
        first = receipt.refusals[0]
        code = AcknowledgmentCode.REJECTED if first.where == "MSH-9" else AcknowledgmentCode.ERROR
        return Acknowledgment(code, f"{first.problem}. {first.fix}", first.where)
    first_gap: Gap | None = receipt.gaps[0] if receipt.gaps else None
    return Acknowledgment(AcknowledgmentCode.ACCEPTED, f"held: {first_gap.fix}" if first_gap else "")


def _header(raw: bytes) -> Message | None:
    try:
        return read_message(raw)
    except UnreadableMessageError:
        return None


def _facility(raw: bytes) -> str:
    if raw.lstrip()[:3] != b"MSH":
        return ""
    message = _header(raw.split(b"\r", 1)[0].split(b"\n", 1)[0])
    return message.header.text(4).upper() if message else ""


def _named(clinics: dict[UUID, Clinic], facility: str) -> Clinic | None:
    return next((clinic for clinic in clinics.values() if facility in _codes(clinic)), None)


def _codes(clinic: Clinic) -> set[str]:
    return {code.upper() for code in clinic.facility_codes}

"""
A message of an EHR as we keep it: received once, told from every other, accounted for.

The bytes themselves are kept sealed beside it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from eligibility.domain.facts import Gap, Origin, Reading, Refusal
from revcycle_kit.ids import derived_id
from revcycle_kit.values import Value, replace


class MessageState(StrEnum):
    """What became of a message; `conflict` is the same control id with other content: held until a person decides."""

    ACCEPTED = "accepted"
    HELD = "held"
    REFUSED = "refused"
    CONFLICT = "conflict"


_NAME_LENGTH_MAX = 60
_KEPT_MAX = 50
"""How many gaps and refusals of one message are kept in words; the rest is counted."""


class Message(Value, kw_only=True):
    """One message as received."""

    message_id: UUID
    clinic_id: UUID
    organization_id: UUID
    state: MessageState
    format: Literal["hl7v2", "fhir"]
    type: str
    source: str
    digest: str
    received_at: datetime
    facts: int = 0
    attempts: int = 1
    repeats: int = 0
    gaps: tuple[Gap, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()

    def repeated(self) -> "Message":
        """Return the message after the sender sent it once more."""
        return replace(self, repeats=self.repeats + 1)

    def read_again(self, reading: Reading) -> "Message":
        """Return the message after a replay, with what was read this time."""
        return replace(self.telling(reading), attempts=self.attempts + 1)

    def telling(self, reading: Reading) -> "Message":
        """Return the message with what was read out of it."""
        return replace(
            self,
            state=MessageState(reading.outcome),
            facts=len(reading.facts),
            gaps=reading.gaps[:_KEPT_MAX],
            refusals=reading.refusals[:_KEPT_MAX],
            notes=reading.notes[:_KEPT_MAX],
        )


def message_id(clinic_id: UUID, origin: Origin, digest: str) -> UUID:
    """
    Return the id of a message: sending application, facility and control id (MSH-3, MSH-4, MSH-10).

    Without a control id, or without any name of the sender, the content itself tells it from every other.
    """
    if origin.control_id and (origin.application or origin.named_facility):
        return derived_id("message", str(clinic_id), origin.application, origin.named_facility, origin.control_id)
    return derived_id("message", str(clinic_id), "sha256", digest)


def conflicting_id(clinic_id: UUID, digest: str) -> UUID:
    """Return the id under which a message is kept whose control id was used for other content."""
    return derived_id("message", str(clinic_id), "conflict", digest)


def first_seen(clinic_id: UUID, organization_id: UUID, reading: Reading, digest: str, at: datetime) -> Message:
    """Make the record of a message that was never received before."""
    blank = Message(
        message_id=message_id(clinic_id, reading.origin, digest),
        clinic_id=clinic_id,
        organization_id=organization_id,
        state=MessageState(reading.outcome),
        format=reading.origin.format,
        type=reading.origin.type[:_NAME_LENGTH_MAX],
        source=reading.origin.facility[:_NAME_LENGTH_MAX],
        digest=digest,
        received_at=at,
    )
    return blank.telling(reading)


def in_conflict(message: Message, identifier: UUID) -> Message:
    """
    Return the record of a message whose control id came before with other content: none of it is used.

    One that could not be used anyway stays refused, for its own reason.
    """
    if message.state == MessageState.REFUSED:
        return replace(message, message_id=identifier)
    gap = Gap(
        what="control_id",
        where="MSH-10",
        fix="Give every message its own control id; if this one is right, release it.",
    )
    return replace(message, message_id=identifier, state=MessageState.CONFLICT, facts=0, gaps=(gap,))

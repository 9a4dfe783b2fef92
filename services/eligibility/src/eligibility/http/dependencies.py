"""Dependencies of routes beside the kit's runner: the receiver of messages, the key ring, a stream of the path."""

from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Request

from eligibility.intake.receiver import MessageReceiver
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.keyring import KeyRing


async def _receiver(request: Request) -> MessageReceiver:
    return cast("MessageReceiver", request.app.state.receiver)


async def _keys(request: Request) -> KeyRing:
    return cast("KeyRing", request.app.state.keys)


async def _encounter(clinic_id: UUID, encounter_id: UUID) -> StreamRef:
    return StreamRef("clinic", clinic_id, "encounter", encounter_id)


Receiver = Annotated[MessageReceiver, Depends(_receiver)]
Keys = Annotated[KeyRing, Depends(_keys)]
EncounterStream = Annotated[StreamRef, Depends(_encounter)]
"""The stream of the encounter that the path names."""

"""Messages of EHR systems over HTTP: take them in, account for them, use them again."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request

from eligibility import queries
from eligibility.http.dependencies import Receiver
from eligibility.http.requests import FrontDesk, Intake, Reader, ReplayShape, domain_value
from eligibility.http.views import MessageView, ReceiptView
from eligibility.intake import pieces_of
from eligibility.intake.receiver import Sender
from eligibility.messages.commands import Receipt, ReplayMessage
from eligibility.queries import KeptMessage, MessageFilter
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import NotFound, Refusal
from revcycle_kit.http import Cursor, Page, Paging, Runner, repeatable

BODY_BYTES_MAX = 64_000_000
_by_arrival = Cursor("messages", tuple[datetime, UUID])
_once = repeatable("a message is unique by sender, control id and content")

router = APIRouter(prefix="/v1/clinics/{clinic_id}", tags=["messages"])


@router.post("/messages", dependencies=[_once], max_body_size=BODY_BYTES_MAX)
async def receive_messages(
    clinic_id: UUID, request: Request, caller: Intake, receiver: Receiver, source: str = "ehr"
) -> list[ReceiptView]:
    """Take a file: HL7 v2 messages (one or many), a FHIR bundle, a resource, or newline-delimited resources."""
    caller.require_clinic(clinic_id)
    sender = Sender(caller.require_organization(), clinic_id, source[:60])
    receipts = await receiver.receive_all(pieces_of(await request.body()), sender, caller)
    return [ReceiptView.model_validate(receipt) for receipt in receipts]


@router.get("/messages")
async def list_messages(
    clinic_id: UUID,
    paging: Paging,
    caller: Reader,
    runner: Runner,
    state: Literal["accepted", "held", "refused", "conflict"] | None = None,
) -> Page[MessageView]:
    """List messages in the order in which they came; held and refused ones say what to do."""
    caller.require_clinic(clinic_id)
    async with runner.read(caller) as connection:
        after = _by_arrival.read(paging.cursor)
        messages = await queries.list_messages(connection, clinic_id, state, after, paging.limit)
    return _by_arrival.page(
        messages,
        paging,
        item=MessageView.model_validate,
        after=lambda message: (message.received_at, message.message_id),
    )


@router.post("/messages/replay", dependencies=[repeatable("what was used before has no second effect")])
async def replay_messages(
    clinic_id: UUID, request: ReplayShape, caller: FrontDesk, runner: Runner, receiver: Receiver
) -> list[ReceiptView]:
    """Use kept messages again, as they are read now."""
    caller.require_clinic(clinic_id)
    if not request.message_ids and not request.states:
        raise Refusal("Nothing is named to replay.", "message_ids", "Name messages, or states.")
    receipts = []
    for kept in await _kept(clinic_id, domain_value(MessageFilter, request), caller, runner):
        reading = await receiver.read_again(kept.raw, _sender(kept))
        command = ReplayMessage(message_id=kept.message.message_id, reading=reading)
        stream = StreamRef("clinic", clinic_id, "message", kept.stream_id)
        receipts.append(await runner.answer(Receipt, command, stream, caller=caller, key=None))
    return [ReceiptView.model_validate(receipt) for receipt in receipts]


@router.post("/messages/{message_id}/release", dependencies=[repeatable("a released message stays released")])
async def release_message(
    clinic_id: UUID, message_id: UUID, caller: FrontDesk, runner: Runner, receiver: Receiver
) -> ReceiptView:
    """Use a message that was held because its control id came before with other content."""
    for kept in await _kept(clinic_id, MessageFilter(message_ids=(message_id,)), caller, runner):
        receipt = await receiver.receive(kept.raw, _sender(kept), caller, released=True)
        return ReceiptView.model_validate(receipt)
    raise NotFound("message")


async def _kept(clinic_id: UUID, wanted: MessageFilter, caller: Grant, runner: Runner) -> list[KeptMessage]:
    caller.require_clinic(clinic_id)
    async with runner.read(caller) as connection:
        return await queries.kept_messages(connection, runner.runtime.sealer, clinic_id, wanted)


def _sender(kept: KeptMessage) -> Sender:
    return Sender(kept.message.organization_id, kept.message.clinic_id, kept.message.source)

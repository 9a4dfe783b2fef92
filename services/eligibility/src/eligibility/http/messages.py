"""Messages of EHR systems over HTTP: take them in, account for them, use them again."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from sqlalchemy import select, tuple_

from eligibility.domain.ehr_messages import Message
from eligibility.http.requests import FrontDesk, Intake, Reader, ReplayShape
from eligibility.http.views import MessageView, ReceiptView
from eligibility.intake import pieces_of
from eligibility.intake.receiver import MessageReceiver, Source
from eligibility.messages.commands import Receipt, ReplayMessage
from eligibility.storage import RAW_PURPOSE, EligibilityWork, RawContent, decoded, message_table, raw_message_table
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.delivery.runtime import Runtime, answer_as
from revcycle_kit.errors import NotFound, Refusal
from revcycle_kit.http import Cursor, Page, Paging, repeatable
from revcycle_kit.sealing import Sealed

BODY_BYTES_MAX = 64_000_000
REPLAY_MAX = 500
_by_arrival = Cursor("messages", tuple[datetime, UUID])


def routes(runtime: Runtime[EligibilityWork], receiver: MessageReceiver) -> APIRouter:
    """Make the routes of messages."""
    router = APIRouter(prefix="/v1/clinics/{clinic_id}", tags=["messages"])
    once = repeatable("a message is unique by sender, control id and content")

    @router.post("/messages", dependencies=[once], max_body_size=BODY_BYTES_MAX)
    async def receive_messages(
        clinic_id: UUID, request: Request, caller: Intake, source: str = "ehr"
    ) -> list[ReceiptView]:
        """Take a file: HL7 v2 messages (one or many), a FHIR bundle, a resource, or newline-delimited resources."""
        caller.require_clinic(clinic_id)
        origin = Source(_organization(caller), clinic_id, source[:60])
        receipts = await receiver.receive_all(pieces_of(await request.body()), origin, caller)
        return [_receipt(receipt) for receipt in receipts]

    @router.get("/messages")
    async def list_messages(
        clinic_id: UUID,
        paging: Paging,
        caller: Reader,
        state: Literal["accepted", "held", "refused", "conflict"] | None = None,
    ) -> Page[MessageView]:
        """List messages in the order in which they came; held and refused ones say what to do."""
        caller.require_clinic(clinic_id)
        after = _by_arrival.read(paging.cursor)
        table = message_table.c
        query = select(message_table).where(table.clinic_id == clinic_id)
        if state:
            query = query.where(table.state == state)
        if after:
            query = query.where(tuple_(table.received_at, table.id) > after)
        query = query.order_by(table.received_at, table.id).limit(paging.limit + 1)
        async with runtime.read(caller) as connection:
            messages = [decoded(Message, row.body) for row in await connection.execute(query)]
        return _by_arrival.page(
            messages, paging, item=_view, after=lambda message: (message.received_at, message.message_id)
        )

    @router.post("/messages/replay", dependencies=[repeatable("what was used before has no second effect")])
    async def replay_messages(clinic_id: UUID, request: ReplayShape, caller: FrontDesk) -> list[ReceiptView]:
        """Use kept messages again, as they are read now."""
        caller.require_clinic(clinic_id)
        if not request.message_ids and not request.states:
            raise Refusal("Nothing is named to replay.", "message_ids", "Name messages, or states.")
        receipts = []
        for message, raw in await _kept(runtime, clinic_id, request, caller):
            source = Source(message.organization_id, clinic_id, message.source)
            clinic = await receiver.clinic_of(raw, source)
            command = ReplayMessage(message_id=message.message_id, reading=receiver.read(raw, source, clinic))
            stream = StreamRef("clinic", clinic_id, "message", await _stream(runtime, message, caller))
            receipts.append(answer_as(Receipt, await runtime.execute(command, stream, grant=caller)))
        return [_receipt(receipt) for receipt in receipts]

    @router.post("/messages/{message_id}/release", dependencies=[repeatable("a released message stays released")])
    async def release_message(clinic_id: UUID, message_id: UUID, caller: FrontDesk) -> ReceiptView:
        """Use a message that was held because its control id came before with other content."""
        caller.require_clinic(clinic_id)
        kept = await _kept(runtime, clinic_id, ReplayShape(message_ids=(message_id,)), caller)
        if not kept:
            raise NotFound("message")
        message, raw = kept[0]
        source = Source(message.organization_id, clinic_id, message.source)
        return _receipt(await receiver.receive(raw, source, caller, released=True))

    return router


async def _kept(
    runtime: Runtime[EligibilityWork], clinic_id: UUID, request: ReplayShape, caller: Grant
) -> list[tuple[Message, bytes]]:
    """Return kept messages with their bytes, oldest first."""
    table, raw = message_table.c, raw_message_table.c
    joined = message_table.join(raw_message_table, (raw.clinic_id == table.clinic_id) & (raw.message_id == table.id))
    query = select(table.body, raw.sealed).select_from(joined).where(table.clinic_id == clinic_id)
    if request.message_ids:
        query = query.where(table.id.in_(request.message_ids))
    if request.states:
        query = query.where(table.state.in_(request.states))
    if request.since:
        query = query.where(table.received_at >= request.since)
    if request.until:
        query = query.where(table.received_at < request.until)
    query = query.order_by(table.received_at, table.id).limit(REPLAY_MAX)
    async with runtime.read(caller) as connection:
        rows = (await connection.execute(query)).all()
    return [_opened(runtime, clinic_id, row.body, row.sealed) for row in rows]


def _opened(runtime: Runtime[EligibilityWork], clinic_id: UUID, body: bytes, sealed: str) -> tuple[Message, bytes]:
    message = decoded(Message, body)
    content = runtime.sealer.open_text(clinic_id, RAW_PURPOSE, message.message_id, Sealed(sealed))
    return message, msgspec.json.decode(content, type=RawContent).raw()


async def _stream(runtime: Runtime[EligibilityWork], message: Message, caller: Grant) -> UUID:
    query = select(message_table.c.stream_id).where(
        message_table.c.clinic_id == message.clinic_id, message_table.c.id == message.message_id
    )
    async with runtime.read(caller) as connection:
        found: UUID = (await connection.execute(query)).scalar_one()
    return found


def _view(message: Message) -> MessageView:
    return MessageView.model_validate(message)


def _receipt(receipt: Receipt) -> ReceiptView:
    return ReceiptView.model_validate(receipt)


def _organization(caller: Grant) -> UUID:
    if caller.organization_id is None:
        raise NotFound("organization")
    return caller.organization_id

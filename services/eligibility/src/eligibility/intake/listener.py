"""The MLLP listener: where EHR systems connect, and how their messages are acknowledged."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from eligibility.hl7v2 import (
    Acknowledgment,
    AcknowledgmentCode,
    Message,
    UnreadableMessageError,
    acknowledge,
    read_message,
)
from eligibility.intake.mllp import MllpServer
from eligibility.intake.receiver import MessageReceiver, Sender
from eligibility.messages.commands import Receipt, ReceiptOutcome
from revcycle_kit.clock import Clock


@dataclass(frozen=True, slots=True)
class Listener:
    """Where EHR systems connect by MLLP, and whose messages they bring."""

    host: str
    port: int
    sender: Sender
    certificate: Path | None = None
    client_authority: Path | None = None


class MllpReceiver:
    """Receives messages for the MLLP server, and writes their acknowledgments."""

    def __init__(self, receiver: MessageReceiver, sender: Sender, clock: Clock) -> None:
        self._receiver = receiver
        self._sender = sender
        self._clock = clock

    async def receive(self, raw: bytes) -> bytes | None:
        """Return the acknowledgment of a message that is committed."""
        receipt = await self._receiver.receive(raw, self._sender)
        control_id = receipt.message_id.hex[:20]
        return acknowledge(_header(raw), acknowledgment_of(receipt), at=self._clock.now(), control_id=control_id)


def acknowledgment_of(receipt: Receipt) -> Acknowledgment:
    """
    Choose how a message is acknowledged.

    What is kept is accepted, also if it is held or of no use here: the sender must neither stop nor send it
    again. Only bytes that are no message are an error.
    """
    refusal = receipt.refusals[0] if receipt.refusals else None
    if receipt.outcome == ReceiptOutcome.REFUSED and refusal and refusal.where.startswith("MSH"):
        code = AcknowledgmentCode.REJECTED if refusal.where == "MSH-9" else AcknowledgmentCode.ERROR
        return Acknowledgment(code, f"{refusal.problem}. {refusal.fix}", refusal.where)
    gap = receipt.gaps[0] if receipt.gaps else None
    return Acknowledgment(AcknowledgmentCode.ACCEPTED, f"held: {gap.fix}" if gap else "")


@asynccontextmanager
async def listening(receiver: MessageReceiver, listener: Listener) -> AsyncIterator[None]:
    """Listen for EHR systems while the context is open."""
    async with MllpServer(MllpReceiver(receiver, listener.sender, receiver.clock).receive) as server:
        await server.start(listener.host, listener.port, _tls(listener))
        yield


def _tls(listener: Listener) -> ssl.SSLContext | None:
    if listener.certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(listener.certificate)
    if listener.client_authority is not None:
        context.load_verify_locations(listener.client_authority)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def _header(raw: bytes) -> Message | None:
    try:
        return read_message(raw)
    except UnreadableMessageError:
        return None

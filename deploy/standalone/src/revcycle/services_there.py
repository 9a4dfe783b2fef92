"""Services there: the other end of `services_apart`, the process in which they work."""

import asyncio
import logging
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from revcycle.apart import FRAME, their_end
from revcycle.parts import parts_apart
from revcycle.services_apart import (
    Asked,
    Begin,
    Done,
    Held,
    Letter,
    NextDue,
    Request,
    Response,
    Round,
    decode,
    encode,
    topic_of,
)
from revcycle.system import System, Where, opened
from revcycle_kit.clock import SimulatedClock
from revcycle_kit.telemetry.logs import configure_logs


class Bag:
    """Keeps letters until the round is answered; only their cover sheets matter to the sandbox."""

    def __init__(self) -> None:
        self._letters: list[Letter] = []

    async def send(self, letter_pdf: bytes, cover: bytes, key: str) -> None:
        """Take an appeal."""
        del letter_pdf
        self._letters.append(Letter(True, cover, key))

    async def deliver(self, document: bytes, cover: bytes, key: str) -> None:
        """Take a letter to a guarantor."""
        del document
        self._letters.append(Letter(False, cover, key))

    def emptied(self) -> list[Letter]:
        """Return what came in, once."""
        letters, self._letters = self._letters, []
        return letters


class There:
    """Does what is asked of the services."""

    def __init__(self, system: System, clock: SimulatedClock, bag: Bag) -> None:
        self._system = system
        self._clock = clock
        self._bag = bag
        self._apis = {name: httpx.ASGITransport(app) for name, app in system.apps.items()}

    async def answer(self, asked: Asked) -> Any:
        """Do it, at the instant at which it was asked."""
        self._clock.advance_to(asked.now)
        runtime = self._system.runtimes[asked.service]
        match asked.deed:
            case Round(wait_seconds, heads):
                self._system.see(heads)
                did = await runtime.round(wait_seconds)
                head = self._system.heads.get(topic_of(asked.service), 0)
                return Done(did, runtime.heard, runtime.published, head, self._bag.emptied())
            case NextDue():
                return await runtime.next_due()
            case Held(states):
                return await runtime.held(*states)
            case Request() as request:
                return await self._called(asked.service, request)

    async def _called(self, service: str, asked: Request) -> Response:
        request = httpx.Request(asked.method, asked.url, headers=asked.headers, content=asked.content)
        answer = await self._apis[service].handle_async_request(request)
        return Response(answer.status_code, answer.headers.raw, await answer.aread())


class Wire:
    """Their end of the line."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def receive(self) -> tuple[int, bytes]:
        """Return the next message with its number. Raises IncompleteReadError when the line is closed."""
        length, number = FRAME.unpack(await self._reader.readexactly(FRAME.size))
        return number, await self._reader.readexactly(length)

    def send(self, number: int, answer: Any) -> None:
        """Answer a message."""
        message = encode(answer)
        self._writer.write(FRAME.pack(len(message), number) + message)


async def serve(ours: socket.socket) -> None:
    """Work until the line is closed; a failure ends the process, and says why."""
    wire = Wire(*await asyncio.open_connection(sock=ours))
    number, message = await wire.receive()
    begin: Begin = decode(message, type=Begin)
    clock, bag = SimulatedClock(begin.now), Bag()
    running: list[System] = []
    parts = parts_apart(bag, lambda: running[0])
    async with opened(parts, _where(begin), clock, alone=True, at_once=begin.at_once) as system:
        running.append(system)
        wire.send(number, None)
        await _answer_all(wire, There(system, clock, bag))


def _where(begin: Begin) -> Where:
    return Where(
        Path(begin.data),
        kafka=begin.kafka,
        kafka_prefix=begin.kafka_prefix,
        databases=lambda name, role: begin.databases[f"{name}:{role}"],
    )


async def _answer_all(wire: Wire, there: There) -> None:
    """Do whatever is asked, side by side, until the line is closed."""

    async def answer(number: int, asked: Asked) -> None:
        wire.send(number, await there.answer(asked))

    async with asyncio.TaskGroup() as tasks:
        with suppress(asyncio.IncompleteReadError):
            while True:
                number, message = await wire.receive()
                tasks.create_task(answer(number, decode(message, type=Asked)))


def main() -> None:
    """Be the other process."""
    configure_logs("services", level=logging.ERROR, stream=sys.stderr)
    with their_end() as ours, suppress(asyncio.IncompleteReadError):
        asyncio.run(serve(ours))


if __name__ == "__main__":
    main()

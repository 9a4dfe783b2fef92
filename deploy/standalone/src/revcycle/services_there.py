"""Services there: the other end of `services_apart`, a process in which they work."""

import asyncio
import logging
import os
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
    Handed,
    Held,
    Inquiry,
    NextDue,
    Request,
    Response,
    Round,
    Told,
    decode,
    encode,
    topic_of,
)
from revcycle.system import System, Where, opened
from revcycle_kit.clock import SimulatedClock
from revcycle_kit.errors import Unavailable
from revcycle_kit.telemetry.logs import configure_logs


class Wire:
    """Their end of the line."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._asked: dict[int, asyncio.Future[bytes]] = {}
        self._number = 0

    async def receive(self) -> tuple[int, bytes]:
        """Return the next thing asked, with its number. Raises IncompleteReadError when the line is closed."""
        while True:
            length, number = FRAME.unpack(await self._reader.readexactly(FRAME.size))
            message = await self._reader.readexactly(length)
            if number > 0:
                return number, message
            self._asked.pop(number).set_result(message)

    async def ask(self, question: Any) -> bytes:
        """Ask back."""
        self._number -= 1
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._asked[self._number] = answer
        self.send(self._number, question)
        return await answer

    def send(self, number: int, message: Any) -> None:
        """Send an answer, or a question."""
        encoded = encode(message)
        self._writer.write(FRAME.pack(len(encoded), number) + encoded)


class Post:
    """The partners, as far as they are here: keeps what is for them until the round is answered, and asks back."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._handed: list[Handed] = []

    async def ask(self, interchange: bytes, key: str) -> bytes:
        """Let the question be asked from where the partners are. Raises Unavailable."""
        told: Told = decode(await self._wire.ask(Inquiry(interchange, key)), type=Told)
        if told.interchange is None:
            raise Unavailable("an answer of the clearinghouse")
        return told.interchange

    async def submit(self, interchange: bytes, name: str, key: str) -> None:
        """Take a claim file."""
        self._handed.append(Handed("file", interchange, key, name))

    async def send(self, letter_pdf: bytes, cover: bytes, key: str) -> None:
        """Take an appeal; the sandbox reads its cover sheet."""
        del letter_pdf
        self._handed.append(Handed("appeal", cover, key))

    async def deliver(self, document: bytes, cover: bytes, key: str) -> None:
        """Take a letter to a guarantor; the sandbox reads its cover sheet."""
        del document
        self._handed.append(Handed("mail", cover, key))

    def emptied(self) -> list[Handed]:
        """Return what came in, once."""
        handed, self._handed = self._handed, []
        return handed


class There:
    """Does what is asked of the services."""

    def __init__(self, system: System, clock: SimulatedClock, post: Post) -> None:
        self._system = system
        self._clock = clock
        self._post = post
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
                return Done(did, runtime.heard, runtime.published, head, self._post.emptied())
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


async def serve(ours: socket.socket) -> None:
    """Work until the line is closed; a failure ends the process, and says why."""
    wire = Wire(*await asyncio.open_connection(sock=ours))
    number, message = await wire.receive()
    begin: Begin = decode(message, type=Begin)
    clock, post = SimulatedClock(begin.now), Post(wire)
    running: list[System] = []
    parts = [part for part in parts_apart(post, lambda: running[0]) if part.name in begin.services]
    async with opened(parts, _where(begin), clock, alone=True, at_once=begin.at_once) as system:
        running.append(system)
        wire.send(number, None)
        await _answer_all(wire, There(system, clock, post))


def _where(begin: Begin) -> Where:
    return Where(
        Path(begin.data),
        kafka=begin.kafka,
        kafka_prefix=begin.kafka_prefix,
        databases=lambda name, role: begin.databases[f"{name}:{role}"],
    )


async def _answer_all(wire: Wire, there: There) -> None:
    """
    Do whatever is asked, side by side, until the line is closed.

    Closed in the middle of something, whoever drove us is gone, and the databases may be going: nothing is left to be
    done in good order, and what was begun is rolled back.
    """

    async def answer(number: int, asked: Asked) -> None:
        wire.send(number, await there.answer(asked))

    async with asyncio.TaskGroup() as tasks:
        under_way: set[asyncio.Task[None]] = set()
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                number, message = await wire.receive()
                task = tasks.create_task(answer(number, decode(message, type=Asked)))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
        if under_way:
            os._exit(1)


def main() -> None:
    """Be a process apart."""
    configure_logs("services", level=logging.ERROR, stream=sys.stderr)
    with their_end() as ours, suppress(asyncio.IncompleteReadError, ConnectionError):
        asyncio.run(serve(ours))


if __name__ == "__main__":
    main()

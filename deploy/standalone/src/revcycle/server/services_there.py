"""Services there: the other end of `services_apart`, a process in which they work."""

import asyncio
import logging
import os
import socket
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx

from revcycle.server.apart import Line, their_end
from revcycle.server.parts import parts_apart
from revcycle.server.services_apart import (
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
)
from revcycle.server.system import System, Where, opened
from revcycle_kit.bus.protocol import topic_of
from revcycle_kit.clock import SimulatedClock
from revcycle_kit.errors import Unavailable
from revcycle_kit.telemetry.logs import configure_logs


class Post:
    """The partners, as far as they are here: keeps what is for them until the round is answered, and asks back."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._handed: list[Handed] = []

    async def ask(self, interchange: bytes, key: str) -> bytes:
        """Let the question be asked from where the partners are. Raises Unavailable."""
        told: Told = decode(await self._line.ask(encode(Inquiry(interchange, key))), type=Told)
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
    """Brings the services up, and does what is asked of them."""

    def __init__(self, stack: AsyncExitStack, post: Post) -> None:
        self._stack = stack
        self._post = post
        self._clock: SimulatedClock
        self._system: System
        self._apis: dict[str, httpx.ASGITransport]

    async def answer(self, question: bytes) -> bytes:
        """Begin, or do what is asked."""
        asked: Begin | Asked = decode(question, type=Begin | Asked)
        if isinstance(asked, Begin):
            await self._begin(asked)
            return encode(None)
        self._clock.advance_to(asked.now)
        return encode(await self._do(asked.service, asked.deed))

    async def _begin(self, begin: Begin) -> None:
        where = Where(
            Path(begin.data),
            kafka=begin.kafka,
            kafka_prefix=begin.kafka_prefix,
            databases=lambda name, role: begin.databases[f"{name}:{role}"],
        )
        parts = [part for part in parts_apart(self._post, lambda: self._system) if part.name in begin.services]
        self._clock = SimulatedClock(begin.now)
        running = opened(parts, where, self._clock, alone=True, at_once=begin.at_once)
        self._system = await self._stack.enter_async_context(running)
        self._apis = {name: httpx.ASGITransport(app) for name, app in self._system.apps.items()}

    async def _do(self, service: str, deed: Round | NextDue | Held | Request) -> Any:
        runtime = self._system.runtimes[service]
        match deed:
            case Round(wait_seconds, heads):
                self._system.see(heads)
                did = await runtime.round(wait_seconds)
                head = self._system.heads.get(topic_of(service), 0)
                return Done(did, runtime.heard, runtime.published, head, self._post.emptied())
            case NextDue():
                return await runtime.next_due()
            case Held(states):
                return await runtime.held(*states)
            case Request() as request:
                return await self._called(service, request)

    async def _called(self, service: str, asked: Request) -> Response:
        request = httpx.Request(asked.method, asked.url, headers=asked.headers, content=asked.content)
        answer = await self._apis[service].handle_async_request(request)
        return Response(answer.status_code, answer.headers.raw, await answer.aread())


async def serve(ours: socket.socket) -> None:
    """Work until the line is closed; a failure ends the process, and says why."""
    line = Line(*await asyncio.open_connection(sock=ours), numbers=-1)
    async with AsyncExitStack() as stack:
        line.answer = There(stack, Post(line)).answer
        await line.listen(_leave)


def _leave() -> None:
    """
    End at once: the line was closed in the middle of something.

    Whoever drove us is gone, and the databases may be going: nothing is left to be done in good order, and what was
    begun is rolled back.
    """
    os._exit(1)


def main() -> None:
    """Be a process apart."""
    configure_logs("services", level=logging.ERROR, stream=sys.stderr)
    with their_end() as ours:
        asyncio.run(serve(ours))


if __name__ == "__main__":
    main()

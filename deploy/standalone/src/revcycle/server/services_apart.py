"""
Services apart: some of the services in processes of their own, driven by our clock.

They do the same rounds as the services here, on another core. What they hand over for a partner comes with the answer
to their round; what they ask a partner is asked from here; their APIs are asked over the same line.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

import httpx
import msgspec

from claims.partners import Clearinghouse
from denials.partners.correspondence import Correspondence
from patient_billing.partners.mail import Mail
from revcycle.server.apart import ProcessLine, started
from revcycle_kit.bus.protocol import topic_of
from revcycle_kit.clock import Clock
from revcycle_kit.delivery.runtime import AtOnce
from revcycle_kit.delivery.service import Service
from revcycle_kit.errors import Unavailable

T = TypeVar("T")
APART = (("claims",), ("denials", "patient_billing", "analytics"))
"""Which services work together in a process; the rest, eligibility and the doors, is about as much work as either."""
Heads = dict[str, int]
"""Where each topic of the log ends, as far as a process knows."""


class Working(Protocol):
    """A service at work, here or apart; what drives it by a clock needs no more."""

    service: Service[Any]
    published: int
    heard: Counter[str]

    async def round(self, wait_seconds: float = 0.0) -> bool:
        """Do one round and publish what was said; True when anything happened."""
        ...

    async def next_due(self) -> datetime | None:
        """Return the earliest instant at which something is due."""
        ...

    async def held(self, *states: str) -> list[dict[str, Any]]:
        """List what waits or is parked."""
        ...


class Partners(Clearinghouse, Correspondence, Mail, Protocol):
    """Everybody outside whom the services apart talk to."""


# what goes over the line


class Begin(msgspec.Struct, frozen=True, tag=True):
    """What the process works on; the first message."""

    now: datetime
    services: tuple[str, ...]
    data: str
    databases: dict[str, str]
    """Addresses by `database:role`."""
    kafka: str
    kafka_prefix: str
    at_once: AtOnce


class Round(msgspec.Struct, frozen=True, tag=True):
    """Ask for a round."""

    wait_seconds: float
    heads: Heads


class NextDue(msgspec.Struct, frozen=True, tag=True):
    """Ask when something is due."""


class Held(msgspec.Struct, frozen=True, tag=True):
    """Ask what is held."""

    states: tuple[str, ...]


class Request(msgspec.Struct, frozen=True, tag=True):
    """Ask the API."""

    method: str
    url: str
    headers: list[tuple[bytes, bytes]]
    content: bytes


class Asked(msgspec.Struct, frozen=True, tag=True):
    """What is asked of one service at an instant."""

    now: datetime
    service: str
    deed: Round | NextDue | Held | Request


class Handed(msgspec.Struct, frozen=True):
    """What is handed over: a claim file under its name, or the cover sheet of an appeal or of mail to a guarantor."""

    kind: Literal["file", "appeal", "mail"]
    content: bytes
    key: str
    name: str = ""


class Inquiry(msgspec.Struct, frozen=True):
    """What they ask a partner."""

    interchange: bytes
    key: str


class Told(msgspec.Struct, frozen=True):
    """What the partner answered; None where it is out of reach."""

    interchange: bytes | None


class Done(msgspec.Struct, frozen=True):
    """What a round did; `heard` counts the records of each topic so far, and `published` what was said."""

    did: bool
    heard: dict[str, int]
    published: int
    head: int
    """Where the service's topic ends now, in the log."""
    handed: list[Handed]


class Response(msgspec.Struct, frozen=True):
    """What the API answered."""

    status: int
    headers: list[tuple[bytes, bytes]]
    content: bytes


encode = msgspec.msgpack.Encoder().encode
decode: Callable[..., Any] = msgspec.msgpack.decode


class ServicesApart:
    """Our end of the line; made by `services_apart`."""

    def __init__(self, line: ProcessLine, services: tuple[str, ...], partners: Partners) -> None:
        self.line = line
        self.services = services
        self._partners = partners
        self._clock: Clock
        self._heads: Heads = {}
        line.answer = self._inquire

    async def _inquire(self, question: bytes) -> bytes:
        """Ask a partner for them."""
        inquiry: Inquiry = decode(question, type=Inquiry)
        try:
            return encode(Told(await self._partners.ask(inquiry.interchange, inquiry.key)))
        except Unavailable:
            return encode(Told(None))

    async def _hand_over(self, handed: Handed) -> None:
        if handed.kind == "file":
            await self._partners.submit(handed.content, handed.name, handed.key)
        elif handed.kind == "appeal":
            await self._partners.send(b"", handed.content, handed.key)
        else:
            await self._partners.deliver(b"", handed.content, handed.key)

    async def begin(self, begin: Begin, clock: Clock, heads: Heads) -> None:
        """Let them begin; `heads` is what this process knows of the log, and is kept true."""
        self._clock, self._heads = clock, heads
        await self.line.ask(encode(begin))

    async def end(self) -> None:
        """Let them go."""
        await self.line.end()

    async def ask(self, service: str, deed: Any, kind: type[T]) -> T:
        """Ask one service something. Raises EndedEarly when the process is gone."""
        answer: T = decode(await self.line.ask(encode(Asked(self._clock.now(), service, deed))), type=kind)
        return answer

    async def round(self, service: str, wait_seconds: float) -> Done:
        """Ask for a round, note where the log ends now, and hand over what it gave."""
        done = await self.ask(service, Round(wait_seconds, self._heads), Done)
        self._heads[topic_of(service)] = done.head
        for handed in done.handed:
            await self._hand_over(handed)
        return done


class ServiceApart:
    """One service in the other process."""

    def __init__(self, apart: ServicesApart, service: Service[Any]) -> None:
        self.service = service
        self.published = 0
        self.heard: Counter[str] = Counter()
        self.apart = apart

    async def round(self, wait_seconds: float = 0.0) -> bool:
        """Do one round there."""
        done = await self.apart.round(self.service.name, wait_seconds)
        self.heard, self.published = Counter(done.heard), done.published
        return done.did

    async def next_due(self) -> datetime | None:
        """Ask there."""
        return await self.apart.ask(self.service.name, NextDue(), datetime | None)  # type: ignore[arg-type]

    async def held(self, *states: str) -> list[dict[str, Any]]:
        """Ask there."""
        return await self.apart.ask(self.service.name, Held(states), list[dict[str, Any]])


class ApartTransport(httpx.AsyncBaseTransport):
    """Carries requests to the API of a service in the other process."""

    def __init__(self, apart: ServicesApart, service: str) -> None:
        self._apart = apart
        self._service = service

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request over, and its answer back."""
        asked = Request(request.method, str(request.url), request.headers.raw, await request.aread())
        answer = await self._apart.ask(self._service, asked, Response)
        return httpx.Response(answer.status, headers=answer.headers, content=answer.content)


@asynccontextmanager
async def services_apart(partners: Partners) -> AsyncIterator[list[ServicesApart]]:
    """Start the processes; they begin when they are told to."""
    async with AsyncExitStack() as stack:
        yield [
            ServicesApart(
                await stack.enter_async_context(started("revcycle.server.services_there")), services, partners
            )
            for services in APART
        ]

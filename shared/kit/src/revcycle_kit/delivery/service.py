"""A service as the kit sees it: a name, its work, and the table of who handles what."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_args
from uuid import UUID

import msgspec
from sqlalchemy import MetaData
from typing_extensions import get_original_bases

from revcycle_kit.delivery.messages import (
    Command,
    Consumed,
    Effect,
    Envelope,
    GivenUp,
    Local,
    Reply,
    Timer,
    consumed_type,
    own_type,
)
from revcycle_kit.delivery.stores import Documents, References, Rows
from revcycle_kit.delivery.work import Work
from revcycle_kit.errors import Refusal
from revcycle_kit.partners.kinds import REPEATABLE, Partner, PartnerKind
from revcycle_kit.sealing import Sealer

W = TypeVar("W", bound=Work)
M = TypeVar("M", bound=msgspec.Struct)
A = TypeVar("A")

Handler = Callable[[Any, Any], Awaitable[Any]]
Call = Callable[[Any, str], Awaitable[Any]]
Decode = Callable[[bytes], Any]


@dataclass(frozen=True, slots=True)
class Route:
    """How one kind of message is decoded and who handles it."""

    kind: type[msgspec.Struct]
    decode: Callable[[bytes], Any]
    handler: Handler
    sealed: bool


@dataclass(frozen=True, slots=True)
class EffectRoute:
    """How one kind of effect is performed, and what asks the partner after a crash in between."""

    kind: type[msgspec.Struct]
    decode: Callable[[bytes], Any]
    call: Call
    reconcile: Call | None
    partner: Partner
    sealed: bool


class Service(Generic[W]):
    """The table of contents of a service: one line for each thing that can happen to it."""

    def __init__(self, name: str, work: type[W], metadata: MetaData) -> None:
        self.name = name
        self.work = work
        self.metadata = metadata
        self.routes: dict[str, Route] = {}
        self.effects: dict[str, EffectRoute] = {}
        self.witnesses: dict[str, Handler] = {}
        self.sources: list[str] = []
        self.documents = _declared(work, Documents)
        self.rows = _declared(work, Rows)
        self.references = _declared(work, References)

    def on(self, kind: type[M], handler: Callable[[M, W], Awaitable[None]]) -> None:
        """Handle an event of another service."""
        source = getattr(kind, "SOURCE", "")
        if not issubclass(kind, Consumed) or not source:
            raise TypeError(f"{kind.__name__} must be a Consumed with its SOURCE")
        if source not in self.sources:
            self.sources.append(source)
        self._add(consumed_type(kind), kind, handler)

    def hears(self, *sources: str) -> None:
        """Read these services' topics even where no single event is listed."""
        self.sources.extend(source for source in sources if source not in self.sources)

    def on_any(self, source: str, handler: Callable[[Envelope, W], Awaitable[None]]) -> None:
        """Show every event of a service to a handler, as it came, before the handler of its own type, if it has one."""
        if source in self.witnesses:
            raise ValueError(f"{self.name} has two witnesses of {source}")
        self.hears(source)
        self.witnesses[source] = handler

    def reads(self, envelope: Envelope) -> bool:
        """Say whether anybody here handles the message: an event that nobody does advances its cursor unread."""
        return not envelope.source or envelope.name in self.routes or envelope.source in self.witnesses

    def local(self, kind: type[M], handler: Callable[[M, W], Awaitable[None]]) -> None:
        """Handle a local message."""
        self._own(kind, Local, handler)

    def timer(self, kind: type[M], handler: Callable[[M, W], Awaitable[None]]) -> None:
        """Handle a timer that has come due."""
        self._own(kind, Timer, handler)

    def command(self, kind: type[M], handler: Callable[[M, W], Awaitable[Any]]) -> None:
        """Handle a command; the handler's return value is the answer."""
        self._own(kind, Command, handler)

    def effect(
        self,
        kind: type[Effect[A]],
        *,
        call: Callable[[Any, str], Awaitable[A]],
        then: Callable[[Reply[A], W], Awaitable[None]],
        partner: Partner = REPEATABLE,
        reconcile: Callable[[Any, str], Awaitable[A | None]] | None = None,
        given_up: Callable[[GivenUp[A], W], Awaitable[None]] | None = None,
    ) -> None:
        """
        Perform an effect with no transaction open and record the reply in one.

        What may be sent again is the `partner`'s to say; a partner that can be asked needs `reconcile`. `given_up`
        hears of an effect that is not tried again by itself.
        """
        if partner.kind is PartnerKind.ANSWERS and reconcile is None:
            raise TypeError(f"{kind.__name__} needs reconcile=: its partner can be asked, and has to be")
        name, sealed = own_type(kind), bool(getattr(kind, "SEALED", False))
        self._own(kind, Effect, then, _reply_decoder(kind))
        self.routes[given_up_name(name)] = Route(kind, _given_up_decoder(kind), given_up or _only_listed, sealed)
        self.effects[name] = EffectRoute(kind, msgspec.json.Decoder(kind).decode, call, reconcile, partner, sealed)

    async def close(self) -> None:
        """Let go of every partner's connections."""
        for partner in {id(route.partner): route.partner for route in self.effects.values()}.values():
            await partner.close()

    async def handle(self, envelope: Envelope, work: Work, sealer: Sealer) -> Any:
        """Open and decode the message and run its handler. Raises Refusal when nobody handles it."""
        witness = self.witnesses.get(envelope.source)
        if witness is not None:
            await witness(envelope, work)
        route = self.routes.get(envelope.name)
        if route is None and witness is not None:
            return None
        if route is None:
            raise Refusal(f"{self.name} has no handler for {envelope.name}", "", "Deploy one that has, then replay.")
        if envelope.message is not None:
            return await route.handler(envelope.message, work)
        body = envelope.body
        if route.sealed:
            body = sealer.open(envelope.stream.tenant_id, envelope.name, envelope.stream.id, body)
        return await route.handler(route.decode(body), work)

    def _own(self, kind: type[Any], base: type[Any], handler: Handler, decode: Decode | None = None) -> None:
        if not issubclass(kind, base):
            raise TypeError(f"{kind.__name__} must be a {base.__name__}")
        self._add(own_type(kind), kind, handler, decode)

    def _add(self, name: str, kind: type[Any], handler: Handler, decode: Decode | None = None) -> None:
        if name in self.routes:
            raise ValueError(f"{self.name} handles {name} twice")
        sealed = bool(getattr(kind, "SEALED", False))
        self.routes[name] = Route(kind, decode or msgspec.json.Decoder(kind).decode, handler, sealed)


class _Replied(msgspec.Struct, frozen=True):
    """A reply as it is kept until its handler has run."""

    effect: msgspec.Raw
    answer: msgspec.Raw
    key: str


def reply_body(effect: bytes, answer: object, key: str) -> bytes:
    """Return the bytes that a reply's handler will be given."""
    return msgspec.json.encode(_Replied(msgspec.Raw(effect), msgspec.Raw(msgspec.json.encode(answer)), key))


class _GivenUp(msgspec.Struct, frozen=True):
    """What is told of an effect that is not tried again by itself, as it is kept until its handler has run."""

    effect: msgspec.Raw
    key: str
    task_id: UUID
    reason: str
    attempts: int
    in_doubt: bool


def given_up_name(effect: str) -> str:
    """Return the name under which the end of an effect finds its handler."""
    return f"{effect}.given_up"


def given_up_body(effect: bytes, task: Mapping[str, Any], reason: str, *, in_doubt: bool) -> bytes:
    """Return the bytes that a `given_up` handler will be given."""
    told = _GivenUp(msgspec.Raw(effect), task["key"], task["task_id"], reason, task["attempts"], in_doubt)
    return msgspec.json.encode(told)


async def _only_listed(failure: GivenUp[Any], work: Work) -> None:
    """Do nothing more: the effect stands on the list of the kit."""
    del failure, work


def _given_up_decoder(kind: type[Any]) -> Decode:
    effect_decoder, outer = msgspec.json.Decoder(kind), msgspec.json.Decoder(_GivenUp)

    def decode(body: bytes) -> GivenUp[Any]:
        kept = outer.decode(body)
        effect = effect_decoder.decode(kept.effect)
        return GivenUp(effect, kept.key, kept.task_id, kept.reason, kept.attempts, kept.in_doubt)

    return decode


def _reply_decoder(kind: type[Any]) -> Decode:
    [answer] = [argument for base in get_original_bases(kind) for argument in get_args(base)]
    effect_decoder, answer_decoder = msgspec.json.Decoder(kind), msgspec.json.Decoder(answer)
    outer = msgspec.json.Decoder(_Replied)

    def decode(body: bytes) -> Reply[Any]:
        replied = outer.decode(body)
        return Reply(effect_decoder.decode(replied.effect), answer_decoder.decode(replied.answer), replied.key)

    return decode


def _declared(work: type[Work], kind: type[Any]) -> dict[str, Any]:
    stores = {}
    for owner in reversed(work.__mro__):
        for value in vars(owner).values():
            if isinstance(value, kind):
                stores[value.name] = value
    return stores

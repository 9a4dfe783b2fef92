"""The world outside as a state machine: time and what came in go in, what it sends comes out."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec

from revcycle_sandbox.agenda import Agenda
from revcycle_sandbox.bank import Bank
from revcycle_sandbox.behaviour import Behaviour
from revcycle_sandbox.calendar import instant
from revcycle_sandbox.clearinghouse import Clearinghouse
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.ehr.desk import Desk
from revcycle_sandbox.ehr.feed import Feed
from revcycle_sandbox.parcels import Parcel, json_parcel
from revcycle_sandbox.patients import Patients
from revcycle_sandbox.payer.clocks import RUN_HOUR
from revcycle_sandbox.payer.news import Acknowledgment, AppealLetter, Remittance
from revcycle_sandbox.people import PatientBehaviour
from revcycle_sandbox.world import World
from revcycle_sandbox.x12.claim_acknowledgments import claim_acknowledgment
from revcycle_sandbox.x12.gate import Received, acknowledge, receive
from revcycle_sandbox.x12.realtime import Realtime
from revcycle_sandbox.x12.remittances import write_remittance
from revcycle_x12 import X12Error

Answer = Callable[[Parcel, datetime], Iterable[Any]]


class Sandbox:
    """
    Payers, clearinghouse, EHRs, bank and patients of one world.

    The same seed, world and inbound (each at its instant) give the same
    outbound, however often `step` is called and in whatever order the parcels
    of one call are listed.
    """

    def __init__(self, world: World, seed: int, *, enroll_unknown: bool = False, is_test: bool = True) -> None:
        self.world = world
        self.is_test = is_test
        self._agenda = Agenda()
        self._draws = Draws(seed)
        self._exactly = all(payer.behaviour.acknowledge_exactly for payer in world.payers)
        self._clearinghouse = Clearinghouse(world, self._agenda, self._draws, enroll_unknown=enroll_unknown)
        feed = Feed(world, self._agenda, self._draws)
        self._desk = Desk(feed, self._clearinghouse, self._draws, exactly=self._exactly)
        strangers = PatientBehaviour(pays="full") if enroll_unknown else None
        self._patients = Patients(world, feed, self._agenda, self._draws, strangers)
        self._bank = Bank(self._agenda, self._draws, self._behaviour)
        self._realtime = Realtime(self._clearinghouse, self._draws, is_test=is_test)
        self._answers: dict[str, Answer] = {
            "x12.batch": self._take_file,
            "appeal": lambda parcel, at: self._clearinghouse.appeal(parcel.body(), at),
            "statement": lambda parcel, at: self._quietly(self._patients.read, parcel, at),
            "question": lambda parcel, at: self._quietly(self._desk.ask, parcel, at),
        }
        self.start_at: datetime | None = self._agenda.next_due
        """The first instant at which anything happens; None in a world where nobody is seen."""

    def step(self, now: datetime, inbound: Iterable[Parcel] = ()) -> tuple[list[Parcel], datetime | None]:
        """
        Let time pass up to `now`, then take the inbound parcels in.

        Gives what came out, in order, and the next instant at which something
        will happen by itself. A parcel that cannot be used is answered on the
        channel `problem`. Raises ValueError for an instant without a time zone.
        """
        if now.tzinfo is None:
            raise ValueError("an instant needs a time zone: give an aware datetime")
        at = now.astimezone(UTC)
        self._clearinghouse.file_reviews()
        out = list(self._deliver(self._agenda.fire(at)))
        for parcel in sorted(inbound, key=_order):
            out += self._deliver(self._open(parcel, at))
        out += self._deliver(self._agenda.fire(at))
        return out, self._agenda.next_due

    def answer(self, interchange: bytes, now: datetime) -> bytes:
        """
        Answer a 270, 276 or 278 in real time; it changes nothing but what the next step files.

        Raises X12Error where it asks nothing that is answered here.
        """
        return self._realtime.answer(interchange, now.astimezone(UTC))

    def _behaviour(self, payer: str) -> Behaviour:
        return self._clearinghouse.offices[payer].payer.behaviour

    def _open(self, parcel: Parcel, at: datetime) -> Iterator[Any]:
        """Give a parcel to whoever it is for; what cannot be used comes back with the reason."""
        try:
            yield from self._answers.get(parcel.channel, self._refuse)(parcel, at)
        except (msgspec.MsgspecError, X12Error, LookupError, ValueError) as error:
            body = {"problem": str(error), "fix": "send it again as the channel's description says"}
            yield json_parcel("problem", parcel.receiver, parcel.sender, body, in_reply_to=reply_key(parcel))

    def _refuse(self, parcel: Parcel, _at: datetime) -> Iterable[Any]:
        raise LookupError(f"no channel {parcel.channel!r}: known are {', '.join(sorted(self._answers))}")

    def _deliver(self, news: Iterable[Any]) -> Iterator[Parcel]:
        """Turn news into parcels; what payers tell each other stays between them."""
        for item in news:
            if isinstance(item, Parcel):
                yield item
            elif isinstance(item, Acknowledgment):
                yield self._file("277CA", claim_acknowledgment(item, is_test=self.is_test), item.submitter, item.payer)
            elif isinstance(item, Remittance):
                yield from self._remittance(item)
            elif isinstance(item, AppealLetter):
                yield _letter(item)
            else:
                self._clearinghouse.pass_on(item)

    def _remittance(self, news: Remittance) -> Iterator[Parcel]:
        """Send an 835, today or when it comes after its money."""
        payer = self._clearinghouse.offices[news.payer].payer
        on = instant(news.paid_on, RUN_HOUR)
        content = write_remittance(news, payer, on, is_test=self.is_test)
        parcel = self._file("835", content, news.submitter, news.payer)
        late = self._bank.expect(news)
        if late is None:
            yield parcel
        else:
            self._agenda.at(late, f"late 835|{news.payer}|{news.trace}|{news.copy}", lambda _at: [parcel])

    def _file(self, set_id: str, content: bytes, receiver: str, payer: str = "") -> Parcel:
        name = f"{set_id}-{sha256(content).hexdigest()[:12]}.x12"
        meta = {"set": set_id, "payer": payer}
        return Parcel(channel="x12.batch", sender="SANDBOX", receiver=receiver, content=content, name=name, meta=meta)

    def _take_file(self, parcel: Parcel, at: datetime) -> Iterable[Any]:
        received = receive(parcel.content)
        self._acknowledge(received, received.key, at)
        self._clearinghouse.receive(received.claims, at, received.key)
        return ()

    def _acknowledge(self, received: Received, key: str, at: datetime) -> None:
        minutes = 1 if self._exactly else self._draws.between(1, 30, key, "gate")
        self._agenda.at(at + timedelta(minutes=minutes), f"gate|{key}", lambda now: self._gate(received, now))

    def _gate(self, received: Received, at: datetime) -> Iterator[Parcel]:
        for set_id, content in acknowledge(received, at, is_test=self.is_test):
            yield self._file(set_id, content, received.sender)

    @staticmethod
    def _quietly(take: Callable[[Parcel, datetime], None], parcel: Parcel, at: datetime) -> Iterable[Any]:
        """Take a parcel that is answered later, if at all."""
        take(parcel, at)
        return ()


def reply_key(parcel: Parcel) -> str:
    """Name a parcel in the answer to it: by its own key, or by its content."""
    return parcel.meta.get("key") or sha256(parcel.content).hexdigest()


def _order(parcel: Parcel) -> tuple[str, str, str, bytes]:
    return parcel.channel, parcel.sender, parcel.meta.get("key", ""), parcel.content


def _letter(news: AppealLetter) -> Parcel:
    body = {
        "cover": news.cover,
        "outcome": news.outcome,
        "reason": news.reason,
        "payer_code": news.payer,
        "patient_control_number": news.patient_control_number,
        "payer_claim_control_number": news.control_number,
        "expected_cents": news.expected_cents,
        "payment_due_by": news.payment_due_by,
        "decided_on": news.decided_on,
    }
    return json_parcel("letter", news.payer, str(news.cover.get("sender", "")), body)

"""
The sandbox as a program: an inbox, a mailbox of files to be picked up, and what it sends by itself.

A request only enters the inbox. `step` takes the inbox in, in the order of business keys: so the same requests give the
same world, whoever was faster. With a journal, what came is on disk before it is answered, and a program that was
killed begins again where it stood: it plays the journal back, and what was not taken is there under the same number.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec

from revcycle_sandbox.journal import Came, Entry, Inquired, Journal, Stepped, Taken
from revcycle_sandbox.parcels import Parcel
from revcycle_sandbox.sandbox import Sandbox

Watch = Callable[[bytes], None]
"""Sees every interchange that comes or goes."""


class MailboxFile(msgspec.Struct, frozen=True):
    """A file that waits to be picked up."""

    name: str
    size: int


class SandboxProgram:
    """A sandbox that requests reach; see the module."""

    def __init__(
        self,
        sandbox: Sandbox,
        now: Callable[[], datetime],
        journal: Journal | None = None,
        watch: Watch = lambda _: None,
    ) -> None:
        self.sandbox = sandbox
        self.outgoing: dict[int, Parcel] = {}
        """What it sends by itself (messages, deposits, payments, letters), by number, until it is delivered."""
        self.problems: list[dict[str, Any]] = []
        """What it could not use."""
        self.next_due = sandbox.start_at
        self._now = now
        self._watch = watch
        self._journal = journal
        self._inbox: list[Parcel] = []
        self._has_answered = False
        self._known: set[tuple[str, str]] = set()
        self._mailbox: dict[str, tuple[int, Parcel]] = {}
        self._count = 0
        self._at = datetime.min.replace(tzinfo=UTC)
        self._taken: set[int] = set()
        self._play_back()

    # what partners' clients do

    def take(self, parcel: Parcel) -> None:
        """Let something enter the inbox, once under its key."""
        key = parcel.channel, parcel.meta.get("key", "")
        if key[1] and key in self._known:
            return
        self._write(Came(parcel))
        self._enter(parcel)
        if parcel.channel == "x12.batch":
            self._watch(parcel.content)

    def answer(self, interchange: bytes) -> bytes:
        """Answer an inquiry in real time. Raises X12Error where it asks nothing that is answered here."""
        at = self._time()
        answered = self.sandbox.answer(interchange, at)
        self._write(Inquired(at, interchange))
        self._has_answered = True
        self._watch(interchange)
        self._watch(answered)
        return answered

    def files(self) -> list[MailboxFile]:
        """List the files that wait to be picked up, in the order in which they came."""
        return [MailboxFile(name, len(parcel.content)) for name, (_, parcel) in self._mailbox.items()]

    def file(self, name: str) -> bytes:
        """Return a file's content. Raises KeyError."""
        return self._mailbox[name][1].content

    def archive(self, name: str) -> None:
        """Put a file away that was picked up; one that is not there was put away before."""
        if name in self._mailbox:
            number, _ = self._mailbox.pop(name)
            self._write(Taken((number,)))

    # what whoever runs it does

    def step(self) -> bool:
        """Take the inbox in and let time pass; True when anything came in or out."""
        at = self._time()
        if not (self._inbox or self._has_answered or (self.next_due is not None and self.next_due <= at)):
            return False
        if self._inbox or self._has_answered:
            self._write(Stepped(at))
        self._step(at)
        return True

    def delivered(self, *numbers: int) -> None:
        """Forget what is with whom it was for."""
        for number in numbers:
            del self.outgoing[number]
        if numbers:
            self._write(Taken(numbers))

    @property
    def waiting(self) -> int:
        """How much has come and not been taken in, or was sent and not been taken."""
        return len(self._inbox) + len(self._mailbox) + len(self.outgoing)

    # how it remembers

    def _time(self) -> datetime:
        """Read the clock; it never runs backwards here."""
        self._at = max(self._at, self._now())
        return self._at

    def _enter(self, parcel: Parcel) -> None:
        self._known.add((parcel.channel, parcel.meta.get("key", "")))
        self._inbox.append(parcel)

    def _step(self, at: datetime) -> None:
        inbox, self._inbox, self._has_answered = self._inbox, [], False
        self._at = max(self._at, at)
        coming, self.next_due = self.sandbox.step(at, inbox)
        for parcel in coming:
            self._send(parcel)

    def _send(self, parcel: Parcel) -> None:
        self._count += 1
        if parcel.channel == "problem":
            self.problems.append(parcel.body())
        elif self._count in self._taken:
            self._taken.remove(self._count)
        elif parcel.channel == "x12.batch":
            self._mailbox[f"{self._count:08}-{parcel.name}"] = self._count, parcel
            self._watch(parcel.content)
        else:
            self.outgoing[self._count] = parcel

    def _write(self, entry: Entry) -> None:
        if self._journal is not None:
            self._journal.write(entry)

    def _play_back(self) -> None:
        """Let everything happen again; what was taken before, also of what time alone brings forth, is left out."""
        entries = self._journal.entries() if self._journal is not None else []
        self._taken = {number for entry in entries if isinstance(entry, Taken) for number in entry.numbers}
        for entry in entries:
            match entry:
                case Came(parcel):
                    self._enter(parcel)
                case Inquired(at, interchange):
                    self.sandbox.answer(interchange, at)
                    self._has_answered = True
                case Stepped(at):
                    self._step(at)

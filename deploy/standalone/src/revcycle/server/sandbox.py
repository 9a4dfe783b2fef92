"""
The sandbox behind a running system: its journal, and the post that carries parcels by the real clock.

What the services hand over is in the journal, on disk, before they are answered; a key that came before is taken once.
What the sandbox sends out has a number; the journal remembers which were taken. So a process that is killed anywhere
begins again where it stood: it plays the journal back and brings what was not taken, however long ago it came.
"""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from revcycle.server.bringing import Bringing
from revcycle.server.outside import Here, Nobody
from revcycle.server.post import Ledger, Post
from revcycle_kit.clock import Clock
from revcycle_kit.errors import Unavailable
from revcycle_sandbox import Parcel, Sandbox


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of the journal: what came in at an instant, or what was taken."""

    at: datetime | None = None
    inbound: tuple[Parcel, ...] = ()
    taken_up_to: int | None = None
    """Everything up to this number was taken."""
    taken: tuple[int, ...] = ()
    """These were taken before others with smaller numbers."""


class Journal:
    """A file of lines that only grows; readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._path = path

    def entries(self) -> list[Entry]:
        """Read every line; one that a crash cut off was never answered, and is cut away."""
        content = self._path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            os.ftruncate(self._descriptor, len(whole))
        return [msgspec.json.decode(line, type=Entry) for line in whole.splitlines()]

    def write(self, entry: Entry, *, durably: bool) -> None:
        """Add a line; `durably`: it is on disk when this returns."""
        os.write(self._descriptor, msgspec.json.encode(entry) + b"\n")
        if durably:
            os.fsync(self._descriptor)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)


class JournaledPost(Post):
    """The partners' place, taken by a sandbox that survives a restart; see the module."""

    def __init__(self, sandbox: Sandbox, journal: Journal, clock: Clock, pairs: Ledger) -> None:
        super().__init__(Here(sandbox), clock, pairs)
        self._sandbox = sandbox
        self._journal = journal
        self._known: set[tuple[str, str]] = set()
        self._count = 0
        self._at = datetime.min.replace(tzinfo=UTC)
        self.bringing = Bringing(self.doors, clock.now)
        self._taken_up_to = 0
        self._taken: set[int] = set()
        self._play_back()

    def _play_back(self) -> None:
        """Let everything happen again; what was taken before, also of what time alone brings forth, is left out."""
        entries = self._journal.entries()
        self._taken_up_to = max((entry.taken_up_to or 0 for entry in entries), default=0)
        self._taken = {number for entry in entries for number in entry.taken if number > self._taken_up_to}
        for entry in entries:
            if entry.at is not None:
                self._know(entry.inbound)
                self._pass(entry.at, entry.inbound)

    def _know(self, parcels: Iterable[Parcel]) -> list[Parcel]:
        """Return what did not come before under its key, and remember it; a question may be asked again."""
        fresh = []
        for parcel in parcels:
            name = (parcel.channel, parcel.meta.get("key", ""))
            if parcel.channel == "x12.realtime" or not name[1] or name not in self._known:
                fresh.append(parcel)
            self._known.add(name)
        return fresh

    async def _exchange(self, going: list[Parcel]) -> list[Parcel]:
        """Write down what goes in, let it happen, keep what comes out; return only answers."""
        at = max(self._at, self._clock.now())
        fresh = self._know(going)
        if fresh:
            self._journal.write(Entry(at=at, inbound=tuple(fresh)), durably=True)
        return self._pass(at, fresh)

    def _pass(self, at: datetime, inbound: Iterable[Parcel]) -> list[Parcel]:
        coming, self._next_due = self._sandbox.step(at, inbound)
        self._at = max(self._at, at)
        answers = []
        for parcel in coming:
            self._count += 1
            if "in_reply_to" in parcel.meta:
                answers.append(parcel)
            elif self._count > self._taken_up_to and self._count not in self._taken:
                self.bringing.add(self._count, parcel)
            if parcel.channel == "problem":
                self.problems.append(parcel.body())
        return answers

    # what the services call: it is with the sandbox before they are answered

    async def submit(self, interchange: bytes, name: str, key: str) -> None:
        """Take a claim file."""
        await super().submit(interchange, name, key)
        await self._hand_over()

    async def send(self, letter_pdf: bytes, cover: bytes, key: str) -> None:
        """Take an appeal."""
        await super().send(letter_pdf, cover, key)
        await self._hand_over()

    async def deliver(self, document: bytes, cover: bytes, key: str) -> None:
        """Take a letter to a guarantor."""
        await super().deliver(document, cover, key)
        await self._hand_over()

    async def _hand_over(self) -> None:
        going, self._to_sandbox = self._to_sandbox, []
        if going:
            await self._exchange(going)

    # the world's turn

    async def step(self) -> bool:
        """Let the world's time pass, and bring what came; True when anything was taken."""
        if self._next_due is not None and self._next_due <= self._clock.now():
            await self._exchange([])
        taken = await self.bringing.round()
        self._note(taken)
        return bool(taken)

    def _note(self, taken: list[int]) -> None:
        """Write down what was taken."""
        before, self._taken_up_to = self._taken_up_to, self.bringing.taken_before(self._count)
        ahead = tuple(number for number in taken if number > self._taken_up_to)
        if ahead or self._taken_up_to > before:
            self._journal.write(Entry(taken_up_to=self._taken_up_to, taken=ahead), durably=False)


class NoPost(Post):
    """Where there is no sandbox: no partner is there, and what is for one waits."""

    def __init__(self, pairs: Ledger, clock: Clock) -> None:
        super().__init__(Nobody(), clock, pairs)

    async def _exchange(self, going: list[Parcel]) -> list[Parcel]:
        """Refuse: whatever asks tries again later."""
        del going
        raise Unavailable("a partner: the system was started without the sandbox")

    async def submit(self, interchange: bytes, name: str, key: str) -> None:
        """Refuse."""
        del interchange, name, key
        await self._exchange([])

    async def send(self, letter_pdf: bytes, cover: bytes, key: str) -> None:
        """Refuse."""
        del letter_pdf, cover, key
        await self._exchange([])

    async def deliver(self, document: bytes, cover: bytes, key: str) -> None:
        """Refuse."""
        del document, cover, key
        await self._exchange([])

"""
The sandbox behind a running system: its journal, and the post that carries parcels by the real clock.

What the services hand over is in the journal, on disk, before they are answered; a key that came before is taken once.
What the sandbox sends out has a number; the journal remembers up to which number everything was taken. So a process
that is killed anywhere begins again where it stood: it plays the journal back and brings what was not taken.
"""

import os
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import msgspec

from revcycle.post import Ledger, Post
from revcycle_kit.clock import Clock
from revcycle_kit.errors import Unavailable
from revcycle_kit.telemetry import get_log
from revcycle_sandbox import Parcel, Sandbox

OUT_OF_REACH = (OSError, TimeoutError, EOFError, Unavailable)
"""How a door looks that cannot take anything now."""
TRIES_MAX = 40
"""How often something that came too early is brought again, each time after a longer pause."""
PAUSE_SECONDS_MAX = 60.0
_log = get_log()


class TooEarly(Exception):  # noqa: N818 - a state
    """A service does not know yet what this is about."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of the journal: what came in at an instant, or up to which number everything was taken."""

    at: datetime | None = None
    inbound: tuple[Parcel, ...] = ()
    taken_up_to: int | None = None


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


class _Waiting:
    """A parcel that nobody has taken yet."""

    def __init__(self, parcel: Parcel) -> None:
        self.parcel = parcel
        self.tries = 0
        self.not_before = 0.0


class JournaledPost(Post):
    """The partners' place, taken by a sandbox that survives a restart; see the module."""

    def __init__(self, sandbox: Sandbox, journal: Journal, clock: Clock, pairs: Ledger) -> None:
        super().__init__(sandbox, clock, pairs)
        self._journal = journal
        self._known: set[tuple[str, str]] = set()
        self._count = 0
        self._at = datetime.min.replace(tzinfo=UTC)
        self._waiting: dict[int, _Waiting] = {}
        self._taken_up_to = 0
        self._play_back()

    def _play_back(self) -> None:
        """Let everything happen again; what was taken before, also of what time alone brings forth, is left out."""
        entries = self._journal.entries()
        self._taken_up_to = max((entry.taken_up_to or 0 for entry in entries), default=0)
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

    def _exchange(self, going: list[Parcel]) -> list[Parcel]:
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
            elif self._count > self._taken_up_to:
                self._waiting[self._count] = _Waiting(parcel)
            if parcel.channel == "problem":
                self.problems.append(parcel.body())
        return answers

    # what the services call: it is with the sandbox before they are answered

    async def submit(self, interchange: bytes, name: str, key: str) -> None:
        """Take a claim file."""
        await super().submit(interchange, name, key)
        self._hand_over()

    async def send(self, letter_pdf: bytes, cover: bytes, key: str) -> None:
        """Take an appeal."""
        await super().send(letter_pdf, cover, key)
        self._hand_over()

    async def deliver(self, document: bytes, cover: bytes, key: str) -> None:
        """Take a letter to a guarantor."""
        await super().deliver(document, cover, key)
        self._hand_over()

    def _hand_over(self) -> None:
        going, self._to_sandbox = self._to_sandbox, []
        if going:
            self._exchange(going)

    # the world's turn

    async def step(self, now: datetime) -> bool:
        """Let the world's time pass, and bring what came; True when anything was taken."""
        if self._next_due is not None and self._next_due <= now:
            self._exchange([])
        before = len(self._waiting)
        await self._bring_waiting()
        self._note_taken()
        return len(self._waiting) < before

    async def _bring_waiting(self) -> None:
        """Bring what waits; parcels about one visit, or of one kind, in their order."""
        queues: dict[str, list[int]] = defaultdict(list)
        for number, each in sorted(self._waiting.items()):
            queues[each.parcel.meta.get("visit_number") or each.parcel.channel].append(number)
        for numbers in queues.values():
            try:
                for number in numbers:
                    await self._bring_one(number)
            except OUT_OF_REACH as trouble:
                _log.warning("sandbox.paused", reason=type(trouble).__name__)

    async def _bring_one(self, number: int) -> None:
        each = self._waiting[number]
        deliver = self.doors.get(each.parcel.channel)
        if each.not_before > time.monotonic():
            return
        try:
            if deliver is not None:
                await deliver(each.parcel)
        except TooEarly:
            each.tries += 1
            each.not_before = time.monotonic() + min(0.25 * 1.5**each.tries, PAUSE_SECONDS_MAX)
            if each.tries < TRIES_MAX:
                return
            _log.error("sandbox.undeliverable", kind=each.parcel.channel, reason="TooEarly")
        except OUT_OF_REACH:
            raise
        except Exception as error:  # noqa: BLE001 - one parcel that nobody can use must not hold up the others
            _log.error("sandbox.undeliverable", kind=each.parcel.channel, reason=type(error).__name__)
        del self._waiting[number]

    def _note_taken(self) -> None:
        taken = min(self._waiting, default=self._count + 1) - 1
        if taken > self._taken_up_to:
            self._taken_up_to = taken
            self._journal.write(Entry(taken_up_to=taken), durably=False)


class _Nobody:
    """A sandbox in which nobody lives."""

    start_at = None


class NoPost(Post):
    """Where there is no sandbox: no partner is there, and what is for one waits."""

    def __init__(self, pairs: Ledger, clock: Clock) -> None:
        super().__init__(cast("Sandbox", _Nobody()), clock, pairs)

    def _exchange(self, going: list[Parcel]) -> list[Parcel]:
        """Refuse: whatever asks tries again later."""
        del going
        raise Unavailable("a partner: the system was started without the sandbox")

    async def submit(self, interchange: bytes, name: str, key: str) -> None:
        """Refuse."""
        del interchange, name, key
        self._exchange([])

    async def send(self, letter_pdf: bytes, cover: bytes, key: str) -> None:
        """Refuse."""
        del letter_pdf, cover, key
        self._exchange([])

    async def deliver(self, document: bytes, cover: bytes, key: str) -> None:
        """Refuse."""
        del document, cover, key
        self._exchange([])

"""The sandbox as a process of its own: the real clock, a journal that survives a restart, parcels over HTTP."""

from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec

from revcycle_sandbox.parcels import Parcel
from revcycle_sandbox.sandbox import Sandbox


class Numbered(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel on its way out, under a number that counts up and is the same after a restart."""

    number: int
    parcel: Parcel


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One step with inbound parcels, as the journal keeps it."""

    at: datetime
    inbound: tuple[Parcel, ...]


class Post:
    """
    Takes parcels in and keeps those going out until somebody has them.

    Nothing runs in the background: time passes when somebody asks. What came in
    is written to the journal first; played back, the journal gives the same
    parcels under the same numbers.
    """

    def __init__(self, sandbox: Sandbox, journal: Path | None, clock: Callable[[], datetime]) -> None:
        self._sandbox = sandbox
        self._journal = journal
        self._clock = clock
        self._waiting: deque[Numbered] = deque()
        self._count = 0
        self._now = datetime.min.replace(tzinfo=UTC)
        self._lock = Lock()
        for line in _whole_lines(journal) if journal is not None and journal.exists() else ():
            entry = msgspec.json.decode(line, type=Entry)
            self._step(entry.at, entry.inbound)

    def take(self, inbound: Iterable[Parcel]) -> list[Parcel]:
        """Take parcels in; gives what is answered at once (271, 277, 278, and what could not be used)."""
        with self._lock:
            parcels = tuple(inbound)
            at = self._time()
            self._write(Entry(at=at, inbound=parcels))
            return [each for each in self._step(at, parcels) if "in_reply_to" in each.meta]

    def hand_out(self, after: int, limit: int, taken: int | None = None) -> list[Numbered]:
        """
        Give the parcels after a number, and forget those up to it: whoever asks has them.

        Who may still lose them says `taken`: only those up to there are forgotten.
        """
        with self._lock:
            self._step(self._time(), ())
            while self._waiting and self._waiting[0].number <= (after if taken is None else taken):
                self._waiting.popleft()
            return list(islice((each for each in self._waiting if each.number > after), limit))

    def _time(self) -> datetime:
        """Read the clock; it never runs backwards here."""
        self._now = max(self._now, self._clock())
        return self._now

    def _step(self, at: datetime, inbound: tuple[Parcel, ...]) -> list[Parcel]:
        out, _due = self._sandbox.step(at, inbound)
        self._now = max(self._now, at)
        for parcel in out:
            self._count += 1
            self._waiting.append(Numbered(number=self._count, parcel=parcel))
        return out

    def _write(self, entry: Entry) -> None:
        if self._journal is not None:
            with self._journal.open("ab") as file:
                file.write(msgspec.json.encode(entry) + b"\n")

    def close(self) -> None:
        """Finish what is being written, and take nothing more: whoever waits is not answered, and asks again."""
        self._lock.acquire()

    def health(self) -> dict[str, Any]:
        """Say that it lives, and how much waits to be fetched."""
        return {"status": "ok", "waiting": len(self._waiting), "handed_out_up_to": self._count}


def _whole_lines(journal: Path) -> list[bytes]:
    """Read the journal; a line that a crash cut off was never answered, and is cut away."""
    content = journal.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        journal.write_bytes(whole)
    return whole.splitlines()

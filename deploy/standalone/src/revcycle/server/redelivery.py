"""
Redelivery: what the world sent to a service is kept until the service has it.

A service that is out of order is asked again, and what is about the same thing waits behind. What came before the
service knew what it is about is brought again, and holds nothing up. What a service refuses is kept where a person
finds it, and is brought again when a person says so, or after a restart. Nothing is ever dropped.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, Literal

import httpx

from revcycle.server.keyed_concurrency import in_turns
from revcycle_kit.errors import Unavailable
from revcycle_kit.telemetry import get_log
from revcycle_sandbox import Parcel

Deliver = Callable[[Parcel], Awaitable[None]]
UNAVAILABLE: Final = (httpx.TransportError, OSError, TimeoutError, EOFError, Unavailable)
"""How a service looks that cannot take anything now."""
PAUSE_SECONDS_MIN = 0.25
PAUSE_SECONDS_MAX = {"not_ready": 60.0, "unavailable": 10.0}
GROWTH = 1.5
GROWTHS_MAX = 20
SAID_AFTER = timedelta(minutes=30)
"""How long something may wait before it is said that somebody should look."""
State = Literal["new", "not_ready", "unavailable", "rejected"]
ACKNOWLEDGMENTS = ("TA1", "999", "277CA")
"""In this order they come about one file: all of one are brought before the next."""
_log = get_log()


class NotReady(Exception):  # noqa: N818 - a state
    """A service does not know yet what this is about."""

    def __init__(self, service: str = "") -> None:
        super().__init__(service)
        self.service = service


class Rejected(Exception):  # noqa: N818 - an answer
    """A service will not take this however often it comes."""

    def __init__(self, service: str, status: int, reason: str) -> None:
        super().__init__(service, status, reason)
        self.service = service
        self.status = status
        self.reason = reason


@dataclass(slots=True)
class Kept:
    """A parcel that nobody has taken yet; everything but its contents may be shown."""

    key: str
    parcel: Parcel
    since: datetime
    not_before: datetime
    state: State = "new"
    service: str = ""
    status: int = 0
    reason: str = ""
    tries: int = 0
    said: bool = False

    def shown(self) -> dict[str, Any]:
        """Return what a person may know of it, without contents."""
        names = ("key", "state", "service", "status", "reason", "tries", "since")
        return {"channel": self.parcel.channel, **{name: getattr(self, name) for name in names}}


class Redelivery:
    """Brings parcels to who takes them, each until it is taken."""

    def __init__(
        self, deliver: Mapping[str, Deliver], now: Callable[[], datetime], *, at_every_turn: bool = False
    ) -> None:
        self._deliver = deliver
        self._now = now
        self._at_every_turn = at_every_turn
        self._kept: dict[str, Kept] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._kept

    def add(self, key: str, parcel: Parcel) -> None:
        """Keep a parcel from now on, unless it is kept already."""
        if key not in self._kept:
            self._kept[key] = Kept(key, parcel, self._now(), self._now())

    def kept(self, *states: State) -> list[Kept]:
        """Return what nobody has taken, by key; only in these states where any are named."""
        return [kept for _, kept in sorted(self._kept.items()) if not states or kept.state in states]

    def retry_rejected(self) -> int:
        """Let everything that was rejected be brought again; return how many."""
        rejected = self.kept("rejected")
        for kept in rejected:
            kept.state, kept.not_before = "new", self._now()
        return len(rejected)

    async def round(self) -> list[str]:
        """Bring what is due, what is about one matter in its order; return the keys of what was taken."""
        taken: list[str] = []
        for queues in self._waves():
            brought = await in_turns((matter, partial(self._bring, queue)) for matter, queue in queues.items())
            taken += [key for keys in brought for key in keys]
        return taken

    def _waves(self) -> Iterator[dict[str, list[Kept]]]:
        waiting = self.kept()
        for wave in (*ACKNOWLEDGMENTS, ""):
            queues: dict[str, list[Kept]] = defaultdict(list)
            for kept in waiting:
                if _wave(kept.parcel) == wave:
                    queues[_matter(kept.parcel)].append(kept)
            yield queues

    async def _bring(self, queue: list[Kept]) -> list[str]:
        taken = []
        for kept in queue:
            due = kept.state != "rejected" and kept.not_before <= self._now()
            if due and await self._taken(kept):
                del self._kept[kept.key]
                taken.append(kept.key)
            if kept.state == "unavailable":
                break
        return taken

    async def _taken(self, kept: Kept) -> bool:
        deliver = self._deliver.get(kept.parcel.channel)
        if deliver is None:
            return True
        kept.tries += 1
        kept.state = "new"
        try:
            await deliver(kept.parcel)
        except NotReady as early:
            self._postpone(kept, "not_ready", early.service)
        except UNAVAILABLE as trouble:
            self._postpone(kept, "unavailable", reason=type(trouble).__name__)
            _log.warning("parcel waits", kind=kept.parcel.channel, reason=kept.reason)
        except Rejected as rejection:
            _reject(kept, rejection)
        except Exception as error:  # noqa: BLE001 - one parcel that nobody can use must not hold up the others
            _reject(kept, Rejected("", 0, type(error).__name__))
        else:
            return True
        return False

    def _postpone(self, kept: Kept, state: State, service: str = "", reason: str = "") -> None:
        kept.state, kept.service, kept.status, kept.reason = state, service, 0, reason
        if self._at_every_turn:
            return
        seconds = PAUSE_SECONDS_MIN * GROWTH ** min(kept.tries, GROWTHS_MAX)
        kept.not_before = self._now() + timedelta(seconds=min(seconds, PAUSE_SECONDS_MAX[state]))
        waited = self._now() - kept.since
        if waited >= SAID_AFTER and not kept.said:
            kept.said = True
            _log.error("parcel waits long", kind=kept.parcel.channel, seq=kept.key, state=state, seconds=waited.seconds)


def _wave(parcel: Parcel) -> str:
    """Return the transaction set of an acknowledgment."""
    name = parcel.meta.get("set", "")
    return name if name in ACKNOWLEDGMENTS else ""


def _matter(parcel: Parcel) -> str:
    """
    Return what a parcel is about: parcels about the same are brought one after another.

    An acknowledgment is about one file of ours; a remittance may follow another payer's on the same encounter.
    """
    if _wave(parcel):
        return parcel.name
    return parcel.meta.get("visit_number") or (parcel.sender if parcel.channel == "payment" else parcel.channel)


def _reject(kept: Kept, rejection: Rejected) -> None:
    kept.state, kept.service, kept.status = "rejected", rejection.service, rejection.status
    kept.reason = rejection.reason
    _log.error(
        "parcel rejected",
        kind=kept.parcel.channel,
        seq=kept.key,
        source=rejection.service,
        status=rejection.status,
        reason=rejection.reason.partition(" ")[0],
    )

"""
Bringing: what the world sent to a service is kept until the service has it.

A service that is out of order is asked again, and what is about the same thing waits behind. What came before the
service knew what it is about is brought again, and holds nothing up. What a service refuses is kept where a person
finds it, and is brought again when a person says so, or after a restart. Nothing is ever dropped.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import httpx

from revcycle.server.post import Deliver
from revcycle_kit.errors import Unavailable
from revcycle_kit.telemetry import get_log
from revcycle_sandbox import Parcel

OUT_OF_REACH = (httpx.TransportError, OSError, TimeoutError, EOFError, Unavailable)
"""How a door looks that cannot take anything now."""
PAUSE_SECONDS_MIN = 0.25
PAUSE_SECONDS_MAX = {"early": 60.0, "out_of_reach": 10.0}
GROWTH = 1.5
GROWTHS_MAX = 20
SAID_AFTER = timedelta(minutes=30)
"""How long something may be early before it is said that somebody should look."""
State = Literal["new", "early", "out_of_reach", "refused"]
_log = get_log()


class TooEarly(Exception):  # noqa: N818 - a state
    """A service does not know yet what this is about."""

    def __init__(self, service: str = "") -> None:
        super().__init__(service)
        self.service = service


class Refused(Exception):  # noqa: N818 - an answer
    """A service will not take this however often it comes."""

    def __init__(self, service: str, status: int, reason: str) -> None:
        super().__init__(service, status, reason)
        self.service = service
        self.status = status
        self.reason = reason


@dataclass(slots=True)
class Kept:
    """A parcel that nobody has taken yet; everything but its contents may be shown."""

    number: int
    parcel: Parcel
    since: datetime
    not_before: datetime
    state: State = "new"
    service: str = ""
    status: int = 0
    reason: str = ""
    tries: int = 0
    said: bool = False

    def told(self) -> dict[str, Any]:
        """Return what a person may know of it, without contents."""
        shown = ("number", "state", "service", "status", "reason", "tries")
        return {"channel": self.parcel.channel, "since": self.since, **{name: getattr(self, name) for name in shown}}


class Bringing:
    """Brings parcels to their doors, each until it is taken."""

    def __init__(self, doors: Mapping[str, Deliver], now: Callable[[], datetime]) -> None:
        self._doors = doors
        self._now = now
        self._kept: dict[int, Kept] = {}

    def add(self, number: int, parcel: Parcel) -> None:
        """Keep a parcel from now on, unless it is kept already."""
        if number not in self._kept:
            self._kept[number] = Kept(number, parcel, self._now(), self._now())

    def kept(self, *states: State) -> list[Kept]:
        """Return what nobody has taken, by number; only in these states where any are named."""
        return [each for _, each in sorted(self._kept.items()) if not states or each.state in states]

    def taken_before(self, otherwise: int) -> int:
        """Return the number up to which all was taken; `otherwise` where nothing is kept."""
        return min(self._kept, default=otherwise + 1) - 1

    def again(self) -> int:
        """Let everything that was refused be brought again; return how many."""
        refused = self.kept("refused")
        for each in refused:
            each.state, each.not_before = "new", self._now()
        return len(refused)

    async def round(self) -> list[int]:
        """Bring what is due, what is about one visit or of one kind in its order; return the numbers taken."""
        queues: dict[str, list[Kept]] = defaultdict(list)
        for each in self.kept():
            queues[each.parcel.meta.get("visit_number") or each.parcel.channel].append(each)
        return [number for queue in queues.values() for number in await self._bring(queue)]

    async def _bring(self, queue: list[Kept]) -> list[int]:
        taken = []
        for each in queue:
            due = each.state != "refused" and each.not_before <= self._now()
            if due and await self._taken(each):
                del self._kept[each.number]
                taken.append(each.number)
            if each.state == "out_of_reach":
                break
        return taken

    async def _taken(self, each: Kept) -> bool:
        deliver = self._doors.get(each.parcel.channel)
        if deliver is None:
            return True
        each.tries += 1
        each.state = "new"
        try:
            await deliver(each.parcel)
        except TooEarly as early:
            self._postpone(each, "early", early.service)
        except OUT_OF_REACH as trouble:
            self._postpone(each, "out_of_reach", reason=type(trouble).__name__)
            _log.warning("parcel waits", kind=each.parcel.channel, reason=each.reason)
        except Refused as refusal:
            _refuse(each, refusal)
        except Exception as error:  # noqa: BLE001 - one parcel that nobody can use must not hold up the others
            _refuse(each, Refused("", 0, type(error).__name__))
        else:
            return True
        return False

    def _postpone(self, each: Kept, state: State, service: str = "", reason: str = "") -> None:
        each.state, each.service, each.status, each.reason = state, service, 0, reason
        seconds = PAUSE_SECONDS_MIN * GROWTH ** min(each.tries, GROWTHS_MAX)
        each.not_before = self._now() + timedelta(seconds=min(seconds, PAUSE_SECONDS_MAX[state]))
        waited = self._now() - each.since
        if waited >= SAID_AFTER and not each.said:
            each.said = True
            _log.error(
                "parcel waits long", kind=each.parcel.channel, seq=each.number, state=state, seconds=waited.seconds
            )


def _refuse(each: Kept, refusal: Refused) -> None:
    each.state, each.service, each.status, each.reason = "refused", refusal.service, refusal.status, refusal.reason
    _log.error(
        "parcel refused",
        kind=each.parcel.channel,
        seq=each.number,
        source=refusal.service,
        status=refusal.status,
        reason=refusal.reason.partition(" ")[0],
    )

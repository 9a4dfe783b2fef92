"""Breaker: when failures come in a storm (a bad deployment), pause instead of parking the world."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from revcycle_kit.delivery.unit import Outcome

WINDOW = timedelta(minutes=10)
KEYS_MAX = 50
SHARE_MAX = 0.01


class Paused(Exception):  # noqa: N818 - a state
    """Too many streams failed in a short time: nothing was parked, nothing is read until someone resumes."""


class Breaker:
    """Counts parked streams over ten minutes; trips over 50 of them where they are over 1 % of the messages."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._window: deque[tuple[datetime, int, frozenset[tuple[UUID, str]]]] = deque()
        self.reason = ""

    def judge(self, outcome: Outcome, messages: int) -> None:
        """Let an outcome pass, or raise Paused before it is committed."""
        if self.reason:
            raise Paused(self.reason)
        now = self._now()
        while self._window and self._window[0][0] < now - WINDOW:
            self._window.popleft()
        parked = frozenset(
            (held.envelope.stream.id, held.envelope.source)
            for held in outcome.held_in.values()
            if held.state == "parked"
        )
        if parked:
            self._check(parked, messages)
        self._window.append((now, messages, parked))

    def _check(self, parked: frozenset[tuple[UUID, str]], messages: int) -> None:
        keys = parked.union(*(keys for _, _, keys in self._window))
        total = messages + sum(count for _, count, _ in self._window)
        if len(keys) > KEYS_MAX and len(keys) > total * SHARE_MAX:
            self.reason = f"{len(keys)} streams failed within {WINDOW}: see the parked failures, fix, then resume"
            raise Paused(self.reason)

    def resume(self) -> None:
        """Read on: someone has looked."""
        self.reason = ""
        self._window.clear()


def never_pause(outcome: Outcome, messages: int) -> None:
    """Let every outcome pass: commands park nothing, so no breaker judges them."""
    del outcome, messages

"""What will happen, and when: the only thing that waits in the sandbox."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from heapq import heappop, heappush
from typing import Any

Action = Callable[[datetime], Iterable[Any]]
"""Takes the instant at which it was due and gives what comes out of it."""


class Agenda:
    """
    Due actions by instant, then by business key.

    What is due fires at its own instant, however late it is asked for: stepping
    once a day or once a minute gives the same world.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, str, int, Action]] = []
        self._added = 0

    def at(self, due: datetime, key: str, action: Action) -> None:
        """Put an action down; the key decides among actions due at the same instant."""
        self._added += 1
        heappush(self._heap, (due, key, self._added, action))

    @property
    def next_due(self) -> datetime | None:
        """The earliest instant at which something will happen; None when nothing waits."""
        return self._heap[0][0] if self._heap else None

    def fire(self, until: datetime) -> Iterator[Any]:
        """Do everything due up to and at an instant, in order."""
        while self._heap and self._heap[0][0] <= until:
            due, _key, _added, action = heappop(self._heap)
            yield from action(due)

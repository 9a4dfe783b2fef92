"""Commands: what callers ask, group-committed: whoever comes while a transaction runs shares the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from revcycle_kit.database.connections import outage_of
from revcycle_kit.delivery.messages import Envelope
from revcycle_kit.delivery.unit import Outcome
from revcycle_kit.errors import Unavailable

BATCH_MAX = 200
QUEUE_MAX = 10_000
LOOK_MAX = 1_000
"""How far a batch looks for commands under its own grant."""
Run = Callable[[list[Envelope], Iterable[UUID]], Awaitable[Outcome]]
"""Runs messages in one transaction that may see these tenants."""


@dataclass(slots=True)
class _Pending:
    """A command, what its caller may see, and where the answer is awaited."""

    envelope: Envelope
    tenants: frozenset[UUID]
    answer: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def settle(self, *, answer: Any = None, error: BaseException | None = None) -> None:
        """Give the answer, or what went wrong, unless nobody waits any more."""
        if self.answer.done():
            return
        if error is not None:
            self.answer.set_exception(error)
        else:
            self.answer.set_result(answer)


class QueueFull(Unavailable):
    """More commands wait than we promise to hold: try again later (503)."""


class Commands:
    """
    Runs commands in shared transactions, on each stream in the order in which they came.

    A transaction sees what one grant covers, never a union of several: a handler could read for one caller what only
    another may know of. The service's own commands (`own`) have no caller, and share whatever their tenants.
    """

    def __init__(self, run: Run, *, own: bool = False) -> None:
        self._run = run
        self._own = own
        self._queue: list[_Pending] = []
        self._leader: asyncio.Task[None] | None = None

    async def execute(self, envelope: Envelope, tenants: frozenset[UUID]) -> Any:
        """Return the handler's answer, or raise what it raised; Unavailable where the database is out of reach."""
        if len(self._queue) >= QUEUE_MAX:
            raise QueueFull("room for more commands")
        pending = _Pending(envelope, tenants)
        self._queue.append(pending)
        if self._leader is None or self._leader.done():
            self._leader = asyncio.create_task(self._lead())
        return await pending.answer

    async def _lead(self) -> None:
        while self._queue:
            batch = self._next_batch()
            tenants = frozenset[UUID]().union(*(pending.tenants for pending in batch))
            try:
                outcome = await self._run([pending.envelope for pending in batch], tenants)
            except BaseException as error:
                for pending in batch:
                    pending.settle(error=outage_of(error) or error)
                if not isinstance(error, Exception):
                    raise
            else:
                for pending in batch:
                    key = pending.envelope.message_id
                    pending.settle(answer=outcome.answers.get(key), error=outcome.errors.get(key))

    def _next_batch(self) -> list[_Pending]:
        """Take the first command and others under its grant, none of them past an earlier one of its stream."""
        batch: list[_Pending] = []
        left: list[_Pending] = []
        passed: set[UUID] = set()
        for pending in self._queue[:LOOK_MAX]:
            stream_id = pending.envelope.stream.id
            if len(batch) < BATCH_MAX and stream_id not in passed and self._shares(pending, self._queue[0]):
                batch.append(pending)
            else:
                left.append(pending)
                passed.add(stream_id)
        self._queue[:LOOK_MAX] = left
        return batch

    def _shares(self, pending: _Pending, first: _Pending) -> bool:
        return self._own or pending.tenants == first.tenants


def answer_as(kind: type[Any], answer: Any) -> Any:
    """Return a command's answer as a value of `kind`: a repeated command gives the recorded bytes."""
    if isinstance(answer, msgspec.Raw):
        return msgspec.json.decode(answer, type=kind)
    return answer

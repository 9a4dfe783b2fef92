"""Commands: what callers ask, group-committed: whoever comes while a transaction runs shares the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from revcycle_kit.delivery.messages import Envelope
from revcycle_kit.delivery.unit import Outcome
from revcycle_kit.errors import Unavailable

BATCH_MAX = 200
QUEUE_MAX = 10_000
Run = Callable[[list[Envelope], Iterable[UUID]], Awaitable[Outcome]]
"""Runs messages in one transaction that may see these tenants."""


@dataclass(slots=True)
class _Asked:
    envelope: Envelope
    tenants: frozenset[UUID]
    answer: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class QueueFull(Unavailable):
    """More commands wait than we promise to hold: try again later (503)."""


class Commands:
    """Runs commands in shared transactions, in the order asked."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._queue: list[_Asked] = []
        self._leader: asyncio.Task[None] | None = None

    async def execute(self, envelope: Envelope, tenants: frozenset[UUID]) -> Any:
        """Return the handler's answer, or raise what it raised."""
        if len(self._queue) >= QUEUE_MAX:
            raise QueueFull("room for more commands")
        asked = _Asked(envelope, tenants)
        self._queue.append(asked)
        if self._leader is None or self._leader.done():
            self._leader = asyncio.create_task(self._lead())
        return await asked.answer

    async def _lead(self) -> None:
        while self._queue:
            batch = self._next_batch()
            tenants = frozenset[UUID]().union(*(call.tenants for call in batch))
            try:
                outcome = await self._run([call.envelope for call in batch], tenants)
            except BaseException as error:
                for call in batch:
                    _tell(call, error=error)
                if not isinstance(error, Exception):
                    raise
            else:
                for call in batch:
                    key = call.envelope.message_id
                    _tell(call, answer=outcome.answers.get(key), error=outcome.errors.get(key))

    def _next_batch(self) -> list[_Asked]:
        """Take commands that may share a transaction: one whose caller does not own the stream goes alone."""
        batch = [self._queue.pop(0)]
        if _owns(batch[0]):
            while self._queue and len(batch) < BATCH_MAX and _owns(self._queue[0]):
                batch.append(self._queue.pop(0))
        return batch


def _owns(call: _Asked) -> bool:
    return call.envelope.stream.tenant_id in call.tenants


def _tell(call: _Asked, *, answer: Any = None, error: BaseException | None = None) -> None:
    if call.answer.done():
        return
    if error is not None:
        call.answer.set_exception(error)
    else:
        call.answer.set_result(answer)

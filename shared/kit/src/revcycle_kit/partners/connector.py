"""
Connectors: what a service fetches from its partners, polled by the role `connector`, or by a simulated clock.

A file is fetched, kept and committed by the service, and only then archived at the partner. A crash at any step
fetches it again; the service knows it by its partner and SHA-256. What is not ours is left for whoever it is for.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from enum import Enum, unique
from hashlib import sha256
from typing import Final, Protocol

from revcycle_kit.clock import Clock
from revcycle_kit.delivery.loops import WakeEvent, run_until_stopped
from revcycle_kit.errors import Refusal
from revcycle_kit.partners.mailbox import Mailbox, RemoteFile, Settled, settled
from revcycle_kit.telemetry.logs import get_log
from revcycle_kit.values import Value

OFFER_AGAIN: Final = timedelta(minutes=10)
"""How long a file that nobody took waits until it is offered again."""
_log = get_log()


class Connector(Protocol):
    """Fetches something from a partner, again and again."""

    name: str

    def next_due(self, now: datetime) -> datetime:
        """Return when to poll next."""
        ...

    async def poll(self, now: datetime) -> bool:
        """Look once; True when anything was fetched. Raises Unavailable where the partner or we are out of reach."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class FetchedFile(Value, kw_only=True):
    """A file as it came; `first_seen_at` says since when it waits there."""

    partner: str
    name: str
    content: bytes
    sha256: str
    first_seen_at: datetime


@unique
class Receipt(Enum):
    """What a service did with a file."""

    KEPT = "kept"
    """It is committed, now or before: archive it."""
    NOT_OURS = "not ours"
    """Leave it for another service."""


Receive = Callable[[FetchedFile], Awaitable[Receipt]]


class FilePickup:
    """Picks up files of one mailbox for one service; see the module."""

    def __init__(self, partner: str, mailbox: Mailbox, receive: Receive, *, every: timedelta) -> None:
        """Make a connector that looks `every` so often; `receive` keeps a file by the service's own command."""
        self.name = partner
        self._mailbox = mailbox
        self._receive = receive
        self._every = every
        self._polled_at: datetime | None = None
        self._looks: Settled = {}
        self._first_seen: dict[str, datetime] = {}
        self._left: dict[str, datetime] = {}

    def next_due(self, now: datetime) -> datetime:
        return now if self._polled_at is None else self._polled_at + self._every

    async def poll(self, now: datetime) -> bool:
        """Take what is whole and not yet offered; one bad file does not hold up the others."""
        self._polled_at = now
        listed = await self._mailbox.files()
        whole = listed if self._mailbox.lists_whole_files else settled(listed, self._looks)
        self._remember({file.name for file in listed}, now)
        taken = [await self._offer(file, now) for file in whole if self._is_to_be_offered(file, now)]
        return any(taken)

    async def close(self) -> None:
        await self._mailbox.close()

    def _remember(self, names: set[str], now: datetime) -> None:
        self._first_seen = {name: self._first_seen.get(name, now) for name in names}
        self._left = {name: at for name, at in self._left.items() if name in names}

    def _is_to_be_offered(self, file: RemoteFile, now: datetime) -> bool:
        left_at = self._left.get(file.name)
        return left_at is None or now >= left_at + OFFER_AGAIN

    async def _offer(self, file: RemoteFile, now: datetime) -> bool:
        try:
            content = await self._mailbox.fetch(file.name)
        except FileNotFoundError:
            return False  # another service was faster
        fetched = FetchedFile(
            partner=self.name,
            name=file.name,
            content=content,
            sha256=sha256(content).hexdigest(),
            first_seen_at=self._first_seen[file.name],
        )
        try:
            receipt = await self._receive(fetched)
        except Refusal as refusal:
            _log.warning("file left at the partner", partner=self.name, reason=type(refusal).__name__)
            receipt = Receipt.NOT_OURS
        if receipt is Receipt.NOT_OURS:
            self._left[file.name] = now
            return False
        await self._mailbox.archive(file.name)
        return True


async def run_connectors(connectors: Iterable[Connector], clock: Clock, wake: WakeEvent) -> None:
    """Poll each connector when it is due, side by side, until stopped; trouble with one holds up no other."""
    async with asyncio.TaskGroup() as polling:
        for connector in connectors:
            polling.create_task(_run(connector, clock, wake))


async def _run(connector: Connector, clock: Clock, wake: WakeEvent) -> None:
    async def poll() -> bool:
        now = clock.now()
        return connector.next_due(now) <= now and await connector.poll(now)

    await run_until_stopped(wake, connector.name, poll)

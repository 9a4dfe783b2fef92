"""Files are picked up once, whole, and archived only when they were kept; a crash loses and doubles none."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from revcycle_kit.clock import SimulatedClock
from revcycle_kit.delivery.loops import WakeEvent
from revcycle_kit.errors import Refusal, Unavailable
from revcycle_kit.partners.connector import FetchedFile, FilePickup, Receipt, run_connectors
from revcycle_kit.partners.mailbox import FolderMailbox

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
EVERY = timedelta(minutes=1)


class Killed(BaseException):
    """The process ends here."""


class KeepingService:
    """Keeps files as a service does: once for each partner and content, whatever is offered again."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], bytes] = {}
        self.offered: Counter[str] = Counter()
        self.refused: set[str] = set()
        self.not_ours: set[str] = set()

    async def receive(self, file: FetchedFile) -> Receipt:
        self.offered[file.name] += 1
        if file.name in self.refused:
            raise Refusal("This cannot be read.")
        if file.name in self.not_ours:
            return Receipt.NOT_OURS
        self.kept[file.partner, file.sha256] = file.content
        return Receipt.KEPT


class Folder(FolderMailbox):
    """A mailbox that ends the process at a chosen step."""

    def __init__(self, home: Path) -> None:
        super().__init__(home / "out", home / "in", home / "archive")
        self.home = home
        self.die_after = ""

    async def fetch(self, name: str) -> bytes:
        content = await super().fetch(name)
        self._die("fetch")
        return content

    async def archive(self, name: str) -> None:
        self._die("keep")
        await super().archive(name)
        self._die("archive")

    def _die(self, step: str) -> None:
        if self.die_after == step:
            self.die_after = ""
            raise Killed

    def leave(self, name: str, content: bytes = b"835") -> None:
        (self.home / "out" / name).write_bytes(content)

    @property
    def archived(self) -> list[str]:
        return sorted(path.name for path in (self.home / "archive").iterdir())

    @property
    def waiting(self) -> list[str]:
        return sorted(path.name for path in (self.home / "out").iterdir())


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def service() -> KeepingService:
    return KeepingService()


def pickup(folder: Folder, service: KeepingService) -> FilePickup:
    return FilePickup("CLEARINGHOUSE", folder, service.receive, every=EVERY)


async def polls(connector: FilePickup, times: int, start: datetime = NOW) -> None:
    for minute in range(times):
        await connector.poll(start + minute * EVERY)


@pytest.mark.parametrize("step", ["fetch", "keep", "archive"])
async def test_a_file_is_kept_once_wherever_the_connector_is_killed(
    folder: Folder, service: KeepingService, step: str
) -> None:
    folder.leave("a.835", b"A")
    folder.leave("b.835", b"B")
    folder.die_after = step
    with pytest.raises(Killed):
        await polls(pickup(folder, service), 2)

    await polls(pickup(folder, service), 2)

    assert [b"A", b"B"] == sorted(service.kept.values())
    assert (["a.835", "b.835"], []) == (folder.archived, folder.waiting)


async def test_archiving_before_keeping_would_lose_a_file(folder: Folder, service: KeepingService) -> None:
    """The control: the order that the pick-up must not have loses the file, and this check sees it."""

    async def archive_first(file: FetchedFile) -> Receipt:
        await FolderMailbox.archive(folder, file.name)
        raise Killed

    folder.leave("a.835", b"A")
    with pytest.raises(Killed):
        await polls(FilePickup("CLEARINGHOUSE", folder, archive_first, every=EVERY), 2)
    await polls(pickup(folder, service), 2)
    assert {} == service.kept


async def test_a_file_that_still_grows_is_left_until_it_stands(folder: Folder, service: KeepingService) -> None:
    connector = pickup(folder, service)
    folder.leave("a.835", b"ha")
    await connector.poll(NOW)
    folder.leave("a.835", b"half")
    await connector.poll(NOW + EVERY)
    assert {} == service.kept

    await connector.poll(NOW + 2 * EVERY)
    assert [b"half"] == list(service.kept.values())


async def test_what_is_not_ours_stays_and_is_offered_again_later(folder: Folder, service: KeepingService) -> None:
    """Nobody's file is claims' work after an hour: until then it is offered every ten minutes, not at every poll."""
    service.not_ours.add("a.271")
    folder.leave("a.271")
    connector = pickup(folder, service)
    await polls(connector, 11)
    assert (["a.271"], [], 1) == (folder.waiting, folder.archived, service.offered["a.271"])

    await polls(connector, 10, NOW + timedelta(minutes=11))
    assert 2 == service.offered["a.271"]


async def test_since_when_a_file_waits_is_told_from_the_first_look(folder: Folder) -> None:
    seen: list[datetime] = []

    async def receive(file: FetchedFile) -> Receipt:
        seen.append(file.first_seen_at)
        return Receipt.NOT_OURS

    folder.leave("a.271")
    await polls(FilePickup("CLEARINGHOUSE", folder, receive, every=EVERY), 30)
    assert [NOW] * 3 == seen


async def test_one_file_that_is_refused_holds_up_no_other(folder: Folder, service: KeepingService) -> None:
    service.refused.add("a.835")
    folder.leave("a.835", b"A")
    folder.leave("b.835", b"B")
    await polls(pickup(folder, service), 2)
    assert ([b"B"], ["a.835"]) == (list(service.kept.values()), folder.waiting)


async def test_connectors_run_side_by_side_and_outlive_trouble() -> None:
    wake = WakeEvent()
    clock = SimulatedClock(NOW)
    polled: Counter[str] = Counter()

    class Fetcher:
        def __init__(self, name: str) -> None:
            self.name = name

        def next_due(self, now: datetime) -> datetime:
            return now

        async def poll(self, now: datetime) -> bool:
            del now
            polled[self.name] += 1
            if self.name == "down" and polled["down"] < 3:
                raise Unavailable("the partner")
            if polled["down"] >= 3 and polled["up"] >= 1:
                wake.stop()
            return True

        async def close(self) -> None:
            return

    async with asyncio.timeout(20):
        await run_connectors([Fetcher("down"), Fetcher("up")], clock, wake)
    assert polled["down"] >= 3
    assert polled["up"] >= 1

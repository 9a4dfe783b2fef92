"""The clearinghouse over a folder: whole files are taken, what comes is placed whole, and a crash loses nothing."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from revcycle_sandbox import FolderDoor, Journal, Sandbox, SandboxProgram
from revcycle_sandbox.world import Plan

LATER = datetime(2026, 6, 1, tzinfo=UTC)


class Place:
    """A folder, and a program behind it that can be killed and started again."""

    def __init__(self, folder: Path, make: Any) -> None:
        self.folder = folder
        self.make = make
        self.now = datetime(2026, 1, 11, 9, tzinfo=UTC)
        self.begin()

    def begin(self) -> None:
        """Start, as after a crash."""
        make = self.make
        world = make.world([make.payer(fees={"G0463": 180_00})], [Plan(code="PLAN", payer="PPO01")], [make.member()])
        journal = Journal(self.folder.parent / "journal.jsonl")
        self.program = SandboxProgram(Sandbox(world, 1), lambda: self.now, journal)
        self.door = FolderDoor(self.program, self.folder)

    def put(self, name: str) -> None:
        content = self.make.file(self.make.day(1), self.make.claim("C1", self.make.line("G0463", 250_00))).content
        (self.folder / "in" / name).write_bytes(content)

    def polls(self, count: int = 2) -> None:
        for _ in range(count):
            self.door.poll()

    def until_paid(self) -> None:
        """Let the file be taken in, and half a year pass."""
        self.polls()
        self.program.step()
        self.now = LATER
        self.program.step()
        self.polls()

    def names(self, place: str) -> list[str]:
        return sorted(path.name for path in (self.folder / place).iterdir())


@pytest.fixture
def place(tmp_path: Path, make: Any) -> Place:
    return Place(tmp_path / "clearinghouse", make)


def test_claims_go_in_and_999_277ca_and_835_come_out(place: Place) -> None:
    place.put("claims.x12")
    place.until_paid()
    assert [] == place.names("in")
    assert {"999", "277CA", "835"} <= {name.split("-")[1] for name in place.names("out")}


def test_a_file_that_still_grows_is_not_taken_and_a_temporary_one_never(place: Place) -> None:
    place.put("claims.x12.part")
    place.put("claims.x12")
    place.door.poll()
    with (place.folder / "in" / "claims.x12").open("ab") as file:
        file.write(b"\n")
    place.door.poll()
    assert 0 == place.program.waiting
    place.door.poll()
    assert (1, ["claims.x12.part"]) == (place.program.waiting, place.names("in"))


def test_a_file_that_comes_twice_is_taken_twice(place: Place) -> None:
    """This partner knows nothing again: who sends is careful."""
    for _ in range(2):
        place.put("claims.x12")
        place.polls()
    assert 2 == place.program.waiting


def test_what_the_client_archived_or_removed_is_not_placed_again_not_even_after_a_crash(place: Place) -> None:
    place.put("claims.x12")
    place.until_paid()
    first, second, *rest = place.names("out")
    (place.folder / "out" / first).rename(place.folder / "archive" / first)
    (place.folder / "out" / second).unlink()
    place.polls()
    place.begin()
    place.program.step()
    place.polls()
    assert rest == place.names("out")
    assert rest == [file.name for file in place.program.files()]


def test_what_the_client_archived_while_nobody_looked_is_not_placed_again(place: Place) -> None:
    place.put("claims.x12")
    place.until_paid()
    first, *rest = place.names("out")
    (place.folder / "out" / first).rename(place.folder / "archive" / first)
    place.begin()
    place.program.step()
    place.polls()
    assert rest == place.names("out")


def test_a_file_that_was_being_taken_at_a_crash_is_taken_once(place: Place) -> None:
    """Killed between the journal and the removal of the file, it takes the same file again, under the same key."""
    place.put("claims.x12")
    place.polls(1)
    place.door._take_over()
    [taking] = (place.folder / ".taking").iterdir()
    content = taking.read_bytes()
    place.door._take()
    taking.write_bytes(content)
    place.begin()
    place.polls()
    assert 1 == place.program.waiting

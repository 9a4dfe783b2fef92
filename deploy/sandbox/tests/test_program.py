"""What partners hand over enters the inbox once, is taken in with the next step, and survives a kill."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from revcycle_sandbox import Journal, Parcel, Sandbox, SandboxProgram, demo_world
from revcycle_sandbox.parcels import json_parcel
from revcycle_sandbox.world import Plan

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LATER = datetime(2026, 9, 1, tzinfo=UTC)


def statement(number: int = 1) -> Parcel:
    body = {"account_id": f"A{number}", "statement_id": f"S{number}", "number": 1, "balance_cents": 100_00}
    return json_parcel("statement", "BILLER", "PATIENT", body, key=f"K{number}")


class Place:
    """A program that can be killed and started again, on a clock that tests move."""

    def __init__(self, journal: Path) -> None:
        self.journal = journal
        self.now = NOW

    def started(self) -> SandboxProgram:
        return SandboxProgram(Sandbox(demo_world(1, 30), 1), lambda: self.now, Journal(self.journal))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "sandbox" / "journal.jsonl")


def test_what_comes_is_taken_in_with_the_next_step_only(place: Place) -> None:
    program = place.started()
    program.take(json_parcel("pigeon", "A", "B", {}, key="K"))
    assert [] == program.problems
    assert program.step()
    assert 1 == len(program.problems)


def test_what_comes_twice_under_a_key_is_taken_once(place: Place) -> None:
    program = place.started()
    for _ in range(2):
        program.take(json_parcel("pigeon", "A", "B", {}, key="K"))
    program.step()
    assert 1 == len(program.problems)
    assert 1 == place.journal.read_bytes().count(b'"key":"K"')


def test_the_order_in_which_requests_come_changes_nothing(tmp_path: Path) -> None:
    """Whoever was faster: what goes out is the same, under the same numbers."""
    sent = []
    for order in range(3):
        place = Place(tmp_path / str(order) / "journal.jsonl")
        program = place.started()
        numbers = Random(order).sample(range(20), 20)  # noqa: S311 - an order, not a secret
        for number in numbers:
            program.take(statement(number))
        program.step()
        place.now = LATER
        program.step()
        sent.append(program.outgoing)
    assert sent[0] == sent[1] == sent[2]
    assert any(parcel.channel == "payment" for parcel in sent[0].values())


def test_a_restart_plays_the_journal_back_under_the_same_numbers(place: Place) -> None:
    """Also where the last line was cut off by the crash; what came after the last step is still to be taken in."""
    before = place.started()
    for number in range(30):
        before.take(statement(number))
    before.step()
    before.take(statement(99))
    written = place.journal.read_bytes()
    place.now = LATER
    before.step()
    place.journal.write_bytes(written + b'{"type":"stepped","at":"2026-0')
    assert before.outgoing == _after_a_step(place.started()) == _after_a_step(place.started())


def _after_a_step(program: SandboxProgram) -> dict[int, Parcel]:
    program.step()
    return program.outgoing


def test_what_was_delivered_is_gone_also_after_a_restart(place: Place) -> None:
    place.now = LATER
    program = place.started()
    program.step()
    first, second, *_ = program.outgoing
    program.delivered(second)
    again = _after_a_step(place.started())
    assert first in again
    assert second not in again
    assert program.outgoing == again


def test_a_file_stays_in_the_mailbox_until_it_is_archived_also_over_a_restart(
    place: Place, make: Any, sandbox_of: Callable[[], Sandbox]
) -> None:
    def started() -> SandboxProgram:
        return SandboxProgram(sandbox_of(), lambda: place.now, Journal(place.journal))

    place.now = datetime(2026, 1, 11, tzinfo=UTC)
    program = started()
    file = make.file(make.day(1), make.claim("C1", make.line("G0463", 250_00)))
    program.take(msgspec.structs.replace(file, meta={"key": "K1"}))
    program.step()
    place.now = LATER
    program.step()
    names = [listed.name for listed in program.files()]
    assert ["999", "277CA", "277CA", "835"] == [name.split("-")[1] for name in names if "TA1" not in name]
    contents = [program.file(name) for name in names]
    program.archive(names[0])
    program.archive(names[0])
    again = started()
    again.step()
    assert (names[1:], contents[1:]) == (
        [listed.name for listed in again.files()],
        [again.file(name) for name in names[1:]],
    )


@pytest.fixture
def sandbox_of(make: Any) -> Callable[[], Sandbox]:
    """Make a sandbox of one payer and one member."""
    plan = Plan(code="PLAN", payer="PPO01")
    return lambda: Sandbox(make.world([make.payer(fees={"G0463": 180_00})], [plan], [make.member()]), 1)


def test_the_clock_never_runs_backwards(place: Place) -> None:
    place.now = LATER
    program = place.started()
    program.step()
    count = len(program.outgoing)
    place.now = NOW
    program.take(statement())
    program.step()
    assert count == len(program.outgoing)


def test_the_journal_is_its_owners_alone(place: Place) -> None:
    place.started()
    assert 0o600 == place.journal.stat().st_mode & 0o777
    assert 0o700 == place.journal.parent.stat().st_mode & 0o777

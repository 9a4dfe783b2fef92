"""
Ingest: FHIR and HL7 v2 files into a system, every message accounted for; played to the end if asked.

The files go through eligibility's own door, one after another, in the order of their names. Then the services settle;
with `play`, simulated time runs until nothing more is due: the sandbox enrolls whom it does not know and counts
timely filing from receipt, the staff works without a front desk that knows these visits.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from revcycle.ingest.files import Found, Refused, find_files, read_file
from revcycle.ingest.listing import Lister
from revcycle.ingest.outcomes import endings_of
from revcycle.ingest.report import Report, Taken
from revcycle_kit.clock import SystemClock
from revcycle_simulation.figures import MONEY, Figures
from revcycle_simulation.ingest_world import ingest_world
from revcycle_simulation.scheduler import next_tick
from revcycle_simulation.setup import Scenario, SimulationSetup, set_up
from revcycle_simulation.staff.worklists import Orders

HORIZON = timedelta(days=730)
"""Nothing that is billed now takes longer; what waits for a day beyond it is told as such."""
USUAL = timedelta(days=180)
"""In this time most of it has ended: what the progress bar measures."""
UNTIL = "simulated-until"
"""Where a kept system remembers how far its time has run."""
TOGETHER = 64
"""How many files are taken in before the services work on them."""
Watch = Callable[[str, float], None]
"""Hears what is being done, and how far it is (0 to 1)."""


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """What an ingest is asked to do."""

    paths: tuple[Path, ...]
    play: bool = False
    data: Path | None = None


async def ingest(options: IngestOptions, watch: Watch) -> Report:
    """Take everything in on a system of its own, or on the kept one, and account for it."""
    began = time.monotonic()
    async with set_up(scenario_for(options), lambda word: watch(word, 0.0)) as setup:
        report = await ingest_into(setup, options, watch)
        _remember(options.data, setup.clock.now())
    report.seconds = round(time.monotonic() - began, 1)
    return report


def scenario_for(options: IngestOptions) -> Scenario:
    """Return what an ingest plays on: payers that take everybody in, people who ask nobody."""
    orders = Orders(coverage_refused="release", alone=True)
    return Scenario(ingest_world(), start=_start(options.data), orders=orders, enroll_unknown=True, data=options.data)


async def ingest_into(setup: SimulationSetup, options: IngestOptions, watch: Watch) -> Report:
    """Take everything in on a system that stands, play if asked, and account for it."""
    found = find_files(options.paths)
    report = Report(files=len(found), taken=await _taken(found, setup, watch))
    await setup.simulation.settle()
    if options.play:
        await play_on(setup, watch)
        report.played_until = setup.clock.now().isoformat()
    watch("counting", 1.0)
    await _account(report, setup)
    return report


async def _taken(found: list[Found], setup: SimulationSetup, watch: Watch) -> list[Taken]:
    """Take the files in, in their order; the services work on what came every few files."""
    taken: list[Taken] = []
    clinic_id = next(iter(setup.places.clinics.values()))
    async with setup.system.client("eligibility", "intake", **setup.places.grant) as door:
        for number, each in enumerate(found, 1):
            content = read_file(each)
            if isinstance(content, Refused):
                taken.append(Taken(str(each.path), 1, "refused", reasons=(f"{content.problem}. {content.fix}",)))
            else:
                taken += await _given(door, clinic_id, each, content)
            if number % TOGETHER == 0:
                await setup.simulation.settle()
            watch(each.path.name, number / len(found))
    return taken


async def _given(door: Any, clinic_id: Any, found: Found, content: bytes) -> list[Taken]:
    """Give one file to the intake; whatever it answers is an account of the file."""
    path = str(found.path)
    answer = await door.post(
        f"/v1/clinics/{clinic_id}/messages", params={"source": found.source}, content=content, timeout=None
    )
    if answer.is_error:
        problem = answer.json()
        return [Taken(path, 1, "refused", reasons=(f"{problem.get('title')} {problem.get('detail', '')}".strip(),))]
    return [_of_receipt(path, number, receipt) for number, receipt in enumerate(answer.json(), 1)]


def _of_receipt(path: str, number: int, receipt: dict[str, Any]) -> Taken:
    missing = [f"{gap['what']} ({gap['where']}): {gap['fix']}" for gap in receipt["gaps"]]
    refused = [f"{refusal['problem']} ({refusal['where']}): {refusal['fix']}" for refusal in receipt["refusals"]]
    return Taken(
        path,
        number,
        receipt["outcome"],
        receipt["message_id"],
        tuple(receipt["encounter_ids"]),
        tuple(missing + refused if receipt["outcome"] == "held" else refused + missing),
    )


async def play_on(setup: SimulationSetup, watch: Watch) -> None:
    """Let time run until nothing more is due, or the horizon."""
    start = setup.clock.now()
    while (due := await setup.simulation.next_due()) is not None and due <= start + HORIZON:
        setup.clock.advance_to(max(next_tick(due), setup.clock.now()))
        await setup.simulation.settle()
        watch(f"{setup.clock.now():%Y-%m-%d}", min(1.0, (setup.clock.now() - start) / USUAL))


async def _account(report: Report, setup: SimulationSetup) -> None:
    figures, lister = Figures(setup.system, setup.places), Lister(setup.system, setup.places)
    try:
        report.vanished = await _vanished(report.taken, setup, lister)
        report.endings = await endings_of(_spoken_of(report.taken), lister, setup.clock.now().date())
        money = await figures.money()
        report.money_cents = {name: money[name] for name in MONEY}
        report.invariants = await figures.invariants()
        report.work_refused = [*setup.outside.rejections(), *setup.staff.refused]
    finally:
        await figures.close()
        await lister.close()


async def _vanished(taken: Iterable[Taken], setup: SimulationSetup, lister: Lister) -> list[str]:
    """Return the messages that were taken in and are not among those kept."""
    kept: set[str] = set()
    for clinic_id in setup.places.clinics.values():
        kept |= {
            message["message_id"] async for message in lister.all("eligibility", f"/v1/clinics/{clinic_id}/messages")
        }
    return [
        f"{message.path}#{message.number}" for message in taken if message.message_id and message.message_id not in kept
    ]


def _spoken_of(taken: Iterable[Taken]) -> list[str]:
    """Return the encounters that accepted messages name, in their order."""
    return list(dict.fromkeys(encounter_id for message in taken for encounter_id in message.encounter_ids))


def _start(data: Path | None) -> datetime:
    """Return the first instant: now, or where a kept system's time has run to."""
    now: datetime = SystemClock().now()
    kept = data / UNTIL if data is not None else None
    if kept is None or not kept.exists():
        return now
    return max(now, datetime.fromisoformat(kept.read_text(encoding="utf-8").strip()))


def _remember(data: Path | None, until: datetime) -> None:
    if data is not None:
        (data / UNTIL).write_text(until.isoformat() + "\n", encoding="utf-8")

"""Demo: six months of a billing company, played on this machine, and what came of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from revcycle_sandbox import demo_world
from revcycle_simulation.figures import MONEY, SEED_KPIS, Figures
from revcycle_simulation.setup import Scenario, SimulationSetup, set_up

AFTERMATH = timedelta(days=150)
"""After the last visit the clock runs on, so that payers answer and patients pay."""
MONTH = timedelta(days=30)
Advanced = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What demo is asked to play."""

    encounters: int = 300
    seed: int = 1
    months: int = 6
    edi: Path | None = None
    data: Path | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    summary: dict[str, Any]
    """What `--json` writes."""
    kpis: dict[str, dict[str, Any]]
    story: dict[str, Any] | None
    """The journey of one encounter that was denied, worked, and paid."""
    acknowledged: dict[str, int]
    refused: list[str]

    @property
    def sound(self) -> bool:
        """Tell whether every invariant holds."""
        return all(self.summary["invariants"].values())


async def play_demo(options: DemoOptions, advanced: Advanced) -> Outcome:
    """Play it; `advanced` hears how far it is (0 to 1) and what day it is."""
    began = time.monotonic()
    if options.edi is not None:
        options.edi.mkdir(parents=True, exist_ok=True)
    world = demo_world(seed=options.seed, encounters=options.encounters, months=options.months)
    scenario = Scenario(world, seed=options.seed, edi=options.edi, data=options.data)
    async with set_up(scenario, lambda word: advanced(0.0, word)) as setup:
        closing = setup.clock.now() + MONTH * options.months
        end = closing + AFTERMATH
        await _run(setup, end, advanced)
        figures = Figures(setup.system, setup.places)
        try:
            return await _outcome(setup, figures, began, closing.date())
        finally:
            await figures.close()


async def _run(setup: SimulationSetup, end: datetime, advanced: Advanced) -> None:
    start = setup.clock.now()
    while await setup.simulation.advance(end):
        now = setup.clock.now()
        advanced((now - start) / (end - start), f"{now:%Y-%m-%d}")


async def _outcome(setup: SimulationSetup, figures: Figures, began: float, closing: date) -> Outcome:
    """Read the figures at the end; days in A/R as of the last day with visits, for later there is nothing to age."""
    kpis = await figures.kpis() | {"days_in_ar": (await figures.kpis(closing))["days_in_ar"]}
    money = await figures.money()
    counts = await figures.encounters()
    summary = {
        "encounters": {name: counts[name] for name in ("registered", "closed", "open")},
        "money_cents": {name: money[name] for name in MONEY},
        "kpis": {name: _number(kpis[name]["value"]) for name in SEED_KPIS},
        "events": dict(sorted((await figures.event_counts()).items())),
        "invariants": await figures.invariants(),
        "seconds": round(time.monotonic() - began, 1),
    }
    story = await _story(setup, figures)
    refused = setup.outside.rejections() + setup.staff.refused
    return Outcome(summary, kpis, story, dict(setup.adapters.acknowledged), refused)


def _number(value: str | None) -> float | None:
    return None if value is None else float(value)


async def _story(setup: SimulationSetup, figures: Figures) -> dict[str, Any] | None:
    """Find an encounter that was denied, corrected or appealed, and paid; the longest story of them."""
    best: dict[str, Any] | None = None
    listed = await figures.read("analytics", "/v1/encounters?state=closed&limit=200")
    for row in listed["items"]:
        if row["money_cents"]["insurance_paid"] <= 0 or row["money_cents"]["written_off"]:
            continue
        story = await figures.journey(UUID(row["encounter_id"]))
        if _is_worth_telling(story) and (best is None or len(story["events"]) > len(best["events"])):
            best = story
    del setup
    return best


def _is_worth_telling(story: dict[str, Any]) -> bool:
    said = {event["event"].split(".")[1] for event in story["events"]}
    return (
        "denial_opened" in said and bool(said & {"correction_requested", "appeal_filed"}) and "denial_resolved" in said
    )

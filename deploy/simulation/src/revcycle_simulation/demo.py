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
from revcycle_simulation.setup import Play, Stage, staged

AFTERMATH = timedelta(days=150)
"""After the last visit the clock runs on, so that payers answer and patients pay."""
MONTH = timedelta(days=30)
Advanced = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Asked:
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


async def play_demo(asked: Asked, advanced: Advanced) -> Outcome:
    """Play it; `advanced` hears how far it is (0 to 1) and what day it is."""
    began = time.monotonic()
    if asked.edi is not None:
        asked.edi.mkdir(parents=True, exist_ok=True)
    world = demo_world(seed=asked.seed, encounters=asked.encounters, months=asked.months)
    play = Play(world, seed=asked.seed, edi=asked.edi, data=asked.data)
    async with staged(play, lambda word: advanced(0.0, word)) as stage:
        closing = stage.clock.now() + MONTH * asked.months
        end = closing + AFTERMATH
        await _run(stage, end, advanced)
        figures = Figures(stage.system, stage.places)
        try:
            return await _outcome(stage, figures, began, closing.date())
        finally:
            await figures.close()


async def _run(stage: Stage, end: datetime, advanced: Advanced) -> None:
    start = stage.clock.now()
    while await stage.simulation.advance(end):
        now = stage.clock.now()
        advanced((now - start) / (end - start), f"{now:%Y-%m-%d}")


async def _outcome(stage: Stage, figures: Figures, began: float, closing: date) -> Outcome:
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
    story = await _story(stage, figures)
    refused = stage.outside.rejections() + stage.staff.refused
    return Outcome(summary, kpis, story, dict(stage.adapters.acknowledged), refused)


def _number(value: str | None) -> float | None:
    return None if value is None else float(value)


async def _story(stage: Stage, figures: Figures) -> dict[str, Any] | None:
    """Find an encounter that was denied, corrected or appealed, and paid; the longest story of them."""
    best: dict[str, Any] | None = None
    listed = await figures.read("analytics", "/v1/encounters?state=closed&limit=200")
    for row in listed["items"]:
        if row["money_cents"]["insurance_paid"] <= 0 or row["money_cents"]["written_off"]:
            continue
        story = await figures.journey(UUID(row["encounter_id"]))
        if _is_worth_telling(story) and (best is None or len(story["events"]) > len(best["events"])):
            best = story
    del stage
    return best


def _is_worth_telling(story: dict[str, Any]) -> bool:
    said = {event["event"].split(".")[1] for event in story["events"]}
    return (
        "denial_opened" in said and bool(said & {"correction_requested", "appeal_filed"}) and "denial_resolved" in said
    )

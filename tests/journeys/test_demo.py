"""The demo: every invariant holds, the same seed gives the same figures, every interchange can be kept."""

import json
from pathlib import Path

import pytest

from revcycle_simulation.demo import DemoOptions, Outcome, play_demo

KEYS = {"encounters", "money_cents", "kpis", "events", "invariants", "seconds"}


async def played(seed: int, edi: Path | None = None) -> Outcome:
    return await play_demo(DemoOptions(encounters=15, seed=seed, months=1, edi=edi), lambda *_: None)


@pytest.mark.slow
async def test_the_same_seed_gives_the_same_figures_and_every_invariant_holds(tmp_path: Path) -> None:
    first, second = await played(3, tmp_path), await played(3)

    assert set(first.summary) == KEYS
    assert first.sound, first.summary["invariants"]
    without = [{key: each.summary[key] for key in KEYS - {"seconds"}} for each in (first, second)]
    assert json.dumps(without[0], sort_keys=True) == json.dumps(without[1], sort_keys=True)
    assert [] == first.refused
    assert {"AA"} == set(first.acknowledged)
    sets = {path.stem.split("_")[1] for path in tmp_path.iterdir()}  # noqa: ASYNC240 - a test reads its own folder
    assert {"270", "271", "837P", "835", "999", "277CA"} <= sets


@pytest.mark.slow
async def test_another_seed_gives_another_year() -> None:
    first, second = await played(4), await played(5)

    assert first.summary["money_cents"] != second.summary["money_cents"]
    assert second.sound

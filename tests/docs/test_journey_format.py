"""The page about scenario files is complete, and its examples end as they say."""

import re
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from revcycle_kit.clock import local_date
from revcycle_sandbox import behaviour, load_scenario, people, world
from revcycle_simulation import journeys
from revcycle_simulation.database_pool import DatabasePool, opened_database_pool
from revcycle_simulation.figures import Figures
from revcycle_simulation.setup import Scenario, set_up

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "journeys.md"
WALK = ROOT / "docs" / "walkthrough.md"
EXAMPLE = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
EVENT = re.compile(
    r"^\| (?P<on>\d{4}-\d\d-\d\d) \| (?P<service>\w+) \| `(?P<event>\w+)` \| (?P<version>\d+) \| (?P<step>\d+) \|",
    re.MULTILINE,
)
DESCRIBED: tuple[type[msgspec.Struct], ...] = (
    world.World,
    world.Payer,
    world.ModifierRule,
    world.Bundle,
    world.NecessityRule,
    world.Plan,
    world.Span,
    world.OtherPayer,
    behaviour.Behaviour,
    behaviour.Mistake,
    behaviour.AppealRule,
    behaviour.Unbalanced,
    behaviour.Repeated,
    behaviour.Lost,
    behaviour.Faults,
    people.Presented,
    people.Patient,
    people.PatientBehaviour,
    people.Visit,
    people.Service,
    people.Fix,
)
"""What a scenario file is made of; the rest of the world is left to its module, and the page says so."""


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[DatabasePool]:
    async with opened_database_pool() as opened:
        yield opened


def words_of(page: Path) -> set[str]:
    """Return the words that stand between backticks."""
    prose = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    return {word for span in re.findall(r"`([^`]+)`", prose) for word in re.findall(r"\w+", span)}


@pytest.mark.parametrize("kind", DESCRIBED, ids=lambda kind: kind.__name__)
def test_every_field_of_the_world_is_described(kind: type[msgspec.Struct]) -> None:
    fields = {re.sub(r"_(cents|basis_points)$", "", name) for name in kind.__struct_fields__}

    assert set() == fields - words_of(PAGE)


def test_every_field_of_the_file_and_every_order_is_described() -> None:
    assert set() == (journeys.KNOWN | journeys.STAFF | set(journeys.MONEY)) - words_of(PAGE)


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 1])
async def test_an_example_of_the_page_ends_as_it_says(number: int, pool: DatabasePool, tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(EXAMPLE.findall(PAGE.read_text())[number])

    result = await journeys.play_journey(path, pool)

    assert [] == result.differences


@pytest.mark.slow
async def test_the_walkthrough_tells_the_events_that_happen(pool: DatabasePool) -> None:
    """
    Every event of the third journey, with its version and step; the days as the clinic counts them.

    A day may differ by one: simulated days stop at a few hours only, and which those are is the simulator's business.
    """
    story = await _played(journeys.OWN / "j03_authorization_overturned.yaml", pool)
    happened = {
        (event["service"], event["event"].split(".")[1], event["version"], event["step"]): local_date(
            datetime.fromisoformat(event["at"]), "America/New_York"
        )
        for event in story["events"]
    }
    told = {
        (match["service"], match["event"], int(match["version"]), int(match["step"])): date.fromisoformat(match["on"])
        for match in EVENT.finditer(WALK.read_text())
    }

    assert set(told) == set(happened)
    assert [] == [key for key, on in told.items() if abs(happened[key] - on) > timedelta(days=1)]


async def _played(path: Path, pool: DatabasePool) -> dict[str, Any]:
    told = journeys.read_journey(path)
    async with pool.databases() as databases:
        play = Scenario(load_scenario(told["sandbox"]), orders=journeys.orders_of(told["staff"]), databases=databases)
        async with set_up(play) as setup:
            await setup.simulation.run_until(setup.clock.now() + timedelta(days=told["days"]))
            figures = Figures(setup.system, setup.places)
            try:
                return await figures.journey(setup.references.encounter_of["V1"])
            finally:
                await figures.close()

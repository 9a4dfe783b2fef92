"""The acceptance journeys end with the stated amounts, on both buses; a wrong expectation is found."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from revcycle_simulation.database_pool import DatabasePool, opened_database_pool
from revcycle_simulation.journeys import NotAJourney, own_journeys, play_journey, read_journey

ON_KAFKA = ("j01", "j02", "j03", "j04", "j05", "j08", "j09", "j11", "j12", "j14_")


@pytest.fixture(scope="session")
async def pool() -> AsyncIterator[DatabasePool]:
    async with opened_database_pool() as opened:
        yield opened


@pytest.mark.parametrize("path", own_journeys(), ids=lambda path: path.stem)
async def test_a_journey_ends_with_the_stated_amounts(pool: DatabasePool, path: Path) -> None:
    result = await play_journey(path, pool)

    assert [] == result.differences
    assert result.actual == result.expected


@pytest.mark.kafka
@pytest.mark.parametrize(
    "path", [path for path in own_journeys() if path.stem.startswith(ON_KAFKA)], ids=lambda path: path.stem
)
async def test_a_journey_ends_alike_on_kafka(
    pool: DatabasePool, path: Path, kafka_bootstrap: str, kafka_prefix: str
) -> None:
    result = await play_journey(path, pool, kafka=kafka_bootstrap, kafka_prefix=kafka_prefix)

    assert [] == result.differences


async def test_a_cent_too_much_is_named(pool: DatabasePool, tmp_path: Path) -> None:
    """The comparison can fail: one expected amount is changed by a cent."""
    told = own_journeys()[0].read_text().replace('insurance_paid: "104.00"', 'insurance_paid: "104.01"')
    path = tmp_path / "wrong.yaml"
    path.write_text(told)

    result = await play_journey(path, pool)

    assert ["V1.money.insurance_paid: expected 104.01, found 104.00"] == result.differences


def test_the_required_journeys_are_there() -> None:
    names = {path.stem[:3] for path in own_journeys()}
    assert {"j01", "j02", "j03", "j04", "j05", "j08", "j09", "j11", "j12", "j14"} <= names


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("name: nothing", "a journey has a `sandbox` and what to `expect`"),
        ("sandbox: {}\nexpect: {}\nsandbags: 1", "unknown: sandbags"),
        ("sandbox: {}\nexpect: {}\nstaff: {laziness: 1}", "unknown: staff.laziness"),
        ("a: [", "expected"),
    ],
)
def test_a_file_that_is_no_journey_is_told_what_is_wrong(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "no.yaml"
    path.write_text(text)

    with pytest.raises(NotAJourney, match=complaint):
        read_journey(path)

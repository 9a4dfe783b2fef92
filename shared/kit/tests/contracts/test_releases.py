"""A release is a baseline: what was promised then, and how the database was made, is kept."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from revcycle_kit.contracts.releases import Baseline, baseline_of, broken_since, read_baseline, write_baseline

PAID = {"type": "object", "properties": {"paid_cents": {"type": "integer"}}, "required": ["paid_cents"]}
SCHEMAS = {"paid.v1.schema.json": json.dumps(PAID)}


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    folder = tmp_path / "versions"
    folder.mkdir()
    (folder / "0001_first.py").write_text("upgrade = 1\n")
    return folder


@pytest.fixture
def baseline(migrations: Path) -> Baseline:
    return baseline_of("0.2.0", SCHEMAS, migrations)


def test_what_stands_as_it_was_released_breaks_nothing(baseline: Baseline, migrations: Path) -> None:
    assert [] == broken_since(baseline, SCHEMAS, migrations)


def test_a_new_event_and_a_new_migration_break_nothing(baseline: Baseline, migrations: Path) -> None:
    (migrations / "0002_more.py").write_text("upgrade = 2\n")
    assert [] == broken_since(baseline, {**SCHEMAS, "owed.v1.schema.json": "{}"}, migrations)


def _edit(folder: Path) -> None:
    (folder / "0001_first.py").write_text("upgrade = 3\n")


def _remove(folder: Path) -> None:
    (folder / "0001_first.py").unlink()


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (_edit, "0001_first.py: a released migration changed; write the next one instead"),
        (_remove, "0001_first.py: a released migration is gone; write the next one instead"),
    ],
)
def test_a_released_migration_is_never_touched_again(
    baseline: Baseline, migrations: Path, deed: Callable[[Path], None], said: str
) -> None:
    deed(migrations)
    assert [said] == broken_since(baseline, SCHEMAS, migrations)


def test_an_event_that_is_gone_or_promises_less_is_named(baseline: Baseline, migrations: Path) -> None:
    assert ["paid.v1.schema.json: is gone"] == broken_since(baseline, {}, migrations)
    less = {"paid.v1.schema.json": json.dumps({**PAID, "properties": {}})}
    assert ["paid.v1.schema.json: paid_cents: is gone"] == broken_since(baseline, less, migrations)


def test_a_baseline_is_read_as_it_was_written_and_before_a_release_there_is_none(
    baseline: Baseline, tmp_path: Path
) -> None:
    assert read_baseline(tmp_path) is None
    write_baseline(tmp_path, baseline)
    assert baseline == read_baseline(tmp_path)

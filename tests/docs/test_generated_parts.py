"""What programs write into the documentation is fresh: pictures, tables of settings and of rooms."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def program(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(Path(name).stem, ROOT / name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def picture() -> ModuleType:
    return program("docs/pictures/encounter.py")


def test_the_pictures_are_what_their_program_draws(picture: ModuleType) -> None:
    """Else: python docs/pictures/encounter.py."""
    stale = [name for name, text in picture.pictures().items() if (ROOT / "docs/pictures" / name).read_text() != text]

    assert [] == stale


def test_an_event_that_nobody_promises_is_not_drawn(picture: ModuleType) -> None:
    row = picture.Row((picture.said("claims", "claim_wished_for"), picture.deed("denials", "waits")), ">")

    with pytest.raises(ValueError, match="claims does not promise claim_wished_for"):
        picture.assert_true((row,))


def test_an_event_that_the_next_lane_does_not_read_is_not_drawn(picture: ModuleType) -> None:
    row = picture.Row((picture.said("claims", "charges_posted"), picture.deed("denials", "waits")), ">")

    with pytest.raises(ValueError, match="denials does not read charges_posted"):
        picture.assert_true((row,))


def test_the_tables_of_settings_are_what_the_classes_say() -> None:
    """Else: python docs/settings.py."""
    settings = program("docs/settings.py")
    page = (ROOT / "docs/operations.md").read_text()

    assert page == settings.page_with_tables(page)


def test_every_setting_is_explained() -> None:
    settings = program("docs/settings.py")

    assert "|  |\n" not in settings.tables() + "\n"


def test_the_table_of_rooms_is_what_the_services_have() -> None:
    """Else: python docs/rooms.py."""
    rooms = program("docs/rooms.py")
    page = (ROOT / "docs/architecture.md").read_text()

    assert page == rooms.page_with_table(page)

"""Each rule of the house is broken once, on a copy of the sources, and seen to be caught."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("analytics", "claims", "denials", "eligibility", "patient_billing")
BREACHES = (
    ("handlers", "httpx"),
    ("handlers", "fastapi"),
    ("handlers", "{service}.http"),
    ("handlers", "{service}.pages"),
    ("handlers", "{service}.testing"),
    ("storage", "{service}.handlers"),
    ("domain", "{service}.published"),
    ("domain", "{service}.storage"),
    ("domain", "sqlalchemy"),
    ("messages", "{service}.service"),
)
"""What is written into a room, and may not be."""
LOWEST = {"analytics": "figures"}
"""Where decisions stand in a service that has no domain."""


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Break every rule in every service of a copy, and return what the linter says of it."""
    copy = tmp_path_factory.mktemp("copy")
    sources = [path for path in ROOT.glob("*/*/src/*") if path.is_dir()]
    for package in sources:
        shutil.copytree(package, copy / package.name, ignore=shutil.ignore_patterns("__pycache__", "*.gz"))
    for service in SERVICES:
        break_rules(copy / service)
    said = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", ROOT / ".importlinter"],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy), "COLUMNS": "200"},
        capture_output=True,
        check=False,
        text=True,
    )
    assert said.returncode == 1, said.stdout + said.stderr
    return said.stdout


def break_rules(package: Path) -> None:
    """Write every forbidden import into its room; rooms that the service has no need of are made."""
    for room in ("pages", "testing"):
        (package / room).mkdir(exist_ok=True)
        (package / room / "__init__.py").touch()
    for room, imported in BREACHES:
        with module_of(package, room_in(package.name, room)).open("a") as module:
            module.write(f"\nimport {imported.format(service=package.name)}\n")


def room_in(service: str, room: str) -> str:
    """Return how a service calls the room."""
    return LOWEST.get(service, room) if room == "domain" else room


def module_of(package: Path, room: str) -> Path:
    """Return the file of a room: its module, or the folder's own."""
    module = package / f"{room}.py"
    return module if module.is_file() else package / room / "__init__.py"


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(("room", "imported"), BREACHES)
def test_a_room_that_reaches_where_it_may_not_is_caught(
    complaints: str, service: str, room: str, imported: str
) -> None:
    breach = rf"{service}\.{room_in(service, room)} ->\s+{re.escape(imported.format(service=service))}\s+\(l\."
    assert re.search(breach, complaints), complaints


def test_the_sources_themselves_keep_every_rule() -> None:
    kept = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert kept.returncode == 0, kept.stdout

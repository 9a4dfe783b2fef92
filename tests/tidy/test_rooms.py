"""Every service has the same rooms under the same names."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = frozenset({
    "service", "main", "settings", "domain", "handlers", "messages", "published", "events", "consumed", "storage",
    "queries", "http", "pages", "partners", "edi", "letters", "intake", "hl7v2", "fhir", "testing",
})  # fmt: skip
OWN_ROOMS = {"analytics": frozenset({"figures"})}
"""A room that one service has and no other."""
ALWAYS = frozenset({"service", "main", "settings", "handlers", "messages", "storage", "http", "consumed", "published"})
DOORS = {
    "main": {"PROGRAM", "compose"},
    "settings": {"Settings"},
    "service": {"build"},
}
"""What stands under the same name in every service."""
PACKAGES = {
    "analytics": "services/analytics",
    "claims": "services/claims",
    "denials": "services/denials",
    "eligibility": "services/eligibility",
    "patient_billing": "services/patient-billing",
}
READY = ("analytics", "claims", "denials", "eligibility", "patient_billing")


def source_of(service: str) -> Path:
    return ROOT / PACKAGES[service] / "src" / service


def rooms_of(service: str) -> set[str]:
    places = source_of(service).iterdir()
    return {path.stem for path in places if path.is_dir() or path.suffix == ".py"} - {"__init__", "__pycache__"}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def names_in(module: ast.Module) -> set[str]:
    """Return what a module defines at its top."""
    names: set[str] = set()
    for node in module.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names


@pytest.mark.parametrize("service", READY)
def test_a_service_has_no_room_of_another_name(service: str) -> None:
    assert set() == rooms_of(service) - ROOMS - OWN_ROOMS.get(service, frozenset())


@pytest.mark.parametrize("service", READY)
def test_a_service_has_the_rooms_that_all_have(service: str) -> None:
    assert set() == ALWAYS - rooms_of(service)


@pytest.mark.parametrize("service", READY)
@pytest.mark.parametrize("room", DOORS)
def test_the_doors_of_a_service_have_the_same_names(service: str, room: str) -> None:
    assert DOORS[room] <= names_in(parsed(source_of(service) / f"{room}.py"))


@pytest.mark.parametrize("service", READY)
def test_only_handlers_take_work(service: str) -> None:
    """What a transaction may touch is passed to handlers and to nothing else."""
    source = source_of(service)
    takers = [
        f"{path.relative_to(source)}:{node.lineno} {node.name}"
        for path in sorted(source.rglob("*.py"))
        if path.relative_to(source).parts[0].removesuffix(".py") not in {"handlers", "testing"}
        for node in ast.walk(parsed(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        if "work" in {argument.arg for argument in node.args.args + node.args.kwonlyargs}
    ]
    assert [] == takers

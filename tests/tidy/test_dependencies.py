"""Every distribution declares what it imports."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DISTRIBUTIONS = sorted(path.parent for path in ROOT.glob("*/*/pyproject.toml"))


def homes() -> dict[str, set[str]]:
    """Return which distributions bring each package, ours among them."""
    brought = {package: {normal(home) for home in names} for package, names in packages_distributions().items()}
    for distribution in DISTRIBUTIONS:
        name = tomllib.loads((distribution / "pyproject.toml").read_text())["project"]["name"]
        brought |= {package.name: {normal(name)} for package in (distribution / "src").iterdir()}
    return brought


def imported_by(distribution: Path) -> Iterator[str]:
    """Give every package that the sources import, once for each time."""
    for path in sorted((distribution / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.split(".")[0]


def declared_by(distribution: Path) -> set[str]:
    """Return the distributions that a pyproject names, optional ones too."""
    project = tomllib.loads((distribution / "pyproject.toml").read_text())["project"]
    named = [*project.get("dependencies", ())]
    for extra in project.get("optional-dependencies", {}).values():
        named += extra
    return {normal(re.split(r"[\s\[<>=!~;]", requirement, maxsplit=1)[0]) for requirement in named}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=lambda path: path.name)
def test_a_distribution_declares_what_it_imports(distribution: Path) -> None:
    own = {path.name for path in (distribution / "src").iterdir()}
    brought, declared = homes(), declared_by(distribution)
    undeclared = {
        package
        for package in imported_by(distribution)
        if package not in own | sys.stdlib_module_names and not declared & brought.get(package, {package})
    }
    assert set() == undeclared

"""What no linter knows: how large things may grow, and words that do not belong here."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FUNCTION_LINES_MAX = 40
FILE_LINES_MAX = 400
DATA_FILES = re.compile(
    r"(/guides/|_table\.py$|/tables/|/codes\.py$|/standard\.py$|/sql\.py$|/published\.py$|/migrations/"
    r"|catalogue\.py$|names\.py$)"
)
"""Tables and promises: data in the shape of code grows with its subject."""
FORBIDDEN_NAMES = re.compile(r"(Manager|Helper|Util|Utils|Base[A-Z]\w*|^process_)")
ALLOWED_NAMES = frozenset({"BaseSettings", "BaseModel"})
PACKED = (".gz", ".tgz", ".bz2", ".xz", ".zip", ".jar", ".whl", ".so", ".pyc")
LOCAL_PLACES = re.compile(
    r"(?<![\w.])/(work|farm)/|pypi\.org|files\.pythonhosted|repo1?\.maven|registry\.npmjs|/opt/wheels"
)


@cache
def tracked(*patterns: str) -> tuple[Path, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    return tuple(ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file())


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def python_files() -> tuple[Path, ...]:
    return tracked("*.py")


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines, those of the functions inside it too."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_functions_stay_small() -> None:
    """A function over forty lines hides a second one."""
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {lines_of(node)} lines"
        for path in python_files()
        if "/migrations/" not in str(path)
        for node in ast.walk(parsed(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and lines_of(node) > FUNCTION_LINES_MAX
    ]
    assert [] == long


def test_files_stay_small() -> None:
    """A file over four hundred lines is a crowded room; tables of facts are no rooms."""
    crowded = [
        f"{path.relative_to(ROOT)} has {lines} lines"
        for path in python_files()
        if not DATA_FILES.search(str(path)) and (lines := len(path.read_text().splitlines())) > FILE_LINES_MAX
    ]
    assert [] == crowded


def test_nothing_is_packed() -> None:
    """What we ship is source that can be read; other people's packages come by their lock file."""
    packed = [str(path.relative_to(ROOT)) for path in tracked() if path.name.endswith(PACKED)]
    assert [] == packed


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if path.stat().st_size and not ast.get_docstring(parsed(path)) and "/tests/" not in str(path)
    ]
    assert [] == silent


def test_names_say_what_things_are() -> None:
    vague = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in python_files()
        for node in ast.walk(parsed(path))
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and FORBIDDEN_NAMES.search(node.name)
        and node.name not in ALLOWED_NAMES
    ]
    assert [] == vague


def test_money_is_never_a_float() -> None:
    """No `float(...)` or float annotation on anything called `_cents`."""
    floats = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files()
        for node in ast.walk(parsed(path))
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and node.target.id.endswith("_cents")
            and "float" in ast.unparse(node.annotation)
        )
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "float"
            and any("_cents" in ast.unparse(argument) for argument in node.args)
        )
    ]
    assert [] == floats


def test_domain_code_reads_no_clock() -> None:
    clocks = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files()
        if "/domain/" in str(path) and "/tests/" not in str(path)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "utcnow", "today"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date", "time"}
    ]
    assert [] == clocks


def test_tests_patch_nothing() -> None:
    patched = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if path != Path(__file__) and re.search(r"mock\.patch|import mock|from unittest", path.read_text())
    ]
    assert [] == patched


@pytest.mark.parametrize(
    "pattern", ["*.py", "*.md", "*.toml", "*.txt", "*.in", "*.yml", "*.yaml", "*.xml", "Makefile", ".ci/*"]
)
def test_nothing_names_a_place_of_one_machine(pattern: str) -> None:
    """No path of the machine on which this was written, no package index."""
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked(pattern)
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if LOCAL_PLACES.search(line)
    ]
    assert [] == found

"""Documentation says what is there: files, headings, names in modules, make targets, commands and their options."""

import ast
import importlib
import importlib.util
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import typer

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[(?P<text>[^\]\n]*)\]\((?P<target>[^)\s]+)\)")
PICTURE = re.compile(r"(?:src|srcset|href)=\"(?P<target>[^\"]+)\"")
REFERENCE = re.compile(r"^\[(?P<text>[^\]\n]+)\]: (?P<target>\S+)$", re.MULTILINE)
REFERRED = re.compile(r"\[[^\]\n]+\]\[(?P<text>[^\]\n]+)\]")
CODE = re.compile(r"```.*?```|~~~.*?~~~", re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
HEADING = re.compile(r"^#{1,6} +(?P<words>.+?) *#*$", re.MULTILINE)
NAME = re.compile(r"`(?P<name>[A-Za-z_]\w*)`")
SHELL_WORD = re.compile(r"^(?:\$ )?(?P<line>(?:make|revcycle|python -m) .*)$", re.MULTILINE)
TARGET = re.compile(r"^(?P<target>[a-z-]+):", re.MULTILINE)


@cache
def pages() -> tuple[Path, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return tuple(sorted(ROOT / name for name in set(listed.split("\0")) if name and (ROOT / name).is_file()))


def prose(page: Path) -> str:
    return CODE.sub("", page.read_text())


def links(page: Path) -> Iterator[tuple[str, str]]:
    """Give text and target of each link that stays in the repository."""
    text = prose(page)
    found = [(match["text"], match["target"]) for match in LINK.finditer(text)]
    found += [("", match["target"]) for match in PICTURE.finditer(text)]
    found += [("", match["target"]) for match in REFERENCE.finditer(text)]
    return ((words, target) for words, target in found if not re.match(r"[a-z]+:", target))


def slug(words: str) -> str:
    """Return a heading's anchor as GitHub makes it."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words).replace("`", "").lower()
    return re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-")


@cache
def headings(page: Path) -> frozenset[str]:
    """Return the anchors of a page."""
    return frozenset(slug(match) for match in HEADING.findall(prose(page)))


def aimed(page: Path, target: str) -> tuple[Path, str]:
    path, _, anchor = unquote(target).partition("#")
    return (page.parent / path).resolve() if path else page, anchor


def commands_in(page: Path) -> Iterator[str]:
    """Give every command line that a page shows, in a block or between backticks."""
    text = page.read_text()
    for block in CODE.findall(text):
        yield from (match["line"].split("#")[0].strip() for match in SHELL_WORD.finditer(block))
    for span in SPAN.findall(CODE.sub("", text)):
        if match := SHELL_WORD.match(span):
            yield match["line"]


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", pages(), ids=named)
def test_every_relative_link_leads_to_a_file_and_its_heading(page: Path) -> None:
    astray = []
    for _, target in links(page):
        path, anchor = aimed(page, target)
        inside = path.exists() and ROOT in (path, *path.parents)
        if not inside or (anchor and path.suffix == ".md" and anchor not in headings(path)):
            astray.append(target)

    assert [] == astray


@pytest.mark.parametrize("page", pages(), ids=named)
def test_every_reference_is_defined_on_its_page(page: Path) -> None:
    text = SPAN.sub("", prose(page))
    used = {match["text"] for match in REFERRED.finditer(text)}

    assert set() == used - {match["text"] for match in REFERENCE.finditer(text)}


@pytest.mark.parametrize("page", pages(), ids=named)
def test_a_name_that_links_to_a_module_is_defined_in_it(page: Path) -> None:
    """`[`open_denials`](…/handlers.py)` promises the function; a package's name leads to its start."""
    absent = []
    for words, target in links(page):
        path, _ = aimed(page, target)
        name = NAME.fullmatch(words)
        if name and path.suffix == ".py" and path.exists() and name["name"] not in defined(path):
            absent.append(f"{name['name']} in {target}")

    assert [] == absent


@cache
def defined(path: Path) -> frozenset[str]:
    names = {path.stem, *path.relative_to(ROOT).parts}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names.update(target.id for target in targets if isinstance(target, ast.Name))
    return frozenset(names)


@pytest.mark.parametrize("page", pages(), ids=named)
def test_every_make_target_that_is_shown_exists(page: Path) -> None:
    known = set(TARGET.findall((ROOT / "Makefile").read_text()))
    shown = {word for line in commands_in(page) if line.startswith("make ") for word in _targets(line)}

    assert set() == shown - known


def _targets(line: str) -> list[str]:
    return [word for word in line.split()[1:] if re.fullmatch(r"[a-z][a-z-]*", word)]


@pytest.mark.parametrize("page", pages(), ids=named)
def test_every_revcycle_command_that_is_shown_exists_with_its_options(page: Path) -> None:
    wrong = [
        f"{line}: {flaw}" for line in commands_in(page) if line.startswith("revcycle ") for flaw in _flaws(line.split())
    ]

    assert [] == wrong


@cache
def program() -> Any:
    return typer.main.get_command(importlib.import_module("revcycle.cli").app)


def _flaws(words: list[str]) -> Iterator[str]:
    """Say what of a command line the program would not know."""
    place: Any = program()
    for word in words[1:]:
        inner = getattr(place, "commands", None)
        if word.startswith("-"):
            flag = word.partition("=")[0]
            known = {
                option for parameter in place.params for option in (*parameter.opts, *parameter.secondary_opts)
            } | {"--help"}
            if flag not in known:
                yield f"has no {flag}"
        elif inner is not None:
            if word not in inner:
                yield f"has no {word}"
                return
            place = inner[word]


@pytest.mark.parametrize("page", pages(), ids=named)
def test_every_module_that_is_run_exists(page: Path) -> None:
    run = {line.split()[2] for line in commands_in(page) if line.startswith("python -m ") and len(line.split()) > 2}

    assert [] == sorted(module for module in run if not _is_there(module))


def _is_there(module: str) -> bool:
    if "<" in module or "…" in module or module == "bench":
        return True
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def test_the_map_in_the_readme_names_every_directory_of_the_first_level() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    there = {line.partition("/")[0] for line in listed.splitlines() if "/" in line and not line.startswith(".")}
    told = set(re.findall(r"^\| \[`([\w-]+)/[\w/-]*`\]", (ROOT / "README.md").read_text(), re.MULTILINE))

    assert set() == there - told


def test_the_readme_claims_no_more_than_is_there() -> None:
    text = (ROOT / "README.md").read_text()
    journeys, edits = (int(number) for number in re.findall(r"(\d+) (?:journeys|edits)", text))

    assert journeys <= len(list((ROOT / "deploy/simulation/src/revcycle_simulation/scenarios").glob("*.yaml")))
    assert edits <= len(importlib.import_module("claims.domain.edits").EDITS)

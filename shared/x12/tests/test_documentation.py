"""The pages: every example runs and prints what it says, every link leads somewhere, nothing generated is stale."""

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pytest

from revcycle_x12 import all_guides
from revcycle_x12.docs.__main__ import main as renew_pages

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCKS = re.compile(r"```python\n(?P<code>.*?)```(?:\n+```text\n(?P<output>.*?)```)?", re.DOTALL)
LINKS = re.compile(r"\]\((?!https?:|#)([^)#]+)")


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "api.md"], ids=lambda page: page.name)
def test_examples_run_and_print_what_they_say(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": page.stem}
    for block in BLOCKS.finditer(page.read_text(encoding="utf-8")):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(block["code"], str(page), "exec"), names)  # noqa: S102 (our own pages)
        assert (block["output"] or "") == printed.getvalue()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_pages_that_exist(page: Path) -> None:
    missing = [link for link in LINKS.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]

    assert [] == missing


def test_what_is_made_from_the_code_is_fresh() -> None:
    """Renew it with `python -m revcycle_x12.docs`."""
    assert 0 == renew_pages(["--check"])


def test_every_guide_has_its_tree_on_a_page() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    trees = set(re.findall(r"<!-- loops: (\w+ \w+)", text))

    assert {f"{guide.set_id} {guide.version}" for guide in all_guides()} <= trees

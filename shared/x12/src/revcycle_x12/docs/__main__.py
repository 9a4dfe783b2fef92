"""
Writes what the documentation takes from the code: loop trees of the guides, and the API reference.

`python -m revcycle_x12.docs [FOLDER]` renews them; with `--check` it only says
whether they are fresh (exit status 1 where not). A page asks for a tree with the
lines `<!-- loops: 837 005010X222A1 -->` and `<!-- end -->`; what is between is renewed.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from revcycle_x12._grammar.guide import Guide
from revcycle_x12._grammar.spec import UNLIMITED, LoopSpec, SegmentSpec
from revcycle_x12.docs.api_reference import api_reference
from revcycle_x12.guides import all_guides

FOLDER = Path(__file__).parents[3] / "docs"
_MARKED = re.compile(r"(<!-- loops: (\w+) (\w+)(?: (\d\d))? -->\n).*?(<!-- end -->)", re.DOTALL)
_CODES_MAX = 4


def loop_tree(guide: Guide) -> Iterator[str]:
    """
    Give the loops of a guide, a line each, indented as they nest.

    `?` marks what is situational, `×n` how often something may stand (`×∞`
    without limit), `[A|B]` the qualifiers of a segment.
    """
    yield from _loop(guide.root, 0)


def _loop(loop: LoopSpec, depth: int) -> Iterator[str]:
    content = [_segment(segment) for segment in loop.segments()]
    head = loop.name if not depth else f"{loop.id}{_often(loop)} {loop.name}"
    yield f"{'  ' * depth}{head}: {' '.join(_short(content))}"
    for child in loop.loops():
        yield from _loop(child, depth + 1)


def _segment(segment: SegmentSpec) -> str:
    codes = sorted(segment.codes_at(1) or ())
    qualified = segment.id in {"AMT", "CRC", "DTM", "DTP", "HI", "NM1", "N1", "PER", "PRV", "QTY", "REF"}
    shown = f"[{'|'.join(codes)}]" if qualified and 0 < len(codes) <= _CODES_MAX else ""
    return f"{segment.id}{shown}{_often(segment)}"


def _often(item: LoopSpec | SegmentSpec) -> str:
    situational = "?" if item.usage == "S" else ""
    if item.repeat_max == 1:
        return situational
    return f"{situational}×{'∞' if item.repeat_max == UNLIMITED else item.repeat_max}"


def _short(segments: list[str]) -> Iterator[str]:
    """Say equal neighbours once, with their number."""
    for text, group in groupby(segments):
        count = len(list(group))
        yield text if count == 1 else f"{count}·{text}"


def with_trees(page: str) -> str:
    """Renew the trees a page asks for. Raises KeyError for a guide this library does not know."""

    def tree(match: re.Match[str]) -> str:
        lines = "\n".join(loop_tree(_guide(match[2], match[3], match[4] or "")))
        return f"{match[1]}\n```text\n{lines}\n```\n\n{match[5]}"

    return _MARKED.sub(tree, page)


def _guide(set_id: str, version: str, bht02: str) -> Guide:
    for guide in all_guides():
        if (guide.set_id, guide.version) == (set_id, version) and (not bht02 or bht02 in guide.bht02):
            return guide
    raise KeyError(f"no guide {set_id} {version}")


def renewed(folder: Path) -> dict[Path, str]:
    """Give every page with what it has to hold."""
    pages = {path: with_trees(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.md"))}
    return pages | {folder / "api.md": api_reference()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Renew the pages, or with --check say which are stale."""
    parser = argparse.ArgumentParser(prog="python -m revcycle_x12.docs", description="Renew the documentation.")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="where the pages are")
    parser.add_argument("--check", action="store_true", help="write nothing; exit status 1 where a page is stale")
    chosen = parser.parse_args(arguments)
    if not chosen.folder.is_dir():
        sys.stderr.write(f"{chosen.folder}: no such folder; name the folder of the pages\n")
        return 1
    stale = {
        path: text
        for path, text in renewed(chosen.folder).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }
    for path, text in stale.items():
        sys.stdout.write(f"{path} {'is stale' if chosen.check else 'renewed'}\n")
        if not chosen.check:
            path.write_text(text, encoding="utf-8")
    return int(chosen.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())

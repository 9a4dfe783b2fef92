"""
The X12 codec beside its peers and the floor, in one interleaved run.

Generated 835 and 837P of 0.5, 5 and 100 MB; every measurement in a process of its
own, the cases taking turns, so that a slow minute of the machine falls on all.
Seconds are those of the processor, after a warm-up on a small file. A measurement
that would take longer than the limit is left out, and said to be.
Prints a table of medians and ratios and writes `build/bench/x12.json`.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench.environments import python_of
from bench.x12_files import file_of

ROOT = Path(__file__).parent.parent
PYX12 = ("pyx12-4.0.0", ("pyx12==4.0.0",))
LINUXFORHEALTH = ("linuxforhealth-0.57.0", ("linuxforhealth-x12==0.57.0", "pydantic<2"))
WARM_UP_MB = 0.02
EDI_835_PARSER = ("edi-835-parser-1.8.0", ("edi-835-parser==1.8.0",))


@dataclass(frozen=True)
class Case:
    """Something measured: whose it is, on which kinds of file, and what it has to reach in MB/s and MB."""

    task: str
    what: str
    peer: tuple[str, tuple[str, ...]] | None = None
    kinds: tuple[str, ...] = ("835", "837")
    least_mb_s: float = 0.0
    most_mb: float = 0.0
    patience: int = 2
    """How many limits it may take in all: objects are built before they are written, off the clock."""


CASES = (
    Case("floor-kept", "floor: split, all kept"),
    Case("floor-streamed", "floor: split, nothing kept"),
    Case("ours-read", "revcycle_x12: typed read", least_mb_s=6, most_mb=40),
    Case("ours-validated", "revcycle_x12: typed read, SNIP 1-5", least_mb_s=2, most_mb=40),
    Case("ours-write", "revcycle_x12: write", least_mb_s=6, patience=6),
    Case("pyx12-segments", "pyx12: segments only", PYX12),
    Case("pyx12-validated", "pyx12: validation", PYX12),
    Case("linuxforhealth-models", "linuxforhealth-x12: models", LINUXFORHEALTH),
    Case("edi-835-parser", "edi-835-parser: objects", EDI_835_PARSER, ("835",)),
)


@dataclass
class Row:
    """One case on one file: what was measured in each round."""

    case: Case
    kind: str
    size_mb: float
    rounds: list[dict[str, float]] = field(default_factory=list)
    left_out: str = ""

    def mb_s(self) -> float:
        return median(measured["bytes"] / measured["seconds"] / 1e6 for measured in self.rounds)

    def memory_mb(self) -> float:
        return median(measured["peak_mb"] - measured["base_mb"] for measured in self.rounds)

    def claims_s(self) -> float:
        return median(measured["claims"] / measured["seconds"] for measured in self.rounds)

    def as_object(self, floor: float | None) -> dict[str, Any]:
        """Give the row as it goes into the JSON file."""
        standing = {"case": self.case.task, "kind": self.kind, "size_mb": self.size_mb, "left_out": self.left_out}
        if not self.rounds:
            return standing
        return standing | {
            "rounds": len(self.rounds),
            "mb_s": round(self.mb_s(), 3),
            "claims_s": round(self.claims_s()),
            "memory_mb": round(self.memory_mb(), 1),
            "of_floor": round(self.mb_s() / floor, 4) if floor else None,
            "target_mb_s": self.case.least_mb_s or None,
            "target_memory_mb": self.case.most_mb or None,
            "reached": self.reached(),
        }

    def reached(self) -> bool:
        fast = self.mb_s() >= self.case.least_mb_s
        return fast and (not self.case.most_mb or self.memory_mb() <= self.case.most_mb)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write. The exit status says whether it ran, not whether figures were reached."""
    options = _options(arguments)
    pythons = _environments(options.peers)
    rows = _rows(options.sizes, pythons)
    for number in range(options.rounds):
        for row in rows:
            _measure(row, number, pythons, options)
    for line in _table(rows):
        print(line)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    floors = _floors(rows)
    objects = [row.as_object(floors.get((row.kind, row.size_mb))) for row in rows]
    options.json.write_text(json.dumps(objects, indent=1) + "\n")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench x12", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="0.5 and 5 MB, two rounds, ten seconds a measurement")
    parser.add_argument("--sizes", type=float, nargs="+", help="sizes in MB (default 0.5 5 100)")
    parser.add_argument("--rounds", type=int, help="rounds (default 5; big files fewer)")
    parser.add_argument("--limit", type=float, help="seconds a measurement may take (default 60)")
    parser.add_argument("--no-peers", dest="peers", action="store_false", help="only ours and the floor")
    parser.add_argument("--files", type=Path, default=ROOT / "build" / "bench" / "x12", help="where files are kept")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench" / "x12.json", help="where results go")
    options = parser.parse_args(arguments)
    options.sizes = options.sizes or ([0.5, 5] if options.quick else [0.5, 5, 100])
    options.rounds = options.rounds or (2 if options.quick else 5)
    options.limit = options.limit or (10 if options.quick else 60)
    return options


def _environments(peers: bool) -> dict[str, Path]:  # noqa: FBT001 (one caller)
    """Find the interpreters of the peers that can be installed here."""
    found: dict[str, Path] = {}
    for name, packages in (PYX12, LINUXFORHEALTH, EDI_835_PARSER) if peers else ():
        python, problem = python_of(name, packages)
        if python is None:
            print(f"{name} is left out: {problem}", file=sys.stderr)
        else:
            found[name] = python
    return found


def _rows(sizes: list[float], pythons: dict[str, Path]) -> list[Row]:
    return [
        Row(case, kind, size)
        for size in sizes
        for kind in ("835", "837")
        for case in CASES
        if kind in case.kinds and (case.peer is None or case.peer[0] in pythons)
    ]


def _measure(row: Row, number: int, pythons: dict[str, Path], options: argparse.Namespace) -> None:
    """Take one measurement, where it is worth its time."""
    if row.left_out or number >= _rounds(row, options.rounds):
        return
    expected = max((measured["seconds"] for measured in row.rounds), default=0.0)
    if expected > options.limit:
        return
    path = file_of(row.kind, row.size_mb, options.files)
    python = pythons[row.case.peer[0]] if row.case.peer else Path(sys.executable)
    if sys.stderr.isatty():
        print(f"\r\x1b[Kround {number + 1}: {row.case.what}, {path.name}", end="", file=sys.stderr)
    warm_up = file_of(row.kind, WARM_UP_MB, options.files)
    patience = options.limit * row.case.patience + 10
    command = [str(python), "-m", "bench.x12_child", row.case.task, row.kind, str(warm_up), str(path)]
    try:
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=patience)
    except subprocess.TimeoutExpired:
        row.left_out = f"longer than {patience:.0f} s"
        return
    if ran.returncode:
        row.left_out = (ran.stderr.strip().splitlines() or [f"exit status {ran.returncode}"])[-1][:100]
    else:
        row.rounds.append(json.loads(ran.stdout.splitlines()[-1]))


def _rounds(row: Row, most: int) -> int:
    """Big files, and slow peers on them, are measured less often."""
    if row.size_mb >= 50:
        return 1 if row.case.peer else min(most, 2)
    return min(most, 3) if row.size_mb >= 5 or row.case.peer else most


def _floors(rows: list[Row]) -> dict[tuple[str, float], float]:
    return {(row.kind, row.size_mb): row.mb_s() for row in rows if row.case.task == "floor-kept" and row.rounds}


def _table(rows: list[Row]) -> Iterator[str]:
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    floors = _floors(rows)
    before = ("", 0.0)
    for row in rows:
        if (row.kind, row.size_mb) != before:
            before = (row.kind, row.size_mb)
            yield f"\n{row.kind}, {row.size_mb:g} MB{'MB/s':>36}{'claims/s':>11}{'of floor':>10}{'peak MB':>9}  target"
        yield _line(row, floors.get(before))


def _line(row: Row, floor: float | None) -> str:
    name = f"  {row.case.what:38}"
    if not row.rounds:
        return f"{name}  left out: {row.left_out or 'no round'}"
    share = f"{row.mb_s() / floor:.3f}" if floor else ""
    targets = [f">={row.case.least_mb_s:g} MB/s"] * bool(row.case.least_mb_s)
    targets += [f"<={row.case.most_mb:g} MB"] * bool(row.case.most_mb)
    verdict = f"{', '.join(targets)}: {'reached' if row.reached() else 'NOT REACHED'}" if targets else ""
    return f"{name}{row.mb_s():9.2f}{row.claims_s():11.0f}{share:>10}{row.memory_mb():9.1f}  {verdict}".rstrip()

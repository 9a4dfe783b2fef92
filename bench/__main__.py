"""
The list of benchmarks: `python -m bench` runs all of them, `python -m bench x12 [options]` one.

A benchmark is a module of this package with `main(arguments) -> int` (its exit
status), and one line here.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

BENCHMARKS = {
    "encounters": "encounters per second end to end, sandbox included",
    "hops": "events per second per hop, beside raw inserts and a raw bus",
    "x12": "the X12 codec beside pyx12, linuxforhealth-x12, edi-835-parser and the bare split",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark named, with what follows as its options; without a name, all with their defaults."""
    lines = "\n".join(f"  {name:12} {what}" for name, what in BENCHMARKS.items())
    parser = argparse.ArgumentParser(
        prog="python -m bench", epilog=f"benchmarks:\n{lines}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", nargs="?", choices=sorted(BENCHMARKS), help="the benchmark; all where left out")
    parser.add_argument("options", nargs=argparse.REMAINDER, help="options of the benchmark; --help lists them")
    chosen = parser.parse_args(arguments)
    names = [chosen.name] if chosen.name else sorted(BENCHMARKS)
    return max(int(import_module(f"bench.{name}").main(chosen.options)) for name in names)


sys.exit(main())

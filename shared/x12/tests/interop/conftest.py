"""
Two independent validators, each in a virtual environment of its own.

The environments are made at the first run, in the user's cache directory. Where
their packages cannot be installed the tests are skipped, with the reason; in
continuous integration (CI=true) they fail.

What they can judge: pyx12 4.0.0 has 837P, 837I, 835, 277CA and 999;
linuxforhealth-x12 0.57.0 has 837P, 837I, 835, 270/271 and 276/277. Neither has
837D, 278 or TA1.

Where they are known to be wrong, and what is done about it here:

- linuxforhealth refuses an 835 whose payer has exactly one PER, and PER*BL is
  required: it is taken out before (`_without_payer_contact`).
- linuxforhealth keeps one PLB of several and then misses segments; pyx12 refuses
  a second PLB. Several PLB are right.
- linuxforhealth asks for EQ01 beside EQ02 in a 270, and holds the AAA of 2100C
  and 2100D in a 271 to the reasons of 2100B.
- pyx12 demands loop 2200C in a 277CA wherever there is a 2000C: the files here
  have one.
- pyx12 refuses a second CTX in a 999.

A test beside the others states each of the errors met here, so that we hear of
it when one is mended.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

_PYX12 = """
import io, json, logging, sys
import pyx12.params, pyx12.x12n_document

logging.getLogger("pyx12").addHandler(logging.NullHandler())
logging.getLogger("pyx12").propagate = False


def complaints(node):
    if isinstance(node, dict):
        for error in node.get("errors") or []:
            yield json.dumps(error)
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from complaints(child)


for path in sys.argv[1:]:
    params = pyx12.params.params()
    params.set("charset", "E")
    report = io.StringIO()
    try:
        ok = pyx12.x12n_document.x12n_document(
            param=params, src_file=path, fd_997=io.StringIO(), fd_html=None, fd_xmldoc=None, fd_json=report
        )
        text = report.getvalue().strip()
        said = "; ".join(complaints(json.loads(text))) if text else ""
        print(json.dumps("" if ok else said or "refused without a reason"))
    except Exception as error:
        print(json.dumps(f"{type(error).__name__}: {error}"))
"""
_LINUXFORHEALTH = """
import json, os, sys

os.environ.setdefault("X12_CHARACTER_SET", "EXTENDED")
from linuxforhealth.x12.io import X12ModelReader

for path in sys.argv[1:]:
    try:
        with X12ModelReader(path) as reader:
            count = sum(1 for model in reader.models() if model.x12())
        print(json.dumps("" if count else "no transaction read"))
    except Exception as error:
        print(json.dumps(f"{type(error).__name__}: {error}"))
"""


@dataclass(frozen=True)
class Judge:
    """One validator: says of each file what is wrong with it, nothing where it accepts it."""

    name: str
    python: Path
    program: str
    adapt: Callable[[bytes], bytes]
    folder: Path

    def complaints(self, *files: bytes) -> list[str]:
        paths = []
        for number, data in enumerate(files):
            path = self.folder / f"{number}.x12"
            path.write_bytes(self.adapt(data))
            paths.append(path)
        ran = subprocess.run(
            [self.python, "-c", self.program, *paths], capture_output=True, text=True, check=False, timeout=280
        )
        said = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith('"')]
        assert len(files) == len(said), f"{self.name} gave no answer: {ran.stderr[-2000:]}"
        return said


def _unchanged(data: bytes) -> bytes:
    return data


def _without_payer_contact(data: bytes) -> bytes:
    """Take PER*BL out of the 1000A of an 835, and count again."""
    sets = re.split(rb"(?=ST\*)", data)
    return b"".join(map(_one_set_without_contact, sets))


def _one_set_without_contact(part: bytes) -> bytes:
    if not part.startswith(b"ST*835"):
        return part
    kept, dropped = re.subn(rb"PER\*BL[^~]*~", b"", part)
    return re.sub(rb"SE\*(\d+)", lambda found: b"SE*%d" % (int(found[1]) - dropped), kept)


def _environment(name: str, *packages: str) -> Path:
    """Make the virtual environment where it is missing; give its Python. Skips, or in CI fails, where it cannot."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    home = cache / "revcycle" / "interop" / name
    python = home / "bin" / "python"
    ready = home / "ready"
    if ready.exists():
        return python
    made = _run(sys.executable, "-m", "venv", "--clear", str(home)) or _run(
        str(python), "-m", "pip", "install", "--quiet", *packages
    )
    if made:
        problem = f"{name} cannot be installed: {made[-300:]}"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(problem)
    ready.touch()
    return python


def _run(*command: str) -> str:
    """Run to the end; give what went wrong, nothing where nothing did."""
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)
    return "" if ran.returncode == 0 else ran.stderr or ran.stdout or f"exit status {ran.returncode}"


@pytest.fixture(scope="session")
def pyx12(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Sequence[str]]:
    """What pyx12 says of files: an empty text where it accepts one."""
    python = _environment("pyx12-4.0.0", "pyx12==4.0.0")
    return Judge("pyx12", python, _PYX12, _unchanged, tmp_path_factory.mktemp("pyx12")).complaints


@pytest.fixture(scope="session")
def linuxforhealth(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Sequence[str]]:
    """What linuxforhealth-x12 says of files: an empty text where it accepts one."""
    python = _environment("linuxforhealth-0.57.0", "linuxforhealth-x12==0.57.0", "pydantic<2")
    folder = tmp_path_factory.mktemp("linuxforhealth")
    return Judge("linuxforhealth", python, _LINUXFORHEALTH, _without_payer_contact, folder).complaints

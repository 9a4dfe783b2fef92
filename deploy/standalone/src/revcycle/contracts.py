"""
Generated contracts of every service: event schemas and OpenAPI, written or checked; and whether a promise is broken.

`python -m revcycle.contracts write|check|promises`: what `make contracts` and `make check` run.
"""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from revcycle_kit.contracts.evolution import broken
from revcycle_kit.contracts.schemas import stale, write, written

SERVICES = {
    "eligibility": "eligibility",
    "claims": "claims",
    "denials": "denials",
    "patient-billing": "patient_billing",
    "analytics": "analytics",
}


def generated(root: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """Return each folder of generated files and what must stand in it."""
    for folder, package in SERVICES.items():
        contracts = root / "services" / folder / "contracts"
        yield contracts / "events", written(package, importlib.import_module(f"{package}.published"))
        described = importlib.import_module(f"{package}.http").describe()
        yield contracts / "api", {"openapi.json": described}


def write_all(root: Path) -> None:
    """Write every generated file."""
    for folder, files in generated(root):
        write(folder, files)


def check_all(root: Path) -> list[str]:
    """Return the generated files that are stale."""
    return [
        str((folder / name).relative_to(root)) for folder, files in generated(root) for name in stale(folder, files)
    ]


def broken_promises(root: Path) -> list[str]:
    """Return what the schemas promise less than at the last release (the newest tag) did."""
    release = _git(root, "describe", "--tags", "--abbrev=0")
    if release is None:
        return []
    found = []
    for path in sorted(root.glob("services/*/contracts/events/*.schema.json")):
        name = str(path.relative_to(root))
        before = _git(root, "show", f"{release}:{name}")
        if before is not None:
            found += [f"{name}: {what}" for what in broken(json.loads(before), json.loads(path.read_text()))]
    gone = (_git(root, "ls-tree", "-r", "--name-only", release) or "").split()
    found += [
        f"{name}: is gone"
        for name in gone
        if name.endswith(".schema.json") and "/contracts/events/" in name and not (root / name).exists()
    ]
    return found


def _git(root: Path, *arguments: str) -> str | None:
    done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False)  # noqa: S603, S607
    return done.stdout.strip() if done.returncode == 0 else None


def main() -> None:
    """Write, check, or compare with the last release."""
    root, verb = Path.cwd(), sys.argv[1]
    if verb == "write":
        write_all(root)
        return
    found = check_all(root) if verb == "check" else broken_promises(root)
    if found:
        word = (
            "stale: run `make contracts`"
            if verb == "check"
            else "broken promises: publish a new version beside the old"
        )
        raise SystemExit("\n".join([word, *found]))


if __name__ == "__main__":
    main()

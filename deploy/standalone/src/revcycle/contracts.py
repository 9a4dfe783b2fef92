"""
Generated contracts of every service: event schemas and OpenAPI, written or checked; and whether a promise is broken.

`python -m revcycle.contracts write|check|promises`: what `make contracts` and `make check` run;
`python -m revcycle.contracts release VERSION` marks what stands now as released.
"""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

from revcycle_kit.contracts.releases import baseline_of, broken_since, read_baseline, write_baseline
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
    """Return what keeps less than the last release did: schemas, and migrations that were released."""
    return [
        f"services/{folder}: {what}"
        for folder, schemas, migrations in _services(root)
        if (baseline := read_baseline(root / "services" / folder / "contracts")) is not None
        for what in broken_since(baseline, schemas, migrations)
    ]


def release_all(root: Path, release: str) -> None:
    """Write the baseline of a release for every service."""
    for folder, schemas, migrations in _services(root):
        contracts = root / "services" / folder / "contracts"
        write_baseline(contracts, baseline_of(release, schemas, migrations))


def _services(root: Path) -> Iterator[tuple[str, dict[str, str], Path]]:
    """Yield each service's folder, its schemas (name to text) and the folder of its migrations."""
    for folder, package in SERVICES.items():
        schemas = written(package, importlib.import_module(f"{package}.published"))
        yield folder, schemas, root / "services" / folder / "migrations" / "versions"


def main() -> None:
    """Write, check, compare with the last release, or mark a release."""
    root, verb = Path.cwd(), sys.argv[1]
    if verb == "write":
        return write_all(root)
    if verb == "release":
        return release_all(root, sys.argv[2])
    found = check_all(root) if verb == "check" else broken_promises(root)
    if found:
        word = (
            "stale: run `make contracts`"
            if verb == "check"
            else "broken promises: publish a new version beside the old, and a migration after the last"
        )
        raise SystemExit("\n".join([word, *found]))
    return None


if __name__ == "__main__":
    main()

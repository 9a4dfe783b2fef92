"""
The baseline of a release: what a service promised and how its database was made, in one committed file.

From then on every change migrates: a released schema keeps its promises, a released migration keeps its bytes.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from revcycle_kit.contracts.evolution import broken

FILE = "released.json"


class Baseline(msgspec.Struct, frozen=True, kw_only=True):
    """What stood at a release: the schema of each event by file name, and the SHA-256 of each migration."""

    release: str
    events: dict[str, dict[str, Any]] = {}
    migrations: dict[str, str] = {}


def baseline_of(release: str, schemas: Mapping[str, str], migrations: Path) -> Baseline:
    """Return the baseline of a release from schema files (name to text) and the folder of its migrations."""
    return Baseline(
        release=release,
        events={name: json.loads(text) for name, text in schemas.items()},
        migrations=_digests(migrations),
    )


def broken_since(baseline: Baseline, schemas: Mapping[str, str], migrations: Path) -> list[str]:
    """Return what keeps less than the release did: a schema that is gone or promises less, a migration that changed."""
    now = _digests(migrations)
    return [
        *(f"{name}: is gone" for name in baseline.events if name not in schemas),
        *(
            f"{name}: {what}"
            for name, schema in baseline.events.items()
            if name in schemas
            for what in broken(schema, json.loads(schemas[name]))
        ),
        *(
            f"{name}: a released migration {'changed' if name in now else 'is gone'}; write the next one instead"
            for name, digest in baseline.migrations.items()
            if now.get(name) != digest
        ),
    ]


def read_baseline(contracts: Path) -> Baseline | None:
    """Return the baseline in a service's folder of contracts, or None where nothing was released yet."""
    path = contracts / FILE
    return msgspec.json.decode(path.read_bytes(), type=Baseline) if path.exists() else None


def write_baseline(contracts: Path, baseline: Baseline) -> None:
    """Write the baseline into a service's folder of contracts; it is committed with the release."""
    content = msgspec.json.format(msgspec.json.encode(baseline, order="deterministic"), indent=1)
    (contracts / FILE).write_bytes(content + b"\n")


def _digests(migrations: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(migrations.glob("*.py"))}

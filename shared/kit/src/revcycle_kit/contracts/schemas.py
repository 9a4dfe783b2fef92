"""
The JSON Schemas of what a service publishes, made from `published.py` and committed in its `contracts/events`.

`python -m revcycle_kit.contracts.schemas <package> <folder>` writes them; with `--check` it only says what is stale.
"""

import importlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from revcycle_kit.events import Published, event_name, event_type

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def promised(module: ModuleType) -> list[type[Published]]:
    """Return the events a module promises: its Published classes that no other one refines, by name."""
    kinds = [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Published) and kind.__module__ == module.__name__
    ]
    refined = {base for kind in kinds for base in kind.__mro__[1:]}
    return sorted((kind for kind in kinds if kind not in refined), key=lambda kind: kind.__name__)


def schema_of(service: str, kind: type[Published]) -> dict[str, Any]:
    """Return an event's open schema: every field that it always carries is required."""
    components = msgspec.json.schema(kind)
    definitions: dict[str, Any] = components.get("$defs", {})
    body = dict(definitions.pop(kind.__name__))
    for definition in (body, *definitions.values()):
        if definition.get("type") == "object" and "properties" in definition:
            definition["required"] = sorted(definition["properties"])
    schema: dict[str, Any] = {
        "$schema": DIALECT,
        "$id": event_type(service, kind),
        "x-stream": kind.STREAM,
        "x-tenant": kind.TENANT,
        **body,
    }
    if definitions:
        schema["$defs"] = definitions
    return schema


def written(service: str, module: ModuleType) -> dict[str, str]:
    """Return every schema file of a service: name and text."""
    return {
        f"{event_name(kind)}.v{kind.VERSION}.schema.json": as_text(schema_of(service, kind))
        for kind in promised(module)
    }


def as_text(document: Any) -> str:
    """Return a JSON document as it is committed."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def stale(folder: Path, files: dict[str, str]) -> list[str]:
    """Return the names of files that are missing, differ, or stand for nothing any more."""
    there = {path.name: path.read_text() for path in folder.glob("*.json")} if folder.exists() else {}
    return sorted(name for name in {*there, *files} if there.get(name) != files.get(name))


def write(folder: Path, files: dict[str, str]) -> None:
    """Write the files, and remove those that stand for nothing any more."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.json"):
        if path.name not in files:
            path.unlink()
    for name, text in files.items():
        (folder / name).write_text(text)


def main() -> None:
    """Write or check one service's schemas."""
    package, folder, *flags = sys.argv[1:]
    files = written(package, importlib.import_module(f"{package}.published"))
    target = Path(folder)
    if "--check" not in flags:
        write(target, files)
        return
    if names := stale(target, files):
        raise SystemExit(f"{target}: run `make contracts`, these are stale: {', '.join(names)}")


if __name__ == "__main__":
    main()

"""
Readers' examples: the minimal event that a reader needs, kept in the publisher's `contracts/consumers/<reader>/`.

The publisher proves that every field there is promised; the reader proves that its handler can live on it.
"""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

ENVELOPE = ("ce_id", "ce_source", "ce_type", "ce_time", "version", "step")


def examples_of(contracts: Path) -> list[Path]:
    """Return every reader's example in a publisher's contracts."""
    return sorted(contracts.glob("consumers/*/*.json"))


def unkept(contracts: Path, example: Path) -> list[str]:
    """Return what an example needs and the publisher's schemas do not promise."""
    event = json.loads(example.read_text())
    headers, told = event["headers"], event["data"]
    name = f"{headers['ce_type'].split('.', 1)[1]}.schema.json"
    path = contracts / "events" / name
    if not path.exists():
        return [f"{headers['ce_type']} is not published"]
    schema = json.loads(path.read_text())
    missing = [f"header {header} is missing" for header in ENVELOPE if header not in headers]
    return missing + list(_unpromised(told, schema, schema, "data"))


def _unpromised(value: Any, schema: dict[str, Any], root: dict[str, Any], where: str) -> list[str]:
    schema = _followed(schema, root)
    if "anyOf" in schema:
        tried = [_unpromised(value, choice, root, where) for choice in schema["anyOf"]]
        return min(tried, key=len)
    if where == "data.identity":
        return []
    if isinstance(value, dict) and "properties" in schema:
        found: list[str] = []
        for name, part in value.items():
            if name not in schema["properties"] or name not in schema.get("required", ()):
                found.append(f"{where}.{name} is not promised")
            else:
                found += _unpromised(part, schema["properties"][name], root, f"{where}.{name}")
        return found
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        return [flaw for part in value for flaw in _unpromised(part, schema["items"], root, f"{where}[]")]
    kind = validator_for(root, default=Draft202012Validator)
    errors = kind({**schema, "$defs": root.get("$defs", {})}).iter_errors(value)
    return [f"{where}: {error.message}" for error in errors]


def _followed(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    return root["$defs"][reference.rsplit("/", 1)[-1]] if reference else schema

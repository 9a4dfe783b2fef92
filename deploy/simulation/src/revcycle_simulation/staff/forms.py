"""Forms: what the front desk or a clinician answered, written as the services' APIs take it."""

from collections.abc import Callable
from typing import Any

Item = dict[str, Any]
CLAIM_FIELDS = frozenset(
    {
        "modifiers",
        "code",
        "units",
        "diagnoses",
        "authorization_number",
        "rendering_provider_id",
        "place_of_service",
        "remove_line",
    }
)


def change_of(change: Item) -> Item:
    """Write a change as corrections take it: a field, a line number or none, a text."""
    value = change.get("value", "")
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return {"field": change["field"], "line_number": change.get("line_number"), "value": text}


def coding_of(encounter: Item, changes: list[Item]) -> Item:
    """Turn the clinician's answer into a coder's: by line, and diagnoses for the whole encounter."""
    lines: dict[str, Item] = {}
    diagnoses: list[str] = []
    for change in changes:
        values = [value.strip() for value in str(change["value"]).split(",") if value.strip()]
        number = change.get("line_number")
        if change["field"] == "diagnoses" and number is None:
            diagnoses += values
            continue
        charges = encounter["charges"] if number is None else encounter["charges"][number - 1 : number]
        for charge in charges:
            line = lines.setdefault(charge["line_id"], {"line_id": charge["line_id"]})
            line |= _coded(change["field"], values)
    return {"lines": list(lines.values()), "diagnoses": diagnoses}


def _coded(name: str, values: list[str]) -> Item:
    known: dict[str, Callable[[], Item]] = {
        "code": lambda: {"code": values[0]},
        "modifiers": lambda: {"modifiers": values},
        "diagnoses": lambda: {"diagnoses": values},
        "units": lambda: {"units": values[0]},
    }
    return known[name]() if name in known and values else {}

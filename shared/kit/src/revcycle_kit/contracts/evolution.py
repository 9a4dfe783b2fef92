"""What breaks a promise: a released field that is gone, no longer required, or of another type."""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]


def broken(released: Schema, now: Schema) -> list[str]:
    """Return where the new schema keeps less than the released one promised; new fields are fine."""
    return list(_compare(released, now, released, now, ""))


def _compare(old: Schema, new: Schema, old_root: Schema, new_root: Schema, where: str) -> Iterator[str]:
    old, new = _followed(old, old_root), _followed(new, new_root)
    if "anyOf" in old or "anyOf" in new:
        yield from _compare_choices(old, new, old_root, new_root, where)
        return
    if old.get("type") != new.get("type") or old.get("format") != new.get("format"):
        yield f"{where or 'the event'}: was {_kind(old)}, is {_kind(new)}"
        return
    required = set(new.get("required", ()))
    for name, field in old.get("properties", {}).items():
        place = f"{where}.{name}".lstrip(".")
        if name not in new.get("properties", {}):
            yield f"{place}: is gone"
            continue
        if name in old.get("required", ()) and name not in required:
            yield f"{place}: is no longer required"
        yield from _compare(field, new["properties"][name], old_root, new_root, place)
    for part in ("items", "additionalProperties"):
        if isinstance(old.get(part), dict):
            yield from _compare(old[part], new.get(part) or {}, old_root, new_root, f"{where}[]")
    for index, item in enumerate(old.get("prefixItems", ())):
        others = new.get("prefixItems", ())
        yield from _compare(item, others[index] if index < len(others) else {}, old_root, new_root, f"{where}[{index}]")


def _compare_choices(old: Schema, new: Schema, old_root: Schema, new_root: Schema, where: str) -> Iterator[str]:
    """Let a value become narrower, never wider: readers prepared for the choices they knew."""
    known = [_followed(choice, old_root) for choice in old.get("anyOf", [old])]
    for choice in new.get("anyOf", [new]):
        offered = _followed(choice, new_root)
        if not any(not list(_compare(accepted, offered, old_root, new_root, where)) for accepted in known):
            yield f"{where}: may now be {_kind(offered)}"


def _followed(schema: Schema, root: Schema) -> Schema:
    reference = schema.get("$ref")
    if not reference:
        return schema
    found: Schema = root.get("$defs", {}).get(reference.rsplit("/", 1)[-1], {})
    return found


def _kind(schema: Schema) -> str:
    kind = schema.get("type") or ("one of fixed values" if "enum" in schema else "anything")
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)

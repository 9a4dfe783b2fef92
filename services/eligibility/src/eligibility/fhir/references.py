"""Find what a reference points to: full URL, Type/id, contained, conditional, or by identifier."""

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from eligibility.fhir.bundle import Entry
from eligibility.fhir.elements import Identifier, Reference
from eligibility.fhir.resources import KINDS, Resource

R = TypeVar("R", bound=Resource)


def identifier_of(reference: Reference | None) -> Identifier | None:
    """Return the business identifier a reference carries itself: its own, or that of a conditional reference."""
    if reference is None:
        return None
    if reference.identifier and reference.identifier.value:
        return reference.identifier
    _, conditional, query = (reference.reference or "").partition("?identifier=")
    if not conditional:
        return None
    system, bar, value = query.partition("|")
    return Identifier(system=system, value=value) if bar else Identifier(value=system)


class Index:
    """The resources of one document, findable by every kind of reference."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._found: dict[str, Resource] = {}
        self.resources: list[Resource] = []
        for entry in entries:
            self._add(entry)

    def of(self, kind: type[R]) -> list[R]:
        """Return the resources of a kind, in the order they were sent."""
        return [resource for resource in self.resources if isinstance(resource, kind)]

    def find(self, reference: Reference | None, kind: type[R], within: Resource | None = None) -> R | None:
        """Return the resource a reference points to, or None; `within` is the resource that holds the reference."""
        if reference is None:
            return None
        literal = reference.reference or ""
        if literal.startswith("#"):
            return _contained(literal[1:], kind, within)
        found = self._found.get(literal) or self._found.get(_type_and_id(literal))
        if found is None and (named := identifier_of(reference)):
            found = self._found.get(f"{kind.__name__}?{named.system or ''}|{named.value}")
        return found if isinstance(found, kind) else None

    def _add(self, entry: Entry) -> None:
        resource = entry.resource
        self.resources.append(resource)
        if entry.full_url:
            self._found.setdefault(entry.full_url, resource)
        if resource.id:
            self._found.setdefault(f"{resource.resource_type}/{resource.id}", resource)
            self._found.setdefault(f"urn:uuid:{resource.id}", resource)
        for identifier in resource.identifier:
            key = f"{resource.resource_type}?{identifier.system or ''}|{identifier.value}"
            self._found.setdefault(key, resource)


def _type_and_id(literal: str) -> str:
    parts = literal.partition("/_history/")[0].rstrip("/").split("/")
    return "/".join(parts[-2:])


def _contained(name: str, kind: type[R], within: Resource | None) -> R | None:
    for raw in within.contained if within else []:
        try:
            candidate = msgspec.json.decode(raw, type=_Named)
            if candidate.id == name and KINDS.get(candidate.resource_type) is kind:
                return msgspec.json.decode(raw, type=kind)
        except msgspec.ValidationError:
            continue
    return None


class _Named(msgspec.Struct, rename="camel"):
    resource_type: str = ""
    id: str = ""

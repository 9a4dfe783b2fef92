"""
Read a FHIR document resource by resource: one bad resource never refuses the others.

A document is a Bundle of any type, a single resource, or newline-delimited resources (bulk export).
"""

from collections import Counter
from dataclasses import dataclass, field

import msgspec

from eligibility.fhir.resources import KINDS, Resource

BYTES_MAX = 64_000_000
RESOURCES_MAX = 100_000
NESTED_BUNDLES_MAX = 3
_LOCATION_SEPARATOR = " - at "


class UnreadableDocumentError(ValueError):
    """The bytes are no FHIR document; says what is wrong, where, and what the sender does about it."""

    def __init__(self, problem: str, *, where: str, fix: str) -> None:
        super().__init__(f"{problem} ({where}). {fix}")
        self.problem = problem
        self.where = where
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Refusal:
    """A resource that could not be read; the others of its document were."""

    where: str
    problem: str
    fix: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A resource and the URL its bundle gives it."""

    resource: Resource
    full_url: str = ""


@dataclass(slots=True)
class Document:
    """What could be read, what could not, and how many resources of types this service does not use."""

    kind: str
    entries: list[Entry] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unused: Counter[str] = field(default_factory=Counter)

    def add(self, raw: msgspec.Raw | bytes, where: str, full_url: str = "", depth: int = 0) -> None:
        """Read one resource into the document; a Bundle inside a bundle is read through."""
        try:
            self._add(raw, where, full_url, depth)
        except RecursionError:
            self.refusals.append(Refusal(where, "the resource is nested too deeply", "Flatten it and send it again."))
        except msgspec.ValidationError as error:
            problem, _, place = str(error).partition(_LOCATION_SEPARATOR)
            at = f"{where}, {place.strip('`')}" if place else where
            self.refusals.append(Refusal(at, problem, "Correct the member to its FHIR R4 type and send it again."))

    def _add(self, raw: msgspec.Raw | bytes, where: str, full_url: str, depth: int) -> None:
        kind = _TYPED.decode(raw).resource_type
        if kind == "Bundle" and depth < NESTED_BUNDLES_MAX:
            _read_entries(self, _BUNDLE.decode(raw), where, depth + 1)
        elif kind in _DECODERS:
            self.entries.append(Entry(_DECODERS[kind].decode(raw), full_url))
        else:
            self.unused[kind] += 1


class _Typed(msgspec.Struct, rename="camel"):
    resource_type: str = ""


class _Entry(msgspec.Struct, rename="camel"):
    full_url: str | None = None
    resource: msgspec.Raw = msgspec.Raw(b"null")


class _Bundle(msgspec.Struct):
    type: str = ""
    entry: tuple[_Entry, ...] = ()


_TYPED = msgspec.json.Decoder(_Typed)
_BUNDLE = msgspec.json.Decoder(_Bundle)
_DECODERS = {name: msgspec.json.Decoder(kind) for name, kind in KINDS.items()}


def read_document(raw: bytes, *, bytes_max: int = BYTES_MAX) -> Document:
    """
    Read a bundle, a resource or newline-delimited resources.

    Raises UnreadableDocumentError where the bytes are no JSON, no FHIR, or pass a limit.
    """
    if len(raw) > bytes_max:
        raise UnreadableDocumentError(
            f"the document has {len(raw)} bytes; {bytes_max} are allowed",
            where="the whole document",
            fix="Send it in parts, or as newline-delimited JSON.",
        )
    plain = raw.removeprefix(b"\xef\xbb\xbf").strip()
    try:
        return _read_one(plain)
    except msgspec.ValidationError as error:
        raise UnreadableDocumentError(str(error), where="the document", fix="Send one FHIR R4 JSON object.") from None
    except RecursionError:
        raise UnreadableDocumentError(
            "the document is nested too deeply", where="the document", fix="Flatten it and send it again."
        ) from None
    except msgspec.DecodeError as error:
        if b"\n" in plain:
            return _read_lines(plain, error)
        raise _no_json(error) from None


def _read_one(plain: bytes) -> Document:
    kind = _TYPED.decode(plain).resource_type
    if not kind:
        raise UnreadableDocumentError(
            "the JSON names no resourceType",
            where="resourceType",
            fix="Send a FHIR R4 resource or Bundle.",
        )
    if kind != "Bundle":
        document = Document(kind)
        document.add(plain, kind)
        return document
    bundle = _BUNDLE.decode(plain)
    document = Document(f"Bundle/{bundle.type or 'untyped'}")
    _read_entries(document, bundle, "Bundle", 0)
    return document


def _read_entries(document: Document, bundle: _Bundle, where: str, depth: int) -> None:
    if len(bundle.entry) > RESOURCES_MAX:
        raise UnreadableDocumentError(
            f"the bundle has {len(bundle.entry)} entries; {RESOURCES_MAX} are allowed",
            where=f"{where}.entry",
            fix="Send it in parts.",
        )
    for number, entry in enumerate(bundle.entry):
        if bytes(entry.resource) != b"null":
            document.add(entry.resource, f"{where}.entry[{number}]", entry.full_url or "", depth)


def _read_lines(plain: bytes, whole: msgspec.DecodeError) -> Document:
    document = Document("ndjson")
    for number, line in enumerate(plain.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            document.add(line, f"line {number}")
        except msgspec.DecodeError as error:
            if number == 1:
                raise _no_json(whole) from None
            document.refusals.append(Refusal(f"line {number}", str(error), "Send one resource a line."))
    return document


def _no_json(error: msgspec.DecodeError) -> UnreadableDocumentError:
    return UnreadableDocumentError(
        f"the document is no JSON: {error}", where="the document", fix="Send FHIR R4 as JSON."
    )

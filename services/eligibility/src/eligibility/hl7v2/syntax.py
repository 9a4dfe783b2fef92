"""
A tolerant reader of HL7 v2 messages.

Separators are read from MSH, never assumed. Absent and null (`""`) stay different. Unknown segments (Z…)
are kept. Segments end with CR, LF or both; a line that starts no segment continues the one before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from eligibility.hl7v2.charsets import decode, without_byte_order_mark
from eligibility.hl7v2.errors import UnreadableMessageError
from eligibility.hl7v2.escapes import unescape

BYTES_MAX = 4_000_000
SEGMENTS_MAX = 20_000
NULL = '""'

_BREAK = re.compile(r"\r\n?|\n")
_USUAL = "^~\\&"
_HEADER_LENGTH_MIN = 4


@dataclass(frozen=True, slots=True)
class Separators:
    """The delimiters one message declares; empty where it declares none."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"


class Composite:
    """One repetition of a field: components, each of subcomponents, counted from one."""

    __slots__ = ("_parts", "_separators", "raw")

    def __init__(self, raw: str, separators: Separators) -> None:
        self.raw = raw
        self._separators = separators
        self._parts = raw.split(separators.component) if separators.component else [raw]

    def text(self, component: int = 1, subcomponent: int = 1) -> str:
        """Return the text at a place; empty where it is absent or null."""
        if component > len(self._parts):
            return ""
        part = self._parts[component - 1]
        pieces = part.split(self._separators.subcomponent) if self._separators.subcomponent else [part]
        if subcomponent > len(pieces):
            return ""
        piece = pieces[subcomponent - 1]
        return "" if piece == NULL else unescape(piece, self._separators).strip()


class Segment:
    """One segment: its name and its fields, counted from one as the standard does (MSH-1 is the separator)."""

    __slots__ = ("_fields", "_separators", "name")

    def __init__(self, name: str, fields: list[str], separators: Separators) -> None:
        self.name = name
        self._fields = fields
        self._separators = separators

    def __len__(self) -> int:
        return len(self._fields)

    def raw(self, field: int) -> str:
        """Return a field as it was sent, escapes and all."""
        return self._fields[field - 1] if 0 < field <= len(self._fields) else ""

    def is_null(self, field: int) -> bool:
        """Tell whether the sender says that the value is to be deleted."""
        return self.raw(field) == NULL

    def repetitions(self, field: int) -> list[Composite]:
        """Return the repetitions of a field that hold something."""
        raw = self.raw(field)
        if not raw or raw == NULL:
            return []
        pieces = raw.split(self._separators.repetition) if self._separators.repetition else [raw]
        return [Composite(piece, self._separators) for piece in pieces if piece and piece != NULL]

    def text(self, field: int, component: int = 1, subcomponent: int = 1) -> str:
        """Return the text at a place of the first repetition; empty where it is absent or null."""
        raw = self.raw(field)
        if not raw or raw == NULL:
            return ""
        marks = self._separators
        first = raw.split(marks.repetition, 1)[0] if marks.repetition else raw
        if marks.component and marks.component not in first:
            if component > 1:
                return ""
            if marks.subcomponent not in first and marks.escape not in first:
                return first.strip() if subcomponent == 1 else ""
        return Composite(first, marks).text(component, subcomponent)


class Message:
    """One HL7 v2 message."""

    __slots__ = ("header", "segments", "separators")

    def __init__(self, segments: list[Segment], separators: Separators) -> None:
        self.segments = segments
        self.separators = separators
        self.header = segments[0]

    @property
    def type(self) -> str:
        """The message type and trigger, such as `ADT^A01`; from MSH-9, else from the structure it names."""
        code, trigger, structure = (self.header.text(9, part) for part in (1, 2, 3))
        if not trigger and "_" in structure:
            code, _, trigger = structure.partition("_")
        if not trigger and "_" in code:
            code, _, trigger = code.partition("_")
        trigger = trigger or (self.text("EVN", 1) if code == "ADT" else "")
        return f"{code}^{trigger}".upper() if trigger else code.upper()

    @property
    def control_id(self) -> str:
        """MSH-10; empty where the sender gives none."""
        return self.header.text(10)

    @property
    def version(self) -> str:
        """MSH-12."""
        return self.header.text(12)

    def all(self, name: str) -> Iterator[Segment]:
        """Yield every segment of that name, in order."""
        return (segment for segment in self.segments if segment.name == name)

    def first(self, name: str) -> Segment | None:
        """Return the first segment of that name."""
        return next(self.all(name), None)

    def text(self, name: str, field: int, component: int = 1, subcomponent: int = 1) -> str:
        """Return the text at a place of the first segment of that name; empty where there is none."""
        segment = self.first(name)
        return segment.text(field, component, subcomponent) if segment else ""


def read_message(raw: bytes, *, bytes_max: int = BYTES_MAX, segments_max: int = SEGMENTS_MAX) -> Message:
    """
    Read one message.

    Raises UnreadableMessageError where the bytes do not begin with a message header, or pass a limit.
    """
    if len(raw) > bytes_max:
        raise UnreadableMessageError(
            f"the message has {len(raw)} bytes; {bytes_max} are allowed",
            where="the whole message",
            fix="Send documents by reference, or one message per patient.",
        )
    text = decode(without_byte_order_mark(raw)).strip(" \t\r\n\x00\x0b\x1c")
    separators = _separators(text)
    segments = [_segment(line, separators) for line in _lines(text, separators)]
    if len(segments) > segments_max:
        raise UnreadableMessageError(
            f"the message has {len(segments)} segments; {segments_max} are allowed",
            where="the whole message",
            fix="Send one message per patient and event.",
        )
    return Message(segments, separators)


def _separators(text: str) -> Separators:
    if not text.startswith("MSH") or len(text) < _HEADER_LENGTH_MIN:
        raise UnreadableMessageError(
            "the bytes are no HL7 v2 message: they do not begin with MSH",
            where="MSH, first segment",
            fix="Send the message from its MSH segment on; FHIR goes to the FHIR intake.",
        )
    field = text[3]
    if field.isalnum() or field.isspace():
        raise UnreadableMessageError(
            "MSH declares no field separator",
            where="MSH-1, the fourth character",
            fix="Put the field separator, usually |, directly after MSH.",
        )
    header = _BREAK.split(text, maxsplit=1)[0]
    return Separators(field, *_encoding_characters(header[4:].split(field, 1)[0]))


def _encoding_characters(declared: str) -> tuple[str, str, str, str]:
    marks = [mark for mark in declared if not mark.isalnum() and not mark.isspace()]
    if not marks:
        marks = list(_USUAL)
    component, repetition, escape, subcomponent = (*marks, "", "", "", "")[:4]
    return component, repetition, escape, subcomponent


def _lines(text: str, separators: Separators) -> list[str]:
    begins = re.compile(rf"[ \t]*[A-Za-z][A-Za-z0-9]{{2}}(?:{re.escape(separators.field)}|\Z)")
    lines: list[str] = []
    for line in _BREAK.split(text):
        if begins.match(line):
            lines.append(line.lstrip())
        elif line.strip():
            lines[-1] += f"\n{line}"
    return lines


def _segment(line: str, separators: Separators) -> Segment:
    name, *fields = line.split(separators.field)
    if name == "MSH":
        fields.insert(0, separators.field)
    return Segment(name.upper(), fields, separators)

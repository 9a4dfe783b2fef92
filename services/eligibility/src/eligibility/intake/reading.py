"""Bytes of any kind to Readings: tell HL7 v2 from FHIR, cut files into messages, read each."""

from eligibility.domain.facts import Origin, Reading, Refusal
from eligibility.fhir import UnreadableDocumentError, read_document
from eligibility.hl7v2 import UnreadableMessageError, read_message, split_messages
from eligibility.hl7v2.charsets import without_byte_order_mark
from eligibility.intake.fhir_reading import read_fhir
from eligibility.intake.hl7_reading import read_hl7
from eligibility.intake.scope import Scope


def is_json(raw: bytes) -> bool:
    """Tell whether the bytes look like JSON."""
    return without_byte_order_mark(raw[:64]).lstrip()[:1] in {b"{", b"["}


def pieces_of(raw: bytes) -> list[bytes]:
    """Cut a file into its messages: a FHIR document is one; an empty file is one unreadable piece."""
    if is_json(raw):
        return [without_byte_order_mark(raw)]
    return split_messages(raw) or [raw]


def read(raw: bytes, scope: Scope) -> Reading:
    """Read one message, HL7 v2 or FHIR. Never raises for what a sender can send."""
    if not raw.strip():
        return _unreadable("hl7v2", "the message is empty", "the whole message", "Send it again.", scope)
    return _read_json(raw, scope) if is_json(raw) else _read_hl7(raw, scope)


def _read_json(raw: bytes, scope: Scope) -> Reading:
    try:
        return read_fhir(read_document(without_byte_order_mark(raw)), scope)
    except UnreadableDocumentError as error:
        return _unreadable("fhir", error.problem, error.where, error.fix, scope)


def _read_hl7(raw: bytes, scope: Scope) -> Reading:
    try:
        return read_hl7(read_message(raw), scope)
    except UnreadableMessageError as error:
        return _unreadable("hl7v2", error.problem, error.where, error.fix, scope)


def _unreadable(kind: str, problem: str, where: str, fix: str, scope: Scope) -> Reading:
    origin = Origin(format="fhir" if kind == "fhir" else "hl7v2", application=scope.source, facility=scope.source)
    return Reading(origin=origin, refusals=(Refusal(problem=problem, where=where, fix=fix),))

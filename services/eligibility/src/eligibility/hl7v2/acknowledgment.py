"""Acknowledgments: original mode (AA, AE, AR) and enhanced mode (CA, CE, CR), HL7 v2 chapter 2."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from eligibility.hl7v2.escapes import escape
from eligibility.hl7v2.syntax import Message, Separators

_REQUIRED_MISSING = "101"
_UNSUPPORTED = "200"
_CONDITIONS = {"AL": "accepted error rejected", "NE": "", "ER": "error rejected", "SU": "accepted"}


class AcknowledgmentCode(StrEnum):
    """What becomes of the message, before the mode turns it into a code."""

    ACCEPTED = "accepted"
    ERROR = "error"
    REJECTED = "rejected"


_ORIGINAL = {"accepted": "AA", "error": "AE", "rejected": "AR"}
_ENHANCED = {"accepted": "CA", "error": "CE", "rejected": "CR"}
_TABLE_0357 = {"error": _REQUIRED_MISSING, "rejected": _UNSUPPORTED}


@dataclass(frozen=True, slots=True)
class Acknowledgment:
    """
    What we answer. `text` and `where` carry no patient data.

    `error` is for bytes that cannot be read, `rejected` for what this system never takes; a message that is
    kept but held for something missing is accepted: the sender must not stop or send it again.
    """

    code: AcknowledgmentCode
    text: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class _Context:
    separators: Separators = field(default_factory=Separators)
    parties: tuple[str, ...] = ("", "", "", "")
    kind: str = "ACK"
    processing: str = "P"
    version: str = "2.5"
    acknowledged: str = ""


def acknowledge(message: Message | None, answer: Acknowledgment, *, at: datetime, control_id: str) -> bytes | None:
    """
    Write the acknowledgment of a message; None where the sender asked for none (MSH-15 = NE, ER, SU).

    A message whose header cannot be read is answered with the usual separators and without MSA-2.
    """
    if message is None:
        return _render(_Context(), answer, _ORIGINAL[answer.code.value], f"{at:%Y%m%d%H%M%S}+0000", control_id)
    condition = message.header.text(15).upper()
    if condition and answer.code.value not in _CONDITIONS.get(condition, _CONDITIONS["AL"]).split():
        return None
    code = (_ENHANCED if condition else _ORIGINAL)[answer.code.value]
    return _render(_context(message), answer, code, f"{at:%Y%m%d%H%M%S}+0000", control_id)


def _context(message: Message) -> _Context:
    header, component = message.header, message.separators.component
    event = header.text(9, 2)
    return _Context(
        separators=message.separators,
        parties=tuple(header.raw(field) for field in (5, 6, 3, 4)),
        kind=f"ACK{component}{event}" if event and component else "ACK",
        processing=header.raw(11) or "P",
        version=header.raw(12) or "2.5",
        acknowledged=header.raw(10),
    )


def _render(context: _Context, answer: Acknowledgment, code: str, stamp: str, control_id: str) -> bytes:
    separators = context.separators
    mark = separators.field
    declared = separators.component + separators.repetition + separators.escape + separators.subcomponent
    text = escape(answer.text, separators)
    parties = (*context.parties, stamp, "", context.kind, control_id, context.processing, context.version)
    lines = [mark.join(("MSH", declared, *parties)), mark.join(("MSA", code, context.acknowledged, text))]
    if answer.code is not AcknowledgmentCode.ACCEPTED:
        where = escape(answer.where, separators)
        lines.append(mark.join(("ERR", "", where, _TABLE_0357[answer.code.value], "E", "", "", text)))
    return ("\r".join(lines) + "\r").encode()

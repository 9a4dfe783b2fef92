"""Write X12: transactions into an interchange, with every count and control number made here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from revcycle_x12._grammar.guide import Guide
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.delimiters import DEFAULT, Delimiters
from revcycle_x12._syntax.elements import format_date, format_time
from revcycle_x12._syntax.errors import WriteError
from revcycle_x12._writing.finalize import finalize


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """
    Who sends to whom, when, under which number.

    `control_number` is ISA13 (1 to 999999999); the group's defaults to the same.
    `created_at` is written as it stands: X12 names no zone. `line_end` goes after
    each terminator, for people.
    """

    sender_id: str
    receiver_id: str
    control_number: int
    created_at: datetime
    is_test: bool
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    group_sender: str = ""
    group_receiver: str = ""
    group_control_number: int = 0
    acknowledgment_requested: bool = False
    delimiters: Delimiters = DEFAULT
    line_end: str = ""


class Writable(Protocol):
    """A transaction that can be written: its root loop and its guide."""

    @property
    def loop(self) -> Loop: ...

    @property
    def guide(self) -> Guide: ...


def write(envelope: Envelope, transactions: Iterable[Writable]) -> bytes:
    """
    Write one interchange.

    Raises WriteError where something cannot be said: a delimiter inside of a
    text, a text too long, something required missing, a segment the guide lacks.
    """
    return b"".join(stream(envelope, transactions))


def stream(envelope: Envelope, transactions: Iterable[Writable]) -> Iterator[bytes]:
    """Write one interchange, a transaction at a time."""
    _refuse_delimiters(envelope.delimiters)
    encoder = _Encoder(envelope.delimiters, envelope.line_end)
    yield encoder.control([_isa(envelope)])
    groups, in_group, guide = 0, 0, None
    for transaction in transactions:
        if transaction.guide is not guide:
            if guide is not None and guide.functional_id:
                yield encoder.control([["GE", str(in_group), _group_number(envelope, groups)]])
            guide, in_group = transaction.guide, 0
            if guide.functional_id:
                groups += 1
                yield encoder.control([_gs(envelope, guide, groups)])
        in_group += 1
        yield encoder.transaction(transaction, in_group)
    if guide is not None and guide.functional_id:
        yield encoder.control([["GE", str(in_group), _group_number(envelope, groups)]])
    yield encoder.control([["IEA", str(groups), f"{envelope.control_number:09d}"]])


def _refuse_delimiters(marks: Delimiters) -> None:
    """Delimiters are four different characters that no text is likely to hold."""
    given = marks.element, marks.component, marks.terminator, *filter(None, [marks.repetition])
    if len(set(given)) < len(given) or any(len(m) != 1 or m.isalnum() or m == " " or not m.isascii() for m in given):
        fix = "use different single characters that are neither letters, digits nor blanks"
        raise WriteError("ISA", "these delimiters cannot be told apart from data or from each other", fix)


def _refuse_marks(envelope: Envelope, marks: Delimiters) -> None:
    for name in (
        "sender_id",
        "receiver_id",
        "sender_qualifier",
        "receiver_qualifier",
        "group_sender",
        "group_receiver",
    ):
        text = getattr(envelope, name)
        if any(mark in text for mark in marks.all()):
            raise WriteError("ISA or GS", f"{name} holds a delimiter", "use other delimiters")
        if not text.isascii() or (text and not text.isprintable()):
            raise WriteError("ISA or GS", f"{name} holds a character no partner expects there")


def _group_number(envelope: Envelope, group: int) -> str:
    return str((envelope.group_control_number or envelope.control_number) + group - 1)


def _isa(envelope: Envelope) -> Elements:
    for name, limit in (("sender_id", 15), ("receiver_id", 15)):
        if not 1 <= len(getattr(envelope, name)) <= limit:
            raise WriteError("ISA", f"{name} has to have 1 to {limit} characters")
    if not 1 <= envelope.control_number <= 999_999_999:  # noqa: PLR2004 (nine digits)
        raise WriteError("ISA13", "the control number has to be 1 to 999999999")
    marks, at = envelope.delimiters, envelope.created_at
    _refuse_marks(envelope, marks)
    return [
        "ISA", "00", " " * 10, "00", " " * 10,
        f"{envelope.sender_qualifier:2.2}", f"{envelope.sender_id:15}",
        f"{envelope.receiver_qualifier:2.2}", f"{envelope.receiver_id:15}",
        f"{at:%y%m%d}", f"{at:%H%M}", marks.repetition or "U", "00501", f"{envelope.control_number:09d}",
        "1" if envelope.acknowledgment_requested else "0", "T" if envelope.is_test else "P", marks.component,
    ]  # fmt: skip


def _gs(envelope: Envelope, guide: Guide, group: int) -> Elements:
    at = envelope.created_at
    for name in ("sender", "receiver"):
        code = getattr(envelope, f"group_{name}") or getattr(envelope, f"{name}_id")
        if not 2 <= len(code) <= 15:  # noqa: PLR2004 (the lengths of GS02 and GS03)
            raise WriteError("GS", f"the code of the {name} has to have 2 to 15 characters")
    return [
        "GS", guide.functional_id, envelope.group_sender or envelope.sender_id,
        envelope.group_receiver or envelope.receiver_id, format_date(at.date()), format_time(at.time()),
        _group_number(envelope, group), "X", guide.version,
    ]  # fmt: skip


class _Encoder:
    """Turns loops into the bytes of their segments, refusing what the delimiters or the guide forbid."""

    def __init__(self, delimiters: Delimiters, line_end: str) -> None:
        self.delimiters = delimiters
        self.end = delimiters.terminator + line_end

    def control(self, segments: Iterable[Elements]) -> bytes:
        """Control segments as bytes."""
        separator, end = self.delimiters.element, self.end
        return "".join(separator.join(segment) + end for segment in segments).encode("utf-8", "surrogateescape")

    def transaction(self, transaction: Writable, number: int) -> bytes:
        """One transaction set, ST to SE (or a TA1)."""
        root, guide = transaction.loop, transaction.guide
        control = prepare(root, guide, number)
        finalize(root, guide.root, self.delimiters)
        segments = root.flat()
        if guide.functional_id:
            segments[-1] = ["SE", str(len(segments)), control]
        return self._joined(root, segments)

    def _joined(self, root: Loop, segments: list[Elements]) -> bytes:
        """Give the text, unless a delimiter in an element would cut it in two: counted first, looked for if so."""
        separator, terminator = self.delimiters.element, self.delimiters.terminator
        texts = list(map(separator.join, segments))
        texts.append("")
        text = self.end.join(texts)
        separators = sum(map(len, segments)) - len(segments)
        terminators = len(segments) * self.end.count(terminator)
        if text.count(separator) != separators or text.count(terminator) != terminators:
            raise _delimiter_in(root, (separator, terminator))
        return text.encode("utf-8", "surrogateescape")


def _delimiter_in(root: Loop, marks: tuple[str, ...]) -> WriteError:
    """Find the text that holds a delimiter."""
    for loop in root.walk():
        for item in loop.segments():
            for place, element in enumerate(item.elements):
                if any(mark in element for mark in marks):
                    where = f"loop {loop.spec.id}, {item.id}{place:02d}"
                    return WriteError(where, "the text holds a delimiter", "use other delimiters")
    return WriteError("transaction", "a text holds a delimiter")


def prepare(root: Loop, guide: Guide, number: int) -> str:
    """Give a transaction its ST and SE where it has none; return its control number."""
    if not guide.functional_id:
        return ""
    first = root.elements("ST")
    if first is None:
        first = ["ST", guide.set_id, f"{number:04d}"]
        root.content.insert(0, first)
        root.changed()
    first += [""] * (3 - len(first))
    first[2] = first[2] or f"{number:04d}"
    if guide.has_st03 and len(first) < 4:  # noqa: PLR2004 (ST03)
        first.append(guide.version)
    if root.elements("SE") is None:
        root.content.append(["SE", "0", first[2]])
        root.changed()
    return first[2]

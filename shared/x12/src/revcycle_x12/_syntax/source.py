"""Bytes of any origin to runs of segments: interchange by interchange, a block at a time, in linear time."""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate
from os import PathLike
from pathlib import Path
from typing import Protocol

from revcycle_x12._syntax.delimiters import ISA_LENGTH, LINE_ENDS, Delimiters, IsaHeader, read_isa, without_line_ends
from revcycle_x12._syntax.findings import Finding, Findings, Position, Severity
from revcycle_x12._syntax.limits import Limits

BLANK = " \t\r\n\x00\x1a\ufeff"
_BLANK_BYTES = b" \t\r\n\x00\x1a\xef\xbb\xbf"
_HEAD_BYTES = 400
UTF_8 = "utf-8"
_LOOK_BACK = 64


class BinaryStream(Protocol):
    """Anything with a `read` that gives bytes."""

    def read(self, size: int = -1, /) -> bytes: ...


Source = bytes | str | PathLike[str] | BinaryStream | Iterable[bytes]


@dataclass(slots=True, eq=False)
class SegmentRun:
    """
    Some segments of one interchange, in order, as text without terminator.

    `joiner` is what stood between them where that is the same everywhere; else
    `raw` holds them with the blanks they began with.
    """

    segments: list[str]
    delimiters: Delimiters
    number: int
    """Number of the first segment in its interchange (the ISA is 1)."""
    byte: int
    line: int
    joiner: str
    encoding: str = UTF_8
    raw: list[str] | None = None
    leads: list[int] = field(default_factory=list)
    """How many characters stand before each segment, where `raw` is kept."""
    _starts: list[tuple[int, int]] = field(default_factory=list)

    def place(self, index: int) -> tuple[int, int]:
        """Line and byte at which segment `index` begins; behind the last one, where that one begins."""
        if not self._starts:
            self._starts = self._locate()
        return self._starts[min(index, len(self._starts) - 1)]

    def _locate(self) -> list[tuple[int, int]]:
        texts = self.raw if self.raw is not None else self.segments
        lines = accumulate((text.count("\n") + self.joiner.count("\n") for text in texts), initial=self.line)
        sizes = accumulate((self._size(text) + len(self.joiner) for text in texts), initial=self.byte)
        starts = list(zip(lines, sizes, strict=True))
        if self.raw is None:
            return starts
        blanks = [raw[:lead] for raw, lead in zip(texts, self.leads, strict=True)]
        return [
            (line + blank.count("\n"), byte + self._size(blank))
            for (line, byte), blank in zip(starts, blanks, strict=False)
        ]

    def _size(self, text: str) -> int:
        return len(text) if text.isascii() else len(encode(text, self.encoding))


@dataclass(slots=True, eq=False)
class InterchangeHead:
    """An ISA, as it was read, where it stood, and whether it began after something that is no X12."""

    isa: IsaHeader
    position: Position


def encode(text: str, encoding: str = UTF_8) -> bytes:
    """Give the bytes of a text in the encoding it was read in, or in UTF-8 where it does not fit in there."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode(UTF_8, "surrogateescape")


def _decode(block: bytes) -> tuple[str, str]:
    """
    Give the text of a block and its encoding.

    The extended character set of X12 is Latin-1; what is no UTF-8 is that, with
    the quotation marks and dashes that Windows puts where Latin-1 has controls.
    """
    for encoding in (UTF_8, "cp1252"):
        try:
            return block.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return block.decode("latin-1"), "latin-1"


def _blocks(source: Source, size: int) -> Iterator[bytes]:
    if isinstance(source, (str, PathLike)):
        with Path(source).open("rb") as stream:
            yield from iter(lambda: stream.read(size), b"")
    elif isinstance(source, (bytes, bytearray, memoryview)):
        whole = io.BytesIO(source)
        yield from iter(lambda: whole.read(size), b"")
    elif hasattr(source, "read"):
        yield from iter(lambda: source.read(size), b"")
    else:
        for block in source:
            for at in range(0, len(block), size):
                yield bytes(block[at : at + size])


def _isa_at(buffer: bytes, at: int) -> IsaHeader | None:
    """Read an ISA out of bytes; None where it is none or its delimiters cannot be delimiters."""
    isa = read_isa(buffer[at : at + _HEAD_BYTES].decode("latin-1"))
    if isa is None:
        return None
    marks = isa.delimiters
    if any(mark.isalnum() or not mark.isascii() for mark in marks.element + marks.terminator):
        return None
    if marks.element == marks.terminator:
        return None
    text, _ = _decode(buffer[at : at + isa.length - 1])
    elements = [*(without_line_ends(text) if isa.wrapped else text).split(marks.element)[:16], isa.elements[16]]
    return replace(isa, elements=elements)


def _border(terminator: bytes) -> re.Pattern[bytes]:
    """Find an IEA or ISA that begins a segment."""
    return re.compile(rb"(?:^|" + re.escape(terminator) + rb")[ \t\r\n\x00]*(IEA|ISA)(?=[^A-Za-z0-9])")


class Scanner:
    """Cuts a source into interchange heads and runs of segments."""

    def __init__(self, source: Source, limits: Limits, findings: Findings) -> None:
        self._blocks = _blocks(source, limits.block_bytes)
        self._limits = limits
        self._findings = findings
        self._buffer = b""
        self._ended = False
        self._byte = 0
        self._line = 1
        self._wrapped = False
        """Line ends inside of segments were reported for this interchange."""

    def __iter__(self) -> Iterator[InterchangeHead | SegmentRun]:
        while (head := self._next_head()) is not None:
            yield head
            yield from self._segments(head)

    # -- the buffer ----------------------------------------------------------------------------------------------------

    def _fill(self, wanted: int) -> None:
        """Read until so many bytes are at hand, or the source ends."""
        while len(self._buffer) < wanted and not self._ended:
            block = next(self._blocks, b"")
            self._ended = not block
            self._buffer = self._buffer + block if self._buffer else block

    def _more(self) -> bool:
        size = len(self._buffer)
        self._fill(size + 1)
        return len(self._buffer) > size

    def _skip(self, size: int) -> None:
        gone = self._buffer[:size]
        self._line += gone.count(b"\n")
        self._byte += size
        self._buffer = self._buffer[size:]

    def _report(self, code: str, message: str, fix: str, severity: Severity = Severity.ERROR) -> None:
        position = Position(0, self._line, self._byte)
        self._findings.add(Finding(code, message, severity=severity, position=position, fix=fix))

    # -- heads ---------------------------------------------------------------------------------------------------------

    def _next_head(self) -> InterchangeHead | None:
        """Go to the next ISA and read it; None at the end. Reports what stands before it."""
        garbage, at = 0, 0
        while True:
            self._fill(at + _HEAD_BYTES)
            found = self._buffer.find(b"ISA", at)
            stop = found if found >= 0 else len(self._buffer) - (0 if self._ended else 2)
            garbage += len(self._buffer[at:stop].strip(_BLANK_BYTES))
            if found < 0 and self._ended:
                self._skip(stop)
                self._stray(garbage)
                return None
            if found >= 0:
                self._fill(found + _HEAD_BYTES)
                isa = _isa_at(self._buffer, found)
                if isa is not None:
                    self._skip(found)
                    self._stray(garbage)
                    return self._head(isa)
                garbage += 3
                stop = found + 3
            at = stop
            if at > self._limits.block_bytes:
                self._skip(at)
                at = 0

    def _stray(self, size: int) -> None:
        if size:
            self._report(
                "stray-bytes",
                f"{size} bytes before this place belong to no interchange",
                "send nothing outside of ISA and IEA",
            )

    def _head(self, isa: IsaHeader) -> InterchangeHead:
        position = Position(1, self._line, self._byte)
        self._wrapped = False
        if isa.wrapped:
            self._report_wrapped()
        elif isa.length != ISA_LENGTH:
            self._report(
                "isa-length",
                f"the ISA has {isa.length} characters instead of {ISA_LENGTH}",
                "pad every element of the ISA to its fixed length",
                Severity.WARNING,
            )
        self._skip(isa.length)
        return InterchangeHead(isa, position)

    # -- segments ------------------------------------------------------------------------------------------------------

    def _segments(self, head: InterchangeHead) -> Iterator[SegmentRun]:
        """Chunks up to the IEA, or up to the next ISA where there is none."""
        delimiters, number, searched = head.isa.delimiters, 2, 0
        border = _border(delimiters.terminator.encode())
        while True:
            cut = self._cut(border, delimiters.terminator.encode(), searched)
            if cut is None:
                if len(self._buffer) > self._limits.segment_bytes_max:
                    self._too_long(delimiters.terminator)
                    return
                searched = len(self._buffer) - _LOOK_BACK
                cut = None if self._more() else (len(self._buffer), True)
            if cut is not None:
                end, last = cut
                if end:
                    run = self._run(self._buffer[:end], head.isa, number)
                    self._skip(end)
                    number += len(run.segments)
                    if run.segments:
                        yield run
                if last:
                    return
                searched = 0

    def _cut(self, border: re.Pattern[bytes], terminator: bytes, searched: int) -> tuple[int, bool] | None:
        """Where the buffer can be cut, and whether the interchange ends there; None where more is needed."""
        found = border.search(self._buffer, max(0, searched)) if self._may_end() else None
        if found and found[1] == b"ISA":
            return found.start(1), True
        if found:
            stop = self._buffer.find(terminator, found.end())
            if stop >= 0:
                return stop + 1, True
            return None if not self._ended else (len(self._buffer), True)
        end = self._buffer.rfind(terminator) + 1
        return (end, False) if end else None

    def _may_end(self) -> bool:
        """Give a quick look: without these letters the buffer holds no end of the interchange."""
        return self._buffer.find(b"IEA") >= 0 or self._buffer.find(b"ISA") >= 0

    def _too_long(self, terminator: str) -> None:
        self._report(
            "segment-too-long",
            f"{len(self._buffer)} bytes without the segment terminator {terminator!r}",
            "end every segment with the terminator the ISA declares",
        )

    def _run(self, block: bytes, isa: IsaHeader, number: int) -> SegmentRun:
        (text, encoding), terminator = _decode(block), isa.delimiters.terminator
        closed = text.endswith(terminator)
        lead = len(text) - len(text.lstrip(BLANK))
        start = Position(0, self._line + text.count("\n", 0, lead), self._byte + len(encode(text[:lead], encoding)))
        body = text[lead : len(text) - closed]
        joiner = "" if isa.blank_before_terminator else _joiner(body, terminator)
        if joiner:
            segments = body.split(joiner) if body else []
            return SegmentRun(segments, isa.delimiters, number, start.byte, start.line, joiner, encoding)
        run = _irregular(body.split(terminator), isa, number, start, encoding)
        if terminator not in LINE_ENDS and (isa.wrapped or _is_wrapped(body)):
            self._unwrap(run)
        return run

    def _unwrap(self, run: SegmentRun) -> None:
        """Take out line ends inside of segments: they are no delimiters, so they are no content."""
        for place, text in enumerate(run.segments):
            if "\n" in text or "\r" in text:
                run.segments[place] = without_line_ends(text)
                if not self._wrapped:
                    self._report_wrapped()

    def _report_wrapped(self) -> None:
        self._wrapped = True
        self._report(
            "line-wrapped",
            "line ends stand inside of segments; they were taken out",
            "send line ends behind terminators, or none",
            Severity.WARNING,
        )


def _joiner(body: str, terminator: str) -> str:
    """Tell what stands between all segments, if it is the same everywhere: the terminator, alone or with a line end."""
    ends = body.count(terminator)
    if body.startswith(terminator):
        return ""
    for line_end in ("", "\n", "\r\n", "\r"):
        joiner = terminator + line_end
        if line_end and body.count(joiner) != ends:
            continue
        if any(body.count(mark) != joiner.count(mark) * ends for mark in "\r\n"):
            continue
        return "" if any(joiner + after in body for after in (" ", "\t", terminator)) else joiner
    return ""


def _is_wrapped(body: str) -> bool:
    """Say whether somebody broke the text into lines of one length; the first and the last may be shorter."""
    lengths = [len(line) for line in body.splitlines()[1:-1]]
    return len(lengths) > 1 and len(set(lengths)) == 1


def _irregular(raw: list[str], isa: IsaHeader, number: int, start: Position, encoding: str) -> SegmentRun:
    """Give a run whose segments begin with blanks of all kinds; empty segments join the one after them."""
    kept: list[str] = []
    segments: list[str] = []
    leads: list[int] = []
    pending, terminator = "", isa.delimiters.terminator
    for part in raw:
        text = part.lstrip(BLANK)
        if text:
            leads.append(len(pending) + len(part) - len(text))
            kept.append(pending + part)
            segments.append(text.rstrip(BLANK) if isa.blank_before_terminator else text)
            pending = ""
        else:
            pending += part + terminator
    return SegmentRun(segments, isa.delimiters, number, start.byte, start.line, terminator, encoding, kept, leads)

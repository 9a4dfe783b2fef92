"""What was read, written again: the same segments, with nothing between them but the terminator."""

from collections.abc import Iterator

from revcycle_x12._reading.loop import Elements
from revcycle_x12._reading.reader import Reader
from revcycle_x12._reading.watch import Watch
from revcycle_x12._syntax.delimiters import Delimiters
from revcycle_x12._syntax.envelope import Group, Interchange
from revcycle_x12._syntax.findings import Findings
from revcycle_x12._syntax.limits import DEFAULT, Limits
from revcycle_x12._syntax.source import UTF_8, Source, encode

_WIDTHS = (0, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)


def rewrite(source: Source, *, line_end: str = "", limits: Limits = DEFAULT) -> Iterator[bytes]:
    """
    Read a source and write it again, a chunk at a time.

    Segments come out as they stood, in their order; blanks between them, a byte
    order mark and missing ISA padding are put right. Control segments that are
    missing stay missing.
    """
    rewriter = _Rewriter(line_end)
    reader = Reader(source, limits, rewriter)
    for transaction in reader:
        for chunk in transaction.chunks():
            rewriter.add(chunk.all_elements(), transaction.interchange.delimiters, chunk.encoding)
            yield rewriter.take()
    yield rewriter.take()


class _Rewriter(Watch):
    """Watches a reader, so that control segments come in their places."""

    def __init__(self, line_end: str) -> None:
        self._line_end = line_end
        self._written: list[bytes] = []
        self._marks = Delimiters()

    def add(self, segments: Iterator[Elements], marks: Delimiters, encoding: str = UTF_8) -> None:
        """Write segments down, in the encoding they were read in."""
        end = marks.terminator + self._line_end
        self._written.append(encode("".join([marks.element.join(segment) + end for segment in segments]), encoding))

    def take(self) -> bytes:
        """Hand over what was written down."""
        written, self._written = b"".join(self._written), []
        return written

    def interchange(self, interchange: Interchange, findings: Findings) -> None:  # noqa: ARG002 (Watch asks for it)
        self._marks = interchange.delimiters
        elements = [text.ljust(width) for text, width in zip(interchange.elements, _WIDTHS, strict=False)]
        self.add(iter([["ISA", *elements[1:]]]), self._marks)

    def interchange_ends(self, interchange: Interchange) -> None:
        if interchange.trailer:
            self.add(iter([interchange.trailer]), self._marks)

    def group(self, group: Group, findings: Findings) -> None:  # noqa: ARG002 (Watch asks for it)
        self.add(iter([group.elements]), self._marks)

    def group_ends(self, group: Group) -> None:
        if group.trailer:
            self.add(iter([group.trailer]), self._marks)

    def outside(self, elements: Elements) -> None:
        self.add(iter([elements]), self._marks)

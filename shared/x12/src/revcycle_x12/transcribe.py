"""What was read, written again: the same segments, with nothing between them but the terminator."""

from collections.abc import Iterator

from revcycle_x12.delimiters import Delimiters
from revcycle_x12.envelope import Group, Interchange
from revcycle_x12.limits import DEFAULT, Limits
from revcycle_x12.loop import Elements
from revcycle_x12.pieces import Piece, Transaction
from revcycle_x12.reader import Reader
from revcycle_x12.source import Source

_WIDTHS = (0, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)


def transcribe(source: Source, *, line_end: str = "", limits: Limits = DEFAULT) -> Iterator[bytes]:
    """
    Read a source and write it again, a piece at a time.

    Segments come out as they stood, in their order; blanks between them, a byte
    order mark and missing ISA padding are put right. Control segments that are
    missing stay missing.
    """
    scribe = _Scribe(line_end)
    reader = Reader(source, limits, scribe)
    for transaction in reader:
        for piece in transaction.pieces():
            scribe.add(piece.all_elements(), transaction.interchange.delimiters)
            yield scribe.take()
    yield scribe.take()


class _Scribe:
    """Watches a reader, so that control segments come in their places."""

    def __init__(self, line_end: str) -> None:
        self._line_end = line_end
        self._texts: list[str] = []
        self._marks = Delimiters()

    def add(self, segments: Iterator[Elements], marks: Delimiters) -> None:
        """Write segments down."""
        end = marks.terminator + self._line_end
        self._texts += [marks.element.join(segment) + end for segment in segments]

    def take(self) -> bytes:
        """Hand over what was written down."""
        text, self._texts = "".join(self._texts), []
        return text.encode("utf-8", "surrogateescape")

    def interchange(self, interchange: Interchange, reader: Reader) -> None:  # noqa: ARG002 (asked for by Watch)
        self._marks = interchange.delimiters
        elements = [text.ljust(width) for text, width in zip(interchange.elements, _WIDTHS, strict=False)]
        self.add(iter([["ISA", *elements[1:]]]), self._marks)

    def interchange_ends(self, interchange: Interchange) -> None:
        if interchange.trailer:
            self.add(iter([interchange.trailer]), self._marks)

    def group(self, group: Group, reader: Reader) -> None:  # noqa: ARG002 (asked for by Watch)
        self.add(iter([group.elements]), self._marks)

    def group_ends(self, group: Group) -> None:
        if group.trailer:
            self.add(iter([group.trailer]), self._marks)

    def outside(self, elements: Elements) -> None:
        self.add(iter([elements]), self._marks)

    def begin(self, transaction: Transaction, reader: Reader) -> None:
        """Pieces are written down as they are handed out."""

    def piece(self, piece: Piece) -> None:
        """Pieces are written down as they are handed out."""

    def end(self) -> None:
        """Pieces are written down as they are handed out."""

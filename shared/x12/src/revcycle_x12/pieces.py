"""A transaction being read, and the pieces it is handed out in."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from revcycle_x12.envelope import Group, Interchange
from revcycle_x12.errors import StreamOrderError
from revcycle_x12.findings import Position
from revcycle_x12.guide import Guide
from revcycle_x12.loop import Elements, Loop
from revcycle_x12.source import Chunk


@dataclass(slots=True, eq=False)
class Stray:
    """A segment that the guide does not expect where it stands; `opened` where it began a loop all the same."""

    number: int
    segment_id: str
    loop: str
    opened: str = ""


@dataclass(slots=True, eq=False)
class Piece:
    """
    A part of a transaction, complete: the heading, one claim, one level, or the trailer.

    It is the content of `loop` from `start` on. `strays` are segments the guide
    does not expect where they stand; they are in the content all the same.
    """

    loop: Loop
    start: int
    opens: bool
    """The piece begins its loop (else it goes on with it)."""
    first: int
    """Number of its first segment within the transaction set (ST is 1)."""
    places: list[tuple[int, Chunk, int]]
    """Where its segments came from: (number within the set, chunk, index in the chunk), a row for each chunk."""
    strays: list[Stray] = field(default_factory=list)
    continues: Loop | None = None
    """The loop this is a further part of, where it was longer than the limit."""

    def all_elements(self) -> Iterator[Elements]:
        """Every segment of the piece, in order."""
        for item in self.loop.content[self.start :]:
            if isinstance(item, Loop):
                yield from item.all_elements()
            else:
                yield item

    def position(self, number: int) -> Position:
        """Where segment `number` (ST is 1) stands in the source."""
        for first, chunk, index in reversed(self.places):
            if number >= first:
                line, byte = chunk.place(index + number - first)
                return Position(number, line, byte)
        return Position(number)


class Transaction:
    """
    One transaction set (ST to SE), or one TA1, being read.

    `loop` is its root: complete as far as reading has come. Pieces come in the
    order of the text and can be taken once.
    """

    __slots__ = (
        "_ahead",
        "_place",
        "_source",
        "closed",
        "group",
        "guide",
        "interchange",
        "is_tree",
        "loop",
        "version",
    )

    def __init__(
        self,
        *,
        loop: Loop,
        guide: Guide | None,
        version: str,
        interchange: Interchange,
        group: Group | None,
        place: tuple[Chunk, int],
        source: "Iterator[Piece | Transaction]",
    ) -> None:
        self.loop = loop
        self.guide = guide
        self.version = version
        self.interchange = interchange
        self.group = group
        self._place = place
        self.closed = False
        self.is_tree = False
        """The whole tree was read and kept."""
        self._ahead: list[Piece] = []
        self._source = source

    @property
    def set_id(self) -> str:
        """ST01, or `TA1`."""
        control = self._control
        return control[1] if control[0] == "ST" and len(control) > 1 else control[0]

    @property
    def position(self) -> Position:
        """Where the ST (or TA1) stands."""
        chunk, index = self._place
        return Position(1, *chunk.place(index))

    @property
    def control_number(self) -> str:
        """ST02 (TA101 of a TA1)."""
        control = self._control
        place = 2 if control[0] == "ST" else 1
        return control[place].strip() if len(control) > place else ""

    @property
    def _control(self) -> Elements:
        first = self.loop.content[0]
        return first if isinstance(first, list) else [""]

    def pieces(self) -> Iterator[Piece]:
        """Hand out what is left of the transaction, piece by piece."""
        while self._ahead:
            yield self._ahead.pop()
        while not self.closed:
            piece = next(self._source)
            if isinstance(piece, Piece):
                yield piece

    def begin(self) -> None:
        """Read the heading, so that it is complete before the first unit is asked for."""
        if not self.closed and not self._ahead:
            self._ahead = [next(self.pieces())]

    def units(self, *loop_ids: str) -> Iterator[Loop]:
        """
        Hand out the streamed loops of these ids, one at a time, passing over what stands between.

        Loops inside of them learn of the loop above them when they are asked for:
        a unit let go of is freed at once, without the garbage collector.
        """
        for piece in self.pieces():
            if piece.loop.spec.id in loop_ids:
                release(piece.loop)
                yield piece.loop

    def tree(self) -> Loop:
        """
        Read the rest and give the whole transaction as one tree.

        Raises StreamOrderError where pieces were taken already.
        """
        if self.closed and not self._ahead:
            raise StreamOrderError("this transaction was streamed already; use load() to keep whole transactions")
        for piece in self.pieces():
            attach(piece)
        self.is_tree = True
        return self.loop

    def skip(self) -> None:
        """Pass over what is left."""
        for _ in self.pieces():
            pass


def release(loop: Loop) -> None:
    """Let inner loops forget the loop above them, so that nothing refers in a circle."""
    for item in loop.content:
        if item.__class__ is not list:
            item.parent = None  # type: ignore[union-attr]
            if item.spec.children:  # type: ignore[union-attr]
                release(item)  # type: ignore[arg-type]


def attach(piece: Piece) -> None:
    """Put a streamed loop where it belongs in its parent."""
    if piece.continues is not None:
        for item in piece.loop.content:
            if isinstance(item, Loop):
                item.parent = piece.continues
        piece.continues.content += piece.loop.content
        piece.continues.forget()
    elif piece.opens and piece.loop.parent is not None:
        piece.loop.parent.content.append(piece.loop)
        piece.loop.parent.forget()

"""A transaction being read, and the chunks it is handed out in."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from revcycle_x12._grammar.guide import Guide
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.envelope import Group, Interchange
from revcycle_x12._syntax.errors import StreamOrderError
from revcycle_x12._syntax.findings import Position
from revcycle_x12._syntax.source import UTF_8, SegmentRun


@dataclass(slots=True, eq=False)
class Stray:
    """A segment that the guide does not expect where it stands; `opened` where it began a loop all the same."""

    number: int
    segment_id: str
    loop: str
    opened: str = ""


@dataclass(slots=True, eq=False)
class Chunk:
    """
    A part of a transaction, complete: the heading, one claim, one level, or the trailer.

    It is the content of `loop` from `start` on. `strays` are segments the guide
    does not expect where they stand; they are in the content all the same.
    """

    loop: Loop
    start: int
    opens: bool
    """The chunk begins its loop (else it goes on with it)."""
    first: int
    """Number of its first segment within the transaction set (ST is 1)."""
    places: list[tuple[int, SegmentRun, int]]
    """Where its segments came from: (number within the set, run, index in the run), a row for each run."""
    strays: list[Stray] = field(default_factory=list)
    continues: Loop | None = None
    """The loop this is a further part of, where it was longer than the limit."""

    def all_elements(self) -> Iterator[Elements]:
        """Every segment of the chunk, in order."""
        for item in self.loop.content[self.start :]:
            if isinstance(item, Loop):
                yield from item.all_elements()
            else:
                yield item

    @property
    def encoding(self) -> str:
        """What its text was read in: UTF-8, or what stood in the bytes instead."""
        return next((run.encoding for _, run, _ in self.places if run.encoding != UTF_8), UTF_8)

    def position(self, number: int) -> Position:
        """Where segment `number` (ST is 1) stands in the source."""
        for first, run, index in reversed(self.places):
            if number >= first:
                line, byte = run.place(index + number - first)
                return Position(number, line, byte)
        return Position(number)


class Transaction:
    """
    One transaction set (ST to SE), or one TA1, being read.

    `loop` is its root: complete as far as reading has come. Chunks come in the
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
        place: tuple[SegmentRun, int],
        source: "Iterator[Chunk | Transaction]",
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
        self._ahead: list[Chunk] = []
        self._source = source

    @property
    def set_id(self) -> str:
        """ST01, or `TA1`."""
        control = self._control
        return control[1] if control[0] == "ST" and len(control) > 1 else control[0]

    @property
    def position(self) -> Position:
        """Where the ST (or TA1) stands."""
        run, index = self._place
        return Position(1, *run.place(index))

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

    def chunks(self) -> Iterator[Chunk]:
        """Hand out what is left of the transaction, chunk by chunk."""
        while self._ahead:
            yield self._ahead.pop()
        while not self.closed:
            chunk = next(self._source)
            if isinstance(chunk, Chunk):
                yield chunk

    def begin(self) -> None:
        """Read the heading, so that it is complete before the first unit is asked for."""
        if not self.closed and not self._ahead:
            self._ahead = [next(self.chunks())]

    def units(self, *loop_ids: str) -> Iterator[Loop]:
        """
        Hand out the streamed loops of these ids, one at a time, passing over what stands between.

        Loops inside of them learn of the loop above them when they are asked for:
        a unit let go of is freed at once, without the garbage collector.
        """
        for chunk in self.chunks():
            if chunk.loop.spec.id in loop_ids:
                release(chunk.loop)
                yield chunk.loop

    def tree(self) -> Loop:
        """
        Read the rest and give the whole transaction as one tree.

        Raises StreamOrderError where chunks were taken already.
        """
        if self.closed and not self._ahead:
            raise StreamOrderError("this transaction was streamed already; use load() to keep whole transactions")
        for chunk in self.chunks():
            attach(chunk)
        self.is_tree = True
        return self.loop

    def skip(self) -> None:
        """Pass over what is left."""
        for _ in self.chunks():
            pass


def release(loop: Loop) -> None:
    """Let inner loops forget the loop above them, so that nothing refers in a circle."""
    for item in loop.content:
        if item.__class__ is not list:
            item.parent = None  # type: ignore[union-attr]
            if item.spec.children:  # type: ignore[union-attr]
                release(item)  # type: ignore[arg-type]


def attach(chunk: Chunk) -> None:
    """Put a streamed loop where it belongs in its parent."""
    if chunk.continues is not None:
        for item in chunk.loop.content:
            if isinstance(item, Loop):
                item.parent = chunk.continues
        chunk.continues.content += chunk.loop.content
        chunk.continues.forget()
    elif chunk.opens and chunk.loop.parent is not None:
        chunk.loop.parent.content.append(chunk.loop)
        chunk.loop.parent.forget()

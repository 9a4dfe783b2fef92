"""
Read X12: a source of any size to transactions, and each transaction to pieces.

`read` streams: a transaction hands out its heading, then one claim (or other
unit of its guide) at a time, and keeps none of them. `load` keeps whole trees.
"""

from collections.abc import Callable, Iterator
from typing import Protocol

from revcycle_x12.envelope import Group, Interchange
from revcycle_x12.errors import NotX12Error
from revcycle_x12.findings import Findings
from revcycle_x12.limits import DEFAULT, Limits
from revcycle_x12.loop import Elements
from revcycle_x12.pieces import Piece, Transaction
from revcycle_x12.source import InterchangeHead, Scanner, Source
from revcycle_x12.walk import Walk


class Watch(Protocol):
    """What sees every transaction and every piece as they pass: a validation."""

    def interchange(self, interchange: Interchange, reader: "Reader") -> None:
        """Note that an interchange begins."""
        ...

    def group(self, group: Group, reader: "Reader") -> None:
        """Note that a functional group begins."""
        ...

    def group_ends(self, group: Group) -> None:
        """Note that a functional group is over."""
        ...

    def outside(self, elements: Elements) -> None:
        """Note a segment that stands outside of a transaction set."""
        ...

    def interchange_ends(self, interchange: Interchange) -> None:
        """Note that an interchange is over."""
        ...

    def begin(self, transaction: Transaction, reader: "Reader") -> None:
        """Note that a transaction begins."""
        ...

    def piece(self, piece: Piece) -> None:
        """Note that a piece is complete."""
        ...

    def end(self) -> None:
        """Note that the transaction is over."""
        ...


def read(source: Source, *, limits: Limits = DEFAULT, watch: Watch | None = None) -> "Reader":
    """
    Stream the transactions of a source: bytes, a path, a binary stream, or an iterable of bytes.

    Raises nothing for what is wrong inside: that is in `Reader.findings`. With
    `watch=Validation()` everything is validated as it passes.
    """
    return Reader(source, limits, watch)


def load(source: Source, *, limits: Limits = DEFAULT) -> list[Transaction]:
    """
    Read every transaction as a whole tree.

    Raises NotX12Error where the source holds no interchange.
    """
    reader = Reader(source, limits)
    kept = []
    for transaction in reader:
        transaction.tree()
        kept.append(transaction)
    if not reader.interchange_count:
        raise NotX12Error("no ISA segment: this is not an X12 interchange")
    return kept


class Reader:
    """Iterates over the transactions of a source. Moving on passes over what is left of the one before."""

    def __init__(self, source: Source, limits: Limits = DEFAULT, watch: Watch | None = None) -> None:
        self.findings = Findings(limits.findings_max)
        self.interchange: Interchange | None = None
        self.group: Group | None = None
        self.interchange_count = 0
        self.on_interchange: Callable[[Interchange], None] | None = None
        """Called with each interchange when its end is reached."""
        self._scanner = Scanner(source, limits, self.findings)
        self._watch = watch
        self.events = self._walk(limits) if watch is None else self._watched(self._walk(limits), watch)

    def __iter__(self) -> Iterator[Transaction]:
        for event in self.events:
            if isinstance(event, Transaction):
                yield event
                if not event.closed:
                    event.skip()

    def _walk(self, limits: Limits) -> Iterator[Piece | Transaction]:
        walk = Walk(self, limits)
        for item in self._scanner:
            if isinstance(item, InterchangeHead):
                yield from walk.interchange_begins(item)
            else:
                yield from walk.segments(item)
        yield from walk.source_ends()

    def _watched(self, events: Iterator[Piece | Transaction], watch: Watch) -> Iterator[Piece | Transaction]:
        transaction: Transaction | None = None
        for event in events:
            if isinstance(event, Transaction):
                transaction = event
                watch.begin(event, self)
            else:
                watch.piece(event)
                if transaction is not None and transaction.closed:
                    watch.end()
                    transaction = None
            yield event

    def begin_interchange(self, interchange: Interchange) -> None:
        """Note that an ISA was read."""
        self.interchange = interchange
        self.interchange_count += 1
        if self._watch is not None:
            self._watch.interchange(interchange, self)

    def outside(self, elements: Elements) -> None:
        """Note a segment outside of a transaction set."""
        if self._watch is not None:
            self._watch.outside(elements)

    def end_group(self, group: Group) -> None:
        """Note that a group is over."""
        self.group = None
        if self._watch is not None:
            self._watch.group_ends(group)

    def begin_group(self, group: Group) -> None:
        """Note that a GS was read."""
        self.group = group
        if self._watch is not None:
            self._watch.group(group, self)

    def end_interchange(self, trailer: Elements | None) -> None:
        """Note that the interchange is over."""
        interchange, self.interchange = self.interchange, None
        if interchange is not None:
            interchange.trailer = trailer or []
            if self._watch is not None:
                self._watch.interchange_ends(interchange)
            if self.on_interchange is not None:
                self.on_interchange(interchange)

"""
Read X12: a source of any size to transactions, and each transaction to chunks.

`read` streams: a transaction hands out its heading, then one claim (or other
unit of its guide) at a time, and keeps none of them. `load` keeps whole trees.
"""

from collections.abc import Iterator

from revcycle_x12._reading.chunks import Chunk, Transaction
from revcycle_x12._reading.open_envelopes import OpenEnvelopes
from revcycle_x12._reading.walk import Walk
from revcycle_x12._reading.watch import Watch
from revcycle_x12._syntax.errors import NotX12Error
from revcycle_x12._syntax.findings import Findings
from revcycle_x12._syntax.limits import DEFAULT, Limits
from revcycle_x12._syntax.source import InterchangeHead, Scanner, Source


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
        self._envelopes = OpenEnvelopes(self.findings, watch or Watch())
        events = self._walk(Scanner(source, limits, self.findings), limits)
        self._envelopes.events = events if watch is None else self._watched(events, watch)

    @property
    def interchange_count(self) -> int:
        """How many interchanges have begun."""
        return self._envelopes.interchange_count

    def __iter__(self) -> Iterator[Transaction]:
        for event in self._envelopes.events:
            if isinstance(event, Transaction):
                yield event
                if not event.closed:
                    event.skip()

    def _walk(self, scanner: Scanner, limits: Limits) -> Iterator[Chunk | Transaction]:
        walk = Walk(self._envelopes, limits)
        for item in scanner:
            if isinstance(item, InterchangeHead):
                yield from walk.interchange_begins(item)
            else:
                yield from walk.segments(item)
        yield from walk.source_ends()

    def _watched(self, events: Iterator[Chunk | Transaction], watch: Watch) -> Iterator[Chunk | Transaction]:
        transaction: Transaction | None = None
        for event in events:
            if isinstance(event, Transaction):
                transaction = event
                watch.begin(event, self.findings)
            else:
                watch.chunk(event)
                if transaction is not None and transaction.closed:
                    watch.end()
                    transaction = None
            yield event

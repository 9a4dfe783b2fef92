"""TransactionView: a whole transaction under names, read as a stream or as a tree, or built."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Self, TypeVar

from revcycle_x12._grammar.guide import Guide
from revcycle_x12._reading.chunks import Transaction
from revcycle_x12._reading.loop import Loop
from revcycle_x12._reading.reader import load, read
from revcycle_x12._reading.watch import Watch
from revcycle_x12._syntax.errors import StreamOrderError
from revcycle_x12._syntax.limits import DEFAULT, Limits
from revcycle_x12._syntax.source import Source
from revcycle_x12._views.view import View

V = TypeVar("V", bound=View)


class TransactionView(View):
    """A transaction set. `read` streams it (each claim is handed out once), `load` keeps it whole."""

    guide: ClassVar[Guide]
    loop_id: ClassVar[str] = "ST"
    transaction: Transaction | None = None
    """Envelope and source of a transaction that was read."""

    @classmethod
    def of_transaction(cls, transaction: Transaction) -> Self:
        """Look at a transaction that is being read."""
        view = cls.of(transaction.loop)
        view.transaction = transaction
        return view

    @classmethod
    def read(cls, source: Source, *, limits: Limits = DEFAULT, watch: Watch | None = None) -> Iterator[Self]:
        """Stream the transactions of this guide in a source; others are passed over."""
        for transaction in read(source, limits=limits, watch=watch):
            if transaction.guide is not None and transaction.guide is cls.guide:
                yield cls._begun(transaction)

    @classmethod
    def load(cls, source: Source, *, limits: Limits = DEFAULT) -> list[Self]:
        """Read the transactions of this guide in a source as whole trees."""
        return [cls.of_transaction(t) for t in load(source, limits=limits) if t.guide is cls.guide]

    @classmethod
    def _begun(cls, transaction: Transaction) -> Self:
        """Read the heading, so that its fields are there before the first unit is taken."""
        transaction.begin()
        return cls.of_transaction(transaction)

    @property
    def control_number(self) -> str:
        """ST02; empty until written where the transaction was built."""
        elements = self.loop.elements("ST")
        return elements[2] if elements is not None and len(elements) > 2 else ""  # noqa: PLR2004 (ST02)

    def _units(self, kind: type[V], *loop_ids: str) -> Iterator[V]:
        """Give the streamed loops of these ids: from the stream while it lasts, else from the tree."""
        if self.transaction is None or self.transaction.is_tree:
            yield from (kind.of(loop) for loop in self.loop.walk() if loop.spec.id in loop_ids)
        elif self.transaction.closed:
            raise StreamOrderError("these were streamed already; use load() to read them more than once")
        else:
            yield from map(kind.of, self.transaction.units(*loop_ids))

    def _after_units(self, get: Callable[[Loop], Any]) -> Any:
        """Tell what stands behind the units, once they were read."""
        if self.transaction is not None and not self.transaction.closed:
            raise StreamOrderError("this stands behind the claims: read them first, or use load()")
        return get(self.loop)

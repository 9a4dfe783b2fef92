"""What may watch reading: everything as it passes, in the order of the text."""

from revcycle_x12._reading.chunks import Chunk, Transaction
from revcycle_x12._reading.loop import Elements
from revcycle_x12._syntax.envelope import Group, Interchange
from revcycle_x12._syntax.findings import Findings


class Watch:
    """Sees everything as it passes, and may add to the findings. This one looks at nothing: override what matters."""

    def interchange(self, interchange: Interchange, findings: Findings) -> None:
        """Note that an interchange begins."""

    def group(self, group: Group, findings: Findings) -> None:
        """Note that a functional group begins."""

    def group_ends(self, group: Group) -> None:
        """Note that a functional group is over."""

    def outside(self, elements: Elements) -> None:
        """Note a segment that stands outside of a transaction set."""

    def interchange_ends(self, interchange: Interchange) -> None:
        """Note that an interchange is over."""

    def begin(self, transaction: Transaction, findings: Findings) -> None:
        """Note that a transaction begins."""

    def chunk(self, chunk: Chunk) -> None:
        """Note that a chunk is complete."""

    def end(self) -> None:
        """Note that the transaction is over."""

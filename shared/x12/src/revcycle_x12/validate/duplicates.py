"""Claims sent or paid twice in one file: a bounded set of hashes of what identifies a claim."""

from collections.abc import Callable, Iterator

from revcycle_x12._reading.chunks import Chunk, Transaction
from revcycle_x12._reading.loop import Loop
from revcycle_x12._syntax.findings import Severity, Snip
from revcycle_x12.validate.rules import Fault, Rule, fault


class Duplicates:
    """Remembers claims across the transactions of one source, at most `limit` of them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._seen: set[int] = set()

    def rule(self, transaction: Transaction) -> Rule | None:
        """Give the rule for the 837 guides and the 835."""
        search = _SEARCHES.get(transaction.guide.set_id) if transaction.guide is not None else None
        return search(self) if search is not None else None

    def is_new(self, *key: str) -> bool | None:
        """Say whether the key was not seen before; None once the set is full and the key is not in it."""
        mark = hash(key)
        if mark in self._seen:
            return False
        if len(self._seen) >= self._limit:
            return None
        self._seen.add(mark)
        return True


class _Search:
    """The search in one transaction."""

    def __init__(self, duplicates: Duplicates) -> None:
        self._duplicates = duplicates
        self._full = False

    def chunk(self, chunk: Chunk) -> Iterator[Fault]:
        claim = chunk.loop
        head = claim.elements("CLM") if claim.spec.id == "2300" else None
        if head is None or len(head) < 2:  # noqa: PLR2004 (a CLM without CLM01)
            return
        new = self._duplicates.is_new(
            head[1], _id(claim.ancestor("2000A"), "2010AA"), _id(claim.ancestor("2000B"), "2010BB")
        )
        if new is False:
            message = "CLM01 was used before in this file, by the same provider to the same payer"
            fix = "give every claim a control number of its own"
            yield fault("claim-duplicate", message, claim, head, "CLM01", fix=fix, snip=Snip.SITUATION)
        elif new is None and not self._full:
            self._full = True
            message = "duplicates are searched among the first claims only: the set of claims seen is full"
            severity = Severity.INFORMATION
            yield fault("duplicates-unsearched", message, claim, head, snip=Snip.SITUATION, severity=severity)

    def end(self, root: Loop) -> Iterator[Fault]:  # noqa: ARG002 (nothing is said of the whole)
        return iter(())


class _PaymentSearch:
    """The search for payments told twice. A reversal and its correction differ in status or amount."""

    def __init__(self, duplicates: Duplicates) -> None:
        self._duplicates = duplicates

    def chunk(self, chunk: Chunk) -> Iterator[Fault]:
        head = chunk.loop.elements("CLP") if chunk.loop.spec.id == "2100" else None
        if head is not None and self._duplicates.is_new(*head[1:5], *head[7:8]) is False:
            message = "the payer tells the same payment of this claim a second time"
            fix = "post it once; ask the payer what the second one is for"
            severity = Severity.WARNING
            yield fault(
                "payment-duplicate", message, chunk.loop, head, "CLP01", fix=fix, snip=Snip.SITUATION, severity=severity
            )

    def end(self, root: Loop) -> Iterator[Fault]:  # noqa: ARG002 (nothing is said of the whole)
        return iter(())


_SEARCHES: dict[str, Callable[[Duplicates], Rule]] = {"837": _Search, "835": _PaymentSearch}


def _id(level: Loop | None, loop_id: str) -> str:
    loop = level.loop(loop_id) if level is not None else None
    named = loop.elements("NM1") if loop is not None else None
    return named[9] if named is not None and len(named) > 9 else ""  # noqa: PLR2004 (NM109)

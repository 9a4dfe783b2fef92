"""What a rule is: it sees each unit (claim) of a transaction, then the end, and reports problems on segments."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from revcycle_x12._reading.chunks import Chunk, Transaction
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.findings import Severity, Snip
from revcycle_x12.validate.problem import Problem


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem, the loop and the segment it stands at (None: the loop as a whole)."""

    problem: Problem
    loop: Loop
    elements: Elements | None = None


class Rule(Protocol):
    """
    A rule over one transaction. A new one is made for each transaction.

    `chunk` is called with every chunk in order; `end` when all were read.
    """

    def chunk(self, chunk: Chunk) -> Iterable[Fault]:
        """Faults of one chunk."""
        ...

    def end(self, root: Loop) -> Iterable[Fault]:
        """Faults of the transaction as a whole."""
        ...


RuleMaker = Callable[[Transaction], Rule | None]
"""Gives a rule for a transaction, or None where the rule does not speak of its guide."""


def fault(
    code: str,
    message: str,
    loop: Loop,
    elements: Elements | None,
    element: str = "",
    *,
    fix: str = "",
    snip: Snip = Snip.BALANCE,
    severity: Severity = Severity.ERROR,
) -> Fault:
    """Put a fault together."""
    place = element[-2:] if element[-2:].isdecimal() else "0"
    return Fault(Problem(code, message, element, fix, snip, int(place), severity=severity), loop, elements)

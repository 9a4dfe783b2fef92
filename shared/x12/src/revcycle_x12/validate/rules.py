"""What a rule is: it sees each unit (claim) of a transaction, then the end, and reports problems on segments."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from revcycle_x12.findings import Severity, Snip
from revcycle_x12.loop import Elements, Loop
from revcycle_x12.pieces import Piece, Transaction
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

    `piece` is called with every piece in order; `end` when all were read.
    """

    def piece(self, piece: Piece) -> Iterable[Fault]:
        """Faults of one piece."""
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

"""What is wrong with one element, segment or loop, before it has a position."""

from dataclasses import dataclass

from revcycle_x12._syntax.findings import Severity, Snip


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one element of a segment."""

    code: str
    message: str
    element: str
    fix: str = ""
    snip: Snip = Snip.SYNTAX
    position: int = 0
    component: int = 0
    severity: Severity = Severity.ERROR

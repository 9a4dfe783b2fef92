"""How far the asking has come."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DunningCycle:
    """The running cycle of statements; it ends when nothing is due."""

    last_statement_on: date | None = None
    statement_number: int = 0
    reminded_on: date | None = None

"""Where the guarantor is reached, and how far the asking has come."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Addressee:
    """
    Where to find the guarantor's name and address: sealed, under the clinic's key.

    Bound to the encounter from which it was learnt; only what renders a statement opens it.
    """

    clinic_id: UUID
    encounter_id: UUID
    sealed: str


@dataclass(frozen=True, slots=True)
class Dunning:
    """The running cycle of statements; it ends when nothing is due."""

    last_statement_on: date | None = None
    statement_number: int = 0
    reminded_on: date | None = None

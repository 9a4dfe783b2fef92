"""
The three kinds of partner, by what may be done when nobody knows whether they have what was sent.

A live client says which kind its partner is; delivery does the rest.
"""

from enum import StrEnum, unique
from typing import Final, Protocol


@unique
class PartnerKind(StrEnum):
    """What a second sending of the same does at the partner."""

    DEDUPLICATES = "deduplicates"
    """Nothing: it knows our key, or a second asking harms nobody."""
    ANSWERS = "answers"
    """A second one of the same, but it can be asked first: `reconcile`."""
    NEITHER = "neither"
    """A second one of the same (a mailbox): it is in doubt until it is acknowledged, or a person sends it again."""


class Partner(Protocol):
    """Whoever is called outside."""

    kind: PartnerKind = PartnerKind.DEDUPLICATES

    async def close(self) -> None:
        """Let go of connections: the runtime that called it ends."""
        return


class _Repeatable(Partner):
    """A partner of which the same may be asked any number of times."""


REPEATABLE: Final[Partner] = _Repeatable()
"""For what changes nothing outside: an inquiry, a read of our own database."""

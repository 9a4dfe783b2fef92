"""
What really happened, for whoever may look into the record.

The coder of the clinic and the payer's medical reviewer ask the same question
about the same service and so get the same answer; nobody else knows it.
"""

from datetime import date
from typing import Final

from revcycle_sandbox.draws import Draws

DOCUMENTED_BASIS_POINTS: Final = 6_500
RETROACTIVE_BASIS_POINTS: Final = 6_500


def documented(draws: Draws, member_id: str, code: str, on: date) -> bool:
    """Tell whether the record supports the service as billed."""
    return draws.chance(DOCUMENTED_BASIS_POINTS, "documented", member_id.upper(), code, str(on))


def authorizable(draws: Draws, member_id: str, code: str, on: date) -> bool:
    """Tell whether the payer would have agreed to the service had it been asked in time."""
    return draws.chance(RETROACTIVE_BASIS_POINTS, "authorizable", member_id.upper(), code, str(on))

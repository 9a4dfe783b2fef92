"""Who may give up how much of a patient's balance."""

from collections.abc import Collection
from typing import Final

from revcycle_kit.errors import Refusal
from revcycle_kit.money import Cents, format_dollars

TIERS: Final = (
    ("biller", Cents(100_00)),
    ("lead", Cents(500_00)),
    ("manager", Cents(5_000_00)),
    ("client", Cents(10**15)),
)
"""Up to how many cents each role may write off; up to 10.00 needs no approval."""

UNAPPROVED_MAX: Final = Cents(10_00)


def check_tier(amount: Cents, roles: Collection[str]) -> None:
    """Raise Refusal unless one of the roles may write off this amount."""
    limit = max((cents for role, cents in TIERS if role in roles), default=UNAPPROVED_MAX)
    if amount > limit:
        approver = next(role for role, cents in TIERS if amount <= cents)
        raise Refusal(
            f"Your roles allow a write-off of at most {format_dollars(limit)}.",
            "amount_cents",
            f"Ask a {approver} to approve it.",
        )

"""What a refusal is worth: what the contract would have allowed, and how much of it is likely to come back."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from denials.domain.policy import WHOLE_BP
from revcycle_kit.money import ZERO, Cents, allocate, percent, total

URGENT_DAYS: Final = 7
SOON_DAYS: Final = 30


def expected_allowed(
    refused_cents: Sequence[Cents], expected_cents: Cents | None, allowed_cents: Cents
) -> list[Cents | None]:
    """
    Share what the contract would still allow over the refusals of one line (or claim), in proportion to their amounts.

    None where no contract price is known. No share exceeds the amount refused, none is negative.
    """
    if expected_cents is None:
        return [None for _ in refused_cents]
    left = max(ZERO, Cents(expected_cents - allowed_cents))
    worth = min(left, total(refused_cents))
    return list(allocate(Cents(worth), refused_cents))


def expected_recovery(amount_cents: Cents, expected_allowed_cents: Cents | None, recoverability_bp: int) -> Cents:
    """
    Return expected allowed × recoverability, in cents.

    Without a contract price the refused charge itself stands in: an upper bound, good enough to order work.
    """
    worth = amount_cents if expected_allowed_cents is None else min(amount_cents, expected_allowed_cents)
    return percent(Cents(worth), recoverability_bp, WHOLE_BP)


def urgency(act_by: date, today: date) -> int:
    """Return 0 for a week or less (or overdue), 1 for a month or less, 2 for later."""
    if act_by <= today + timedelta(days=URGENT_DAYS):
        return 0
    return 1 if act_by <= today + timedelta(days=SOON_DAYS) else 2


def worklist_order(act_by: date, expected_recovery_cents: Cents, today: date) -> tuple[int, int, date]:
    """Order work: what is due within a week first, then within a month; in each the largest expected recovery first."""
    return urgency(act_by, today), -expected_recovery_cents, act_by

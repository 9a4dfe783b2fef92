"""Giving up an amount: who may, and how much of it is a loss."""

from collections.abc import Sequence
from typing import Final, Literal

from revcycle_kit.errors import Refusal
from revcycle_kit.money import ZERO, Cents, format_dollars
from revcycle_kit.values import Value

TierName = Literal["auto", "biller", "lead", "manager", "client"]
WriteOffClass = Literal["denial", "timely", "small_balance", "administrative", "bundled_correct"]


class Tier(Value):
    """Who may give up amounts up to a limit; None is without limit."""

    name: TierName
    limit_cents: Cents | None


TIERS: Final = (
    Tier("auto", Cents(10_00)),
    Tier("biller", Cents(100_00)),
    Tier("lead", Cents(500_00)),
    Tier("manager", Cents(5_000_00)),
    Tier("client", None),
)
"""A client's own limits replace these."""


class Split(Value, kw_only=True):
    """A refused amount, divided: what would have been adjusted in any case, and what is lost."""

    expected_allowed_cents: Cents
    adjustment_cents: Cents
    write_off_cents: Cents


def tier_for(amount_cents: Cents, tiers: Sequence[Tier] = TIERS) -> Tier:
    """Return the lowest tier that may give up this amount."""
    return next(tier for tier in tiers if tier.limit_cents is None or amount_cents <= tier.limit_cents)


def approving_tier(amount_cents: Cents, roles: Sequence[str], tiers: Sequence[Tier] = TIERS) -> Tier:
    """
    Return the tier under which a person with these roles approves the amount.

    Any worker may do what needs nobody's approval. Raises Refusal, naming the tier that is needed.
    """
    needed = tier_for(amount_cents, tiers)
    ranks = {tier.name: rank for rank, tier in enumerate(tiers)}
    held = max((ranks[role] for role in roles if role in ranks), default=0)
    if held < ranks[needed.name]:
        raise Refusal(
            f"Writing off {format_dollars(amount_cents)} needs the approval of a {needed.name}.",
            "amount_cents",
            f"Hand it to a {needed.name}; your own tier is {tiers[held].name}.",
        )
    return needed


def split(amount_cents: Cents, expected_allowed_cents: Cents | None) -> Split:
    """
    Divide a refused amount by what the contract would have allowed.

    Without a contract price the whole is counted as a loss: net collection is never flattered by not knowing.
    """
    expected = amount_cents if expected_allowed_cents is None else expected_allowed_cents
    loss = max(ZERO, min(amount_cents, expected))
    return Split(
        expected_allowed_cents=Cents(loss),
        adjustment_cents=Cents(amount_cents - loss),
        write_off_cents=Cents(loss),
    )


def adjust_whole(amount_cents: Cents) -> Split:
    """Divide an amount that was refused rightly: all of it is adjustment, nothing is lost."""
    return split(amount_cents, ZERO)

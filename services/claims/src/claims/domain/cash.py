"""
The cash side of a remittance: the payee's money, before and beside the encounters.

Cash = applied + unapplied + what belongs to no claim. A PLB amount above zero lowers the payment: a recovery lowers
the debt to the payer, one below zero raises it; interest and the like are income (or expense) outside the claims.
"""

from claims.domain.ledger import CASH, NONCLAIM, PAYMENT, RECOUPMENT, UNAPPLIED, Entry, Stamp, moved
from claims.domain.remittance_advice import ProviderAdjustment, RemittanceAdvice
from revcycle_kit.money import Cents

INCOME_REASONS = frozenset({"L6", "BN", "50", "90", "CT", "CV", "LE", "IS", "J1", "LS", "PI", "SL"})
"""PLB03-1 reasons outside claims: interest, bonus, late-charge and filing penalties, capitation, levy, settlement."""


def received(advice: RemittanceAdvice, stamp: Stamp) -> tuple[Entry, ...]:
    """Write the payment as cash that is not applied yet, and its provider adjustments."""
    entries = list(moved(CASH, UNAPPLIED, advice.payment_cents, stamp))
    for adjustment in advice.provider_adjustments:
        entries.extend(moved(account_of(adjustment), UNAPPLIED, adjustment.amount_cents, stamp, adjustment.reason))
    return tuple(entries)


def account_of(adjustment: ProviderAdjustment) -> str:
    """Return the account of a provider adjustment: debt to the payer, or income outside the claims."""
    return NONCLAIM if adjustment.reason in INCOME_REASONS else RECOUPMENT


def applied(cents: Cents, stamp: Stamp) -> tuple[Entry, ...]:
    """Write what an encounter took from the payment."""
    return moved(UNAPPLIED, PAYMENT, cents, stamp)


def unapplied_cents(advice: RemittanceAdvice, taken_cents: Cents) -> Cents:
    """Return what of the payment belongs to no posted claim and to no provider adjustment."""
    adjustments = sum(adjustment.amount_cents for adjustment in advice.provider_adjustments)
    return Cents(advice.payment_cents + adjustments - taken_cents)

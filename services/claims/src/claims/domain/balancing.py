"""
Does a remittance add up? Line, claim and file, as the 835 guide says; nothing is ever plugged.

A claim that does not balance is set aside alone, with its cash; a file that does not balance is set aside whole.
"""

from collections.abc import Iterable

from claims.domain.remittance_advice import CasAmount, ClaimPayment, PaidLine, RemittanceAdvice
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value


class Imbalance(Value, kw_only=True):
    """Where a remittance does not add up: what the adjustments lead to, and what stands there."""

    level: str
    where: str
    expected_cents: Cents
    found_cents: Cents


def line_imbalance(line: PaidLine, where: str) -> Imbalance | None:
    """Check one line: SVC02 less its adjustments is SVC03. Compared: adjustments needed and adjustments found."""
    return _compare("line", where, line.charge_cents - line.paid_cents, summed(line.adjustments))


def claim_imbalances(claim: ClaimPayment) -> tuple[Imbalance, ...]:
    """Check one claim: each line, the lines' charges and payments, and CLP03 less all adjustments is CLP04."""
    found = [line_imbalance(line, f"line {number}") for number, line in enumerate(claim.lines, 1)]
    if claim.lines:
        found.append(_compare("claim", "charge", claim.charge_cents, sum(line.charge_cents for line in claim.lines)))
    adjusted = summed(claim.adjustments) + sum(summed(line.adjustments) for line in claim.lines)
    found.append(_compare("claim", "adjustments", claim.charge_cents - claim.paid_cents, adjusted))
    return tuple(imbalance for imbalance in found if imbalance)


def file_imbalance(advice: RemittanceAdvice) -> Imbalance | None:
    """
    Check the file: the claims' payments less the provider adjustments are BPR02, and a payment is not negative.

    What a payer has taken back beyond what it pays is carried forward (PLB FB), so that BPR02 is zero at least.
    """
    if advice.payment_cents < 0:
        return Imbalance(level="file", where="BPR02 below zero", expected_cents=ZERO, found_cents=advice.payment_cents)
    paid = sum(claim.paid_cents for claim in advice.claims)
    taken = sum(adjustment.amount_cents for adjustment in advice.provider_adjustments)
    return _compare("file", "BPR02", paid - taken, advice.payment_cents)


def summed(adjustments: Iterable[CasAmount]) -> Cents:
    """Add adjustments up."""
    return Cents(sum(adjustment.amount_cents for adjustment in adjustments))


def _compare(level: str, where: str, expected: int, stated: int) -> Imbalance | None:
    if expected == stated:
        return None
    return Imbalance(level=level, where=where, expected_cents=Cents(expected), found_cents=Cents(stated))

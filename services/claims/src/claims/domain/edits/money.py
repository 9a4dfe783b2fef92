"""Edits on amounts, counts, corrected claims and what other payers did."""

from collections.abc import Iterable

from claims.domain.building import LINES_MAX
from claims.domain.edits.context import Edit, EditContext, Where, once
from claims.domain.planning import differs

_CHARGE_MAX = 99_999_999_99
"""What fits into the eight digits before the point that payers take."""
_CORRECTING = frozenset({"7", "8"})


def _charges(context: EditContext) -> Iterable[Where]:
    return (Where(line_number=line.line_number) for line in context.claim.lines if line.charge_cents <= 0)


def _lines(context: EditContext) -> Iterable[Where]:
    return once(not 1 <= len(context.claim.lines) <= LINES_MAX[context.claim.kind])


def _sum(context: EditContext) -> Iterable[Where]:
    return once(context.claim.frequency != "8" and differs(context.claim, context.encounter))


def _prior_balance(context: EditContext) -> Iterable[Where]:
    for prior in context.claim.prior:
        told = {line.line_number: line for line in prior.lines}
        for line in context.claim.lines if told else ():
            one = told.get(line.line_number)
            if one is None or one.paid_cents + sum(a.amount_cents for a in one.adjustments) != line.charge_cents:
                yield Where(line_number=line.line_number)


def _prior_missing(context: EditContext) -> Iterable[Where]:
    return once(context.claim.rank > 1 and not context.claim.prior)


EDITS = (
    Edit(
        "line_charge",
        "lines.charge_cents",
        "a line has a charge above zero",
        "enter its price in the chargemaster",
        "coder",
        _charges,
    ),
    Edit(
        "charge_total",
        "lines",
        "the lines are exactly what is charged for the encounter",
        "prepare the claim again",
        "system",
        _sum,
    ),
    Edit(
        "charge_limit",
        "charge_cents",
        "the total charge has at most eight digits before the point",
        "split the claim",
        "biller",
        lambda context: once(context.claim.charge_cents > _CHARGE_MAX),
    ),
    Edit(
        "line_count",
        "lines",
        "a professional claim has one to 50 lines, an institutional one up to 999",
        "split the claim by day of service",
        "biller",
        _lines,
    ),
    Edit(
        "payer_claim_number",
        "original_control_number",
        "a replacement (7) or void (8) names the payer's number of the claim it corrects",
        "take the number from the remittance or the 277CA",
        "biller",
        lambda context: once(context.claim.frequency in _CORRECTING and not context.claim.original_control_number),
    ),
    Edit(
        "prior_payment",
        "prior",
        "a claim to a second payer tells what the payers before it did",
        "post the remittance of the payer before it",
        "biller",
        _prior_missing,
    ),
    Edit(
        "prior_balance",
        "prior.lines",
        "for every payer before, what a line was paid plus its adjustments is its charge",
        "put the posting of the payer before it right",
        "biller",
        _prior_balance,
    ),
)

"""What a first decision counts as: settled, refused, asked back, or a duplicate. Read from adjustments, never CLP02."""

from collections.abc import Iterable

from msgspec.structs import replace

from analytics.consumed import AdjudicatedLine, Adjustment, ClaimAdjudicated
from analytics.facts import Claim, Outcome


def decided(claim: Claim, told: ClaimAdjudicated) -> Claim:
    """Record a decision; later ones change nothing that is measured."""
    claim = replace(claim.answered(told.posted_on), not_found_on=None, paid_reported_on=None)
    if claim.decided_on is not None:
        return claim
    return replace(
        claim,
        payer_id=told.payer_id,
        provider_id=told.provider_id,
        rank=told.rank,
        frequency=told.frequency,
        decided_on=told.posted_on,
        first_outcome=outcome_of(told),
        rejected_before=told.rejected_before,
        charge_cents=told.charge_cents,
        denied_charge_cents=refused_charges(told),
    )


def outcome_of(told: ClaimAdjudicated) -> Outcome:
    """Say what the decision was: any refused amount makes it a denial, whatever else was paid."""
    if told.outcome == "duplicate":
        return "duplicate"
    meanings = _meanings((*told.claim_adjustments, *(one for line in told.lines for one in line.adjustments)))
    if "denial" in meanings:
        return "denied"
    return "information" if "information" in meanings else "resolved"


def refused_charges(told: ClaimAdjudicated) -> int:
    """Return the charges on refused lines, in cents: all of the claim's where it was refused as a whole."""
    if "denial" in _meanings(told.claim_adjustments):
        return told.charge_cents
    return sum(line.charge_cents for line in told.lines if _refused(line))


def _refused(line: AdjudicatedLine) -> bool:
    return "denial" in _meanings(line.adjustments)


def _meanings(adjustments: Iterable[Adjustment]) -> set[str]:
    return {one.meaning for one in adjustments if one.amount_cents}

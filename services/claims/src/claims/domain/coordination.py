"""Coordination of benefits: what the payers before did, as the next payer has to be told."""

from claims.domain.adjudication import CLAIM_LEVEL, Decision
from claims.domain.claims import Claim, PriorLine, PriorPayer


def prior_payers(claims: tuple[Claim, ...], kind: str, rank: int) -> tuple[PriorPayer, ...]:
    """Tell what every payer before this rank decided about the claims of this kind, in their order."""
    before = sorted(
        (one for one in claims if one.kind == kind and one.rank < rank and one.decided), key=lambda one: one.rank
    )
    latest = {claim.rank: claim for claim in before}
    return tuple(prior_payer(claim, claim.live_decisions[-1]) for claim in latest.values())


def prior_payer(claim: Claim, decision: Decision) -> PriorPayer:
    """
    Tell one payer's decision as loops 2320 and 2430 carry it.

    Every line balances: its charge is what was paid plus all adjustments.
    """
    return PriorPayer(
        coverage_id=claim.coverage_id,
        payer_id=claim.payer_id,
        rank=claim.rank,
        paid_cents=decision.paid_cents,
        patient_cents=decision.summed("patient"),
        adjustments=tuple(
            one for line in decision.lines if line.line_number == CLAIM_LEVEL for one in line.adjustments
        ),
        lines=tuple(
            PriorLine(line_number=line.line_number, paid_cents=line.paid_cents, adjustments=line.adjustments)
            for line in decision.lines
            if line.line_number != CLAIM_LEVEL
        ),
        payer_claim_control_number=decision.payer_claim_control_number,
        adjudicated_on=decision.adjudicated_on,
    )

"""Coordination of benefits: what the payers before did, as the next payer has to be told."""

from collections.abc import Iterable

from claims.domain.adjudication import CLAIM_LEVEL, Decision
from claims.domain.claims import Claim, PriorLine, PriorPayer
from claims.domain.encounters import Coverage
from revcycle_kit.values import replace


def prior_payers(claims: Iterable[Claim], kind: str, earlier: tuple[Coverage, ...]) -> tuple[PriorPayer, ...] | None:
    """
    Tell what every payer before decided about the claims of this kind, in their order.

    None while one of them has not decided.
    """
    told = []
    for coverage in sorted(earlier, key=lambda coverage: coverage.rank):
        theirs = [claim for claim in claims if claim.kind == kind and claim.coverage_id == coverage.coverage_id]
        decided = [claim for claim in theirs if claim.decided and claim.counts]
        if not decided:
            return None
        told.append(replace(prior_payer(decided[-1], decided[-1].live_decisions[-1]), rank=coverage.rank))
    return tuple(told)


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
            adjustment for line in decision.lines if line.line_number == CLAIM_LEVEL for adjustment in line.adjustments
        ),
        lines=tuple(
            PriorLine(line_number=line.line_number, paid_cents=line.paid_cents, adjustments=line.adjustments)
            for line in decision.lines
            if line.line_number != CLAIM_LEVEL
        ),
        payer_claim_control_number=decision.payer_claim_control_number,
        adjudicated_on=decision.adjudicated_on,
    )

"""Gates 13 and 14: what a later payer pays after an earlier one, and sequestration."""

from typing import Final

from revcycle_sandbox.cents import share, spread
from revcycle_sandbox.claims import Adjustment, Claim, Line, PriorDecision
from revcycle_sandbox.payer.case import Case
from revcycle_sandbox.payer.pricing import CostShare

SEQUESTRATION_BASIS_POINTS: Final = 200
"""2 % of Medicare's payment after the patient's share (CARC 253)."""


def sequestered(case: Case, payment: int) -> int:
    """Give the part of a Medicare payment that the law holds back."""
    return share(payment, SEQUESTRATION_BASIS_POINTS) if case.payer.kind == "medicare" else 0


def prior_of(claim: Claim, line: Line) -> tuple[int, int]:
    """
    Give what earlier payers paid for a line, and what the last of them left to the patient.

    Where only the claim carries the amounts they are shared among its lines by charge.
    """
    if line.prior:
        return sum(payment.paid_cents for payment in line.prior), line.prior[-1].patient_cents
    weights = [each.charge_cents for each in claim.lines]
    position = claim.lines.index(line)
    paid = sum(payment.paid_cents for payment in claim.prior)
    left = _left_by(claim.prior[-1], claim.charge_cents) if claim.prior else 0
    return spread(paid, weights)[position], spread(left, weights)[position]


def _left_by(prior: PriorDecision, charge: int) -> int:
    return prior.patient_cents if prior.adjustments else charge - prior.paid_cents


def coordinate(case: Case, line: Line, allowed: int, own: CostShare) -> tuple[int, tuple[Adjustment, ...]]:
    """Give the payment of a later payer and its adjustments: OA-23, PR as far as its plan leaves it, CO-45 the rest."""
    paid_before, left = prior_of(case.claim, line)
    payment = min(left, _benefit(case, line, allowed, own, paid_before))
    remaining = left - payment
    patient = _patient_share(case, line, own, remaining)
    kept = sum(each.amount_cents for each in patient)
    restated = Adjustment("OA", "23", line.charge_cents - left)
    written_off = Adjustment("CO", "45", remaining - kept)
    return payment, tuple(each for each in (restated, *patient, written_off) if each.amount_cents)


def _benefit(case: Case, line: Line, allowed: int, own: CostShare, paid_before: int) -> int:
    method = case.plan.coordination if case.plan else "non_duplication"
    if method == "medigap":
        return _left_for(case, line, ("2", "3"))
    if method == "supplement":
        return _left_for(case, line, ("1", "2", "3"))
    if method == "lesser_of":
        return max(0, allowed - paid_before)
    return max(0, allowed - own.total_cents - paid_before)


def _left_for(case: Case, line: Line, carcs: tuple[str, ...]) -> int:
    """Add up what the last payer before left to the patient under these reasons."""
    prior = line.prior or case.claim.prior
    if not prior:
        return 0
    return sum(
        adjustment.amount_cents
        for adjustment in prior[-1].adjustments
        if adjustment.group == "PR" and adjustment.carc in carcs
    )


def _patient_share(case: Case, line: Line, own: CostShare, remaining: int) -> tuple[Adjustment, ...]:
    """Say what of the remainder the patient owes, and why."""
    method = case.plan.coordination if case.plan else "non_duplication"
    if method == "lesser_of":
        return ()
    if method in {"medigap", "supplement"}:
        return _as_before(case, line, remaining)
    taken: list[Adjustment] = []
    for adjustment in own.adjustments():
        amount = min(adjustment.amount_cents, remaining - sum(before.amount_cents for before in taken))
        if amount > 0:
            taken.append(Adjustment("PR", adjustment.carc, amount))
    return tuple(taken)


def _as_before(case: Case, line: Line, remaining: int) -> tuple[Adjustment, ...]:
    """Leave the deductible first, then coinsurance, as the primary named them: so do supplements."""
    prior = line.prior or case.claim.prior
    patient = sorted(
        (adjustment for adjustment in prior[-1].adjustments if adjustment.group == "PR"),
        key=lambda adjustment: adjustment.carc,
    )
    taken: list[Adjustment] = []
    for each in patient:
        amount = min(each.amount_cents, remaining - sum(before.amount_cents for before in taken))
        if amount > 0:
            taken.append(Adjustment("PR", each.carc, amount))
    return tuple(taken)

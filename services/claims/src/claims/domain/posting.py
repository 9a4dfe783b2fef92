"""
From a claim payment to a decision and its entries.

What a payer refused stays open (R4), what a prior payer did is never posted again (R5), a duplicate posts nothing
(R3), a reversal takes back exactly what was posted, and a second payment without a reversal is a credit (R10). The
rule numbers are explained in docs/remittances.md beside this service.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from claims.domain.adjudication import CLAIM_LEVEL, LOWERS_BALANCE, Adjustment, Decision, LineDecision, Posting
from claims.domain.balancing import Imbalance, claim_imbalances
from claims.domain.claims import Claim, ServiceLine
from claims.domain.ledger import PAYMENT, RECEIVABLE, Entry, Stamp, adjustment_account, moved
from claims.domain.matching import match_lines
from claims.domain.meanings import meaning_of
from claims.domain.remittance_advice import CasAmount, ClaimPayment, PaidLine
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value, replace


class Advice(Value, kw_only=True):
    """What every claim of one remittance has in common."""

    remittance_id: UUID
    payer_id: UUID | None = None
    produced_on: date
    posted_on: date
    deposited_on: date | None = None


class Unpostable(Value, kw_only=True):
    """Why a claim payment was set aside, with its cash."""

    payment: ClaimPayment
    imbalances: tuple[Imbalance, ...] = ()
    reason: str
    fix: str

    @classmethod
    def of_nobody(cls, payment: ClaimPayment) -> "Unpostable":
        """Return a payment whose number is none of ours."""
        return cls(
            payment=payment,
            reason="no claim of ours has this patient control number",
            fix="find the claim that was paid and post the payment to it, or return the money to the payer",
        )


def decide(
    claim: Claim, payment: ClaimPayment, advice: Advice, others: Iterable[Claim], *, former: bool = False
) -> Decision | Unpostable:
    """
    Turn a payment into the claim's next decision, or say why it has to be set aside.

    `former`: the payer covers nobody of the encounter any more. Where the payer in its place has decided, what this one
    pays is a credit, and its adjustments are not repeated.
    """
    imbalances = claim_imbalances(payment)
    if imbalances:
        return Unpostable(
            payment=payment,
            imbalances=imbalances,
            reason="the claim does not balance",
            fix="ask the payer for a corrected remittance, or post the claim with the right amounts",
        )
    if payment.reversal:
        return _reversal(claim, payment, advice)
    if payment.charge_cents < 0 or payment.paid_cents < 0:
        return Unpostable(
            payment=payment,
            reason="amounts below zero take back what was paid, and this is no reversal (CLP02 22)",
            fix="ask the payer which decision it takes back; it has to be sent as a reversal",
        )
    counted = _counted_lines(claim) | (_counted_elsewhere(claim, others) if former else frozenset())
    decision = _decision(claim, payment, advice, counted)
    return _beyond_balance(claim, decision, payment, others) or decision


def entries_of(claim: Claim, decision: Decision, advice: Advice) -> tuple[Entry, ...]:
    """Write the entries of a decision: its payment, and what lowers the balance, by reason."""
    stamp = Stamp(
        service_on=claim.service_on,
        posted_on=advice.posted_on,
        claim_id=claim.claim_id,
        payer_id=claim.payer_id,
        deposited_on=advice.deposited_on,
    )
    entries = list(moved(PAYMENT, RECEIVABLE, posted_paid_cents(decision), stamp))
    for (meaning, carc), cents in _lowering(decision).items():
        entries.extend(moved(adjustment_account(meaning), RECEIVABLE, cents, stamp, carc))
    return tuple(entries)


def posted_paid_cents(decision: Decision) -> Cents:
    """Return the payment that a decision puts on the ledger: all of it, always."""
    return Cents(sum(line.paid_cents for line in decision.lines))


def lowered_cents(decision: Decision) -> Cents:
    """Return what a decision takes off the balance besides its payment."""
    return Cents(sum(line.lowered_cents for line in decision.lines))


def _lowering(decision: Decision) -> dict[tuple[str, str], Cents]:
    sums: dict[tuple[str, str], Cents] = {}
    for line in decision.lines:
        if line.posting == "full":
            for adjustment in line.adjustments:
                if adjustment.meaning in LOWERS_BALANCE:
                    key = (adjustment.meaning, adjustment.carc)
                    sums[key] = Cents(sums.get(key, ZERO) + adjustment.amount_cents)
    return sums


def _decision(claim: Claim, payment: ClaimPayment, advice: Advice, counted: frozenset[int]) -> Decision:
    lines: dict[int, LineDecision] = {}
    for paid, line in match_lines(claim, payment):
        one = _line_decision(claim, paid, line, advice)
        known = lines.get(one.line_number)
        lines[one.line_number] = one if known is None else _together(known, one)
    whole = _claim_level(claim, payment, advice, Cents(sum(line.paid_cents for line in lines.values())))
    if whole is not None:
        known = lines.get(CLAIM_LEVEL)
        lines[CLAIM_LEVEL] = whole if known is None else _together(known, whole)
    return Decision(
        adjudication=len(claim.decisions) + 1,
        remittance_id=advice.remittance_id,
        status_code=payment.status_code,
        payer_claim_control_number=payment.payer_claim_control_number,
        charge_cents=payment.charge_cents,
        paid_cents=payment.paid_cents,
        lines=tuple(replace(line, posting=_posting(line, counted)) for _, line in sorted(lines.items())),
        remarks=payment.remarks,
        adjudicated_on=payment.adjudicated_on or advice.produced_on,
        posted_on=advice.posted_on,
    )


def _line_decision(claim: Claim, paid: PaidLine, line: ServiceLine | None, advice: Advice) -> LineDecision:
    adjustments = _meant(paid.adjustments, paid.remarks, claim, advice.produced_on)
    left = sum(adjustment.amount_cents for adjustment in adjustments if adjustment.meaning in {"patient", "reduction"})
    allowed = paid.paid_cents + left if paid.allowed_cents is None else paid.allowed_cents
    return LineDecision(
        line_number=line.line_number if line else CLAIM_LEVEL,
        line_id=line.line_id if line else None,
        code=paid.code,
        modifiers=paid.modifiers,
        charge_cents=paid.charge_cents,
        paid_cents=paid.paid_cents,
        allowed_cents=Cents(allowed),
        expected_allowed_cents=line.expected_allowed_cents if line else None,
        adjustments=adjustments,
        remarks=paid.remarks,
    )


def _claim_level(claim: Claim, payment: ClaimPayment, advice: Advice, lines_paid: Cents) -> LineDecision | None:
    rest = payment.paid_cents - lines_paid
    if payment.lines and not payment.adjustments and rest == 0:
        return None
    adjustments = _meant(payment.adjustments, payment.remarks, claim, advice.produced_on)
    left = sum(adjustment.amount_cents for adjustment in adjustments if adjustment.meaning in {"patient", "reduction"})
    return LineDecision(
        line_number=CLAIM_LEVEL,
        charge_cents=ZERO if payment.lines else payment.charge_cents,
        paid_cents=Cents(rest),
        allowed_cents=Cents(rest + left),
        adjustments=adjustments,
        remarks=payment.remarks,
    )


def _meant(amounts: tuple[CasAmount, ...], remarks: tuple[str, ...], claim: Claim, on: date) -> tuple[Adjustment, ...]:
    return tuple(
        Adjustment(
            group=amount.group,
            carc=amount.carc,
            amount_cents=amount.amount_cents,
            meaning=meaning_of(amount.group, amount.carc, remarks, claim.payer_kind, on),
        )
        for amount in amounts
        if amount.amount_cents
    )


def _together(line: LineDecision, other: LineDecision) -> LineDecision:
    return replace(
        line,
        charge_cents=line.charge_cents + other.charge_cents,
        paid_cents=line.paid_cents + other.paid_cents,
        allowed_cents=line.allowed_cents + other.allowed_cents,
        adjustments=(*line.adjustments, *other.adjustments),
        remarks=tuple(dict.fromkeys((*line.remarks, *other.remarks))),
    )


def _counted_lines(claim: Claim) -> frozenset[int]:
    """Return the lines on which an earlier decision, still standing, put money."""
    return frozenset(line.line_number for line in _with_money(claim))


def _counted_elsewhere(claim: Claim, others: Iterable[Claim]) -> frozenset[int]:
    """Return the lines on which another payer in the same place put money."""
    place = (claim.kind, claim.rank)
    rivals = (other for other in others if (other.kind, other.rank) == place and other.claim_id != claim.claim_id)
    counted = {line.line_id for claim in rivals for line in _with_money(claim)}
    return frozenset(line.line_number for line in claim.lines if line.line_id in counted)


def _with_money(claim: Claim) -> Iterator[LineDecision]:
    for decision in claim.live_decisions:
        for line in decision.lines:
            if line.paid_cents or line.lowered_cents or line.patient_cents:
                yield line


def _posting(line: LineDecision, counted: frozenset[int]) -> Posting:
    if line.summed("duplicate"):
        return "payment_only" if line.paid_cents else "nothing"
    return "payment_only" if line.line_number in counted else "full"


def _reversal(claim: Claim, payment: ClaimPayment, advice: Advice) -> Decision | Unpostable:
    wanted = (-payment.charge_cents, -payment.paid_cents)
    for decision in reversed(claim.decisions):
        if decision.live and (decision.charge_cents, decision.paid_cents) == wanted:
            return _mirror(decision, claim, payment, advice)
    return Unpostable(
        payment=payment,
        reason="the reversal does not match any decision that was posted",
        fix="find the decision that the payer takes back, or ask the payer which one it is",
    )


def _mirror(taken_back: Decision, claim: Claim, payment: ClaimPayment, advice: Advice) -> Decision:
    return replace(
        taken_back,
        adjudication=len(claim.decisions) + 1,
        reverses=taken_back.adjudication,
        reversed_by=None,
        remittance_id=advice.remittance_id,
        status_code=payment.status_code,
        payer_claim_control_number=payment.payer_claim_control_number or taken_back.payer_claim_control_number,
        charge_cents=-taken_back.charge_cents,
        paid_cents=-taken_back.paid_cents,
        lines=tuple(_negative(line) for line in taken_back.lines),
        remarks=payment.remarks,
        adjudicated_on=payment.adjudicated_on or advice.produced_on,
        posted_on=advice.posted_on,
    )


def _negative(line: LineDecision) -> LineDecision:
    return replace(
        line,
        charge_cents=-line.charge_cents,
        paid_cents=-line.paid_cents,
        allowed_cents=-line.allowed_cents,
        adjustments=tuple(
            replace(adjustment, amount_cents=-adjustment.amount_cents) for adjustment in line.adjustments
        ),
    )


def _beyond_balance(
    claim: Claim, decision: Decision, payment: ClaimPayment, others: Iterable[Claim]
) -> Unpostable | None:
    """Set a later payer's decision aside when its own write-off is larger than what the payers before it left."""
    if claim.rank == 1 or decision.outcome == "duplicate":
        return None
    left = claim.charge_cents - sum(
        posted_paid_cents(decision) + lowered_cents(decision)
        for other in others
        if other.kind == claim.kind and other.claim_id != claim.claim_id
        for decision in other.live_decisions
    )
    if lowered_cents(decision) <= max(left - decision.paid_cents, 0):
        return None
    return Unpostable(
        payment=payment,
        reason="the payer writes off more than the payers before it left open",
        fix="read its write-off as the prior payer's share (OA-23) and post the claim with the right amounts",
    )

"""The decision on a claim: every line through the gates, then priced, shared and coordinated."""

from datetime import date
from typing import Final

from revcycle_sandbox.claims import Adjustment, Decision, Line, LineDecision
from revcycle_sandbox.payer.book import Book, Record
from revcycle_sandbox.payer.case import Case, Refusal
from revcycle_sandbox.payer.coordination import coordinate, prior_of, sequestered
from revcycle_sandbox.payer.gates import first_refusal
from revcycle_sandbox.payer.pricing import allowed_cents, cost_share

STATUS: Final = {"P": "1", "S": "2", "T": "3"}
FORWARDED: Final = {"1": "19", "2": "20", "3": "21"}


def open_case(book: Book, record: Record, on: date) -> Case:
    """Lay everything on the desk that the decision depends on."""
    claim = record.claim
    member = book.member(claim)
    span = book.span(member, claim.service_on, on) if member else None
    purse = dict(book.purse(claim.person, member, claim.service_on.year)) if member else {}
    plan = book.plans.get(span.plan) if span else None
    return Case(book=book, record=record, on=on, member=member, plan=plan, purse=purse)


def adjudicate(case: Case) -> Decision:
    """Decide a claim. Every line of the decision adds up to its charge."""
    claim, status = case.claim, STATUS.get(case.claim.rank, "1")
    if case.member is None:
        return _not_ours(case)
    for line in claim.lines:
        case.decided.append(_decide(case, line))
        case.units[line.code] = case.units.get(line.code, line.units * 0) + line.units
    forwarded = _forwards(case)
    return Decision(
        claim=claim,
        control_number=case.record.control_number,
        status=FORWARDED[status] if forwarded else status,
        lines=tuple(case.decided),
        decided_on=case.on,
        remarks=_claim_remarks(case, forwarded=bool(forwarded)),
        forwarded_to=forwarded,
    )


def _decide(case: Case, line: Line) -> LineDecision:
    refusal = first_refusal(case, line)
    if refusal is not None:
        return _refused(case, line, refusal)
    if case.plan is not None and line.code in case.plan.capitated:
        return _refused(case, line, Refusal(gate="", group="CO", carc="24"))
    allowed = allowed_cents(case, line)
    own = cost_share(case, line, allowed)
    if case.coordinated:
        payment, adjustments = coordinate(case, line, allowed, own)
        return LineDecision(line=line, allowed_cents=allowed, paid_cents=payment, adjustments=adjustments)
    held_back = sequestered(case, allowed - own.total_cents)
    excess = Adjustment(case.payer.excess_group, "45", line.charge_cents - allowed)
    reductions = (excess, *own.adjustments(), Adjustment("CO", "253", held_back))
    _take(case, own.deductible_cents, own.total_cents)
    return LineDecision(
        line=line,
        allowed_cents=allowed,
        paid_cents=allowed - own.total_cents - held_back,
        adjustments=tuple(reduction for reduction in reductions if reduction.amount_cents),
    )


def _take(case: Case, deductible: int, total: int) -> None:
    """Count the shares of earlier lines for the later ones of the same claim."""
    case.purse["deductible"] += deductible
    case.purse["out_of_pocket"] += total


def _refused(case: Case, line: Line, refusal: Refusal) -> LineDecision:
    """Refuse a line; what an earlier payer settled stays settled (OA-23)."""
    amounts = [Adjustment(refusal.group, refusal.carc, line.charge_cents)]
    if case.coordinated and refusal.gate != "duplicate":
        left = prior_of(case.claim, line)[1]
        amounts = [Adjustment("OA", "23", line.charge_cents - left), Adjustment(refusal.group, refusal.carc, left)]
    return LineDecision(
        line=line,
        allowed_cents=0,
        paid_cents=0,
        adjustments=tuple(amount for amount in amounts if amount.amount_cents),
        remarks=refusal.remarks,
        refused_by=refusal.gate,
    )


def _not_ours(case: Case) -> Decision:
    """Answer for somebody who is no member: CLP02 4, reason 31."""
    refusal = Refusal(gate="member", group=case.payer.ended_group, carc="31")
    lines = tuple(_refused(case, line, refusal) for line in case.claim.lines)
    number = case.record.control_number
    return Decision(claim=case.claim, control_number=number, status="4", lines=lines, decided_on=case.on)


def _forwards(case: Case) -> str:
    """Name the payer to which the claim goes on: only with a decision that somebody pays after."""
    member = case.member
    if member is None or not member.crossover_payer or case.record.forwarded:
        return ""
    return member.crossover_payer if any(not line.refused_by for line in case.decided) else ""


def _claim_remarks(case: Case, *, forwarded: bool) -> tuple[str, ...]:
    remarks = ["MA18"] if forwarded else []
    if case.payer.kind == "medicare":
        unprocessable = all(line.refused_by == "information" for line in case.decided)
        remarks += ["MA130"] if unprocessable else ["MA01"]
        if case.member is not None and case.member.qmb:
            remarks.append("N781")
    return tuple(remarks)

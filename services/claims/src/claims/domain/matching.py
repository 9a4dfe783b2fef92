"""Which claim, and which line of it, a remittance speaks about."""

from collections.abc import Iterable
from uuid import UUID

from claims.domain.claims import Claim, ServiceLine, line_control_number
from claims.domain.remittance_advice import ClaimPayment, PaidLine

_COUNTER = 3


def find_claim(claims: Iterable[Claim], payment: ClaimPayment, payer_id: UUID | None) -> Claim | None:
    """
    Return the claim that a payment speaks about, among the claims of its encounter.

    By the control number we gave it, in any case, or that of its lines; by the payer's own number; and where the
    number is that of a claim to another payer (a crossover repeats the primary's), by the payer who answers.
    """
    everything = tuple(claims)
    numbers = [
        payment.patient_control_number.upper(),
        *(line.control_number[:-_COUNTER].upper() for line in payment.lines),
    ]
    named = [claim for number in numbers for claim in everything if claim.patient_control_number == number]
    theirs = payment.payer_claim_control_number
    named = named or [claim for claim in everything if theirs and claim.payer_claim_control_number == theirs]
    if named and payer_id in {None, named[0].payer_id}:
        return named[0]
    answering = [claim for claim in everything if claim.payer_id == payer_id and (claim.crossover or claim.rank > 1)]
    return answering[-1] if answering else None


def match_lines(claim: Claim, payment: ClaimPayment) -> tuple[tuple[PaidLine, ServiceLine | None], ...]:
    """
    Pair each line of a payment with the line we billed.

    By the line control number (REF*6R); else by code and charge; else by code, as payers drop or change modifiers;
    else by charge. A line that fits none is paired with nothing: its money stands at claim level.
    """
    numbers = {line_control_number(claim.patient_control_number, line.line_number): line for line in claim.lines}
    taken: set[int] = set()
    pairs: list[tuple[PaidLine, ServiceLine | None]] = []
    for paid in payment.lines:
        line = numbers.get(paid.control_number.upper()) or _by_counter(claim, payment, paid)
        line = line or _alike(claim, paid, taken)
        if line is not None:
            taken.add(line.line_number)
        pairs.append((paid, line))
    return tuple(pairs)


def _by_counter(claim: Claim, payment: ClaimPayment, paid: PaidLine) -> ServiceLine | None:
    """Read the counter of a control number that carries another claim's number, as crossovers do."""
    head, tail = paid.control_number[:-_COUNTER], paid.control_number[-_COUNTER:]
    if not head or head.upper() != payment.patient_control_number.upper() or not tail.isdecimal():
        return None
    return claim.line(int(tail))


def _alike(claim: Claim, paid: PaidLine, taken: set[int]) -> ServiceLine | None:
    codes = {paid.code, paid.submitted_code} - {""}
    free = [line for line in claim.lines if line.line_number not in taken]
    same_code = [line for line in free if line.code in codes or (line.revenue_code and line.revenue_code in codes)]
    exact = [line for line in same_code if line.charge_cents == paid.charge_cents]
    same_charge = [line for line in free if line.charge_cents == paid.charge_cents]
    return next(iter((*exact, *same_code, *same_charge)), None)

"""Balances of an 835 (SNIP 3): line, claim, file with provider adjustments."""

from collections.abc import Iterator

from revcycle_x12._reading.chunks import Chunk, Transaction
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.elements import format_cents
from revcycle_x12._syntax.findings import Severity, Snip
from revcycle_x12.validate.claim_balance import adjusted, amount
from revcycle_x12.validate.rules import Fault, Rule, fault


class RemittanceBalance:
    """Charge less adjustments is paid, of lines and claims; paid less provider adjustments is the payment."""

    def __init__(self) -> None:
        self._paid: int | None = 0
        self._adjusted: int | None = 0

    def chunk(self, chunk: Chunk) -> Iterator[Fault]:
        if chunk.loop.spec.id == "2100":
            yield from self._claim(chunk.loop)
        elif chunk.loop.spec.id == "ST":
            self._provider_adjustments(chunk)

    def _claim(self, claim: Loop) -> Iterator[Fault]:
        head = claim.elements("CLP")
        charge, paid, adjustments = amount(head, 3), amount(head, 4), adjusted(claim)
        self._paid = None if paid is None or self._paid is None else self._paid + paid
        for line in claim.loops("2110"):
            of_line = adjusted(line)
            yield from _line(line, of_line)
            adjustments = None if adjustments is None or of_line is None else adjustments + of_line
        if charge is None or paid is None or adjustments is None:
            return
        yield from _claim_sums(claim, head, charge)
        if charge - adjustments != paid:
            message = (
                f"CLP04 is {format_cents(paid)}; charge {format_cents(charge)} "
                f"less adjustments {format_cents(adjustments)} is {format_cents(charge - adjustments)}"
            )
            yield fault(
                "claim-payment-balance", message, claim, head, "CLP04", fix="do not post this claim; ask the payer"
            )
        if head is not None and head[2] == "22" and charge > 0:
            message = "CLP02 says reversal, but the charge is positive"
            yield fault("reversal-sign", message, claim, head, "CLP03", snip=Snip.SITUATION, severity=Severity.WARNING)

    def _provider_adjustments(self, chunk: Chunk) -> None:
        for item in chunk.loop.content[chunk.start :]:
            if isinstance(item, list) and item[0] == "PLB":
                for at in range(4, len(item), 2):
                    cents = amount(item, at)
                    if cents is None and item[at]:
                        self._adjusted = None
                    elif self._adjusted is not None:
                        self._adjusted += cents or 0

    def end(self, root: Loop) -> Iterator[Fault]:
        head = root.elements("BPR")
        stated = amount(head, 2)
        if head is None or stated is None:
            return
        if len(head) > 3 and head[3] == "D":  # noqa: PLR2004 (BPR03: a debit takes money back)
            stated = -stated
        if self._paid is not None and self._adjusted is not None and self._paid - self._adjusted != stated:
            expected = self._paid - self._adjusted
            message = (
                f"BPR02 is {format_cents(stated)}; claims paid {format_cents(self._paid)} "
                f"less provider adjustments {format_cents(self._adjusted)} is {format_cents(expected)}"
            )
            yield fault("payment-balance", message, root, head, "BPR02", fix="do not post this file; ask the payer")
        yield from _method(root, head, stated)


def _claim_sums(claim: Loop, head: Elements | None, charge: int) -> Iterator[Fault]:
    """Warn where the lines do not make up the claim's charge, or its PR adjustments what the patient owes."""
    lines = claim.loops("2110")
    charges = [amount(line.elements("SVC"), 2) for line in lines]
    if lines and None not in charges and sum(filter(None, charges)) != charge:
        message = f"CLP03 is {format_cents(charge)}, the lines sum to {format_cents(sum(filter(None, charges)))}"
        yield fault("claim-lines-balance", message, claim, head, "CLP03", severity=Severity.WARNING)
    stated, owed = amount(head, 5), _owed(claim, lines)
    if stated is not None and owed is not None and stated != owed:
        message = f"CLP05 is {format_cents(stated)}, the PR adjustments sum to {format_cents(owed)}"
        yield fault("patient-responsibility", message, claim, head, "CLP05", severity=Severity.WARNING)


def _owed(claim: Loop, lines: list[Loop]) -> int | None:
    """Sum of the PR adjustments of a claim and its lines; None where an amount is broken."""
    total = 0
    for loop in (claim, *lines):
        for item in loop.lists("CAS"):
            if item[1:2] == ["PR"]:
                for at in range(3, len(item), 3):
                    cents = amount(item, at) if item[at] else 0
                    if cents is None:
                        return None
                    total += cents
    return total


def _line(line: Loop, adjustments: int | None) -> Iterator[Fault]:
    head = line.elements("SVC")
    charge, paid = amount(head, 2), amount(head, 3)
    if charge is None or adjustments is None or (paid is None and head is not None and len(head) > 3 and head[3]):  # noqa: PLR2004
        return
    if charge - adjustments != (paid or 0):
        message = (
            f"SVC03 is {format_cents(paid or 0)}; charge {format_cents(charge)} "
            f"less adjustments {format_cents(adjustments)} is {format_cents(charge - adjustments)}"
        )
        yield fault("line-payment-balance", message, line, head, "SVC03", fix="do not post this claim; ask the payer")


def _method(root: Loop, head: Elements, stated: int) -> Iterator[Fault]:
    """No payment is said by NON and zero together."""
    method = head[4] if len(head) > 4 else ""  # noqa: PLR2004 (BPR04)
    if (method == "NON") is not (stated == 0) and method:
        message = f"BPR04 is {method} with an amount of {format_cents(stated)}"
        fix = "NON goes with zero, every other method with an amount"
        severity = Severity.ERROR if method == "NON" else Severity.WARNING
        yield fault("payment-method", message, root, head, "BPR04", fix=fix, snip=Snip.SITUATION, severity=severity)


def remittance_balance(transaction: Transaction) -> Rule | None:
    """Give the rule for the 835 guide."""
    guide = transaction.guide
    return RemittanceBalance() if guide is not None and guide.set_id == "835" else None

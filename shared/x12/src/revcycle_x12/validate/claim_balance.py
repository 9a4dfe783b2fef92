"""Balances of an 837 claim (SNIP 3): its lines, and what other payers decided."""

from collections.abc import Iterator

from revcycle_x12._reading.chunks import Chunk, Transaction
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.elements import format_cents, parse_cents
from revcycle_x12.validate.rules import Fault, Rule, fault

_CHARGE = {"X222": ("SV1", 2), "X223": ("SV2", 3), "X224": ("SV3", 2)}


def amount(elements: Elements | None, position: int) -> int | None:
    """Give an amount in cents; None where absent or broken (which another check reports)."""
    if elements is None or position >= len(elements) or not elements[position]:
        return None
    try:
        return parse_cents(elements[position])
    except ValueError:
        return None


def adjusted(loop: Loop) -> int | None:
    """Sum of the loop's own CAS amounts; None where one is broken."""
    total = 0
    for item in loop.lists("CAS"):
        for at in range(3, len(item), 3):
            if item[at]:
                cents = amount(item, at)
                if cents is None:
                    return None
                total += cents
    return total


class ClaimBalance:
    """CLM02 is the sum of its lines; each payer's decision accounts for the whole charge."""

    def __init__(self, service: str, charge_at: int) -> None:
        self._service = service
        self._charge_at = charge_at

    def chunk(self, chunk: Chunk) -> Iterator[Fault]:
        claim = chunk.loop
        if claim.spec.id != "2300":
            return
        head = claim.elements("CLM")
        charge = amount(head, 2)
        lines = claim.loops("2400")
        charges = [amount(line.elements(self._service), self._charge_at) for line in lines]
        if charge is not None and lines and None not in charges:
            total = sum(filter(None, charges))
            if total != charge:
                message = f"CLM02 is {format_cents(charge)}, the lines sum to {format_cents(total)}"
                fix = f"charge {format_cents(total)}, or correct the lines"
                yield fault("claim-charge-balance", message, claim, head, "CLM02", fix=fix)
        decided: dict[str, int | None] = {}
        for line, line_charge in zip(lines, charges, strict=True):
            if line_charge is not None and line_charge < 0:
                reference = f"{self._service}{self._charge_at:02d}"
                message = f"{reference} is negative: a claim charges nothing less than zero"
                yield fault("charge-negative", message, line, line.elements(self._service), reference)
            yield from self._line(line, line_charge, decided)
        if charge is not None:
            for coverage in claim.loops("2320"):
                yield from _coverage(coverage, charge, decided)

    def _line(self, line: Loop, charge: int | None, decided: dict[str, int | None]) -> Iterator[Fault]:
        """Each payer's decision on the line: paid and adjusted make up the charge."""
        for decision in line.loops("2430"):
            head = decision.elements("SVD")
            paid, adjustments = amount(head, 2), adjusted(decision)
            payer = head[1] if head is not None and len(head) > 1 else ""
            if paid is None or adjustments is None:
                decided[payer] = None
                continue
            known = decided.get(payer, 0)
            decided[payer] = None if known is None else known + adjustments
            if charge is not None and paid + adjustments != charge and not _bundled(head):
                message = (
                    f"SVD02 {format_cents(paid)} and adjustments {format_cents(adjustments)} "
                    f"do not make up the line's charge {format_cents(charge)}"
                )
                yield fault(
                    "cob-line-balance", message, decision, head, "SVD02", fix="send every adjustment of the line"
                )

    def end(self, root: Loop) -> Iterator[Fault]:  # noqa: ARG002 (nothing is said of the whole)
        return iter(())


def _bundled(head: Elements | None) -> bool:
    """Give a line paid under another line's number accounts for more than its own charge."""
    return head is not None and len(head) > 6 and bool(head[6])  # noqa: PLR2004 (SVD06)


def _coverage(coverage: Loop, charge: int, decided: dict[str, int | None]) -> Iterator[Fault]:
    """Tell what a payer paid on the claim, with its adjustments of claim and lines, makes up the claim's charge."""
    head = coverage.elements("AMT", "D")
    paid, of_claim = amount(head, 2), adjusted(coverage)
    payer_loop = coverage.loop("2330B")
    named = payer_loop.elements("NM1") if payer_loop is not None else None
    payer = named[9] if named is not None and len(named) > 9 else ""  # noqa: PLR2004 (NM109)
    of_lines = decided.get(payer, 0)
    if paid is None or of_claim is None or of_lines is None or not (of_claim or payer in decided):
        return
    if paid + of_claim + of_lines != charge:
        message = (
            f"AMT*D {format_cents(paid)} and adjustments {format_cents(of_claim + of_lines)} "
            f"do not make up the claim's charge {format_cents(charge)}"
        )
        yield fault(
            "cob-claim-balance", message, coverage, head, "AMT02", fix="send every adjustment of claim and lines"
        )


def claim_balance(transaction: Transaction) -> Rule | None:
    """Give the rule for the 837 guides."""
    guide = transaction.guide
    place = _CHARGE.get(guide.x_number) if guide is not None and guide.set_id == "837" else None
    return ClaimBalance(*place) if place is not None else None

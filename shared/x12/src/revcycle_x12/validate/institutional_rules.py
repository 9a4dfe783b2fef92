"""What a type of bill asks of an institutional claim (SNIP 4): attending provider, point of origin, dates, reasons."""

from collections.abc import Iterator

from revcycle_x12._reading.chunks import Chunk, Transaction
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.findings import Severity, Snip
from revcycle_x12.validate.rules import Fault, Rule, fault

_OUTPATIENT = frozenset({"13", "14", "23", "34", "83", "85", "87", *(f"7{care}" for care in range(1, 10))})
_NO_ORIGIN = frozenset({"14"})
"""A laboratory that never saw the patient."""
_VISITS = frozenset({"13", "78", "85"})
_UNSCHEDULED = frozenset({"1", "2", "5"})
_EMERGENCY = ("045", "0516", "0526", "0762")
"""Revenue codes of visits nobody had planned: emergency room, urgent care, observation."""
_TRANSPORT = "054"


class InstitutionalRules:
    """What one institutional claim has to hold."""

    def chunk(self, chunk: Chunk) -> Iterator[Fault]:
        claim = chunk.loop
        if claim.spec.id != "2300":
            return
        head = claim.elements("CLM")
        bill = head[5][:2] if head is not None and len(head) > 5 else ""  # noqa: PLR2004 (CLM05)
        lines = claim.loops("2400")
        revenue = [_text(line.elements("SV2"), 1) for line in lines]
        if claim.loop("2310A") is None and not (revenue and all(code.startswith(_TRANSPORT) for code in revenue)):
            message = "the attending provider is missing"
            yield _fault("attending-missing", message, claim, head, "NM101", fix="send NM1*71 in loop 2310A")
        codes = claim.elements("CL1")
        if not _text(codes, 2) and bill not in _NO_ORIGIN:
            message = "CL102 is missing: where the patient came from"
            fix = "send the point of origin"
            yield _fault("point-of-origin-missing", message, claim, codes, "CL102", fix=fix, severity=Severity.WARNING)
        if _asks_reason(claim, bill, _text(codes, 1), revenue):
            message = "the visit was not scheduled, but the patient's reason for it is missing"
            yield _fault(
                "visit-reason-missing", message, claim, head, "HI01", fix="send HI*APR", severity=Severity.WARNING
            )
        if bill in _OUTPATIENT and _spans_days(claim):
            yield from _undated(lines)

    def end(self, root: Loop) -> Iterator[Fault]:  # noqa: ARG002 (nothing is said of the whole)
        return iter(())


def _asks_reason(claim: Loop, bill: str, admission: str, revenue: list[str]) -> bool:
    if bill not in _VISITS or admission not in _UNSCHEDULED or not any(c.startswith(_EMERGENCY) for c in revenue):
        return False
    separator = claim.delimiters.component
    return not any(text.partition(separator)[0] in {"APR", "PR"} for item in claim.lists("HI") for text in item[1:])


def _spans_days(claim: Loop) -> bool:
    """Say whether the statement covers more than one day."""
    first, _, last = _text(claim.elements("DTP", "434"), 3).partition("-")
    return bool(last) and first != last


def _undated(lines: list[Loop]) -> Iterator[Fault]:
    for line in lines:
        if line.elements("DTP", "472") is None:
            message = "the statement covers several days, and the line does not say on which the service was"
            fix = "send DTP*472 with the line"
            yield _fault("line-date-missing", message, line, line.elements("SV2"), "DTP03", fix=fix)


def _text(elements: Elements | None, position: int) -> str:
    return elements[position] if elements is not None and position < len(elements) else ""


def _fault(
    code: str,
    message: str,
    loop: Loop,
    elements: Elements | None,
    element: str,
    *,
    fix: str,
    severity: Severity = Severity.ERROR,
) -> Fault:
    return fault(code, message, loop, elements, element, fix=fix, snip=Snip.SITUATION, severity=severity)


def institutional_rules(transaction: Transaction) -> Rule | None:
    """Give the rule for institutional claims."""
    guide = transaction.guide
    return InstitutionalRules() if guide is not None and guide.x_number == "X223" else None

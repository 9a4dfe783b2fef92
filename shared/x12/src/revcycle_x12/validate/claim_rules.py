"""Rules between the segments of an 837 claim (SNIP 4): pointers, frequency, line numbers, ZIP codes, batch size."""

import re
from collections.abc import Iterator

from revcycle_x12._reading.chunks import Chunk, Transaction
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.findings import Severity, Snip
from revcycle_x12.validate.rules import Fault, Rule, fault

_POINTERS_AT = {"X222": ("SV1", 7), "X224": ("SV3", 11)}
_DIAGNOSES = frozenset({"ABK", "ABF", "BK", "BF", "TQ", "JP"})
_FREQUENCIES = {"X222": "1678", "X223": "0123456789ABCDEFGHIJKMNOPQXYZ", "X224": "1678"}
_REPLACES = frozenset({"7", "8"})
_BOX = re.compile(r"\s*(?:P\.?\s*O\.?\s*BOX|POST\s+OFFICE\s+BOX|POSTAL\s+BOX|LOCK\s?BOX|PMB|BOX)\b", re.IGNORECASE)
_CLAIMS_MAX = 5000
_FULL_ZIP = 9


class ClaimRules:
    """What one claim's segments ask of each other."""

    def __init__(self, x_number: str) -> None:
        self._x_number = x_number
        self._pointers = _POINTERS_AT.get(x_number)
        self._frequencies = _FREQUENCIES[x_number]
        self._claims = 0

    def chunk(self, chunk: Chunk) -> Iterator[Fault]:
        loop = chunk.loop
        if loop.spec.id == "2000A":
            yield from _street(loop.loop("2010AA"))
            yield from _full_zip(loop.loop("2010AA"))
        if loop.spec.id != "2300":
            return
        self._claims += 1
        if self._claims == _CLAIMS_MAX + 1:
            message = f"more than {_CLAIMS_MAX} claims in one transaction set"
            yield _situation("claims-too-many", message, loop, loop.elements("CLM"), "", severity=Severity.WARNING)
        yield from self._frequency(loop)
        yield from self._lines(loop)

    def end(self, root: Loop) -> Iterator[Fault]:  # noqa: ARG002 (nothing is said of the whole)
        return iter(())

    def _frequency(self, claim: Loop) -> Iterator[Fault]:
        head = claim.elements("CLM")
        text = head[5] if head is not None and len(head) > 5 else ""  # noqa: PLR2004 (CLM05)
        parts = text.split(claim.delimiters.component)
        frequency = parts[2] if len(parts) > 2 else ""  # noqa: PLR2004 (CLM05-3)
        if frequency and frequency not in self._frequencies:
            severity = Severity.WARNING if frequency.isdecimal() else Severity.ERROR
            message = f"CLM05-3 {frequency!r} is no claim frequency of this kind of claim"
            fix = "1 original, 7 replacement, 8 void"
            yield fault(
                "frequency-unknown", message, claim, head, "CLM05-3", fix=fix, snip=Snip.CODE_SET, severity=severity
            )
        if frequency in _REPLACES and claim.elements("REF", "F8") is None:
            message = f"CLM05-3 {frequency} replaces or voids a claim, but REF*F8 does not say which"
            yield _situation("replacement-needs-control-number", message, claim, head, "CLM05-3")

    def _lines(self, claim: Loop) -> Iterator[Fault]:
        diagnoses = -1
        for place, line in enumerate(claim.loops("2400"), 1):
            first = line.elements("LX")
            number = first[1] if first is not None and len(first) > 1 else ""
            if number != str(place):
                message = f"LX01 is {number or 'empty'}, this is line {place} of its claim"
                yield _situation("line-number", message, line, first, "LX01", snip=Snip.SYNTAX)
            if self._pointers is not None:
                service = line.elements(self._pointers[0])
                if service is not None and len(service) > self._pointers[1]:
                    if diagnoses < 0:
                        diagnoses = _diagnosis_count(claim)
                    yield from self._pointed(line, service, diagnoses)

    def _pointed(self, line: Loop, service: Elements, diagnoses: int) -> Iterator[Fault]:
        place = self._pointers[1] if self._pointers is not None else 0
        pointers = service[place].split(line.delimiters.component)
        for pointer in pointers:
            if pointer.isdecimal() and int(pointer) > diagnoses:
                message = f"{service[0]}{place:02d} points to diagnosis {pointer}, the claim has {diagnoses}"
                yield _situation("diagnosis-pointer", message, line, service, f"{service[0]}{place:02d}")
        if len(set(pointers)) < len(pointers):
            message = f"{service[0]}{place:02d} points to the same diagnosis twice"
            reference = f"{service[0]}{place:02d}"
            yield _situation("diagnosis-pointer", message, line, service, reference, severity=Severity.WARNING)


def _diagnosis_count(claim: Loop) -> int:
    separator = claim.delimiters.component
    return sum(text.split(separator, 1)[0] in _DIAGNOSES for item in claim.lists("HI") for text in item[1:])


def _street(provider: Loop | None) -> Iterator[Fault]:
    """Ask where the billing provider is: a post office box belongs in the pay-to address (2010AB)."""
    place = provider.elements("N3") if provider is not None else None
    if provider is None or place is None:
        return
    for position, text in enumerate(place[1:], 1):
        if _BOX.match(text):
            message = f"N3{position:02d} of the billing provider is a post office box, not a street address"
            yield _situation("street-missing", message, provider, place, f"N3{position:02d}")


def _full_zip(provider: Loop | None) -> Iterator[Fault]:
    """Give the billing provider's ZIP code in the United States is given with all nine digits."""
    place = provider.elements("N4") if provider is not None else None
    if provider is None or place is None:
        return
    row = [*place, "", "", "", ""]
    if row[4] in {"", "US"} and row[3].isdecimal() and len(row[3]) != _FULL_ZIP:
        message = f"the billing provider's ZIP code has {len(row[3])} digits, all nine are asked for"
        yield _situation("postal-code-short", message, provider, place, "N403", severity=Severity.WARNING)


def _situation(
    code: str,
    message: str,
    loop: Loop,
    elements: Elements | None,
    element: str,
    *,
    severity: Severity = Severity.ERROR,
    snip: Snip = Snip.SITUATION,
) -> Fault:
    return fault(code, message, loop, elements, element, snip=snip, severity=severity)


def claim_rules(transaction: Transaction) -> Rule | None:
    """Give the rule for the 837 guides."""
    guide = transaction.guide
    known = guide is not None and guide.set_id == "837" and guide.x_number in _FREQUENCIES
    return ClaimRules(guide.x_number) if known and guide is not None else None

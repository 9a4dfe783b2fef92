"""What a procedure code asks of the claim around it (SNIP 4): a description, an ambulance's details."""

from collections.abc import Iterator
from functools import lru_cache

from revcycle_x12._reading.chunks import Chunk, Transaction
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.findings import Severity, Snip
from revcycle_x12.validate.rules import Fault, Rule, fault
from revcycle_x12.validate.tables import NOT_OTHERWISE_CLASSIFIED

_SERVICE = {"X222": ("SV1", 1), "X223": ("SV2", 2)}
_DESCRIPTION = 6
"""Place of the description among the components of a procedure, from 0."""


@lru_cache(1 << 13)
def is_unclassified(code: str) -> bool:
    """Say whether a code stands for whatever has no code: unlisted CPT services end in 99, HCPCS has a list of them."""
    return code in NOT_OTHERWISE_CLASSIFIED or (len(code) == 5 and code.isdecimal() and code.endswith("99"))  # noqa: PLR2004


@lru_cache(1 << 13)
def is_transport(code: str) -> bool:
    """Say whether a code is an ambulance's transport or mileage (A0021 to A0999, without waiting and extra crew)."""
    return len(code) == 5 and code.startswith("A0") and code[1:].isdecimal() and code not in _NO_TRANSPORT  # noqa: PLR2004


_NO_TRANSPORT = frozenset({"A0382", "A0384", "A0392", "A0394", "A0396", "A0398", "A0420", "A0422", "A0424", "A0998"})
"""Supplies, waiting time, oxygen, extra attendants; response without transport."""


class ServiceRules:
    """What the lines of one claim ask for."""

    def __init__(self, x_number: str) -> None:
        self._segment, self._place = _SERVICE[x_number]
        self._ambulances = x_number == "X222"

    def chunk(self, chunk: Chunk) -> Iterator[Fault]:
        claim = chunk.loop
        if claim.spec.id != "2300":
            return
        transport: tuple[Loop, Elements] | None = None
        for line in claim.loops("2400"):
            service = line.elements(self._segment)
            if service is None or len(service) <= self._place:
                continue
            parts = service[self._place].split(claim.delimiters.component)
            code = parts[1] if len(parts) > 1 else ""
            if is_unclassified(code) and (len(parts) <= _DESCRIPTION or not parts[_DESCRIPTION]):
                yield self._undescribed(line, service)
            if self._ambulances and transport is None and is_transport(code):
                transport = line, service
        if transport is not None:
            yield from _ambulance(claim, *transport)

    def end(self, root: Loop) -> Iterator[Fault]:  # noqa: ARG002 (nothing is said of the whole)
        return iter(())

    def _undescribed(self, line: Loop, service: Elements) -> Fault:
        reference = f"{self._segment}{self._place:02d}"
        message = f"{reference}-7 is missing: the code stands for many services, and nothing says which this was"
        return fault(
            "description-missing",
            message,
            line,
            service,
            reference,
            fix="describe the service",
            snip=Snip.SITUATION,
            severity=Severity.WARNING,
        )


def _ambulance(claim: Loop, line: Loop, service: Elements) -> Iterator[Fault]:
    """Ask for what is told of a transport, with the claim or with its line."""
    if claim.elements("CR1") is None and line.elements("CR1") is None:
        message = "an ambulance is charged, but the transport is not described"
        yield _missing("ambulance-details-missing", message, line, service, fix="send CR1")
    if claim.loop("2310E") is None and line.loop("2420G") is None:
        message = "an ambulance is charged, but it is not said where it picked up the patient"
        yield _missing("pick-up-missing", message, line, service, fix="send NM1*PW with N3 and N4")


def _missing(code: str, message: str, line: Loop, service: Elements, *, fix: str) -> Fault:
    return fault(code, message, line, service, "SV101", fix=fix, snip=Snip.SITUATION)


def service_rules(transaction: Transaction) -> Rule | None:
    """Give the rule for professional and institutional claims."""
    guide = transaction.guide
    known = guide is not None and guide.set_id == "837" and guide.x_number in _SERVICE
    return ServiceRules(guide.x_number) if known and guide is not None else None

"""Charges in HL7 v2 messages: FT1 with the PR1 that follows it, and DG1."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from eligibility.domain.facts import ChargeSent, CodeSystem, DiagnosisSent, Gap
from eligibility.hl7v2 import Composite, Message, Segment
from eligibility.intake.codes import diagnosis_system, procedure_system, split_modifier
from eligibility.intake.dates import hl7_date
from eligibility.intake.hl7_people import provider
from revcycle_kit.money import Cents, NotAnAmount, parse_cents

_CHARGE = {"CG", "CH", "C", "D", "DB", ""}
_CREDIT = {"CR", "CD"}
_UNITS_MAX = Decimal(100_000)


def read_diagnoses(message: Message) -> tuple[DiagnosisSent, ...]:
    """Read the DG1 segments, each code once, in the order of their priority."""
    first_by_code: dict[tuple[str, str], DiagnosisSent] = {}
    for position, segment in enumerate(message.all("DG1"), start=1):
        code = segment.text(3) or segment.text(4)
        if not segment.text(3) and " " in code:
            continue
        if code:
            system = diagnosis_system(code, segment.text(3, 3) or segment.text(2))
            rank = int(segment.text(15)) if segment.text(15).isdigit() else position
            first_by_code.setdefault((code, system), DiagnosisSent(code=code, system=system, rank=rank))
    return tuple(sorted(first_by_code.values(), key=lambda diagnosis: diagnosis.rank))


def read_charges(message: Message) -> tuple[list[ChargeSent], list[Gap], list[str]]:
    """Read the FT1 segments: lines, what is missing, and what is no charge (payments, adjustments)."""
    lines: list[ChargeSent] = []
    gaps: list[Gap] = []
    notes: list[str] = []
    for position, (segment, procedure) in enumerate(_with_procedures(message), start=1):
        kind = segment.text(6).upper()
        if kind not in _CHARGE | _CREDIT:
            notes.append(f"FT1[{position}]: transaction type {_shown(kind)} is no charge")
            continue
        line = _charge(segment, procedure, position)
        if isinstance(line, Gap):
            gaps.append(line)
        else:
            lines.append(line)
    return lines, gaps, notes


def _with_procedures(message: Message) -> Iterator[tuple[Segment, Segment | None]]:
    current: Segment | None = None
    procedure: Segment | None = None
    for segment in message.segments:
        if segment.name == "FT1":
            if current:
                yield current, procedure
            current, procedure = segment, None
        elif segment.name == "PR1" and procedure is None:
            procedure = segment
    if current:
        yield current, procedure


def _charge(segment: Segment, procedure: Segment | None, position: int) -> ChargeSent | Gap:
    code, system, inline = _code(segment, procedure)
    if not code:
        return Gap(what="procedure_code", where=f"FT1[{position}]-25", fix="Send the procedure in FT1-25 or FT1-7.")
    units, amount = _units(segment.text(10)), _amount(segment)
    if isinstance(amount, Gap):
        return Gap(what=amount.what, where=f"FT1[{position}]-11", fix=amount.fix)
    negative = units < 0 or (amount is not None and amount < 0)
    performed_by = next(iter(segment.repetitions(20)), None)
    return ChargeSent(
        transaction_id=segment.text(2),
        position=position,
        code=code,
        system=system,
        modifiers=_modifiers(segment.repetitions(26), inline, procedure),
        units=abs(units),
        amount_cents=Cents(abs(amount)) if amount else None,
        service_on=hl7_date(segment.text(4)) or hl7_date(segment.text(5)),
        service_through_on=hl7_date(segment.text(4, 2)),
        provider=provider(performed_by, "rendering"),
        diagnoses=_line_diagnoses(segment),
        ndc=segment.text(29),
        credit=negative or segment.text(6).upper() in _CREDIT,
    )


def _code(segment: Segment, procedure: Segment | None) -> tuple[str, CodeSystem, str]:
    """Return code, system and a modifier written into the code: the first place that holds a billable code."""
    places = [(segment, 25), (segment, 7)]
    if procedure:
        places.append((procedure, 3))
    codings = [_coded(place.text(field), place.text(field, 3)) for place, field in places if place.text(field)]
    billable = next((coding for coding in codings if coding[1] == "hcpcs"), None)
    return billable or (codings[0] if codings else ("", "local", ""))


def _coded(code: str, named: str) -> tuple[str, CodeSystem, str]:
    bare, modifier = split_modifier(code)
    return bare.upper(), procedure_system(bare, named), modifier


def _units(text: str) -> Decimal:
    try:
        units = Decimal(text)
    except InvalidOperation:
        return Decimal(1)
    return units if units and abs(units) < _UNITS_MAX else Decimal(1)


def _amount(segment: Segment) -> Cents | Gap | None:
    try:
        extended = parse_cents(segment.text(11), round_half_up=True) if segment.text(11) else Cents(0)
        if extended:
            return extended
        unit = parse_cents(segment.text(12), round_half_up=True) if segment.text(12) else Cents(0)
        whole = (unit * _units(segment.text(10))).to_integral_value()
        return Cents(int(whole)) or None
    except NotAnAmount as error:
        return Gap(what="amount", where="FT1-11", fix=f"{error}; or leave the amount out.")


def _modifiers(sent: list[Composite], inline: str, procedure: Segment | None) -> tuple[str, ...]:
    texts = [inline, *(modifier.text(1) for modifier in sent)]
    if procedure and not any(texts):
        texts = [modifier.text(1) for modifier in procedure.repetitions(16)]
    return tuple(dict.fromkeys(text.upper() for text in texts if text))


def _line_diagnoses(segment: Segment) -> tuple[DiagnosisSent, ...]:
    codes = [(repetition.text(1), repetition.text(3)) for repetition in segment.repetitions(19) if repetition.text(1)]
    return tuple(
        DiagnosisSent(code=code, system=diagnosis_system(code, named), rank=rank)
        for rank, (code, named) in enumerate(codes, start=1)
    )


def _shown(kind: str) -> str:
    return kind if kind.isalnum() and len(kind) <= 4 else "unknown"  # noqa: PLR2004 - a code, never content

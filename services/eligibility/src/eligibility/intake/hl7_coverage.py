"""Insurance in HL7 v2 messages: IN1 and the IN2 that follows it."""

from eligibility.domain.facts import CoverageSent, Gap, PatientSent
from eligibility.domain.people import Person
from eligibility.hl7v2 import Message, Segment
from eligibility.intake.dates import hl7_date
from eligibility.intake.hl7_people import person_from, relationship

_NO_INSURANCE = {
    "NO INSURANCE",
    "NO_INSURANCE",
    "NOINSURANCE",
    "NONE",
    "SELF PAY",
    "SELFPAY",
    "SELF-PAY",
    "UNINSURED",
}


def means_no_insurance(name: str) -> bool:
    """Tell whether a payer's name says that there is no payer."""
    return name.strip().upper() in _NO_INSURANCE


def read_coverages(message: Message, patient: PatientSent) -> tuple[CoverageSent, ...] | None:
    """Read every IN1 with its IN2; None where the message says nothing about insurance."""
    pairs = _pairs(message)
    if not pairs:
        return None
    coverages = [
        _coverage(first, second, patient, position)
        for position, (first, second) in enumerate(pairs, start=1)
        if not first.is_null(1) and not means_no_insurance(first.text(4) or first.text(2, 2))
    ]
    return tuple(
        sorted((coverage for coverage in coverages if _names_anything(coverage)), key=lambda coverage: coverage.order)
    )


def coverage_gaps(coverages: tuple[CoverageSent, ...]) -> tuple[Gap, ...]:
    """Say what each coverage lacks that a payer asks for."""
    gaps = []
    for coverage in coverages:
        at = f"IN1[{coverage.order}]"
        if not coverage.member_id:
            gaps.append(Gap(what="member_id", where=f"{at}-36", fix="Send the policy number in IN1-36 or IN1-49."))
        if not (coverage.payer_code or coverage.payer_name):
            gaps.append(Gap(what="payer", where=f"{at}-3", fix="Send the payer's id in IN1-3 or its name in IN1-4."))
    return tuple(gaps)


def _pairs(message: Message) -> list[tuple[Segment, Segment | None]]:
    pairs: list[tuple[Segment, Segment | None]] = []
    for segment in message.segments:
        if segment.name == "IN1":
            pairs.append((segment, None))
        elif segment.name == "IN2" and pairs:
            pairs[-1] = (pairs[-1][0], segment)
    return pairs


def _coverage(first: Segment, second: Segment | None, patient: PatientSent, position: int) -> CoverageSent:
    related = _relationship(first, second, patient.person)
    return CoverageSent(
        payer_code=first.text(3),
        payer_name=first.text(4) or first.text(2, 2),
        plan_code=first.text(2),
        plan_type=first.text(15),
        member_id=_member_id(first, second),
        group_number=first.text(8),
        relationship=related,
        subscriber=None if related == "18" else person_from(first, name=16, birth=18, address_at=19, sex_at=43),
        begins_on=hl7_date(first.text(12)),
        ends_on=hl7_date(first.text(13)),
        authorization_number=first.text(14),
        order=_order(first, position),
    )


def _relationship(first: Segment, second: Segment | None, patient: Person) -> str:
    if first.raw(17):
        return relationship(first.text(17), first.text(17, 2))
    if second and second.raw(72):
        return relationship(second.text(72), second.text(72, 2))
    another = first.text(16, 2) and first.text(16, 2).upper() != patient.given.upper()
    return "G8" if another else "18"


def _member_id(first: Segment, second: Segment | None) -> str:
    numbers = [first.text(36), first.text(49)]
    if second:
        numbers += [second.text(61), second.text(6), second.text(8)]
    return next((number for number in numbers if number), "")


def _order(first: Segment, position: int) -> int:
    for text in (first.text(22), first.text(1)):
        if text.isdigit() and 0 < int(text) < 100:  # noqa: PLR2004 - an order, not some other number
            return int(text)
    return position


def _names_anything(coverage: CoverageSent) -> bool:
    return bool(coverage.payer_code or coverage.payer_name or coverage.member_id)

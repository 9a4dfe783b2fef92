"""Read names, identifiers and days out of the loops of an inquiry."""

from datetime import date

from revcycle_sandbox.payer.inquiries import Inquiry
from revcycle_x12 import Loop

DAY_LENGTH = 8


def text(loop: Loop | None, segment_id: str, element: int, *qualifiers: str) -> str:
    """Give an element, empty where the loop, the segment or the element is absent."""
    segment = loop.segment(segment_id, *qualifiers) if loop is not None else None
    return segment[element] if segment is not None else ""


def day(told: str) -> date | None:
    """Read CCYYMMDD, or the first day of a range; None where it is none."""
    try:
        return date(int(told[:4]), int(told[4:6]), int(told[6:DAY_LENGTH]))
    except ValueError:
        return None


def payer_of(source: Loop) -> tuple[str, str]:
    """Give code and name of the payer of an information source level."""
    named = named_loop(source)
    return text(named, "NM1", 9), text(named, "NM1", 3)


def provider_of(receiver: Loop) -> tuple[str, str]:
    """Give NPI and name of the provider who asks."""
    named = named_loop(receiver)
    return text(named, "NM1", 9), text(named, "NM1", 3)


def named_loop(level: Loop) -> Loop | None:
    """Find the loop of a level that names whom the level is about."""
    return next((loop for loop in level.loops() if loop.segment("NM1") is not None and not loop.segment("HL")), None)


def asked_of(subscriber: Loop, dependent: Loop | None) -> Inquiry:
    """Read whom an inquiry is about."""
    insured = named_loop(subscriber)
    patient = named_loop(dependent) if dependent is not None else None
    return Inquiry(
        member_id=text(insured, "NM1", 9),
        family=text(insured, "NM1", 3),
        given=text(insured, "NM1", 4),
        birth_on=day(text(insured, "DMG", 2)),
        patient_given=text(patient, "NM1", 4),
        patient_birth_on=day(text(patient, "DMG", 2)),
        dependent=dependent is not None,
    )

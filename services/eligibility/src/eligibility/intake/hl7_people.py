"""People in HL7 v2 messages: XPN, XAD, XTN, CX, XCN."""

import re
from datetime import date

from eligibility.domain.facts import Gap, GuarantorSent, PatientSent, ProviderRole, ProviderSent
from eligibility.domain.npi import is_npi
from eligibility.domain.people import Address, Person, Sex
from eligibility.hl7v2 import Composite, Message, Segment
from eligibility.intake.dates import hl7_date
from eligibility.intake.scope import Scope
from eligibility.intake.states import state_code

_NOT_RECORD_NUMBERS = {"SS", "SSN", "DL", "PPN", "AN", "VN", "MC", "MA", "SB", "NPI", "HC", "JHN", "PEN", "BC"}
_PATIENT_FIELDS = {5: "name", 7: "birth_on", 11: "address", 13: "phone"}
_SEXES: dict[str, Sex] = {"F": "F", "M": "M", "FEMALE": "F", "MALE": "M"}
_SELF = {"SEL", "SELF", "S", "18", "SF", "SLF"}
_RELATIONSHIPS = {
    "SPO": "01",
    "SPOUSE": "01",
    "SP": "01",
    "M": "01",
    "01": "01",
    "02": "01",
    "CHD": "19",
    "CHILD": "19",
    "C": "19",
    "19": "19",
    "03": "19",
    "PAR": "19",
    "PARENT": "19",
    "MTH": "19",
    "FTH": "19",
    "MOTHER": "19",
    "FATHER": "19",
    "NCH": "19",
    "DEP": "19",
    "LIF": "53",
    "DOM": "53",
    "53": "53",
}


def facility_of(message: Message, scope: Scope) -> str:
    """Return who sends: MSH-4, else MSH-3, else the name of the connection."""
    return message.header.text(4) or message.header.text(3) or scope.source


def read_patient(message: Message, scope: Scope) -> PatientSent | Gap:
    """Read the patient of the first PID; a Gap where no record number identifies one."""
    segment = message.first("PID")
    if segment is None:
        return Gap(what="patient", where="PID", fix="Send the PID segment with a medical record number in PID-3.")
    return patient_from(segment, facility_of(message, scope), scope)


def patient_from(segment: Segment, facility: str, scope: Scope) -> PatientSent | Gap:
    """Read one PID."""
    record = record_number([*segment.repetitions(3), *segment.repetitions(2), *segment.repetitions(4)])
    if record is None:
        return Gap(
            what="medical_record_number",
            where="PID-3",
            fix="Send the patient's medical record number in PID-3 (type MR), with its assigner.",
        )
    number, assigner = record.text(1), record.text(4) or facility
    return PatientSent(
        patient_id=scope.patient_id(assigner, number),
        medical_record_number=number,
        assigner=assigner,
        person=_patient_person(segment),
        cleared=tuple(name for field, name in _PATIENT_FIELDS.items() if segment.is_null(field)),
    )


def record_number(candidates: list[Composite]) -> Composite | None:
    """Choose the medical record number: type MR first, then any that is no other kind of number."""
    usable = [number for number in candidates if number.text(1) and number.text(5).upper() not in _NOT_RECORD_NUMBERS]
    for number in usable:
        if number.text(5).upper() == "MR":
            return number
    return usable[0] if usable else None


def _patient_person(segment: Segment) -> Person:
    phones = [*segment.repetitions(13), *segment.repetitions(14)]
    return Person(
        **name_parts(segment.repetitions(5)),
        birth_on=hl7_date(segment.text(7)),
        sex=sex(segment.text(8)),
        address=address(segment.repetitions(11)),
        phone=phone(phones),
        email=email(phones),
    )


def read_guarantor(message: Message, patient: PatientSent, scope: Scope) -> GuarantorSent | None:
    """Read GT1; None where there is none, so that what is known stays."""
    segment = message.first("GT1")
    if segment is None or not segment.text(3):
        return None
    related = relationship(segment.text(11), segment.text(11, 2))
    person = person_from(segment, name=3, address_at=5, phone_at=6, birth=8, sex_at=9)
    if related == "18":
        updated = patient.person.updated_by(person)
        return GuarantorSent(guarantor_id=scope.guarantor_self(patient.patient_id), person=updated)
    number = segment.text(2)
    identifier = (
        scope.guarantor_id(segment.text(2, 4) or facility_of(message, scope), number)
        if number
        else scope.guarantor_by_name(f"{person.family}^{person.given}", str(person.birth_on))
    )
    return GuarantorSent(guarantor_id=identifier, person=person, relationship=related)


def person_from(segment: Segment, *, name: int, address_at: int, birth: int, sex_at: int, phone_at: int = 0) -> Person:
    """Read a person whose parts stand in these fields of a segment."""
    phones = segment.repetitions(phone_at) if phone_at else []
    return Person(
        **name_parts(segment.repetitions(name)),
        birth_on=hl7_date(segment.text(birth)),
        sex=sex(segment.text(sex_at)),
        address=address(segment.repetitions(address_at)),
        phone=phone(phones),
        email=email(phones),
    )


def name_parts(names: list[Composite]) -> dict[str, str]:
    """Read XPN: the legal name if one is marked so, else the first."""
    named = [name for name in names if name.text(1) or name.text(2)]
    legal = next((name for name in named if name.text(7).upper() == "L"), named[0] if named else None)
    if legal is None:
        return {}
    return {"family": legal.text(1), "given": legal.text(2), "middle": legal.text(3)}


def address(addresses: list[Composite]) -> Address:
    """Read XAD: the first that names a city or a postal code."""
    for candidate in addresses:
        if candidate.text(3) or candidate.text(5):
            street = candidate.text(1)
            if street.isdigit() and candidate.text(1, 2):
                street = f"{street} {candidate.text(1, 2)}"
            return Address(
                line1=street,
                line2=candidate.text(2),
                city=candidate.text(3),
                state=state_code(candidate.text(4)),
                postal_code=postal_code(candidate.text(5)),
            )
    return Address()


def postal_code(text: str) -> str:
    """Keep the digits of a US postal code if there are five or nine, else nothing."""
    digits = re.sub(r"\D", "", text)
    return digits if len(digits) in {5, 9} else ""


def phone(numbers: list[Composite]) -> str:
    """Read XTN: the first that holds ten digits."""
    for number in numbers:
        for text in (number.text(12), number.text(1), number.text(6) + number.text(7)):
            digits = re.sub(r"\D", "", text).removeprefix("1")
            if len(digits) == 10:  # noqa: PLR2004 - a US number
                return digits
    return ""


def email(numbers: list[Composite]) -> str:
    """Read the first e-mail address of XTN."""
    texts = [text for number in numbers for text in (number.text(4), number.text(1)) if "@" in text]
    return texts[0] if texts else ""


def sex(text: str) -> Sex:
    """Read HL7 table 0001; anything but F and M is U, as X12 has it."""
    return _SEXES.get(text.upper(), "U")


def relationship(code: str, text: str = "") -> str:
    """
    Return the X12 code of the patient's relationship to the subscriber or guarantor: G8 where it is another.

    Senders use IN1-17 both ways round; a parent who insures and a child who is insured both mean 19.
    """
    for candidate in (code.upper(), text.upper()):
        if candidate in _SELF:
            return "18"
        if candidate in _RELATIONSHIPS:
            return _RELATIONSHIPS[candidate]
    return "G8" if code or text else "18"


def provider(composite: Composite | None, role: ProviderRole) -> ProviderSent | None:
    """Read XCN; an NPI counts only with its right check digit, else the number is the sender's own."""
    if composite is None or not (composite.text(1) or composite.text(2)):
        return None
    number = composite.text(1)
    return ProviderSent(
        role=role,
        npi=number if is_npi(number) else None,
        local_id="" if is_npi(number) else number,
        family=composite.text(2),
        given=composite.text(3),
    )


def is_minor(person: Person, on: date | None) -> bool:
    """Tell whether the person is under 18 on a day."""
    if person.birth_on is None or on is None:
        return False
    years = on.year - person.birth_on.year - ((on.month, on.day) < (person.birth_on.month, person.birth_on.day))
    return years < 18  # noqa: PLR2004 - age of majority in most states

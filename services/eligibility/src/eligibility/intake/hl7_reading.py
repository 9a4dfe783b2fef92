"""HL7 v2 messages into readings: one function per family, and the table that chooses it."""

from collections.abc import Callable
from datetime import date

from eligibility.domain.facts import (
    Appointment,
    AppointmentAction,
    Cancellation,
    CancelledThing,
    CancelReason,
    Charges,
    ChargeSent,
    ClassChange,
    Discharge,
    EncounterSent,
    Fact,
    Gap,
    GuarantorSent,
    Merge,
    Origin,
    PatientSent,
    Reading,
    Refusal,
    Registration,
    VisitClass,
)
from eligibility.hl7v2 import Message, Segment
from eligibility.intake.dates import hl7_instant
from eligibility.intake.hl7_charges import read_charges, read_diagnoses
from eligibility.intake.hl7_coverage import coverage_gaps, read_coverages
from eligibility.intake.hl7_encounter import finished_at, read_encounter, starts_at
from eligibility.intake.hl7_people import (
    facility_of,
    is_minor,
    patient_from,
    read_guarantor,
    read_patient,
    record_number,
)
from eligibility.intake.scope import Scope
from revcycle_kit.values import replace

Told = tuple[list[Fact], list[Gap], list[str]]
Reader = Callable[[Message, Scope, PatientSent], Told]

_TRIGGER_CLASS: dict[str, VisitClass] = {"A01": "inpatient", "A04": "outpatient", "A06": "inpatient"}
_TRIGGER_CLASS |= {"A07": "outpatient", "A05": "outpatient"}


def read_hl7(message: Message, scope: Scope) -> Reading:
    """Read one message; whatever it holds, the answer is a Reading."""
    origin = _origin(message, scope)
    reader = _READERS.get(message.type)
    if reader is None:
        return Reading(origin=origin, refusals=(_refusal(message.type),))
    patient = read_patient(message, scope)
    if isinstance(patient, Gap):
        return Reading(origin=origin, gaps=(patient,))
    facts, gaps, notes = reader(message, scope, patient)
    return Reading(origin=origin, facts=tuple(facts), gaps=tuple(gaps), notes=tuple(notes))


def _origin(message: Message, scope: Scope) -> Origin:
    return Origin(
        format="hl7v2",
        application=message.header.text(3),
        facility=facility_of(message, scope),
        named_facility=message.header.text(4),
        control_id=message.control_id,
        type=message.type,
        sent_at=hl7_instant(message.header.text(7), scope.time_zone),
    )


def registration(
    message: Message, scope: Scope, patient: PatientSent, *, charged_on: date | None = None
) -> Registration:
    """Read patient, encounter, guarantor and insurance as one snapshot."""
    trigger_class = _TRIGGER_CLASS.get(message.type[4:])
    encounter = read_encounter(message, patient, scope, trigger_class=trigger_class, charged_on=charged_on)
    coverages = read_coverages(message, patient)
    if coverages is None and encounter.self_pay:
        coverages = ()
    guarantor = read_guarantor(message, patient, scope)
    return Registration(
        patient=patient,
        encounter=encounter,
        guarantor=guarantor,
        coverages=coverages,
        diagnoses=read_diagnoses(message),
        missing=(*_gaps(patient, encounter, guarantor), *coverage_gaps(coverages or ())),
    )


def _gaps(patient: PatientSent, encounter: EncounterSent, guarantor: GuarantorSent | None) -> list[Gap]:
    person, gaps = patient.person, []
    if not person.is_named:
        gaps.append(Gap(what="patient_name", where="PID-5", fix="Send family and given name in PID-5."))
    if person.birth_on is None:
        gaps.append(Gap(what="birth_on", where="PID-7", fix="Send the birth date in PID-7 as YYYYMMDD."))
    if not person.address.line1:
        gaps.append(Gap(what="address", where="PID-11", fix="Send street, city, state and ZIP in PID-11."))
    if guarantor is None and is_minor(person, encounter.service_on or encounter.reported_on):
        gaps.append(Gap(what="guarantor", where="GT1", fix="Send GT1: the patient is a minor."))
    return gaps


def _register(message: Message, scope: Scope, patient: PatientSent) -> Told:
    return [registration(message, scope, patient)], [], []


def _update(message: Message, scope: Scope, patient: PatientSent) -> Told:
    snapshot = registration(message, scope, patient)
    if message.first("PV1") or (snapshot.encounter and snapshot.encounter.is_identified):
        return [snapshot], [], []
    return [replace(snapshot, encounter=None)], [], []


def _person(message: Message, scope: Scope, patient: PatientSent) -> Told:
    return [replace(registration(message, scope, patient), encounter=None, opens=False)], [], []


def _track(message: Message, scope: Scope, patient: PatientSent) -> Told:
    snapshot = registration(message, scope, patient)
    encounter = snapshot.encounter if snapshot.encounter and snapshot.encounter.is_identified else None
    return [replace(snapshot, encounter=encounter, opens=False)], [], []


def _discharge(message: Message, scope: Scope, patient: PatientSent) -> Told:
    snapshot = registration(message, scope, patient)
    return [Discharge(registration=snapshot, finished_at=finished_at(message, scope))], [], []


def _class_change(message: Message, scope: Scope, patient: PatientSent) -> Told:
    snapshot = registration(message, scope, patient)
    visit_class = (snapshot.encounter.visit_class if snapshot.encounter else None) or _TRIGGER_CLASS[message.type[4:]]
    return [ClassChange(registration=snapshot, visit_class=visit_class)], [], []


def _cancel(of: CancelledThing, reason: CancelReason = "cancelled") -> Reader:
    def read(message: Message, scope: Scope, patient: PatientSent) -> Told:
        encounter = read_encounter(message, patient, scope)
        return [Cancellation(patient=patient, encounter=encounter, of=of, reason=reason)], [], []

    return read


def _schedule(action: AppointmentAction) -> Reader:
    def read(message: Message, scope: Scope, patient: PatientSent) -> Told:
        snapshot, start = registration(message, scope, patient), starts_at(message, scope)
        gaps = [] if start else [Gap(what="starts_at", where="SCH-11", fix="Send the start in SCH-11.4 or AIS-4.")]
        services = tuple(segment.text(3) for segment in message.all("AIS") if segment.text(3))
        return [Appointment(registration=snapshot, action=action, starts_at=start, services=services)], gaps, []

    return read


def _merge(message: Message, scope: Scope, patient: PatientSent) -> Told:
    surviving: PatientSent | Gap = patient
    facts: list[Fact] = []
    gaps: list[Gap] = []
    for segment in message.segments:
        if segment.name == "PID":
            surviving = patient_from(segment, facility_of(message, scope), scope)
        elif segment.name == "MRG":
            merge = surviving if isinstance(surviving, Gap) else _retired(segment, surviving, scope)
            if isinstance(merge, Gap):
                gaps.append(merge)
            else:
                facts.append(merge)
    if not facts and not gaps:
        gaps.append(Gap(what="retired_number", where="MRG", fix="Send MRG with the record number that is retired."))
    return facts, gaps, []


def _retired(segment: Segment, surviving: PatientSent, scope: Scope) -> Merge | Gap:
    numbers = [*segment.repetitions(1), *segment.repetitions(4), *segment.repetitions(2)]
    retired = record_number(numbers)
    if retired is None:
        return Gap(what="retired_number", where="MRG-1", fix="Send the retired record number in MRG-1.")
    identifier = scope.patient_id(retired.text(4) or surviving.assigner, retired.text(1))
    if identifier == surviving.patient_id:
        return Gap(what="retired_number", where="MRG-1", fix="Send a record number other than the surviving one.")
    return Merge(surviving=surviving, retired_patient_id=identifier, retired_number=retired.text(1))


def _charge(message: Message, scope: Scope, patient: PatientSent) -> Told:
    lines, gaps, notes = read_charges(message)
    if not lines:
        gaps = gaps or [Gap(what="charges", where="FT1", fix="Send at least one FT1 of type CG.")]
        return [], gaps, notes
    days = [line.service_on for line in lines if line.service_on]
    snapshot = registration(message, scope, patient, charged_on=min(days, default=None))
    facts: list[Fact] = []
    if patient.person.is_named and snapshot.coverages is not None:
        facts.append(snapshot)
    else:
        fix = "Send ADT^A01 or A04 for this visit, or IN1 (or PV1-20 self-pay) with the charges: they wait for it."
        gaps.append(Gap(what="registration", where="IN1", fix=fix))
    if snapshot.encounter:
        facts.append(_charges(message, scope, snapshot, snapshot.encounter, tuple(lines)))
    return facts, gaps, notes


def _charges(
    message: Message, scope: Scope, snapshot: Registration, encounter: EncounterSent, lines: tuple[ChargeSent, ...]
) -> Charges:
    reference = f"{facility_of(message, scope)}/{message.header.text(3)}/{message.control_id}"
    return Charges(
        patient=snapshot.patient, encounter=encounter, lines=lines, diagnoses=snapshot.diagnoses, reference=reference
    )


_READERS: dict[str, Reader] = {
    **dict.fromkeys(("ADT^A01", "ADT^A04", "ADT^A05", "ADT^A14", "BAR^P01"), _register),
    **dict.fromkeys(("ADT^A08", "BAR^P05", "BAR^P12"), _update),
    **dict.fromkeys(("ADT^A28", "ADT^A31"), _person),
    **dict.fromkeys(("ADT^A02", "ADT^A09", "ADT^A10", "ADT^A12", "ADT^A15", "ADT^A16", "ADT^A25", "ADT^A26"), _track),
    **dict.fromkeys(("ADT^A18", "ADT^A30", "ADT^A34", "ADT^A36", "ADT^A39", "ADT^A40", "ADT^A46", "ADT^A47"), _merge),
    **dict.fromkeys(("ADT^A06", "ADT^A07"), _class_change),
    **dict.fromkeys(("ADT^A11", "ADT^A27", "ADT^A38"), _cancel("encounter")),
    "ADT^A03": _discharge,
    "ADT^A13": _cancel("discharge"),
    "SIU^S12": _schedule("booked"),
    "SIU^S13": _schedule("rescheduled"),
    "SIU^S14": _schedule("modified"),
    "SIU^S15": _cancel("appointment"),
    "SIU^S16": _cancel("appointment"),
    "SIU^S17": _cancel("appointment", "entered_in_error"),
    "SIU^S26": _cancel("appointment", "no_show"),
    **dict.fromkeys(("DFT^P03", "DFT^P11"), _charge),
}


def _refusal(kind: str) -> Refusal:
    reason, fix = _OTHERS.get(kind) or _FAMILIES.get(kind.partition("^")[0]) or _UNKNOWN
    shown = kind if kind.replace("^", "").isalnum() and len(kind) <= _TYPE_LENGTH_MAX else "unnamed"
    return Refusal(problem=f"message type {shown}: {reason}", where="MSH-9", fix=fix)


_TYPE_LENGTH_MAX = 7
_NOTHING = "Nothing to do; stop sending it here if you can."
_UNKNOWN = ("this service reads ADT, SIU, DFT and BAR", "Send one of those, with its trigger event in MSH-9.")
_OTHERS = {
    "ADT^A24": ("two records are linked, not merged: billing keeps them apart", "Send A40 if they are one person."),
    "ADT^A37": ("two records are unlinked: billing kept them apart", _NOTHING),
    "ADT^A35": ("an account is merged; encounters are not re-keyed by account", "Send A40 or correct by the API."),
    "ADT^A41": ("an account is merged; encounters are not re-keyed by account", "Send A40 or correct by the API."),
    "ADT^A60": ("allergies carry nothing to bill", _NOTHING),
    "BAR^P02": ("purging accounts is not done by message", "Cancel the encounter with A11 instead."),
}
_FAMILIES = {
    "ORU": ("results carry nothing to bill", _NOTHING),
    "ORM": ("orders are no charges", _NOTHING),
    "OML": ("orders are no charges", _NOTHING),
    "OMG": ("orders are no charges", _NOTHING),
    "RDE": ("pharmacy orders are no charges", _NOTHING),
    "RDS": ("dispensing is billed by the pharmacy", _NOTHING),
    "MDM": ("documents carry nothing to bill", _NOTHING),
    "VXU": ("immunization records are no charges", "Send DFT^P03 for what is billed."),
    "MFN": ("master files are entered through the directory", "Use the directory API."),
    "ACK": ("an acknowledgment needs no answer", _NOTHING),
    "ADT": ("this event changes nothing in registration or billing", _NOTHING),
    "SIU": ("this event changes nothing in registration or billing", _NOTHING),
    "BAR": ("this event changes nothing in registration or billing", "Send charges as DFT^P03."),
    "DFT": ("only P03 and P11 carry charges", "Send DFT^P03."),
}

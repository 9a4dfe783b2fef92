"""
What a message of an EHR says, in words that HL7 v2 and FHIR share.

A message becomes facts, gaps (what is missing, and how to supply it) and refusals. Facts carry identities and
travel sealed.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from eligibility.domain.people import Person
from revcycle_kit.money import Cents
from revcycle_kit.values import Value, replace

VisitClass = Literal["outpatient", "inpatient", "emergency", "virtual", "observation", "home"]
CodeSystem = Literal["hcpcs", "snomed", "cvx", "loinc", "rxnorm", "revenue", "local"]
DiagnosisSystem = Literal["icd10cm", "icd9cm", "snomed", "local"]
ProviderRole = Literal["attending", "rendering", "referring"]
Outcome = Literal["accepted", "held", "refused"]
AppointmentAction = Literal["booked", "rescheduled", "modified"]
CancelledThing = Literal["encounter", "discharge", "appointment"]
CancelReason = Literal["cancelled", "no_show", "entered_in_error"]
Source = Literal["hl7v2", "fhir", "api"]
"""Which way a message came."""


class Gap(Value, kw_only=True):
    """Something a message lacks: its name in the intake contract, where it belongs, how to supply it."""

    what: str
    where: str
    fix: str


class Refusal(Value, kw_only=True):
    """Why a message, or one resource of it, cannot be used; never repeats its content."""

    problem: str
    where: str
    fix: str


class Origin(Value, kw_only=True):
    """Who sent the message, and how it is told from every other."""

    format: Literal["hl7v2", "fhir"]
    application: str = ""
    facility: str = ""
    """The sending facility, or what stands for it where the message names none."""
    named_facility: str = ""
    """MSH-4 as sent."""
    control_id: str = ""
    type: str = ""
    sent_at: datetime | None = None


class ProviderSent(Value, kw_only=True):
    """A clinician as a message names one; `npi` only if it has ten digits and the right check digit."""

    role: ProviderRole
    npi: str | None = None
    local_id: str = ""
    family: str = ""
    given: str = ""


class PatientSent(Value, kw_only=True):
    """The patient, identified by a medical record number of its assigner; `cleared` names what was deleted."""

    patient_id: UUID
    medical_record_number: str
    assigner: str
    person: Person
    cleared: tuple[str, ...] = ()


class GuarantorSent(Value, kw_only=True):
    """Who answers for what insurance does not pay; not always the patient or the subscriber."""

    guarantor_id: UUID
    person: Person
    relationship: str = "18"


class CoverageSent(Value, kw_only=True):
    """
    One insurance as the EHR knows it.

    `relationship` is the X12 code of the patient to the subscriber; `order` is the sender's, from 1.
    """

    payer_code: str = ""
    payer_name: str = ""
    plan_code: str = ""
    plan_type: str = ""
    member_id: str = ""
    group_number: str = ""
    relationship: str = "18"
    subscriber: Person | None = None
    begins_on: date | None = None
    ends_on: date | None = None
    authorization_number: str = ""
    """An authorization that the EHR already obtained for this encounter."""
    order: int = 1


class DiagnosisSent(Value, kw_only=True):
    """A diagnosis as the sender coded it; `rank` 1 is the principal one, 0 unranked."""

    code: str
    system: DiagnosisSystem
    rank: int = 0


class EncounterSent(Value, kw_only=True):
    """
    The visit or stay a message speaks of.

    `encounter_id` follows from the strongest identifier sent; the others help to match it with what is known.
    """

    encounter_id: UUID
    visit_number: str = ""
    account_number: str = ""
    appointment_number: str = ""
    visit_class: VisitClass | None = None
    service_on: date | None = None
    reported_on: date | None = None
    """When the message was recorded: the day of service only where nothing better is ever told."""
    service_through_on: date | None = None
    admitted_at: datetime | None = None
    discharged_at: datetime | None = None
    place_of_service: str = ""
    self_pay: bool = False
    providers: tuple[ProviderSent, ...] = ()

    @property
    def is_identified(self) -> bool:
        """Whether the sender named the encounter, by any of its numbers."""
        return bool(self.visit_number or self.account_number or self.appointment_number)


class Registration(Value, kw_only=True, tag="registration"):
    """
    A patient, and the encounter if one is spoken of.

    A snapshot: `coverages` None says nothing about insurance, an empty tuple that there is none.
    """

    patient: PatientSent
    encounter: EncounterSent | None = None
    guarantor: GuarantorSent | None = None
    coverages: tuple[CoverageSent, ...] | None = None
    diagnoses: tuple[DiagnosisSent, ...] = ()
    opens: bool = True
    """False: an update that must not open an encounter nobody registered (A31)."""
    missing: tuple[Gap, ...] = ()


class Discharge(Value, kw_only=True, tag="discharge"):
    """The encounter ended."""

    registration: Registration
    finished_at: datetime | None = None
    """None: the sender gives no time at all."""


class ClassChange(Value, kw_only=True, tag="class_change"):
    """An outpatient became an inpatient (A06), or the other way (A07)."""

    registration: Registration
    visit_class: VisitClass


class Appointment(Value, kw_only=True, tag="appointment"):
    """A visit was booked, moved or changed."""

    registration: Registration
    action: AppointmentAction
    starts_at: datetime | None = None
    services: tuple[str, ...] = ()
    """The codes of what is planned."""


class Cancellation(Value, kw_only=True, tag="cancellation"):
    """The encounter (or its discharge) was taken back."""

    patient: PatientSent
    encounter: EncounterSent
    of: CancelledThing
    reason: CancelReason = "cancelled"


class Merge(Value, kw_only=True, tag="merge"):
    """Two records are one person: `retired` becomes `surviving`."""

    surviving: PatientSent
    retired_patient_id: UUID
    retired_number: str


class ChargeSent(Value, kw_only=True):
    """One service as sent. `amount_cents` covers all units; None: the receiver's fee schedule decides."""

    transaction_id: str = ""
    position: int = 0
    """Its place in the delivery: what tells it apart where there is no transaction id."""
    code: str
    system: CodeSystem
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    amount_cents: Cents | None = None
    service_on: date | None = None
    service_through_on: date | None = None
    place_of_service: str = ""
    provider: ProviderSent | None = None
    diagnoses: tuple[DiagnosisSent, ...] = ()
    revenue_code: str = ""
    ndc: str = ""
    credit: bool = False


class Charges(Value, kw_only=True, tag="charges"):
    """What was done in an encounter; `reference` tells this delivery from every other one."""

    patient: PatientSent
    encounter: EncounterSent
    lines: tuple[ChargeSent, ...]
    diagnoses: tuple[DiagnosisSent, ...] = ()
    complete: bool = True
    reference: str = ""


Fact = Registration | Discharge | ClassChange | Appointment | Cancellation | Merge | Charges


class Reading(Value, kw_only=True):
    """All that was read out of one message."""

    origin: Origin
    facts: tuple[Fact, ...] = ()
    gaps: tuple[Gap, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    """What was read and deliberately left out, such as pharmacy claims, with its count."""

    @property
    def outcome(self) -> Outcome:
        """Accepted if anything can be used; held if only something is missing; else refused."""
        if self.facts:
            return "accepted"
        return "held" if self.gaps else "refused"


def registration_of(fact: Fact) -> Registration | None:
    """Return the registration snapshot a fact carries, if it carries one."""
    match fact:
        case Registration():
            return fact
        case (
            Discharge(registration=registration)
            | ClassChange(registration=registration)
            | Appointment(registration=registration)
        ):
            return registration
    return None


def encounter_of(fact: Fact) -> EncounterSent | None:
    """Return the encounter a fact speaks of, if any."""
    if isinstance(fact, Cancellation | Charges):
        return fact.encounter
    registration = registration_of(fact)
    return registration.encounter if registration else None


def meant_for(fact: Fact, patient: PatientSent, encounter: EncounterSent, guarantor: GuarantorSent | None) -> Fact:
    """Return the fact about this patient and encounter: for when another number of theirs was sent."""
    if isinstance(fact, Cancellation | Charges):
        return replace(fact, patient=patient, encounter=encounter)
    registration = registration_of(fact)
    if registration is None:
        return fact
    registration = replace(
        registration, patient=patient, encounter=encounter, guarantor=registration.guarantor or guarantor
    )
    return registration if isinstance(fact, Registration) else replace(fact, registration=registration)


def patient_of(fact: Fact) -> PatientSent:
    """Return the patient a fact speaks of."""
    match fact:
        case Registration(patient=patient) | Cancellation(patient=patient) | Charges(patient=patient):
            return patient
        case (
            Discharge(registration=registration)
            | ClassChange(registration=registration)
            | Appointment(registration=registration)
        ):
            return registration.patient
        case Merge(surviving=patient):
            return patient

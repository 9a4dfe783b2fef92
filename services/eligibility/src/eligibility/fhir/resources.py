"""The FHIR R4 resources this service reads: only the members it uses, everything else ignored."""

import msgspec

from eligibility.fhir.elements import (
    Address,
    CodeableConcept,
    Coding,
    ContactPoint,
    Element,
    HumanName,
    Identifier,
    Money,
    Period,
    Quantity,
    Reference,
)


class Resource(Element):
    """What every resource has. `contained` stays undecoded until a reference asks for it."""

    resource_type: str
    id: str | None = None
    identifier: tuple[Identifier, ...] = ()
    status: str | None = None
    contained: tuple[msgspec.Raw, ...] = ()


class Patient(Resource):
    """The person who is treated."""

    name: tuple[HumanName, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()
    gender: str | None = None
    birth_date: str | None = None
    address: tuple[Address, ...] = ()


class RelatedPerson(Resource):
    """Guarantor or subscriber who is not the patient."""

    patient: Reference | None = None
    relationship: tuple[CodeableConcept, ...] = ()
    name: tuple[HumanName, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()
    gender: str | None = None
    birth_date: str | None = None
    address: tuple[Address, ...] = ()


class Organization(Resource):
    """Payer, hospital or practice."""

    name: str | None = None
    address: tuple[Address, ...] = ()


class Practitioner(Resource):
    """A clinician."""

    name: tuple[HumanName, ...] = ()


class PractitionerRole(Resource):
    """A clinician at an organization."""

    practitioner: Reference | None = None
    organization: Reference | None = None


class Location(Resource):
    """A place of care."""

    name: str | None = None
    address: Address | None = None


class EncounterParticipant(Element):
    """Who took part; R5 says `actor`."""

    type: tuple[CodeableConcept, ...] = ()
    individual: Reference | None = None
    actor: Reference | None = None


class EncounterLocation(Element):
    """Where it took place."""

    location: Reference | None = None


class EncounterDiagnosis(Element):
    """A diagnosis of the encounter and its rank."""

    condition: Reference | None = None
    rank: int | None = None


class Encounter(Resource):
    """A visit or stay; R5 makes `class` a list and says `actualPeriod`."""

    class_: Coding | tuple[CodeableConcept, ...] | None = msgspec.field(name="class", default=None)
    type: tuple[CodeableConcept, ...] = ()
    subject: Reference | None = None
    participant: tuple[EncounterParticipant, ...] = ()
    period: Period | None = None
    actual_period: Period | None = None
    account: tuple[Reference, ...] = ()
    appointment: Reference | tuple[Reference, ...] | None = None
    diagnosis: tuple[EncounterDiagnosis, ...] = ()
    reason_code: tuple[CodeableConcept, ...] = ()
    location: tuple[EncounterLocation, ...] = ()
    service_provider: Reference | None = None


class Condition(Resource):
    """A diagnosis or problem."""

    code: CodeableConcept | None = None
    subject: Reference | None = None
    encounter: Reference | None = None


class Performer(Element):
    """Who did it."""

    actor: Reference | None = None


class Procedure(Resource):
    """Something done to the patient."""

    code: CodeableConcept | None = None
    subject: Reference | None = None
    encounter: Reference | None = None
    performed_date_time: str | None = None
    performed_period: Period | None = None
    performer: tuple[Performer, ...] = ()


class CoverageClass(Element):
    """Group, plan and the like."""

    type: CodeableConcept | None = None
    value: str | None = None
    name: str | None = None


class Coverage(Resource):
    """An insurance as the EHR knows it; R5 says `insurer` and makes `subscriberId` a list of identifiers."""

    type: CodeableConcept | None = None
    policy_holder: Reference | None = None
    subscriber: Reference | None = None
    subscriber_id: str | tuple[Identifier, ...] | None = None
    beneficiary: Reference | None = None
    relationship: CodeableConcept | None = None
    period: Period | None = None
    payor: tuple[Reference, ...] = ()
    insurer: Reference | None = None
    class_: tuple[CoverageClass, ...] = msgspec.field(name="class", default=())
    order: int | None = None


class Insurance(Element):
    """Which coverage a claim names, in which order."""

    sequence: int | None = None
    focal: bool | None = None
    coverage: Reference | None = None
    pre_auth_ref: tuple[str, ...] = ()


class ClaimDiagnosis(Element):
    """A numbered diagnosis of a claim."""

    sequence: int | None = None
    diagnosis_codeable_concept: CodeableConcept | None = None
    diagnosis_reference: Reference | None = None


class CareTeamMember(Element):
    """A provider named on a claim."""

    provider: Reference | None = None
    role: CodeableConcept | None = None


class ClaimItem(Element):
    """One line of a claim."""

    sequence: int | None = None
    diagnosis_sequence: tuple[int, ...] = ()
    product_or_service: CodeableConcept | None = None
    modifier: tuple[CodeableConcept, ...] = ()
    revenue: CodeableConcept | None = None
    serviced_date: str | None = None
    serviced_period: Period | None = None
    location_codeable_concept: CodeableConcept | None = None
    quantity: Quantity | None = None
    unit_price: Money | None = None
    net: Money | None = None
    encounter: tuple[Reference, ...] = ()


class Claim(Resource):
    """A claim an EHR prepared; its items are charges to us."""

    type: CodeableConcept | None = None
    use: str | None = None
    patient: Reference | None = None
    billable_period: Period | None = None
    created: str | None = None
    provider: Reference | None = None
    facility: Reference | None = None
    prescription: Reference | None = None
    insurance: tuple[Insurance, ...] = ()
    care_team: tuple[CareTeamMember, ...] = ()
    diagnosis: tuple[ClaimDiagnosis, ...] = ()
    item: tuple[ClaimItem, ...] = ()


class ExplanationOfBenefit(Resource):
    """A payer's account of a claim: read for the coverage it names, never for money."""

    type: CodeableConcept | None = None
    use: str | None = None
    patient: Reference | None = None
    billable_period: Period | None = None
    insurer: Reference | None = None
    claim: Reference | None = None
    insurance: tuple[Insurance, ...] = ()


class ClaimResponse(Resource):
    """A payer's answer to a claim."""

    use: str | None = None
    patient: Reference | None = None


class AccountCoverage(Element):
    """A coverage of an account and its priority."""

    coverage: Reference | None = None
    priority: int | None = None


class AccountGuarantor(Element):
    """Who pays what insurance does not."""

    party: Reference | None = None


class Account(Resource):
    """A billing account of the EHR."""

    subject: tuple[Reference, ...] = ()
    coverage: tuple[AccountCoverage, ...] = ()
    guarantor: tuple[AccountGuarantor, ...] = ()


class ChargeItem(Resource):
    """One charge."""

    code: CodeableConcept | None = None
    subject: Reference | None = None
    context: Reference | None = None
    encounter: Reference | None = None
    occurrence_date_time: str | None = None
    occurrence_period: Period | None = None
    performer: tuple[Performer, ...] = ()
    quantity: Quantity | None = None
    price_override: Money | None = None
    reason: tuple[CodeableConcept, ...] = ()
    entered_date: str | None = None


class MedicationRequest(Resource):
    """A prescription; behind a pharmacy claim."""

    medication_codeable_concept: CodeableConcept | None = None
    subject: Reference | None = None
    encounter: Reference | None = None


class AppointmentParticipant(Element):
    """Who is expected."""

    actor: Reference | None = None


class Appointment(Resource):
    """A booked visit."""

    start: str | None = None
    created: str | None = None
    participant: tuple[AppointmentParticipant, ...] = ()


KINDS: dict[str, type[Resource]] = {
    kind.__name__: kind
    for kind in (
        Account,
        Appointment,
        ChargeItem,
        Claim,
        ClaimResponse,
        Condition,
        Coverage,
        Encounter,
        ExplanationOfBenefit,
        Location,
        MedicationRequest,
        Organization,
        Patient,
        Practitioner,
        PractitionerRole,
        Procedure,
        RelatedPerson,
    )
}

"""What eligibility promises to tell: who is who, who was seen, who pays, and what was done."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from revcycle_kit.events import UNSEALED, Published, Sealed

PayerKind = Literal[
    "medicare", "medicaid", "medicare_advantage", "commercial", "medigap", "workers_compensation", "auto", "other"
]
VisitClass = Literal["outpatient", "inpatient", "emergency", "virtual", "observation", "home"]
BenefitKind = Literal[
    "copay",
    "coinsurance",
    "deductible",
    "deductible_left",
    "out_of_pocket",
    "out_of_pocket_left",
    "limit",
    "not_covered",
]


class Directory(Published, frozen=True, kw_only=True):
    """A fact about a place, a payee, a person who treats, or a payer: owned by the organization."""

    STREAM: ClassVar[str] = "directory"
    TENANT: ClassVar[str] = "organization"
    organization_id: UUID
    provisional: bool = False
    """Met in a message before anybody entered it: to be completed."""


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A postal address in the United States, as X12 N3/N4 carries it."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    """5 or 9 digits, no hyphen."""


class ClinicUpdated(Directory, frozen=True, kw_only=True):
    """A clinic as it is now: the tenant of its encounters."""

    clinic_id: UUID
    name: str
    time_zone: str
    npi: str | None = None
    address: Address = Address()
    billing_entity_ids: tuple[UUID, ...] = ()
    place_of_service: str = "11"


class BillingEntityUpdated(Directory, frozen=True, kw_only=True):
    """A payee as it is now: tax number and billing NPI, to which payers pay."""

    billing_entity_id: UUID
    name: str
    tin: str
    npi: str
    taxonomy: str | None = None
    address: Address = Address()
    clinic_ids: tuple[UUID, ...] = ()
    contact_phone: str = ""


class ProviderUpdated(Directory, frozen=True, kw_only=True):
    """A clinician as it is now."""

    provider_id: UUID
    npi: str | None
    family: str
    given: str = ""
    taxonomy: str | None = None
    clinic_ids: tuple[UUID, ...] = ()


class PayerUpdated(Directory, frozen=True, kw_only=True):
    """A payer as it is now."""

    payer_id: UUID
    name: str
    payer_code: str
    """The identifier that goes into NM109 of loop 2010BB."""
    kind: PayerKind
    filing_indicator: str
    """SBR09: MB, MC, CI, BL, 16, WC …"""
    timely_filing_days: int
    secondary_filing_days: int = 365
    appeal_days: int = 180
    contracted: bool = True
    authorization_codes: tuple[str, ...] = ()
    """Procedure codes for which this payer wants an authorization."""


class EnrollmentChanged(Directory, frozen=True, kw_only=True):
    """A provider or a billing entity is (or is no longer) enrolled with a payer."""

    payer_id: UUID
    billing_entity_id: UUID
    provider_id: UUID | None
    """None: the billing entity itself, for the transaction named."""
    transaction: Literal["credentialing", "837", "835", "270", "276"]
    effective_on: date
    ends_on: date | None = None


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A human being as forms and X12 know one."""

    family: str = ""
    given: str = ""
    middle: str = ""
    birth_on: date | None = None
    sex: Literal["F", "M", "U"] = "U"
    address: Address = Address()
    phone: str = ""
    email: str = ""


class Subscriber(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds a coverage, and under which numbers."""

    coverage_id: UUID
    person: Person
    member_id: str = ""
    group_number: str = ""


class EncounterIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """The sealed part of an encounter: everything that says who somebody is."""

    patient: Person
    medical_record_number: str = ""
    visit_number: str = ""
    guarantor: Person = Person()
    subscribers: tuple[Subscriber, ...] = ()


class CoverageRef(msgspec.Struct, frozen=True, kw_only=True):
    """One coverage of the encounter, in the order in which payers are asked to pay."""

    coverage_id: UUID
    payer_id: UUID
    rank: int
    """1 primary, 2 secondary, 3 tertiary."""
    relationship: str = "18"
    """X12 relationship of the patient to the subscriber: 18 self, 01 spouse, 19 child, G8 other."""
    begins_on: date | None = None
    ends_on: date | None = None


class Encounter(Published, frozen=True, kw_only=True):
    """One encounter as it stands: a whole snapshot each time."""

    encounter_id: UUID
    organization_id: UUID
    clinic_id: UUID
    billing_entity_id: UUID
    patient_id: UUID
    guarantor_id: UUID
    visit_class: VisitClass
    place_of_service: str
    service_on: date
    service_through_on: date | None = None
    admitted_at: datetime | None = None
    discharged_at: datetime | None = None
    rendering_provider_id: UUID | None = None
    attending_provider_id: UUID | None = None
    referring_provider_id: UUID | None = None
    coverages: tuple[CoverageRef, ...] = ()
    source: Literal["hl7v2", "fhir", "api"] = "api"
    received_at: datetime
    missing: tuple[str, ...] = ()
    """Fields that registration still lacks, by their names in the intake contract."""
    identity: Sealed = UNSEALED


class EncounterRegistered(Encounter, frozen=True, kw_only=True):
    """An encounter became known."""


class EncounterUpdated(Encounter, frozen=True, kw_only=True):
    """What is known of an encounter changed."""

    changed: tuple[str, ...] = ()


class EncounterFinished(Published, frozen=True, kw_only=True):
    """The patient was discharged or the visit ended."""

    encounter_id: UUID
    finished_at: datetime


class EncounterCancelled(Published, frozen=True, kw_only=True):
    """The encounter did not or will not take place."""

    encounter_id: UUID
    reason: Literal["cancelled", "no_show", "entered_in_error", "merged"]
    cancelled_at: datetime


class PatientsMerged(Published, frozen=True, kw_only=True):
    """Two records were one person: said on each encounter of the retired record."""

    encounter_id: UUID
    surviving_patient_id: UUID
    retired_patient_id: UUID


class CoverageOrderDecided(Published, frozen=True, kw_only=True):
    """Which payer pays first, and why."""

    encounter_id: UUID
    coverage_ids: tuple[UUID, ...]
    rule: str
    reason: str


class Benefit(msgspec.Struct, frozen=True, kw_only=True):
    """One statement of a 271: what the plan pays or the patient owes."""

    service_type: str
    kind: BenefitKind
    amount_cents: int | None = None
    percent_basis_points: int | None = None
    """2000 is 20 %."""
    period: str = ""
    in_network: bool | None = None


class CoverageVerified(Published, frozen=True, kw_only=True):
    """The payer says that the coverage was active on the day of service."""

    encounter_id: UUID
    coverage_id: UUID
    payer_id: UUID
    plan_begins_on: date | None = None
    plan_ends_on: date | None = None
    benefits: tuple[Benefit, ...] = ()
    authorization_required: bool | None = None
    verified_at: datetime
    trace: str = ""


class RefusalReason(msgspec.Struct, frozen=True, kw_only=True):
    """One AAA of a 271, or its inactive EB, with what to do about it."""

    code: str
    meaning: str
    next_step: str


class CoverageRefused(Published, frozen=True, kw_only=True):
    """The payer does not know the member, or the coverage is not active on the day of service."""

    encounter_id: UUID
    coverage_id: UUID
    payer_id: UUID
    cause: Literal["not_found", "inactive", "wrong_payer", "provider_unknown", "unavailable", "other"]
    reasons: tuple[RefusalReason, ...] = ()
    refused_at: datetime


class EffectGivenUp(Published, frozen=True, kw_only=True):
    """An inquiry or a request for authorization did not reach the payer, and is not sent again by itself."""

    encounter_id: UUID
    about_id: UUID
    """The inquiry or the authorization."""
    effect: Literal["send_inquiry", "send_authorization_request"]
    reason: str
    in_doubt: bool
    """It may have arrived."""
    attempts: int
    given_up_at: datetime


class AuthorizationRequested(Published, frozen=True, kw_only=True):
    """A payer was asked for an authorization (278)."""

    encounter_id: UUID
    authorization_id: UUID
    coverage_id: UUID
    payer_id: UUID
    codes: tuple[str, ...]
    requested_at: datetime
    decision_due_at: datetime


class AuthorizationDecided(Published, frozen=True, kw_only=True):
    """The payer answered the 278."""

    encounter_id: UUID
    authorization_id: UUID
    coverage_id: UUID
    payer_id: UUID
    outcome: Literal[
        "certified", "partly_certified", "not_certified", "pended", "modified", "not_required", "cancelled"
    ]
    number: str | None
    """What goes into REF*G1 of the claim."""
    codes: tuple[str, ...] = ()
    units: Decimal | None = None
    valid_from_on: date | None = None
    valid_to_on: date | None = None
    reason: str = ""
    decided_at: datetime


class EstimateLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one expected service costs."""

    code: str
    charge_cents: int
    patient_cents: int


class EstimatePrepared(Published, frozen=True, kw_only=True):
    """What the patient is expected to owe."""

    encounter_id: UUID
    estimate_id: UUID
    kind: Literal["insured", "good_faith"]
    charge_cents: int
    discount_cents: int
    insurance_cents: int
    patient_cents: int
    lines: tuple[EstimateLine, ...] = ()
    due_by: date | None = None
    """The day by which the law wants it given (45 CFR 149.610)."""
    prepared_at: datetime


class NoticeSigned(Published, frozen=True, kw_only=True):
    """The patient signed a notice that decides who may be billed."""

    encounter_id: UUID
    kind: Literal["abn", "assignment_of_benefits", "release_of_information", "financial_responsibility"]
    codes: tuple[str, ...] = ()
    signed_on: date


class SelfPayElected(Published, frozen=True, kw_only=True):
    """The patient pays cash and forbids disclosure to the plan (45 CFR 164.522)."""

    encounter_id: UUID
    elected_on: date


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """A diagnosis as the sender coded it."""

    code: str
    system: Literal["icd10cm", "icd9cm", "snomed", "local"] = "icd10cm"
    rank: int = 0


class ReceivedCharge(msgspec.Struct, frozen=True, kw_only=True):
    """A service that the EHR says was rendered; not yet priced."""

    line_id: UUID
    code: str
    system: Literal["hcpcs", "snomed", "cvx", "loinc", "rxnorm", "revenue", "local"] = "hcpcs"
    """`hcpcs` covers CPT (level I) and HCPCS level II."""
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    amount_cents: int | None = None
    """What the sender charged for all units; None: the receiver's fee schedule decides."""
    service_on: date | None = None
    service_through_on: date | None = None
    place_of_service: str | None = None
    rendering_provider_id: UUID | None = None
    diagnoses: tuple[Diagnosis, ...] = ()
    revenue_code: str | None = None
    ndc: str | None = None
    credit: bool = False
    """True: takes back what an earlier line with the same identifiers charged."""


class ChargesReceived(Published, frozen=True, kw_only=True):
    """The EHR handed over what was done."""

    encounter_id: UUID
    charges: tuple[ReceivedCharge, ...]
    diagnoses: tuple[Diagnosis, ...] = ()
    complete: bool = True
    """False: the sender will send more before the encounter may be billed."""
    received_at: datetime

"""The bodies of requests, and the roles that may send them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, TypeVar
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from eligibility.domain.authorization import Outcome as AuthorizationOutcome
from eligibility.domain.directory import PayerKind
from eligibility.domain.facts import CodeSystem, DiagnosisSystem, VisitClass
from revcycle_kit.auth import Grant
from revcycle_kit.http import NonNegativeCents, requires

Reader = Annotated[Grant, requires("front_desk", "biller", "operator", "auditor")]
FrontDesk = Annotated[Grant, requires("front_desk", "biller", "operator")]
Administrator = Annotated[Grant, requires("operator", "administrator")]
Intake = Annotated[Grant, requires("intake", "operator")]

T = TypeVar("T")
Text = Annotated[str, Field(max_length=200)]
Npi = Annotated[str, Field(pattern=r"^\d{10}$")]
Tin = Annotated[str, Field(pattern=r"^\d{9}$")]
Modifier = Annotated[str, Field(pattern=r"^[A-Z0-9]{2}$")]
Code = Annotated[str, Field(pattern=r"^[A-Z0-9.]{1,20}$")]


class Shape(BaseModel):
    """A request: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class AddressShape(Shape):
    """A postal address in the United States."""

    line1: Text = ""
    line2: Text = ""
    city: Text = ""
    state: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    postal_code: Annotated[str, Field(pattern=r"^(\d{5}(\d{4})?)?$")] = ""


class PersonShape(Shape):
    """A human being; what is left empty stays as it is known."""

    family: Text = ""
    given: Text = ""
    middle: Text = ""
    birth_on: date | None = None
    sex: Literal["F", "M", "U"] = "U"
    address: AddressShape = AddressShape()
    phone: Annotated[str, Field(pattern=r"^(\d{10})?$")] = ""
    email: Text = ""


class ClinicShape(Shape):
    """A clinic; `facility_codes` are the names senders give it in MSH-4."""

    name: Text
    time_zone: Text
    npi: Npi | None = None
    address: AddressShape = AddressShape()
    billing_entity_ids: tuple[UUID, ...] = ()
    place_of_service: Annotated[str, Field(pattern=r"^\d{2}$")] = "11"
    facility_codes: tuple[Text, ...] = ()


class BillingEntityShape(Shape):
    """A payee: tax number and billing NPI."""

    name: Text
    tin: Tin
    npi: Npi
    taxonomy: Annotated[str, Field(pattern=r"^[0-9A-Z]{9}X$")] | None = None
    address: AddressShape = AddressShape()
    clinic_ids: tuple[UUID, ...] = ()
    contact_phone: Annotated[str, Field(pattern=r"^(\d{10})?$")] = ""


class ProviderShape(Shape):
    """A clinician."""

    npi: Npi
    family: Text
    given: Text = ""
    taxonomy: Annotated[str, Field(pattern=r"^[0-9A-Z]{9}X$")] | None = None
    clinic_ids: tuple[UUID, ...] = ()
    local_ids: tuple[Text, ...] = ()


class PayerShape(Shape):
    """A payer; `names` are other names senders give it."""

    name: Text
    payer_code: Annotated[str, Field(min_length=1, max_length=20)]
    kind: PayerKind
    filing_indicator: Annotated[str, Field(pattern=r"^[0-9A-Z]{1,2}$")]
    timely_filing_days: Annotated[int, Field(ge=1, le=3650)]
    secondary_filing_days: Annotated[int, Field(ge=1, le=3650)] = 365
    appeal_days: Annotated[int, Field(ge=1, le=3650)] = 180
    contracted: bool = True
    authorization_codes: tuple[Text, ...] = ()
    names: tuple[Text, ...] = ()
    real_time: bool = True


class EnrollmentShape(Shape):
    """A provider or payee may deal with a payer."""

    payer_id: UUID
    billing_entity_id: UUID
    provider_id: UUID | None = None
    transaction: Literal["credentialing", "837", "835", "270", "276"]
    effective_on: date
    ends_on: date | None = None


class PriceShape(Shape):
    """What a service costs, and what payers allow for it (by payer id)."""

    code: Text
    charge_cents: NonNegativeCents
    allowed_cents: Annotated[dict[str, NonNegativeCents], Field(default_factory=dict)]


class PricesShape(Shape):
    """The prices a clinic estimates with."""

    prices: list[PriceShape]
    self_pay_discount_basis_points: Annotated[int, Field(ge=0, le=10_000)] = 0


class ReplayShape(Shape):
    """Which messages to use again: these, or all in these states, oldest first, at most 500."""

    message_ids: tuple[UUID, ...] = ()
    states: tuple[Literal["accepted", "held", "refused"], ...] = ()
    since: datetime | None = None
    until: datetime | None = None


class CoverageShape(Shape):
    """A coverage as the patient presents it."""

    payer_code: Text = ""
    payer_name: Text = ""
    member_id: Text = ""
    group_number: Text = ""
    relationship: Annotated[str, Field(pattern=r"^(18|01|19|53|G8)$")] = "18"
    subscriber: PersonShape | None = None
    begins_on: date | None = None
    ends_on: date | None = None


class ProviderNamed(Shape):
    """A clinician of the encounter."""

    role: Literal["attending", "rendering", "referring"] = "attending"
    npi: Annotated[str, Field(pattern=r"^\d{10}$")]
    family: Text = ""
    given: Text = ""


class RegistrationShape(Shape):
    """A registration by hand; the visit number makes it the same encounter each time."""

    medical_record_number: Text
    assigner: Text = ""
    patient: PersonShape
    guarantor: PersonShape | None = None
    visit_number: Text
    visit_class: VisitClass = "outpatient"
    service_on: date
    service_through_on: date | None = None
    admitted_at: datetime | None = None
    providers: tuple[ProviderNamed, ...] = ()
    coverages: tuple[CoverageShape, ...] = ()


class Filter(Shape):
    """Which encounters to list."""

    visit_number: Text = ""
    patient_id: UUID | None = None
    incomplete: bool = False
    waiting: bool = False
    """Those that charges spoke of before anybody registered them."""
    limit: int = 50
    cursor: str | None = None


class GivenShape(Shape):
    """A coverage as the desk knows it; what is left out stays."""

    payer_id: UUID | None = None
    member_id: Text | None = None
    group_number: Text | None = None
    relationship: Annotated[str, Field(pattern=r"^(18|01|19|53|G8)$")] | None = None
    subscriber: PersonShape | None = None
    begins_on: date | None = None
    ends_on: date | None = None


class AddCoverageShape(GivenShape):
    """A coverage to add; `first`: it pays before the others unless a rule says otherwise."""

    first: bool = False


class PeopleShape(Shape):
    """Who the patient or the guarantor is."""

    patient: PersonShape | None = None
    guarantor: PersonShape | None = None


class VerifyShape(Shape):
    """Which coverage to verify; none: all."""

    coverage_id: UUID | None = None


class NoticeShape(Shape):
    """A notice that was signed."""

    kind: Literal["abn", "assignment_of_benefits", "release_of_information", "financial_responsibility"]
    codes: tuple[Code, ...] = ()
    signed_on: date


class SelfPayShape(Shape):
    """When the patient chose to pay cash."""

    elected_on: date


class EstimateShape(Shape):
    """For which services; `requested`: the patient asked."""

    codes: list[Code]
    requested: bool = False


class DiagnosisShape(Shape):
    """A diagnosis."""

    code: Code
    system: DiagnosisSystem = "icd10cm"
    rank: int = 0


class ChargeShape(Shape):
    """A charge line; without an amount the fee schedule decides."""

    transaction_id: Text = ""
    code: Code
    system: CodeSystem = "hcpcs"
    modifiers: Annotated[tuple[Modifier, ...], Field(max_length=4)] = ()
    units: Annotated[Decimal, Field(gt=0, le=100_000)] = Decimal(1)
    amount_cents: NonNegativeCents | None = None
    service_on: date | None = None
    diagnoses: tuple[DiagnosisShape, ...] = ()
    revenue_code: Annotated[str, Field(pattern=r"^(\d{4})?$")] = ""
    credit: bool = False


class ChargesShape(Shape):
    """Charges entered by hand; the reference makes them the same delivery each time."""

    reference: Annotated[str, Field(min_length=1, max_length=100)]
    lines: Annotated[list[ChargeShape], Field(min_length=1, max_length=500)]
    diagnoses: tuple[DiagnosisShape, ...] = ()
    complete: bool = True


class CancelShape(Shape):
    """Why the visit did not take place."""

    reason: Literal["cancelled", "no_show", "entered_in_error"] = "cancelled"


class RequestShape(Shape):
    """What to authorize; without a coverage, the primary one."""

    coverage_id: UUID | None = None
    codes: Annotated[list[Code], Field(min_length=1, max_length=20)]
    expedited: bool = False


class DecisionShape(Shape):
    """What the payer decided, by telephone, portal or letter."""

    authorization_id: UUID | None = None
    coverage_id: UUID | None = None
    codes: tuple[Code, ...] = ()
    outcome: AuthorizationOutcome
    number: Text = ""
    units: Decimal | None = None
    valid_from_on: date | None = None
    valid_to_on: date | None = None
    reason: Text = ""


def domain_value(kind: type[T], request: BaseModel) -> T:
    """Return a request as the domain's value."""
    return msgspec.convert(request.model_dump(), kind)

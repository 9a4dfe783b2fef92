"""Effects: the questions that payers are asked through a clearinghouse."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from eligibility.domain.authorization import Decision
from eligibility.domain.people import Address, Person
from eligibility.domain.verification import CoverageResponse
from revcycle_kit.delivery.messages import Effect
from revcycle_kit.values import Value


class Requester(Value, kw_only=True):
    """The billing entity that asks, as X12 names it."""

    name: str
    npi: str
    tin: str = ""
    taxonomy: str = ""
    address: Address = Address()


class Member(Value, kw_only=True):
    """The subscriber whose plan is asked, and the patient where another."""

    subscriber: Person
    member_id: str = ""
    group_number: str = ""
    relationship: str = "18"
    patient: Person | None = None


class SendInquiry(Effect[CoverageResponse], frozen=True, kw_only=True):
    """To a payer: is this coverage active on the day of service, and what does it pay (270)."""

    SEALED: ClassVar[bool] = True
    inquiry_id: UUID
    encounter_id: UUID
    coverage_id: UUID
    payer_code: str
    payer_name: str
    payee: Requester
    member: Member
    service_on: date
    service_types: tuple[str, ...] = ("30",)
    asked_at: datetime


class SendAuthorizationRequest(Effect[Decision], frozen=True, kw_only=True):
    """To a payer: may these services be rendered (278)."""

    SEALED: ClassVar[bool] = True
    authorization_id: UUID
    encounter_id: UUID
    payer_code: str
    payer_name: str
    payee: Requester
    member: Member
    provider_npi: str = ""
    provider_name: str = ""
    codes: tuple[str, ...]
    diagnoses: tuple[str, ...] = ()
    service_on: date
    place_of_service: str = "11"
    expedited: bool = False
    asked_at: datetime

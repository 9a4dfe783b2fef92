"""What eligibility tells itself later or elsewhere: local messages, timers, and questions to partners."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from eligibility.domain.authorization import Decision
from eligibility.domain.directory import Payer, Provider
from eligibility.domain.intake import Fact, PatientSent
from eligibility.domain.patient import Link
from eligibility.domain.people import Address, Person
from eligibility.domain.verification import Answer
from revcycle_kit.delivery.messages import Effect, Local, Timer

Source = Literal["hl7v2", "fhir", "api"]


class Told(Local, frozen=True, kw_only=True):
    """Facts of a message, on their way, in the order in which it tells them."""

    SEALED: ClassVar[bool] = True
    facts: tuple[Fact, ...]
    message_id: UUID
    source: Source
    sent_at: datetime | None
    received_at: datetime


class PatientTold(Told, frozen=True, kw_only=True):
    """To the patient: find the encounters that are meant."""


class EncounterTold(Told, frozen=True, kw_only=True):
    """To the encounter: take the facts."""


class PatientAbsorbed(Local, frozen=True, kw_only=True):
    """To the surviving patient: the encounters of a retired record are yours now."""

    SEALED: ClassVar[bool] = True
    surviving: PatientSent
    links: tuple[Link, ...]


class EncounterRekeyed(Local, frozen=True, kw_only=True):
    """To an encounter: your patient's record was merged into another."""

    surviving_patient_id: UUID
    retired_patient_id: UUID


class PayerMet(Local, frozen=True, kw_only=True):
    """To the directory: a message names a payer that nobody entered."""

    payer: Payer


class ProviderMet(Local, frozen=True, kw_only=True):
    """To the directory: a message names a clinician whom nobody entered."""

    provider: Provider


class VerifyAgain(Timer, frozen=True, kw_only=True):
    """A coverage is to be verified once more before the visit."""

    coverage_id: UUID


class RetryInquiry(Timer, frozen=True, kw_only=True):
    """A payer that could not answer is asked again."""

    inquiry_id: UUID


class AskAuthorizationAgain(Timer, frozen=True, kw_only=True):
    """A pended authorization is asked for again."""

    authorization_id: UUID


class PayeeAsking(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks: the billing entity as X12 names it."""

    name: str
    npi: str
    tin: str = ""
    taxonomy: str = ""
    address: Address = Address()


class MemberAsked(msgspec.Struct, frozen=True, kw_only=True):
    """About whom: the subscriber, and the patient where another."""

    subscriber: Person
    member_id: str = ""
    group_number: str = ""
    relationship: str = "18"
    patient: Person | None = None


class AskPayer(Effect[Answer], frozen=True, kw_only=True):
    """To a payer: is this coverage active on the day of service, and what does it pay (270)."""

    SEALED: ClassVar[bool] = True
    inquiry_id: UUID
    encounter_id: UUID
    coverage_id: UUID
    payer_code: str
    payer_name: str
    payee: PayeeAsking
    member: MemberAsked
    service_on: date
    service_types: tuple[str, ...] = ("30",)
    asked_at: datetime


class AskAuthorization(Effect[Decision], frozen=True, kw_only=True):
    """To a payer: may these services be rendered (278)."""

    SEALED: ClassVar[bool] = True
    authorization_id: UUID
    encounter_id: UUID
    payer_code: str
    payer_name: str
    payee: PayeeAsking
    member: MemberAsked
    provider_npi: str = ""
    provider_name: str = ""
    codes: tuple[str, ...]
    diagnoses: tuple[str, ...] = ()
    service_on: date
    place_of_service: str = "11"
    expedited: bool = False
    asked_at: datetime

"""Patients as their clinic registers them, their visits, and what people do about bills."""

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A postal address in the United States."""

    line1: str = "1 Main Street"
    city: str = "Springfield"
    state: str = "NY"
    postal_code: str = "100010001"
    """Nine digits."""


class Presented(msgspec.Struct, frozen=True, kw_only=True):
    """A coverage as the front desk writes it down: right, or not."""

    payer: str
    member_id: str
    payer_name: str = ""
    group_number: str = ""
    relationship: str = "18"
    subscriber_family: str = ""
    """Empty: the patient."""
    subscriber_given: str = ""
    subscriber_birth_on: date | None = None
    begins_on: date | None = None
    ends_on: date | None = None


class PatientBehaviour(msgspec.Struct, frozen=True, kw_only=True):
    """What a patient does about money; what is not stated is drawn."""

    pays: Literal["drawn", "full", "partly", "plan", "never"] = "drawn"
    pays_statement: int = 1
    """Which statement of a cycle is answered."""
    after_days: int = 7
    part_cents: int = 0
    installments: int = 0
    missed: tuple[int, ...] = ()
    """Installments not paid when due."""
    caught_up: bool = True
    """Missed installments come with the next one."""
    paid_installments: int | None = None
    """How many installments are paid within the story; None: all."""


class Patient(msgspec.Struct, frozen=True, kw_only=True):
    """A person registered at a clinic."""

    mrn: str
    clinic: str
    family: str
    given: str
    birth_on: date
    sex: str = "U"
    address: Address = Address()
    phone: str = ""
    guarantor_family: str = ""
    """Empty: the patient."""
    guarantor_given: str = ""
    guarantor_birth_on: date | None = None
    guarantor_number: str = ""
    """Empty: the MRN."""
    coverages: tuple[Presented, ...] = ()
    """The truth, in order of payment."""
    behaviour: PatientBehaviour = PatientBehaviour()


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """One service rendered, as the EHR hands it over."""

    code: str
    units: Decimal = Decimal(1)
    modifiers: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    amount_cents: int | None = None
    """None: the receiver's chargemaster prices it."""
    revenue_code: str = ""
    service_on: date | None = None
    late_after_days: int | None = None
    """Sent so many days after the other charges: a late charge."""
    local_code: str = ""
    """A code of the EHR's own that somebody has to map; sent instead of the code."""


class Fix(msgspec.Struct, frozen=True, kw_only=True):
    """What the front desk or the coder answers when asked about a visit."""

    field: str
    """As in denials' corrections: modifiers, code, units, diagnoses, member_id, payer_id, authorization_number …"""
    value: str = ""
    line_number: int | None = None
    for_carc: str = ""
    """Only when asked about this reason; empty: whenever asked."""


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One encounter, as it really was, and as it was presented."""

    number: str
    mrn: str
    clinic: str
    service_on: date
    provider_npi: str = ""
    services: tuple[Service, ...] = ()
    diagnoses: tuple[str, ...] = ()
    visit_class: str = "outpatient"
    through_on: date | None = None
    presented: tuple[Presented, ...] | None = None
    """What was registered; None: the truth. Corrected when somebody asks."""
    scheduled_days_before: int | None = None
    """None: a walk-in."""
    cancelled: Literal["", "cancelled", "no_show"] = ""
    charges_after_days: int = 1
    feed: Literal["hl7v2", "fhir", ""] = ""
    """Empty: as the clinic does."""
    missing: tuple[str, ...] = ()
    """Left out at registration: birth_on, sex, address; sent when asked for."""
    fixes: tuple[Fix, ...] = ()
    copay_cents: int = 0
    """Collected at the desk on the day of service."""
    authorization_number: str = ""
    """An authorization obtained by other means, sent in IN1-14."""

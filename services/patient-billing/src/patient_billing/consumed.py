"""The events that patient billing reads, in its own words: only the fields it uses."""

from datetime import date
from typing import ClassVar
from uuid import UUID

import msgspec

from revcycle_kit.delivery.messages import Consumed
from revcycle_kit.events import UNSEALED
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.sealing import Sealed


class _Eligibility(Consumed, frozen=True, kw_only=True):
    """Said by eligibility."""

    SOURCE: ClassVar[str] = "eligibility"


class _Claims(Consumed, frozen=True, kw_only=True):
    """Said by claims."""

    SOURCE: ClassVar[str] = "claims"


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A postal address."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""


class ClinicUpdated(_Eligibility, frozen=True, kw_only=True):
    """A clinic: its name for the statement, its time zone for the calendar."""

    clinic_id: UUID
    name: str
    time_zone: str


class BillingEntityUpdated(_Eligibility, frozen=True, kw_only=True):
    """A payee: who the statement comes from."""

    billing_entity_id: UUID
    name: str
    address: Address = Address()
    contact_phone: str = ""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A human being, as far as a letter needs one."""

    family: str = ""
    given: str = ""
    address: Address = Address()
    email: str = ""


class EncounterIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """The patient who was seen, and the guarantor."""

    patient: Person = Person()
    guarantor: Person = Person()


class EncounterRegistered(_Eligibility, frozen=True, kw_only=True):
    """An encounter became known."""

    encounter_id: UUID
    billing_entity_id: UUID
    guarantor_id: UUID
    patient_id: UUID
    service_on: date
    identity: Sealed = UNSEALED


class EncounterUpdated(_Eligibility, frozen=True, kw_only=True):
    """An encounter changed: a whole snapshot of it."""

    encounter_id: UUID
    billing_entity_id: UUID
    guarantor_id: UUID
    patient_id: UUID
    service_on: date
    identity: Sealed = UNSEALED


class EncounterCancelled(_Eligibility, frozen=True, kw_only=True):
    """The encounter will not take place: what was paid ahead is free."""

    encounter_id: UUID


class EstimatePrepared(_Eligibility, frozen=True, kw_only=True):
    """An estimate of the patient's share; only a good-faith estimate binds."""

    encounter_id: UUID
    kind: str
    patient_cents: Cents


class BalanceLine(msgspec.Struct, frozen=True, kw_only=True):
    """One service, and why the patient owes for it."""

    line_number: int
    code: str
    service_on: date
    charge_cents: Cents
    insurance_paid_cents: Cents
    adjusted_cents: Cents
    deductible_cents: Cents = ZERO
    coinsurance_cents: Cents = ZERO
    copay_cents: Cents = ZERO
    other_cents: Cents = ZERO


class PatientBalanceDue(_Claims, frozen=True, kw_only=True):
    """Money moved from insurance to the patient."""

    encounter_id: UUID
    billing_entity_id: UUID
    guarantor_id: UUID
    transfer_id: UUID
    cause: str
    amount_cents: Cents
    lines: tuple[BalanceLine, ...]
    posted_on: date


class LedgerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One double entry of the insurance ledger; the amount is positive."""

    debit: str
    credit: str
    amount_cents: Cents


class LedgerPosted(_Claims, frozen=True, kw_only=True):
    """Entries of the insurance ledger: only whether insurance is still open is read from them."""

    encounter_id: UUID
    entries: tuple[LedgerEntry, ...]


class PatientBalanceWithdrawn(_Claims, frozen=True, kw_only=True):
    """Money moved back from the patient; the amount is positive."""

    encounter_id: UUID
    transfer_id: UUID
    amount_cents: Cents
    posted_on: date

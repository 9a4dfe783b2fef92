"""Open amounts by age from service, and the whole of many encounters."""

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from analytics.figures.money import Amounts
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value

BUCKETS: Final = (("0-30", 30), ("31-60", 60), ("61-90", 90), ("91-120", 120))
OLDEST: Final = "120+"
"""Ages in days from service."""


class Balance(Value, kw_only=True):
    """What one encounter owes and is owed, on a day."""

    encounter_id: UUID
    clinic_id: UUID
    service_on: date | None
    money: Amounts


class Bucket(Value, kw_only=True):
    """What is open at one age, in cents; credits stand apart and are never netted."""

    age: str
    encounters: int = 0
    insurance_cents: Cents = ZERO
    patient_cents: Cents = ZERO
    insurance_credit_cents: Cents = ZERO
    patient_credit_cents: Cents = ZERO

    def with_open(self, insurance_cents: Cents, patient_cents: Cents) -> "Bucket":
        """Count one more encounter, by what it owes and is owed."""
        return Bucket(
            age=self.age,
            encounters=self.encounters + 1,
            insurance_cents=Cents(self.insurance_cents + max(insurance_cents, 0)),
            patient_cents=Cents(self.patient_cents + max(patient_cents, 0)),
            insurance_credit_cents=Cents(self.insurance_credit_cents + max(-insurance_cents, 0)),
            patient_credit_cents=Cents(self.patient_credit_cents + max(-patient_cents, 0)),
        )


class PatientCash(Value, kw_only=True):
    """What patients paid: received = applied to encounters (refunded since or not) + unapplied."""

    received_cents: Cents
    applied_cents: Cents
    unapplied_cents: Cents


def total(balances: Iterable[Balance]) -> Amounts:
    """Add up encounters."""
    whole = Amounts()
    for balance in balances:
        whole = whole.plus(balance.money)
    return whole


def aged(balances: Iterable[Balance], as_of: date) -> list[Bucket]:
    """Sort what is open by its age from service; what is in transit counts with the patient's part."""
    buckets = {age: Bucket(age=age) for age in (*(age for age, _ in BUCKETS), OLDEST)}
    for balance in balances:
        age = age_of(balance.service_on or as_of, as_of)
        insurance = balance.money.insurance_open_cents
        patient = Cents(balance.money.patient_open_cents + balance.money.in_transit_cents)
        if insurance or patient:
            buckets[age] = buckets[age].with_open(insurance, patient)
    return list(buckets.values())


def age_of(service_on: date, as_of: date) -> str:
    """Return the bucket of an age."""
    days = (as_of - service_on).days
    return next((name for name, limit in BUCKETS if days <= limit), OLDEST)

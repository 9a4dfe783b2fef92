"""Open amounts by age from service, and the whole of many encounters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from analytics.figures.money import Amounts

BUCKETS: Final = (("0-30", 30), ("31-60", 60), ("61-90", 90), ("91-120", 120))
OLDEST: Final = "120+"
"""Ages in days from service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What one encounter owes and is owed, on a day."""

    encounter_id: UUID
    clinic_id: UUID
    service_on: date | None
    money: Amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """What is open at one age, in cents; credits stand apart and are never netted."""

    age: str
    encounters: int = 0
    insurance_cents: int = 0
    patient_cents: int = 0
    insurance_credit_cents: int = 0
    patient_credit_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientCash:
    """What patients paid: received = applied to encounters (refunded since or not) + unapplied."""

    received_cents: int
    applied_cents: int
    unapplied_cents: int


def total(all_balances: Iterable[Balance]) -> Amounts:
    """Add up encounters."""
    whole = Amounts()
    for one in all_balances:
        whole = whole.plus(one.money)
    return whole


def aged(all_balances: Iterable[Balance], as_of: date) -> list[Bucket]:
    """Sort what is open by its age from service; what is in transit counts with the patient's part."""
    sums: dict[str, list[int]] = {age: [0, 0, 0, 0, 0] for age in (*(name for name, _ in BUCKETS), OLDEST)}
    for one in all_balances:
        insurance = one.money.insurance_open_cents
        patient = one.money.patient_open_cents + one.money.in_transit_cents
        if insurance or patient:
            parts = (1, max(insurance, 0), max(patient, 0), max(-insurance, 0), max(-patient, 0))
            bucket = sums[age_of(one.service_on or as_of, as_of)]
            bucket[:] = [before + part for before, part in zip(bucket, parts, strict=True)]
    return [
        Bucket(
            age=age,
            encounters=parts[0],
            insurance_cents=parts[1],
            patient_cents=parts[2],
            insurance_credit_cents=parts[3],
            patient_credit_cents=parts[4],
        )
        for age, parts in sums.items()
    ]


def age_of(service_on: date, as_of: date) -> str:
    """Return the bucket of an age."""
    days = (as_of - service_on).days
    return next((name for name, limit in BUCKETS if days <= limit), OLDEST)

"""Who is who, as far as a claim has to name them: clinic, payee, provider, payer, enrollment."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from revcycle_kit.values import Value

NEVER_BILLS_PATIENTS = frozenset({"medicaid", "workers_compensation"})
"""Payers whose patients owe nothing afterwards (42 CFR 447.15; state workers' compensation acts)."""


class Address(Value, kw_only=True):
    """A postal address as X12 N3/N4 carries it."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""


class Clinic(Value, kw_only=True):
    """A place of service, the tenant of its encounters."""

    clinic_id: UUID
    organization_id: UUID
    name: str = ""
    time_zone: str = "America/New_York"
    npi: str | None = None
    address: Address = Address()
    billing_entity_ids: tuple[UUID, ...] = ()
    place_of_service: str = "11"


class BillingEntity(Value, kw_only=True):
    """A payee: tax number and billing NPI."""

    billing_entity_id: UUID
    organization_id: UUID
    name: str = ""
    tin: str = ""
    npi: str = ""
    taxonomy: str | None = None
    address: Address = Address()
    clinic_ids: tuple[UUID, ...] = ()
    contact_phone: str = ""


class Provider(Value, kw_only=True):
    """A clinician."""

    provider_id: UUID
    organization_id: UUID
    npi: str | None = None
    family: str = ""
    given: str = ""
    taxonomy: str | None = None


class Payer(Value, kw_only=True):
    """Who is asked to pay, and by when."""

    payer_id: UUID
    organization_id: UUID
    name: str = ""
    payer_code: str = ""
    kind: str = "other"
    filing_indicator: str = "CI"
    timely_filing_days: int = 365
    secondary_filing_days: int = 365
    contracted: bool = True
    authorization_codes: tuple[str, ...] = ()

    @property
    def bills_patients(self) -> bool:
        """False: what this payer leaves open is never the patient's."""
        return self.kind not in NEVER_BILLS_PATIENTS


class Enrollment(Value, kw_only=True):
    """A provider or a payee is enrolled with a payer, from a day on."""

    payer_id: UUID
    billing_entity_id: UUID
    provider_id: UUID | None = None
    transaction: str = "837"
    effective_on: date
    ends_on: date | None = None

    def covers(self, on: date) -> bool:
        """Say whether the enrollment holds on that day."""
        return self.effective_on <= on and (self.ends_on is None or on <= self.ends_on)


def enrolled(
    enrollments: Iterable[Enrollment], payee: UUID, provider_id: UUID | None, transaction: str, on: date
) -> bool | None:
    """
    Say whether an enrollment holds on a day; None where nobody ever entered one.

    Unknown is not refused: a directory without enrollments holds no claim.
    """
    known = [
        enrollment
        for enrollment in enrollments
        if (enrollment.billing_entity_id, enrollment.provider_id, enrollment.transaction)
        == (payee, provider_id, transaction)
    ]
    if not known:
        return None
    return any(enrollment.covers(on) for enrollment in known)

"""What the directory says of payers, payees and clinics, as far as deadlines and letters need it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerTerms:
    """A payer, and the days that its contract gives."""

    payer_id: UUID
    organization_id: UUID
    name: str
    payer_code: str
    kind: str
    appeal_days: int
    """Days of the contract, counted from the decision."""
    timely_filing_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """A billing entity: in its name letters are written."""

    billing_entity_id: UUID
    name: str
    tin: str
    npi: str
    address: tuple[str, ...]
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """A clinic: its time zone decides which day it is."""

    clinic_id: UUID
    name: str
    time_zone: str

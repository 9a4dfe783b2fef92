"""What the directory says of payers, payees and clinics, as far as deadlines and letters need it."""

from uuid import UUID

from revcycle_kit.values import Value


class PayerTerms(Value, kw_only=True):
    """A payer, and the days that its contract gives."""

    payer_id: UUID
    organization_id: UUID
    name: str
    payer_code: str
    kind: str
    appeal_days: int
    """Days of the contract, counted from the decision."""
    timely_filing_days: int


class Payee(Value, kw_only=True):
    """A billing entity: in its name letters are written."""

    billing_entity_id: UUID
    name: str
    tin: str
    npi: str
    address: tuple[str, ...]
    phone: str


class Clinic(Value, kw_only=True):
    """A clinic: its time zone decides which day it is."""

    clinic_id: UUID
    name: str
    time_zone: str

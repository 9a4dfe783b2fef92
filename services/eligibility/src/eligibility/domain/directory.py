"""
The directory: places, payees, clinicians, payers, and who is enrolled with whom.

What a message names before anybody entered it becomes a provisional entry, so that nothing is lost.
"""

import re
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from eligibility.domain import identifiers
from eligibility.domain.facts import CoverageSent, ProviderSent
from eligibility.domain.people import Address
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents
from revcycle_kit.values import Value

PayerKind = Literal[
    "medicare", "medicaid", "medicare_advantage", "commercial", "medigap", "workers_compensation", "auto", "other"
]
Transaction = Literal["credentialing", "837", "835", "270", "276"]

_PAYER_CODE_LENGTH_MAX = 20
_TIMELY_FILING_DAYS: dict[PayerKind, int] = {"medicare": 365, "medicaid": 365, "workers_compensation": 90}
_FILING_INDICATORS: dict[PayerKind, str] = {
    "medicare": "MB",
    "medicaid": "MC",
    "medicare_advantage": "16",
    "commercial": "CI",
    "medigap": "CI",
    "workers_compensation": "WC",
    "auto": "AM",
    "other": "ZZ",
}
_KIND_WORDS: tuple[tuple[str, PayerKind], ...] = (
    (r"\bMEDI-?GAP\b|\bSUPPLEMENT", "medigap"),
    (r"\bMEDICARE ADVANTAGE\b|\bMEDICARE ADV\b|\bADVANTAGE HMO\b", "medicare_advantage"),
    (r"\bMEDICARE\b", "medicare"),
    (r"\bMEDICAID\b|\bDUAL[ _]ELIGIBLE\b|\bMEDI-?CAL\b", "medicaid"),
    (r"\bWORK(ERS|MAN)'?S?\b.*\bCOMP", "workers_compensation"),
    (r"\bAUTO\b|\bNO-?FAULT\b", "auto"),
)


class Entry(Value, kw_only=True):
    """An entry of the directory; `provisional` until somebody completed it."""

    organization_id: UUID
    provisional: bool = False


class Clinic(Entry, kw_only=True):
    """A clinic, the tenant of its encounters; `facility_codes` are the names senders give it in MSH-4."""

    clinic_id: UUID
    name: str
    time_zone: str
    npi: str | None = None
    address: Address = Address()
    billing_entity_ids: tuple[UUID, ...] = ()
    place_of_service: str = "11"
    facility_codes: tuple[str, ...] = ()


class BillingEntity(Entry, kw_only=True):
    """A payee: tax number and billing NPI."""

    billing_entity_id: UUID
    name: str
    tin: str
    npi: str
    taxonomy: str | None = None
    address: Address = Address()
    clinic_ids: tuple[UUID, ...] = ()
    contact_phone: str = ""


class Provider(Entry, kw_only=True):
    """A clinician; `local_ids` are the numbers senders use instead of the NPI."""

    provider_id: UUID
    npi: str | None
    family: str
    given: str = ""
    taxonomy: str | None = None
    clinic_ids: tuple[UUID, ...] = ()
    local_ids: tuple[str, ...] = ()


class Payer(Entry, kw_only=True):
    """A payer; `names` are other names senders give it."""

    payer_id: UUID
    name: str
    payer_code: str
    kind: PayerKind
    filing_indicator: str
    timely_filing_days: int
    secondary_filing_days: int = 365
    appeal_days: int = 180
    contracted: bool = True
    authorization_codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    real_time: bool = True
    """Whether it answers 270 at once through the clearinghouse."""


class Enrollment(Entry, kw_only=True):
    """A provider or a billing entity may deal with a payer, from a day to a day."""

    enrollment_id: UUID
    payer_id: UUID
    billing_entity_id: UUID
    provider_id: UUID | None = None
    transaction: Transaction
    effective_on: date
    ends_on: date | None = None


class Price(Value, kw_only=True):
    """What a service costs at a clinic, and what payers allow for it, for estimates only."""

    code: str
    charge_cents: Cents
    allowed_cents: dict[str, Cents] = msgspec.field(default_factory=dict)
    """By payer id; where a payer is not named, its share is estimated from the charge."""


class PriceList(Entry, kw_only=True):
    """The prices estimates are made from; `self_pay_discount_basis_points` 4000 is 40 %."""

    clinic_id: UUID
    prices: tuple[Price, ...] = ()
    self_pay_discount_basis_points: int = 0

    def price_of(self, code: str) -> Price | None:
        return next((price for price in self.prices if price.code == code), None)


def enrollment_id(entry: Enrollment) -> UUID:
    """Return the id of an enrollment: one per payer, payee, provider and transaction."""
    return derived_id(
        "enrollment", str(entry.payer_id), str(entry.billing_entity_id), str(entry.provider_id), entry.transaction
    )


def find_payer(payers: list[Payer], sent: CoverageSent) -> Payer | None:
    """Find the payer a coverage means: by its code, else by one of its names."""
    code, name = sent.payer_code.upper(), plain_name(sent.payer_name)
    by_code = next((payer for payer in payers if code and payer.payer_code.upper() == code), None)
    if by_code or not name:
        return by_code
    return next(
        (payer for payer in payers if name in {plain_name(other_name) for other_name in (payer.name, *payer.names)}),
        None,
    )


def provisional_payer(organization_id: UUID, sent: CoverageSent) -> Payer:
    """Make the entry for a payer nobody entered: its kind is read from its name, to be confirmed by a person."""
    code = (sent.payer_code or plain_name(sent.payer_name).replace(" ", ""))[:_PAYER_CODE_LENGTH_MAX] or "UNKNOWN"
    kind = payer_kind(f"{sent.payer_name} {sent.plan_type}")
    return Payer(
        organization_id=organization_id,
        provisional=True,
        payer_id=identifiers.payer(organization_id, code),
        name=sent.payer_name or code,
        payer_code=code.upper(),
        kind=kind,
        filing_indicator=_FILING_INDICATORS[kind],
        timely_filing_days=_TIMELY_FILING_DAYS.get(kind, 180),
        contracted=kind not in {"other", "auto"},
    )


def payer_kind(name: str) -> PayerKind:
    """Read the kind of a payer from its name; commercial where the name says nothing."""
    upper = name.upper()
    return next((kind for pattern, kind in _KIND_WORDS if re.search(pattern, upper)), "commercial")


def provisional_provider(organization_id: UUID, sent: ProviderSent) -> Provider:
    """Make the entry for a clinician nobody entered."""
    number = sent.npi or sent.local_id or f"{sent.family}^{sent.given}"
    return Provider(
        organization_id=organization_id,
        provisional=True,
        provider_id=identifiers.provider(organization_id, number),
        npi=sent.npi,
        family=sent.family,
        given=sent.given,
        local_ids=(sent.local_id,) if sent.local_id else (),
    )


def find_provider(providers: list[Provider], sent: ProviderSent) -> Provider | None:
    """Find the clinician a message means: by NPI, else by the sender's number, else by name."""
    for provider in providers:
        if sent.npi and provider.npi == sent.npi:
            return provider
        if sent.local_id and sent.local_id in provider.local_ids:
            return provider
    if sent.npi or sent.local_id:
        return None
    name = (sent.family.upper(), sent.given.upper())
    return next((provider for provider in providers if (provider.family.upper(), provider.given.upper()) == name), None)


def plain_name(name: str) -> str:
    """Return a name for comparison: upper case, letters and digits, single spaces."""
    return " ".join(re.sub(r"[^A-Z0-9 ]", " ", name.upper()).split())

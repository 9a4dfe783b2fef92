"""What claims keeps beside the domain's own values: what rests sealed, what is kept together, and rows."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from claims.domain.directory import Enrollment
from claims.domain.encounters import CodingState, Encounter
from claims.domain.ledger import Entry
from claims.domain.pricing import PriceList
from revcycle_kit.events import UNSEALED
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents
from revcycle_kit.sealing import Sealed
from revcycle_kit.values import Value, replace

SEALED_AS = "claims.encounter"
"""The purpose under which an encounter's identity rests sealed."""


SEALED_FILE = "claims.interchange"
"""The purpose under which a file rests sealed."""


class EncounterFile(Value, kw_only=True):
    """An encounter with its sealed identity, as it rests."""

    encounter: Encounter
    identity: Sealed = UNSEALED

    @property
    def encounter_id(self) -> UUID:
        """The encounter's id, which is its stream's."""
        return self.encounter.encounter_id

    @property
    def coding(self) -> CodingState:
        """Whether it stands in the coding worklist."""
        return self.encounter.coding

    @property
    def service_on(self) -> date:
        """The first day of service."""
        return self.encounter.service_on

    @property
    def billing_entity_id(self) -> UUID:
        """The payee."""
        return self.encounter.billing_entity_id


class InterchangeState(StrEnum):
    """What became of a file."""

    ACCEPTED = "accepted"
    HELD = "held"
    """The same number came before with other content."""
    REFUSED = "refused"


class Interchange(Value, kw_only=True):
    """A file as received: sealed, once."""

    file_id: UUID
    organization_id: UUID
    sender: str
    control_number: str = ""
    sha256: str
    state: InterchangeState
    reason: str = ""
    size_bytes: int
    received_at: datetime
    sets: tuple[str, ...] = ()
    content: Sealed = UNSEALED


class RawInterchange(Value, kw_only=True):
    """The bytes of a file, to be sealed."""

    content: bytes


class PayerEnrollments(Value, kw_only=True):
    """Everybody of one payee who is enrolled with one payer."""

    payer_id: UUID
    billing_entity_id: UUID
    organization_id: UUID
    rows: tuple[Enrollment, ...] = ()

    @property
    def enrollments_id(self) -> UUID:
        """The key: payer and payee."""
        return enrollments_id(self.payer_id, self.billing_entity_id)

    def with_row(self, row: Enrollment) -> "PayerEnrollments":
        """Add an enrollment, or replace the one that began on the same day."""
        same = (row.provider_id, row.transaction, row.effective_on)
        kept = (row for row in self.rows if (row.provider_id, row.transaction, row.effective_on) != same)
        return replace(self, rows=(*kept, row))


class BillingPrices(Value, kw_only=True):
    """The chargemaster and the contracts of one payee."""

    billing_entity_id: UUID
    organization_id: UUID
    prices: PriceList = PriceList()


class LedgerRow(Value, kw_only=True):
    """One entry of an encounter's ledger."""

    entry_id: UUID
    debit: str
    credit: str
    amount_cents: Cents
    claim_id: UUID | None = None
    payer_id: UUID | None = None
    carc: str | None = None
    service_on: date
    posted_on: date
    deposited_on: date | None = None

    @classmethod
    def of(cls, entry: Entry, entry_id: UUID) -> "LedgerRow":
        """Return the row of an entry."""
        return cls(
            entry_id=entry_id,
            debit=entry.debit,
            credit=entry.credit,
            amount_cents=entry.amount_cents,
            claim_id=entry.claim_id,
            payer_id=entry.payer_id,
            carc=entry.carc,
            service_on=entry.service_on,
            posted_on=entry.posted_on,
            deposited_on=entry.deposited_on,
        )


class AddressRow(Value, kw_only=True):
    """Where the claim of a patient control number is found."""

    address_id: UUID
    patient_control_number: str
    clinic_id: UUID
    encounter_id: UUID


def enrollments_id(payer_id: UUID, billing_entity_id: UUID) -> UUID:
    """Return the key under which a payee's enrollments with a payer are kept."""
    return derived_id("enrollments", str(payer_id), str(billing_entity_id))

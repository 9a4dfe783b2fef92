"""
What analytics keeps: the story as rows, an encounter and a claim in brief, postings, cash, and what was alerted.

All of it can be made again from the events; none of it names a person.
"""

from datetime import date, datetime
from operator import attrgetter
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Index, MetaData, SmallInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from analytics.figures.claims import Claim
from analytics.figures.encounters import Encounter
from analytics.figures.money import FIELDS, Amounts, Cash
from revcycle_kit.delivery.schema import delivery_tables
from revcycle_kit.delivery.stores import Documents, Rows, document_table, row_table
from revcycle_kit.delivery.work import Work
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value

metadata: Final = MetaData()
delivery_tables(metadata)

event_table: Final = row_table(
    "event",
    metadata,
    "tenant_id",
    Column("stream_kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("step", BigInteger, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("detail", JSONB, nullable=False),
)
mention_table: Final = row_table(
    "mention",
    metadata,
    "tenant_id",
    Column("event_id", Uuid, nullable=False),
    Column("encounter_id", Uuid, nullable=False),
)
Index("mention_by_encounter", mention_table.c.encounter_id)
posting_table: Final = row_table(
    "posting",
    metadata,
    "clinic_id",
    Column("source", Text, nullable=False),
    Column("posted_on", Date, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in FIELDS),
)
cash_table: Final = row_table(
    "cash",
    metadata,
    "billing_entity_id",
    Column("posted_on", Date, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in Cash.__struct_fields__),
)
encounter_table: Final = document_table(
    "encounter",
    metadata,
    "clinic_id",
    Column("state", Text, nullable=False),
    Column("service_on", Date),
    Column("payer_id", Uuid),
    Column("provider_id", Uuid),
    Column("billing_entity_id", Uuid),
    Column("next_due_at", DateTime(timezone=True)),
)
claim_table: Final = document_table(
    "claim",
    metadata,
    "clinic_id",
    Column("payer_id", Uuid),
    Column("provider_id", Uuid),
    Column("counted", Boolean, nullable=False),
    Column("resubmission", Boolean, nullable=False),
    Column("touched", Boolean, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("rejected_before", Boolean, nullable=False),
    Column("first_edited_on", Date),
    Column("submitted_on", Date),
    Column("answered_on", Date),
    Column("accepted_on", Date),
    Column("rejected_on", Date),
    Column("decided_on", Date),
    Column("not_found_on", Date),
    Column("paid_reported_on", Date),
    Column("first_outcome", Text),
    Column("rank", SmallInteger, nullable=False),
    Column("charge_cents", BigInteger, nullable=False),
    Column("denied_charge_cents", BigInteger, nullable=False),
)
remittance_table: Final = document_table(
    "remittance",
    metadata,
    "billing_entity_id",
    Column("received_on", Date),
    Column("posted_on", Date),
    Column("deposited_on", Date),
    Column("announced_cents", BigInteger),
    Column("deposited_cents", BigInteger),
)
account_table: Final = document_table(
    "account",
    metadata,
    "billing_entity_id",
    Column("received_cents", BigInteger, nullable=False),
)
standing_table: Final = document_table("standing", metadata, "clinic_id")


class RecordedEvent(Value, kw_only=True):
    """One event of the story."""

    event_id: UUID
    stream_kind: str
    source: str
    type: str
    version: int
    step: int
    occurred_at: datetime
    detail: bytes


class Mention(Value, kw_only=True):
    """An event of an account or a remittance names an encounter."""

    mention_id: UUID
    event_id: UUID
    encounter_id: UUID


class Remittance(Value, kw_only=True):
    """What is known of an 835: told by the file, by the postings, by the bank."""

    remittance_id: UUID
    payer_id: UUID | None = None
    trace_number: str = ""
    announced_cents: Cents | None = None
    received_on: date | None = None
    posted_on: date | None = None
    quarantined_cents: Cents = ZERO
    deposited_on: date | None = None
    deposited_cents: Cents | None = None


class Account(Value, kw_only=True):
    """A patient account: where its encounters were, and what was paid in."""

    account_id: UUID
    received_cents: Cents = ZERO
    clinics: dict[str, UUID] = msgspec.field(default_factory=dict)
    """Clinic by encounter."""


class Standing(Value, kw_only=True):
    """Which KPIs of a clinic missed their target when last measured."""

    standing_id: UUID
    missed: tuple[str, ...] = ()
    as_of: date | None = None


class Posting(Amounts, frozen=True, kw_only=True):
    """What one announcement of a ledger meant for its encounter."""

    posting_id: UUID
    source: str
    posted_on: date


class CashPosting(Cash, frozen=True, kw_only=True):
    """What one announcement of the cash ledger meant for its remittance."""

    posting_id: UUID
    posted_on: date


class AnalyticsWork(Work):
    """What one message of analytics may touch."""

    events = Rows(RecordedEvent, event_table, key=attrgetter("event_id"))
    mentions = Rows(Mention, mention_table, key=attrgetter("mention_id"))
    postings = Rows(Posting, posting_table, key=attrgetter("posting_id"))
    cash = Rows(CashPosting, cash_table, key=attrgetter("posting_id"))
    encounters = Documents(Encounter, encounter_table, key=attrgetter("encounter_id"))
    claims = Documents(Claim, claim_table, key=attrgetter("claim_id"))
    remittances = Documents(Remittance, remittance_table, key=attrgetter("remittance_id"))
    accounts = Documents(Account, account_table, key=attrgetter("account_id"))
    standings = Documents(Standing, standing_table, key=attrgetter("standing_id"))

    def encounter(self, encounter_id: UUID) -> Encounter:
        """Return the encounter as known so far; unknown ones begin empty."""
        return self.encounters.find(encounter_id) or Encounter(encounter_id=encounter_id)

    def claim(self, claim_id: UUID) -> Claim:
        """Return the claim as known so far; unknown ones begin empty."""
        return self.claims.find(claim_id) or Claim(claim_id=claim_id, encounter_id=self.stream.id)

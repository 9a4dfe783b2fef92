"""Tables and stores of patient billing: encounters and accounts as documents, the ledger and statements as rows."""

from datetime import date, datetime
from operator import attrgetter
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Index, Integer, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.encounter import BilledEncounter
from patient_billing.domain.policy import BillingPolicy
from revcycle_kit.delivery.schema import delivery_tables
from revcycle_kit.delivery.stores import Documents, References, Rows, document_table, reference_table, row_table
from revcycle_kit.delivery.work import Work
from revcycle_kit.money import Cents
from revcycle_kit.values import Value

metadata: Final = MetaData()
delivery_tables(metadata)


class LedgerRow(Value):
    """One entry of an encounter's patient ledger."""

    entry_id: UUID
    debit: str
    credit: str
    amount_cents: Cents
    service_on: date
    posted_on: date


class StatementRow(Value):
    """A statement as it was issued; `body` is the whole, as JSON."""

    statement_id: UUID
    number: int
    balance_cents: Cents
    issued_on: date
    due_by: date
    body: bytes


class DeliveryRow(Value):
    """A letter that the mail partner took."""

    delivery_id: UUID
    kind: str
    subject_id: UUID
    delivered_at: datetime


class ClosedMonths(Value):
    """Through which day a billing entity's patient ledger is closed."""

    billing_entity_id: UUID
    through: date


class Clinic(Value):
    """A place of care, as the directory says."""

    clinic_id: UUID
    organization_id: UUID
    name: str
    time_zone: str


class BillingEntity(Value):
    """A payee, as the directory says."""

    billing_entity_id: UUID
    organization_id: UUID
    name: str
    address: tuple[str, ...] = ()
    phone: str = ""


class EntityRules(Value):
    """The decisions of a billing entity: its policies by day, and through which day its ledger is closed."""

    billing_entity_id: UUID
    policies: tuple[BillingPolicy, ...] = ()
    closed_through: date | None = None


encounter_table: Final = document_table(
    "encounter",
    metadata,
    "clinic_id",
    Column("billing_entity_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("service_on", Date, nullable=False),
    Column("open_cents", BigInteger, nullable=False),
)
Index("encounter_by_account", encounter_table.c.clinic_id, encounter_table.c.account_id)
account_table: Final = document_table(
    "account",
    metadata,
    "billing_entity_id",
    Column("guarantor_id", Uuid, nullable=False),
    Column("due_cents", BigInteger, nullable=False),
    Column("credit_cents", BigInteger, nullable=False),
    Column("unapplied_cents", BigInteger, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("wakes_on", Date),
)
period_table: Final = document_table("period", metadata, "billing_entity_id", Column("through", Date, nullable=False))
ledger_table: Final = row_table(
    "ledger_entry",
    metadata,
    "clinic_id",
    Column("debit", Text, nullable=False),
    Column("credit", Text, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("service_on", Date, nullable=False),
    Column("posted_on", Date, nullable=False),
)
statement_table: Final = row_table(
    "statement",
    metadata,
    "billing_entity_id",
    Column("number", Integer, nullable=False),
    Column("balance_cents", BigInteger, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("due_by", Date, nullable=False),
    Column("body", JSONB, nullable=False),
)
delivery_table: Final = row_table(
    "delivery",
    metadata,
    "billing_entity_id",
    Column("kind", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("delivered_at", DateTime(timezone=True), nullable=False),
)
clinic_table: Final = reference_table("clinic", metadata)
billing_entity_table: Final = reference_table("billing_entity", metadata)
rules_table: Final = reference_table("entity_rules", metadata)


class BillingWork(Work):
    """The stores that one message may touch."""

    encounters = Documents(BilledEncounter, encounter_table, key=attrgetter("encounter_id"))
    accounts = Documents(PatientAccount, account_table, key=attrgetter("account_id"))
    periods = Documents(ClosedMonths, period_table, key=attrgetter("billing_entity_id"))
    ledger = Rows(LedgerRow, ledger_table, key=attrgetter("entry_id"))
    statements = Rows(StatementRow, statement_table, key=attrgetter("statement_id"))
    deliveries = Rows(DeliveryRow, delivery_table, key=attrgetter("delivery_id"))
    clinics = References(Clinic, clinic_table, key=attrgetter("clinic_id"))
    billing_entities = References(BillingEntity, billing_entity_table, key=attrgetter("billing_entity_id"))
    rules = References(EntityRules, rules_table, key=attrgetter("billing_entity_id"))

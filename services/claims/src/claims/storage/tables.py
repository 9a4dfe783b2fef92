"""The tables of claims: each with its tenant, its stream and the columns that are searched."""

from sqlalchemy import BigInteger, Column, Date, DateTime, Index, Integer, MetaData, Table, Text, Uuid

from revcycle_kit.delivery.schema import delivery_tables
from revcycle_kit.delivery.stores import document_table, reference_table, row_table


def _index(name: str, table: Table, *columns: str) -> None:
    Index(name, *(table.c[column] for column in columns))


metadata = MetaData()
delivery_tables(metadata)

encounter_table = document_table(
    "encounter",
    metadata,
    "clinic_id",
    Column("coding", Text, nullable=False),
    Column("service_on", Date, nullable=False),
    Column("billing_entity_id", Uuid, nullable=False),
    stream="encounter",
)
Index(
    "encounter_by_coding",
    encounter_table.c.clinic_id,
    encounter_table.c.coding,
    encounter_table.c.service_on,
    encounter_table.c.id,
)
claim_table = document_table(
    "claim",
    metadata,
    "clinic_id",
    Column("state", Text, nullable=False),
    Column("hold_owner", Text),
    Column("payer_id", Uuid, nullable=False),
    Column("billing_entity_id", Uuid, nullable=False),
    Column("patient_id", Uuid, nullable=False),
    Column("patient_control_number", Text, nullable=False),
    Column("payer_claim_control_number", Text),
    Column("charge_cents", BigInteger, nullable=False),
    Column("service_on", Date, nullable=False),
    Column("timely_filing_by", Date),
    stream="encounter",
)
_index("claim_by_state", claim_table, "clinic_id", "state", "service_on", "id")
_index("claim_by_patient", claim_table, "clinic_id", "patient_id", "service_on")
_index("claim_by_payer_number", claim_table, "clinic_id", "payer_claim_control_number")
ledger_table = row_table(
    "ledger_entry",
    metadata,
    "clinic_id",
    Column("debit", Text, nullable=False),
    Column("credit", Text, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("claim_id", Uuid),
    Column("payer_id", Uuid),
    Column("carc", Text),
    Column("service_on", Date, nullable=False),
    Column("posted_on", Date, nullable=False),
    Column("deposited_on", Date),
)
cash_table = row_table(
    "cash_entry",
    metadata,
    "billing_entity_id",
    Column("debit", Text, nullable=False),
    Column("credit", Text, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("payer_id", Uuid),
    Column("carc", Text),
    Column("service_on", Date, nullable=False),
    Column("posted_on", Date, nullable=False),
    Column("deposited_on", Date),
)
address_table = row_table(
    "claim_address",
    metadata,
    "billing_entity_id",
    Column("patient_control_number", Text, nullable=False),
    Column("clinic_id", Uuid, nullable=False),
    Column("encounter_id", Uuid, nullable=False),
)
_index("claim_address_by_number", address_table, "billing_entity_id", "patient_control_number")
submission_table = document_table("submission", metadata, "billing_entity_id")
batch_table = document_table(
    "batch",
    metadata,
    "billing_entity_id",
    Column("state", Text, nullable=False),
    Column("control_number", BigInteger, nullable=False),
)
remittance_table = document_table(
    "remittance",
    metadata,
    "billing_entity_id",
    Column("state", Text, nullable=False),
    Column("trace_number", Text, nullable=False),
    Column("payer_id", Uuid),
    Column("payment_cents", BigInteger, nullable=False),
    Column("unapplied_cents", BigInteger, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
)
Index(
    "remittance_by_arrival", remittance_table.c.billing_entity_id, remittance_table.c.received_at, remittance_table.c.id
)
deposit_table = document_table(
    "deposit",
    metadata,
    "billing_entity_id",
    Column("remittance_id", Uuid),
    Column("amount_cents", BigInteger, nullable=False),
    Column("deposited_on", Date, nullable=False),
)
set_aside_table = document_table(
    "set_aside",
    metadata,
    "billing_entity_id",
    Column("state", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("patient_control_number", Text, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    stream="remittance",
)
Index(
    "set_aside_by_state",
    set_aside_table.c.billing_entity_id,
    set_aside_table.c.state,
    set_aside_table.c.since,
    set_aside_table.c.id,
)
interchange_table = document_table(
    "interchange",
    metadata,
    "organization_id",
    Column("sender", Text, nullable=False),
    Column("control_number", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
)
Index(
    "interchange_by_arrival",
    interchange_table.c.organization_id,
    interchange_table.c.received_at,
    interchange_table.c.id,
)
clinic_table = reference_table("clinic", metadata)
payee_table = reference_table("billing_entity", metadata)
provider_table = reference_table("provider", metadata)
payer_table = reference_table("payer", metadata)
enrollment_table = reference_table("enrollment", metadata)
price_table = reference_table("price_list", metadata)
policy_table = reference_table("billing_policy", metadata)
prevention_table = reference_table("prevention_rule", metadata)

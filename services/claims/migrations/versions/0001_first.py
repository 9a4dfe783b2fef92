"""Make what claims keeps, and the tables of delivery."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from claims.storage import metadata
from revcycle_kit.database.security import secure
from revcycle_kit.delivery.migrations import create_tables

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _append_only(table: str) -> str:
    """Return a statement that leaves the service's roles nothing but to read and to add."""
    return f"""
    DO $$ DECLARE one text; BEGIN
        FOREACH one IN ARRAY ARRAY['_worker', '_api'] LOOP
            EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM %I',
                           regexp_replace(current_user, '_owner$', one));
        END LOOP;
    END $$
    """


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("billing_entity_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("control_number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("billing_entity_id", "id", name="batch_pkey"),
        info={"tenant": "billing_entity_id"},
    )
    op.create_index("batch_by_stream", "batch", ["billing_entity_id", "stream_id"], unique=False)
    op.create_table(
        "billing_entity",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="billing_entity_pkey"),
        info={"tenant": "organization_id"},
    )
    op.create_table(
        "billing_policy",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="billing_policy_pkey"),
        info={"tenant": "organization_id"},
    )
    op.create_table(
        "cash_entry",
        sa.Column("billing_entity_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("debit", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("payer_id", sa.Uuid(), nullable=True),
        sa.Column("carc", sa.Text(), nullable=True),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("deposited_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("billing_entity_id", "id", name="cash_entry_pkey"),
        info={"tenant": "billing_entity_id"},
    )
    op.create_index("cash_entry_by_stream", "cash_entry", ["billing_entity_id", "stream_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("hold_owner", sa.Text(), nullable=True),
        sa.Column("payer_id", sa.Uuid(), nullable=False),
        sa.Column("billing_entity_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("patient_control_number", sa.Text(), nullable=False),
        sa.Column("payer_claim_control_number", sa.Text(), nullable=True),
        sa.Column("charge_cents", sa.BigInteger(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("timely_filing_by", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="claim_pkey"),
        info={"tenant": "clinic_id"},
    )
    op.create_index("claim_by_patient", "claim", ["clinic_id", "patient_id", "service_on"], unique=False)
    op.create_index("claim_by_payer_number", "claim", ["clinic_id", "payer_claim_control_number"], unique=False)
    op.create_index("claim_by_state", "claim", ["clinic_id", "state", "service_on", "id"], unique=False)
    op.create_index("claim_by_stream", "claim", ["clinic_id", "stream_id"], unique=False)
    op.create_table(
        "claim_address",
        sa.Column("billing_entity_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_control_number", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("billing_entity_id", "id", name="claim_address_pkey"),
        info={"tenant": "billing_entity_id"},
    )
    op.create_index(
        "claim_address_by_number", "claim_address", ["billing_entity_id", "patient_control_number"], unique=False
    )
    op.create_index("claim_address_by_stream", "claim_address", ["billing_entity_id", "stream_id"], unique=False)
    op.create_table(
        "clinic",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="clinic_pkey"),
        info={"tenant": "organization_id"},
    )
    op.create_table(
        "deposit",
        sa.Column("billing_entity_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("remittance_id", sa.Uuid(), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("deposited_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("billing_entity_id", "id", name="deposit_pkey"),
        info={"tenant": "billing_entity_id"},
    )
    op.create_index("deposit_by_stream", "deposit", ["billing_entity_id", "stream_id"], unique=False)
    op.create_table(
        "encounter",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("coding", sa.Text(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("billing_entity_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="encounter_pkey"),
        info={"tenant": "clinic_id"},
    )
    op.create_index("encounter_by_coding", "encounter", ["clinic_id", "coding", "service_on", "id"], unique=False)
    op.create_index("encounter_by_stream", "encounter", ["clinic_id", "stream_id"], unique=False)
    op.create_table(
        "enrollment",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="enrollment_pkey"),
        info={"tenant": "organization_id"},
    )
    op.create_table(
        "interchange",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("control_number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="interchange_pkey"),
        info={"tenant": "organization_id"},
    )
    op.create_index("interchange_by_arrival", "interchange", ["organization_id", "received_at", "id"], unique=False)
    op.create_index("interchange_by_stream", "interchange", ["organization_id", "stream_id"], unique=False)
    op.create_table(
        "ledger_entry",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("debit", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("payer_id", sa.Uuid(), nullable=True),
        sa.Column("carc", sa.Text(), nullable=True),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("deposited_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="ledger_entry_pkey"),
        info={"tenant": "clinic_id"},
    )
    op.create_index("ledger_entry_by_stream", "ledger_entry", ["clinic_id", "stream_id"], unique=False)
    op.create_table(
        "payer",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="payer_pkey"),
        info={"tenant": "organization_id"},
    )
    op.create_table(
        "prevention_rule",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="prevention_rule_pkey"),
        info={"tenant": "organization_id"},
    )
    op.create_table(
        "price_list",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="price_list_pkey"),
        info={"tenant": "organization_id"},
    )
    op.create_table(
        "provider",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="provider_pkey"),
        info={"tenant": "organization_id"},
    )
    op.create_table(
        "remittance",
        sa.Column("billing_entity_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("trace_number", sa.Text(), nullable=False),
        sa.Column("payer_id", sa.Uuid(), nullable=True),
        sa.Column("payment_cents", sa.BigInteger(), nullable=False),
        sa.Column("unapplied_cents", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("billing_entity_id", "id", name="remittance_pkey"),
        info={"tenant": "billing_entity_id"},
    )
    op.create_index("remittance_by_arrival", "remittance", ["billing_entity_id", "received_at", "id"], unique=False)
    op.create_index("remittance_by_stream", "remittance", ["billing_entity_id", "stream_id"], unique=False)
    op.create_table(
        "set_aside",
        sa.Column("billing_entity_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("patient_control_number", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("billing_entity_id", "id", name="set_aside_pkey"),
        info={"tenant": "billing_entity_id"},
    )
    op.create_index("set_aside_by_state", "set_aside", ["billing_entity_id", "state", "since", "id"], unique=False)
    op.create_index("set_aside_by_stream", "set_aside", ["billing_entity_id", "stream_id"], unique=False)
    op.create_table(
        "submission",
        sa.Column("billing_entity_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("billing_entity_id", "id", name="submission_pkey"),
        info={"tenant": "billing_entity_id"},
    )
    op.create_index("submission_by_stream", "submission", ["billing_entity_id", "stream_id"], unique=False)
    create_tables(op)
    secure(op, metadata)
    for table in ("ledger_entry", "cash_entry"):
        op.execute(_append_only(table))


def downgrade() -> None:
    raise NotImplementedError("what was received is never dropped: restore a backup instead")

"""The first tables: encounters, accounts, ledger, statements, the directory, and the kit's own."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from patient_billing.storage import metadata
from revcycle_kit.database.security import secure
from revcycle_kit.delivery.migrations import create_tables

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

APPEND_ONLY = """
DO $$
DECLARE
    sibling text;
BEGIN
    FOREACH sibling IN ARRAY ARRAY['_worker', '_api'] LOOP
        EXECUTE format(
            'REVOKE UPDATE, DELETE, TRUNCATE ON ledger_entry, statement, delivery FROM %I',
            regexp_replace(current_user, '_owner$', sibling)
        );
    END LOOP;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("billing_entity_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("guarantor_id", sa.Uuid(), nullable=False),
        sa.Column("due_cents", sa.BigInteger(), nullable=False),
        sa.Column("credit_cents", sa.BigInteger(), nullable=False),
        sa.Column("unapplied_cents", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("wakes_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("billing_entity_id", "id", name="account_pkey"),
        info={"tenant": "billing_entity_id"},
    )
    op.create_index("account_by_stream", "account", ["billing_entity_id", "stream_id"], unique=False)
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
        "clinic",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="clinic_pkey"),
        info={"tenant": "organization_id"},
    )
    op.create_table(
        "delivery",
        sa.Column("billing_entity_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("billing_entity_id", "id", name="delivery_pkey"),
        info={"tenant": "billing_entity_id"},
    )
    op.create_index("delivery_by_stream", "delivery", ["billing_entity_id", "stream_id"], unique=False)
    op.create_table(
        "encounter",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("billing_entity_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("open_cents", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="encounter_pkey"),
        info={"tenant": "clinic_id"},
    )
    op.create_index("encounter_by_account", "encounter", ["clinic_id", "account_id"], unique=False)
    op.create_index("encounter_by_stream", "encounter", ["clinic_id", "stream_id"], unique=False)
    op.create_table(
        "entity_rules",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="entity_rules_pkey"),
        info={"tenant": "organization_id"},
    )
    op.create_table(
        "ledger_entry",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("debit", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="ledger_entry_pkey"),
        info={"tenant": "clinic_id"},
    )
    op.create_index("ledger_entry_by_stream", "ledger_entry", ["clinic_id", "stream_id"], unique=False)
    op.create_table(
        "period",
        sa.Column("billing_entity_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("through", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("billing_entity_id", "id", name="period_pkey"),
        info={"tenant": "billing_entity_id"},
    )
    op.create_index("period_by_stream", "period", ["billing_entity_id", "stream_id"], unique=False)
    op.create_table(
        "statement",
        sa.Column("billing_entity_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("balance_cents", sa.BigInteger(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_by", sa.Date(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("billing_entity_id", "id", name="statement_pkey"),
        info={"tenant": "billing_entity_id"},
    )
    op.create_index("statement_by_stream", "statement", ["billing_entity_id", "stream_id"], unique=False)
    create_tables(op)
    secure(op, metadata)
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    raise NotImplementedError("what was received is never dropped: restore a backup instead")

"""The first tables: encounters, accounts, ledger, statements, the directory, and the kit's own."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from patient_billing.storage import metadata
from revcycle_kit.database.security import secure

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
        "command",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "subject", "key", name="command_pkey"),
    )
    op.create_table(
        "cursor",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "source", "stream_id", name="cursor_pkey"),
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
        "held",
        sa.Column("held_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True, cache=1), nullable=False),
        sa.Column("tenant_kind", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("stream_kind", sa.Text(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("held_id"),
        sa.UniqueConstraint("tenant_id", "stream_id", "source", "message_id", name="held_message"),
    )
    op.create_index("held_by_state", "held", ["state", "since"], unique=False)
    op.create_index("held_by_stream", "held", ["tenant_id", "stream_id", "seq"], unique=False)
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
        "outbox",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True, cache=1), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("stream_id", "version", name="outbox_stream_version"),
    )
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
        "position",
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), nullable=False),
        sa.Column("log_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reader", "topic", "partition", name="position_pkey"),
    )
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
    op.create_table(
        "stream",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("step", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("held", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "stream_id", name="stream_pkey"),
    )
    op.create_table(
        "task",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True, cache=1), nullable=False),
        sa.Column("tenant_kind", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("stream_kind", sa.Text(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("task_id"),
        sa.UniqueConstraint("tenant_id", "stream_id", "name", "key", name="task_natural_key"),
    )
    op.create_index("task_due", "task", ["due_at", "seq"], unique=False, postgresql_where=sa.text("state = 'ready'"))
    op.create_index(
        "task_effects",
        "task",
        ["state", "due_at", "seq"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending', 'sending')"),
    )
    secure(op, metadata)
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    op.drop_index("task_effects", table_name="task", postgresql_where=sa.text("state IN ('pending', 'sending')"))
    op.drop_index("task_due", table_name="task", postgresql_where=sa.text("state = 'ready'"))
    op.drop_table("task")
    op.drop_table("stream")
    op.drop_index("statement_by_stream", table_name="statement")
    op.drop_table("statement")
    op.drop_table("position")
    op.drop_index("period_by_stream", table_name="period")
    op.drop_table("period")
    op.drop_table("outbox")
    op.drop_index("ledger_entry_by_stream", table_name="ledger_entry")
    op.drop_table("ledger_entry")
    op.drop_index("held_by_stream", table_name="held")
    op.drop_index("held_by_state", table_name="held")
    op.drop_table("held")
    op.drop_table("entity_rules")
    op.drop_index("encounter_by_stream", table_name="encounter")
    op.drop_index("encounter_by_account", table_name="encounter")
    op.drop_table("encounter")
    op.drop_index("delivery_by_stream", table_name="delivery")
    op.drop_table("delivery")
    op.drop_table("cursor")
    op.drop_table("command")
    op.drop_table("clinic")
    op.drop_table("billing_entity")
    op.drop_index("account_by_stream", table_name="account")
    op.drop_table("account")

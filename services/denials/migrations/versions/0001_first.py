"""Make what denials keeps, and the tables of delivery."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from denials.storage import metadata
from revcycle_kit.database.security import secure

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "appeal",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("payer_id", sa.Uuid(), nullable=False),
        sa.Column("decision_due_by", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="appeal_pkey"),
    )
    op.create_index("appeal_by_due", "appeal", ["clinic_id", "state", "decision_due_by"], unique=False)
    op.create_index("appeal_by_stream", "appeal", ["clinic_id", "stream_id"], unique=False)
    op.create_table(
        "billing_entity",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="billing_entity_pkey"),
    )
    op.create_table(
        "claim",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="claim_pkey"),
    )
    op.create_index("claim_by_stream", "claim", ["clinic_id", "stream_id"], unique=False)
    op.create_table(
        "clinic",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="clinic_pkey"),
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
        "denial",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("act_by", sa.Date(), nullable=False),
        sa.Column("expected_recovery_cents", sa.BigInteger(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("payer_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="denial_pkey"),
    )
    op.create_index("denial_by_stream", "denial", ["clinic_id", "stream_id"], unique=False)
    op.create_index("denial_by_work", "denial", ["clinic_id", "state", "act_by"], unique=False)
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
        "letter",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="letter_pkey"),
    )
    op.create_index("letter_by_stream", "letter", ["clinic_id", "stream_id"], unique=False)
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
        "payer",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="payer_pkey"),
    )
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
        "prevention_rule",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("payer_id", sa.Uuid(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="prevention_rule_pkey"),
    )
    op.create_index("prevention_rule_by_stream", "prevention_rule", ["organization_id", "stream_id"], unique=False)
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
    op.create_table(
        "underpayment",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("missing_cents", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="underpayment_pkey"),
    )
    op.create_index("underpayment_by_stream", "underpayment", ["clinic_id", "stream_id"], unique=False)
    secure(op, metadata)


def downgrade() -> None:
    op.drop_index("underpayment_by_stream", table_name="underpayment")
    op.drop_table("underpayment")
    op.drop_index("task_effects", table_name="task", postgresql_where=sa.text("state IN ('pending', 'sending')"))
    op.drop_index("task_due", table_name="task", postgresql_where=sa.text("state = 'ready'"))
    op.drop_table("task")
    op.drop_table("stream")
    op.drop_index("prevention_rule_by_stream", table_name="prevention_rule")
    op.drop_table("prevention_rule")
    op.drop_table("position")
    op.drop_table("payer")
    op.drop_table("outbox")
    op.drop_index("letter_by_stream", table_name="letter")
    op.drop_table("letter")
    op.drop_index("held_by_stream", table_name="held")
    op.drop_index("held_by_state", table_name="held")
    op.drop_table("held")
    op.drop_index("denial_by_work", table_name="denial")
    op.drop_index("denial_by_stream", table_name="denial")
    op.drop_table("denial")
    op.drop_table("cursor")
    op.drop_table("command")
    op.drop_table("clinic")
    op.drop_index("claim_by_stream", table_name="claim")
    op.drop_table("claim")
    op.drop_table("billing_entity")
    op.drop_index("appeal_by_stream", table_name="appeal")
    op.drop_index("appeal_by_due", table_name="appeal")
    op.drop_table("appeal")

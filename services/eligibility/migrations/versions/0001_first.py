"""First tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from eligibility.storage import metadata
from revcycle_kit.database.security import secure

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "authorization_request",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("decision_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="authorization_request_pkey"),
        info={"tenant": "clinic_id"},
    )
    op.create_index("authorization_by_state", "authorization_request", ["clinic_id", "state"], unique=False)
    op.create_index(
        "authorization_request_by_stream", "authorization_request", ["clinic_id", "stream_id"], unique=False
    )
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
        "encounter",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("visit_hash", sa.Text(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("lacks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="encounter_pkey"),
        info={"tenant": "clinic_id"},
    )
    op.create_index("encounter_by_day", "encounter", ["clinic_id", "service_on", "id"], unique=False)
    op.create_index("encounter_by_patient", "encounter", ["clinic_id", "patient_id"], unique=False)
    op.create_index("encounter_by_stream", "encounter", ["clinic_id", "stream_id"], unique=False)
    op.create_index("encounter_by_visit", "encounter", ["clinic_id", "visit_hash"], unique=False)
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
        "inquiry",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="inquiry_pkey"),
        info={"tenant": "clinic_id"},
    )
    op.create_index("inquiry_by_state", "inquiry", ["clinic_id", "state", "asked_at"], unique=False)
    op.create_index("inquiry_by_stream", "inquiry", ["clinic_id", "stream_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="message_pkey"),
        info={"tenant": "clinic_id"},
    )
    op.create_index("message_by_state", "message", ["clinic_id", "state", "received_at"], unique=False)
    op.create_index("message_by_stream", "message", ["clinic_id", "stream_id"], unique=False)
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
        "patient",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("record_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="patient_pkey"),
        info={"tenant": "clinic_id"},
    )
    op.create_index("patient_by_record", "patient", ["clinic_id", "record_hash"], unique=False)
    op.create_index("patient_by_stream", "patient", ["clinic_id", "stream_id"], unique=False)
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
        "position",
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), nullable=False),
        sa.Column("log_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reader", "topic", "partition", name="position_pkey"),
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
        "raw_message",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="raw_message_pkey"),
        info={"tenant": "clinic_id"},
    )
    op.create_index("raw_message_by_message", "raw_message", ["clinic_id", "message_id"], unique=False)
    op.create_index("raw_message_by_stream", "raw_message", ["clinic_id", "stream_id"], unique=False)
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


def downgrade() -> None:
    raise NotImplementedError("what was received is never dropped: restore a backup instead")

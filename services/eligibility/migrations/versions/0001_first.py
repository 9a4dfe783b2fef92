"""First tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from eligibility.storage import metadata
from revcycle_kit.database.security import secure
from revcycle_kit.delivery.migrations import create_tables

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
    create_tables(op)
    secure(op, metadata)


def downgrade() -> None:
    raise NotImplementedError("what was received is never dropped: restore a backup instead")

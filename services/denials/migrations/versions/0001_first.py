"""Make what denials keeps, and the tables of delivery."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from denials.storage import metadata
from revcycle_kit.database.security import secure
from revcycle_kit.delivery.migrations import create_tables

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
        "payer",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="payer_pkey"),
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
        "underpayment",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("missing_cents", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="underpayment_pkey"),
    )
    op.create_index("underpayment_by_stream", "underpayment", ["clinic_id", "stream_id"], unique=False)
    create_tables(op)
    secure(op, metadata)


def downgrade() -> None:
    raise NotImplementedError("what was received is never dropped: restore a backup instead")

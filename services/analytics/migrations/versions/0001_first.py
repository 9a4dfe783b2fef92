"""Make what analytics keeps, and the tables of delivery."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from analytics.storage import metadata
from revcycle_kit.database.security import secure
from revcycle_kit.delivery.migrations import create_tables

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("billing_entity_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("received_cents", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("billing_entity_id", "id", name="account_pkey"),
        info={"tenant": "billing_entity_id"},
    )
    op.create_index("account_by_stream", "account", ["billing_entity_id", "stream_id"], unique=False)
    op.create_table(
        "cash",
        sa.Column("billing_entity_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("deposits_cents", sa.BigInteger(), nullable=False),
        sa.Column("applied_cents", sa.BigInteger(), nullable=False),
        sa.Column("unapplied_cents", sa.BigInteger(), nullable=False),
        sa.Column("recoupment_cents", sa.BigInteger(), nullable=False),
        sa.Column("nonclaim_cents", sa.BigInteger(), nullable=False),
        sa.Column("unknown_cents", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("billing_entity_id", "id", name="cash_pkey"),
        info={"tenant": "billing_entity_id"},
    )
    op.create_index("cash_by_stream", "cash", ["billing_entity_id", "stream_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("payer_id", sa.Uuid(), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("resubmission", sa.Boolean(), nullable=False),
        sa.Column("touched", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("rejected_before", sa.Boolean(), nullable=False),
        sa.Column("first_edited_on", sa.Date(), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("rejected_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("not_found_on", sa.Date(), nullable=True),
        sa.Column("paid_reported_on", sa.Date(), nullable=True),
        sa.Column("first_outcome", sa.Text(), nullable=True),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("charge_cents", sa.BigInteger(), nullable=False),
        sa.Column("denied_charge_cents", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="claim_pkey"),
        info={"tenant": "clinic_id"},
    )
    op.create_index("claim_by_stream", "claim", ["clinic_id", "stream_id"], unique=False)
    op.create_table(
        "encounter",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=True),
        sa.Column("payer_id", sa.Uuid(), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("billing_entity_id", sa.Uuid(), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="encounter_pkey"),
        info={"tenant": "clinic_id"},
    )
    op.create_index("encounter_by_stream", "encounter", ["clinic_id", "stream_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stream_kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="event_pkey"),
        info={"tenant": "tenant_id"},
    )
    op.create_index("event_by_stream", "event", ["tenant_id", "stream_id"], unique=False)
    op.create_table(
        "mention",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="mention_pkey"),
        info={"tenant": "tenant_id"},
    )
    op.create_index("mention_by_encounter", "mention", ["encounter_id"], unique=False)
    op.create_index("mention_by_stream", "mention", ["tenant_id", "stream_id"], unique=False)
    op.create_table(
        "posting",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("charged_cents", sa.BigInteger(), nullable=False),
        sa.Column("insurance_paid_cents", sa.BigInteger(), nullable=False),
        sa.Column("adjusted_cents", sa.BigInteger(), nullable=False),
        sa.Column("patient_paid_cents", sa.BigInteger(), nullable=False),
        sa.Column("written_off_cents", sa.BigInteger(), nullable=False),
        sa.Column("insurance_open_cents", sa.BigInteger(), nullable=False),
        sa.Column("transferred_cents", sa.BigInteger(), nullable=False),
        sa.Column("received_cents", sa.BigInteger(), nullable=False),
        sa.Column("patient_open_cents", sa.BigInteger(), nullable=False),
        sa.Column("refused_loss_cents", sa.BigInteger(), nullable=False),
        sa.Column("bad_debt_cents", sa.BigInteger(), nullable=False),
        sa.Column("charity_cents", sa.BigInteger(), nullable=False),
        sa.Column("capitated_cents", sa.BigInteger(), nullable=False),
        sa.Column("refunded_cents", sa.BigInteger(), nullable=False),
        sa.Column("unknown_cents", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="posting_pkey"),
        info={"tenant": "clinic_id"},
    )
    op.create_index("posting_by_stream", "posting", ["clinic_id", "stream_id"], unique=False)
    op.create_table(
        "remittance",
        sa.Column("billing_entity_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("deposited_on", sa.Date(), nullable=True),
        sa.Column("announced_cents", sa.BigInteger(), nullable=True),
        sa.Column("deposited_cents", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("billing_entity_id", "id", name="remittance_pkey"),
        info={"tenant": "billing_entity_id"},
    )
    op.create_index("remittance_by_stream", "remittance", ["billing_entity_id", "stream_id"], unique=False)
    op.create_table(
        "standing",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="standing_pkey"),
        info={"tenant": "clinic_id"},
    )
    op.create_index("standing_by_stream", "standing", ["clinic_id", "stream_id"], unique=False)
    create_tables(op)
    secure(op, metadata)


def downgrade() -> None:
    raise NotImplementedError("what was received is never dropped: restore a backup instead")

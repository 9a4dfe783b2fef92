"""Make what analytics keeps, and the tables of delivery."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from analytics.storage import metadata
from revcycle_kit.database.security import secure

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
        "heard",
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
        sa.PrimaryKeyConstraint("tenant_id", "id", name="heard_pkey"),
        info={"tenant": "tenant_id"},
    )
    op.create_index("heard_by_stream", "heard", ["tenant_id", "stream_id"], unique=False)
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
        "position",
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), nullable=False),
        sa.Column("log_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reader", "topic", "partition", name="position_pkey"),
    )
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
        sa.Column("told_cents", sa.BigInteger(), nullable=True),
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
    op.drop_index("task_effects", table_name="task", postgresql_where=sa.text("state IN ('pending', 'sending')"))
    op.drop_index("task_due", table_name="task", postgresql_where=sa.text("state = 'ready'"))
    op.drop_table("task")
    op.drop_table("stream")
    op.drop_index("standing_by_stream", table_name="standing")
    op.drop_table("standing")
    op.drop_index("remittance_by_stream", table_name="remittance")
    op.drop_table("remittance")
    op.drop_index("posting_by_stream", table_name="posting")
    op.drop_table("posting")
    op.drop_table("position")
    op.drop_table("outbox")
    op.drop_index("mention_by_stream", table_name="mention")
    op.drop_index("mention_by_encounter", table_name="mention")
    op.drop_table("mention")
    op.drop_index("held_by_stream", table_name="held")
    op.drop_index("held_by_state", table_name="held")
    op.drop_table("held")
    op.drop_index("heard_by_stream", table_name="heard")
    op.drop_table("heard")
    op.drop_index("encounter_by_stream", table_name="encounter")
    op.drop_table("encounter")
    op.drop_table("cursor")
    op.drop_table("command")
    op.drop_index("claim_by_stream", table_name="claim")
    op.drop_table("claim")
    op.drop_index("cash_by_stream", table_name="cash")
    op.drop_table("cash")
    op.drop_index("account_by_stream", table_name="account")
    op.drop_table("account")

"""The kit's own tables, the same in every service's database."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy import PrimaryKeyConstraint as PrimaryKey
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.dialects.postgresql import JSONB

INSTANT = DateTime(timezone=True)
DELIVERY_TABLES = ("stream", "outbox", "cursor", "position", "task", "held", "command")
"""Tables with the worker-wide policy; `position` belongs to no tenant."""


def delivery_tables(metadata: MetaData) -> None:
    """Add the tables of delivery to a service's metadata."""
    _stream(metadata)
    _outbox(metadata)
    _reading(metadata)
    _task(metadata)
    _held(metadata)
    _command(metadata)


def _stream(metadata: MetaData) -> None:
    Table(
        "stream",
        metadata,
        Column("tenant_id", Uuid, nullable=False),
        Column("stream_id", Uuid, nullable=False),
        Column("version", BigInteger, nullable=False, server_default=text("0")),
        Column("step", BigInteger, nullable=False, server_default=text("0")),
        Column("held", Integer, nullable=False, server_default=text("0")),
        PrimaryKey("tenant_id", "stream_id", name="stream_pkey"),
    )


def _outbox(metadata: MetaData) -> None:
    Table(
        "outbox",
        metadata,
        Column("seq", BigInteger, Identity(always=True, cache=1), primary_key=True),
        Column("event_id", Uuid, nullable=False),
        Column("tenant_id", Uuid, nullable=False),
        Column("stream_id", Uuid, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("failure", Text),
        Unique("stream_id", "version", name="outbox_stream_version"),
    )


def _reading(metadata: MetaData) -> None:
    Table(
        "cursor",
        metadata,
        Column("tenant_id", Uuid, nullable=False),
        Column("source", Text, nullable=False),
        Column("stream_id", Uuid, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("event_id", Uuid, nullable=False),
        Column("step", BigInteger, nullable=False),
        PrimaryKey("tenant_id", "source", "stream_id", name="cursor_pkey"),
    )
    Table(
        "position",
        metadata,
        Column("reader", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("next_offset", BigInteger, nullable=False),
        Column("log_id", Text, nullable=False),
        PrimaryKey("reader", "topic", "partition", name="position_pkey"),
    )


def _task(metadata: MetaData) -> None:
    Table(
        "task",
        metadata,
        Column("task_id", Uuid, primary_key=True),
        Column("seq", BigInteger, Identity(always=True, cache=1), nullable=False),
        Column("tenant_kind", Text, nullable=False),
        Column("tenant_id", Uuid, nullable=False),
        Column("stream_kind", Text, nullable=False),
        Column("stream_id", Uuid, nullable=False),
        Column("kind", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("due_at", INSTANT, nullable=False),
        Column("state", Text, nullable=False),
        Column("body", LargeBinary),
        Column("step", BigInteger, nullable=False),
        Column("traceparent", Text, nullable=False),
        Column("attempts", Integer, nullable=False, server_default=text("0")),
        Column("changed_at", INSTANT, nullable=False),
        Column("sending_since", INSTANT),
        Column("retry_at", INSTANT),
        Column("troubled_since", INSTANT),
        Column("failures", Integer, nullable=False, server_default=text("0")),
        Column("maybe_sent", Boolean, nullable=False, server_default=text("false")),
        Column("reason", Text, nullable=False, server_default=text("''")),
        Unique("tenant_id", "stream_id", "name", "key", name="task_natural_key"),
        Index("task_due", "due_at", "seq", postgresql_where=text("state = 'ready'")),
        Index("task_effects", "state", "due_at", "seq", postgresql_where=text("state IN ('pending', 'sending')")),
        Index(
            "task_troubled", "troubled_since", postgresql_where=text("troubled_since IS NOT NULL AND state <> 'done'")
        ),
    )


def _held(metadata: MetaData) -> None:
    Table(
        "held",
        metadata,
        Column("held_id", Uuid, primary_key=True),
        Column("seq", BigInteger, Identity(always=True, cache=1), nullable=False),
        Column("tenant_kind", Text, nullable=False),
        Column("tenant_id", Uuid, nullable=False),
        Column("stream_kind", Text, nullable=False),
        Column("stream_id", Uuid, nullable=False),
        Column("source", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("message_id", Uuid, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("step", BigInteger, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("occurred_at", INSTANT, nullable=False),
        Column("traceparent", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("fingerprint", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("since", INSTANT, nullable=False),
        Unique("tenant_id", "stream_id", "source", "message_id", name="held_message"),
        Index("held_by_stream", "tenant_id", "stream_id", "seq"),
        Index("held_by_state", "state", "since"),
    )


def _command(metadata: MetaData) -> None:
    Table(
        "command",
        metadata,
        Column("tenant_id", Uuid, nullable=False),
        Column("subject", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("request_hash", LargeBinary, nullable=False),
        Column("answer", LargeBinary, nullable=False),
        Column("answered_at", INSTANT, nullable=False),
        PrimaryKey("tenant_id", "subject", "key", name="command_pkey"),
    )

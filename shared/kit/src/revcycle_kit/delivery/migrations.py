"""
Delivery's own tables as a service's migrations make them: text that never changes once a release has run it.

A change of `schema.py` is another function here, and a migration of every service that calls it.
"""

from typing import Any

_STREAM = """
CREATE TABLE stream (
    tenant_id uuid NOT NULL,
    stream_id uuid NOT NULL,
    version bigint DEFAULT 0 NOT NULL,
    step bigint DEFAULT 0 NOT NULL,
    held integer DEFAULT 0 NOT NULL,
    CONSTRAINT stream_pkey PRIMARY KEY (tenant_id, stream_id)
)"""

_OUTBOX = """
CREATE TABLE outbox (
    seq bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
    event_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    stream_id uuid NOT NULL,
    version bigint NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    failure text,
    CONSTRAINT outbox_stream_version UNIQUE (stream_id, version)
)"""

_CURSOR = """
CREATE TABLE cursor (
    tenant_id uuid NOT NULL,
    source text NOT NULL,
    stream_id uuid NOT NULL,
    version bigint NOT NULL,
    event_id uuid NOT NULL,
    step bigint NOT NULL,
    CONSTRAINT cursor_pkey PRIMARY KEY (tenant_id, source, stream_id)
)"""

_POSITION = """
CREATE TABLE position (
    reader text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL,
    log_id text NOT NULL,
    CONSTRAINT position_pkey PRIMARY KEY (reader, topic, partition)
)"""

_TASK = """
CREATE TABLE task (
    task_id uuid PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) NOT NULL,
    tenant_kind text NOT NULL,
    tenant_id uuid NOT NULL,
    stream_kind text NOT NULL,
    stream_id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    key text NOT NULL,
    due_at timestamptz NOT NULL,
    state text NOT NULL,
    body bytea,
    step bigint NOT NULL,
    traceparent text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    changed_at timestamptz NOT NULL,
    sending_since timestamptz,
    retry_at timestamptz,
    troubled_since timestamptz,
    failures integer DEFAULT 0 NOT NULL,
    maybe_sent boolean DEFAULT false NOT NULL,
    reason text DEFAULT '' NOT NULL,
    CONSTRAINT task_natural_key UNIQUE (tenant_id, stream_id, name, key)
)"""

_HELD = """
CREATE TABLE held (
    held_id uuid PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) NOT NULL,
    tenant_kind text NOT NULL,
    tenant_id uuid NOT NULL,
    stream_kind text NOT NULL,
    stream_id uuid NOT NULL,
    source text NOT NULL,
    name text NOT NULL,
    key text NOT NULL,
    message_id uuid NOT NULL,
    version bigint NOT NULL,
    step bigint NOT NULL,
    body bytea NOT NULL,
    occurred_at timestamptz NOT NULL,
    traceparent text NOT NULL,
    state text NOT NULL,
    reason text NOT NULL,
    fingerprint text NOT NULL,
    attempts integer NOT NULL,
    since timestamptz NOT NULL,
    CONSTRAINT held_message UNIQUE (tenant_id, stream_id, source, message_id)
)"""

_COMMAND = """
CREATE TABLE command (
    tenant_id uuid NOT NULL,
    subject text NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    answer bytea NOT NULL,
    answered_at timestamptz NOT NULL,
    CONSTRAINT command_pkey PRIMARY KEY (tenant_id, subject, key)
)"""

_INDEXES = (
    "CREATE INDEX task_due ON task (due_at, seq) WHERE state = 'ready'",
    "CREATE INDEX task_effects ON task (state, due_at, seq) WHERE state IN ('pending', 'sending')",
    "CREATE INDEX task_troubled ON task (troubled_since) WHERE troubled_since IS NOT NULL AND state <> 'done'",
    "CREATE INDEX held_by_stream ON held (tenant_id, stream_id, seq)",
    "CREATE INDEX held_by_state ON held (state, since)",
)


def create_tables(op: Any) -> None:
    """Make delivery's tables; `op` is Alembic's. Row security comes with `secure`, for all tables together."""
    for statement in (_STREAM, _OUTBOX, _CURSOR, _POSITION, _TASK, _HELD, _COMMAND, *_INDEXES):
        op.execute(statement)

"""What brings a message, turned into the envelope that a handler's unit takes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from revcycle_kit.bus.protocol import Chunk, Record
from revcycle_kit.delivery.messages import Envelope, StreamRef

TENANT_HEADERS = ("clinic_id", "billing_entity_id", "organization_id")
NOT_STREAMS = frozenset({*TENANT_HEADERS, "causation_id", "ce_id"})


def envelopes_of(chunks: Sequence[Chunk]) -> list[Envelope]:
    """Return the events of chunks, in order."""
    return [of_event(record) for chunk in chunks for record in chunk.records]


def of_event(record: Record) -> Envelope:
    """Return an event that the bus brought."""
    headers = record.headers
    tenant = next(name for name in TENANT_HEADERS if name in headers)
    kind = next(name for name in headers if name.endswith("_id") and name not in NOT_STREAMS)
    return Envelope(
        source=headers["ce_source"][1:],
        name=headers["ce_type"],
        stream=StreamRef(tenant[:-3], UUID(headers[tenant]), kind[:-3], record.key),
        message_id=record.event_id,
        version=int(headers["version"]),
        step=int(headers["step"]),
        body=record.value,
        occurred_at=datetime.fromisoformat(headers["ce_time"]),
        traceparent=headers.get("traceparent", ""),
    )


def of_task(row: asyncpg.Record) -> Envelope:
    """Return a task that has come due."""
    return Envelope(
        source="",
        name=row["name"],
        stream=StreamRef(row["tenant_kind"], row["tenant_id"], row["stream_kind"], row["stream_id"]),
        message_id=row["task_id"],
        version=0,
        step=row["step"],
        body=row["body"],
        occurred_at=row["due_at"],
        traceparent=row["traceparent"],
        task_id=row["task_id"],
        key=row["key"],
    )

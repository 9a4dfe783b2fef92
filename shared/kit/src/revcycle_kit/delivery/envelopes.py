"""What brings a message, turned into the envelope that a handler's unit takes."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import asyncpg

from revcycle_kit.bus.protocol import Chunk, Record
from revcycle_kit.delivery.messages import Envelope, StreamRef
from revcycle_kit.telemetry import Metrics, get_log

TENANT_HEADERS = ("clinic_id", "billing_entity_id", "organization_id")
NOT_STREAMS = frozenset({*TENANT_HEADERS, "causation_id", "ce_id"})
_log = get_log()


def envelopes_of(chunks: Sequence[Chunk], reader: str) -> list[Envelope]:
    """
    Return the events of chunks, in order.

    A record that none of our relays wrote (no tenant, no stream, a header that cannot be read) is logged, counted and
    passed over: no later attempt would read it, and it would hold up its partition for ever.
    """
    envelopes: list[Envelope] = []
    for chunk in chunks:
        for record in chunk.records:
            try:
                envelopes.append(of_event(record))
            except (KeyError, ValueError):
                _pass_over(record, chunk, reader)
    return envelopes


def _pass_over(record: Record, chunk: Chunk, reader: str) -> None:
    counted = Metrics(reader).counter("records_passed_over", "Records that no service of ours wrote.", "topic")
    counted.inc(1, chunk.topic)
    _log.error("record passed over", topic=chunk.topic, partition=chunk.partition, event_id=record.event_id)


def of_event(record: Record) -> Envelope:
    """Return an event that the bus brought. Raises KeyError or ValueError for a record that is none of ours."""
    headers = record.headers
    tenant, kind = _place(tuple(headers))
    return Envelope(
        source=headers["ce_source"][1:],
        name=headers["ce_type"],
        stream=StreamRef(tenant[:-3], _uuid(headers[tenant]), kind[:-3], record.key),
        message_id=record.event_id,
        version=int(headers["version"]),
        step=int(headers["step"]),
        body=record.value,
        occurred_at=datetime.fromisoformat(headers["ce_time"]),
        traceparent=headers.get("traceparent", ""),
    )


@lru_cache(maxsize=256)
def _place(names: tuple[str, ...]) -> tuple[str, str]:
    """Return which of these headers name the tenant and the stream. Raises KeyError where one is missing."""
    tenants = [name for name in TENANT_HEADERS if name in names]
    streams = [name for name in names if name.endswith("_id") and name not in NOT_STREAMS]
    if not tenants or not streams:
        raise KeyError("tenant or stream")
    return tenants[0], streams[0]


_uuid = lru_cache(maxsize=10_000)(UUID)
"""Parses the ids of tenants, which are few."""


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

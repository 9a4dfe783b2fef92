"""
Loading: what a unit has to know before its messages are handled, and which streams it locks for that.

A stream is locked when anything on it may change. Events that nobody here handles change only the reader's cursor,
which the position guards already: their streams are passed by, neither locked nor loaded, as long as each event is the
next of its stream.
"""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from revcycle_kit.delivery import sql
from revcycle_kit.delivery.messages import CommandCall, Envelope, StreamRef
from revcycle_kit.delivery.unit import CursorState, HeldMessage, StreamState, Unit

Key = tuple[UUID, UUID]
"""Tenant and stream."""
Heard = tuple[UUID, str, UUID]
"""Tenant, source and stream: what a cursor is kept for."""


async def lock_streams(connection: asyncpg.Connection, unit: Unit, envelopes: Sequence[Envelope]) -> list[Key]:
    """Lock the streams of these messages, in sorted order, and read the cursors; return those that were locked."""
    touched = {_key(envelope) for envelope in envelopes if envelope.held_id or unit.service.reads(envelope)}
    unread = [envelope for envelope in envelopes if _key(envelope) not in touched]
    if unread:
        await _load_cursors(connection, unit, unread)
        touched |= _irregular(unit, unread)
    streams = sorted(touched)
    if streams:
        await _lock(connection, unit, streams)
        await _load_cursors(connection, unit, [envelope for envelope in envelopes if _key(envelope) in touched])
    return streams


def _key(envelope: Envelope) -> Key:
    return envelope.stream.tenant_id, envelope.stream.id


def _irregular(unit: Unit, unread: Sequence[Envelope]) -> set[Key]:
    """Return the streams on which some event is not the next: copies, forks and gaps are judged under the lock."""
    last: dict[Heard, int] = {}
    irregular: set[Key] = set()
    for envelope in unread:
        heard = (envelope.stream.tenant_id, envelope.source, envelope.stream.id)
        cursor = unit.cursors.get(heard)
        if envelope.version != last.get(heard, cursor.version if cursor else 0) + 1:
            irregular.add(_key(envelope))
        last[heard] = envelope.version
    return irregular


async def _lock(connection: asyncpg.Connection, unit: Unit, streams: Sequence[Key]) -> None:
    """
    Lock every stream, in sorted order, and read where it stands.

    Those that exist are locked first; those that do not are then made, in sorted order: nobody who makes one waits for
    a stream that existed, so two transactions cannot wait for each other. What another made meanwhile is read again.
    """
    _note(unit, await _fetch(connection, sql.LOCK_KNOWN, streams))
    missing = [key for key in streams if key not in unit.streams]
    if missing:
        _note(unit, await _fetch(connection, sql.MAKE_MISSING, missing))
    overtaken = [key for key in missing if key not in unit.streams]
    if overtaken:
        _note(unit, await _fetch(connection, sql.LOCK_KNOWN, overtaken))


async def _fetch(connection: asyncpg.Connection, statement: str, keys: Sequence[Key]) -> list[asyncpg.Record]:
    return list(await connection.fetch(statement, [key[0] for key in keys], [key[1] for key in keys]))


def _note(unit: Unit, rows: Sequence[asyncpg.Record]) -> None:
    for tenant_id, stream_id, version, step, held in rows:
        unit.streams[tenant_id, stream_id] = StreamState(version, step, held)


async def _load_cursors(connection: asyncpg.Connection, unit: Unit, envelopes: Sequence[Envelope]) -> None:
    heard = {(envelope.stream.tenant_id, envelope.source, envelope.stream.id) for envelope in envelopes}
    keys = [key for key in heard if key[1]]
    if not keys:
        return
    rows = await connection.fetch(
        sql.READ_CURSORS, [key[0] for key in keys], [key[1] for key in keys], [key[2] for key in keys]
    )
    for tenant_id, source, stream_id, version, event_id, step in rows:
        unit.cursors[tenant_id, source, stream_id] = CursorState(version, event_id, step)


async def load_held(connection: asyncpg.Connection, unit: Unit) -> None:
    """Load what waits, is parked or stands behind that on the locked streams."""
    keys = [key for key, state in unit.streams.items() if state.held]
    if not keys:
        return
    for row in await _fetch(connection, sql.READ_HELD, keys):
        unit.held.setdefault((row["tenant_id"], row["stream_id"]), []).append(held_message(row))


def held_message(row: asyncpg.Record) -> HeldMessage:
    """Return a held row as the message it holds."""
    stream = StreamRef(row["tenant_kind"], row["tenant_id"], row["stream_kind"], row["stream_id"])
    envelope = Envelope(
        source=row["source"],
        name=row["name"],
        stream=stream,
        message_id=row["message_id"],
        version=row["version"],
        step=row["step"],
        body=row["body"],
        occurred_at=row["occurred_at"],
        traceparent=row["traceparent"],
        key=row["key"],
        held_id=row["held_id"],
    )
    return HeldMessage(
        row["held_id"], envelope, row["state"], row["reason"], row["fingerprint"], row["attempts"], row["since"]
    )


async def load_commands(connection: asyncpg.Connection, unit: Unit, envelopes: Sequence[Envelope]) -> None:
    """Load the answers to commands that were asked before under the same key."""
    calls: list[tuple[UUID, CommandCall]] = [(e.stream.tenant_id, e.command) for e in envelopes if e.command]
    if not calls:
        return
    rows = await connection.fetch(
        sql.READ_COMMANDS,
        [tenant for tenant, _ in calls],
        [call.subject for _, call in calls],
        [call.key for _, call in calls],
    )
    for row in rows:
        unit.answered[row[0], row[1], row[2]] = (row[3], row[4])

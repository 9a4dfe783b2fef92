"""Flush: writes what a unit collected, set-wise, in at most a handful of statements."""

from collections.abc import Sequence
from typing import Any

import asyncpg

from revcycle_kit.delivery import sql
from revcycle_kit.delivery.service import Service
from revcycle_kit.delivery.stores import Documents, References, Rows
from revcycle_kit.delivery.unit import HeldMessage, Outcome, TaskRow, Unit


class Statements:
    """The writing statements of one service, built once."""

    def __init__(self, service: Service[Any]) -> None:
        self._documents: dict[str, tuple[Documents[Any], str]] = {
            name: (store, sql.upsert_documents(store)) for name, store in service.documents.items()
        }
        self._rows: dict[str, tuple[Rows[Any], str]] = {
            name: (store, sql.insert_rows(store)) for name, store in service.rows.items()
        }
        self._references: dict[str, tuple[References[Any], str]] = {
            name: (store, sql.upsert_references(store)) for name, store in service.references.items()
        }

    async def write(self, connection: asyncpg.Connection, unit: Unit) -> None:
        """Write everything the unit collected."""
        await self._write_documents(connection, unit.out)
        await self._write_rows(connection, unit.out)
        await self._write_references(connection, unit.out)
        await _write_streams(connection, unit)
        await _write_tasks(connection, unit)
        await _write_held(connection, unit.out)
        await _write_commands(connection, unit)

    async def _write_documents(self, connection: asyncpg.Connection, out: Outcome) -> None:
        for name, changed in out.dirty.items():
            store, statement = self._documents[name]
            columns: list[list[Any]] = [[], [], [], []]
            for key, (stream, document) in sorted(changed.items()):
                _append(columns, (stream.tenant_id, stream.id, key, store.encode(document)))
            columns += [[getattr(changed[key][1], name) for key in sorted(changed)] for name in store.searched]
            await connection.execute(statement, *columns)

    async def _write_rows(self, connection: asyncpg.Connection, out: Outcome) -> None:
        for name, added in out.rows.items():
            store, statement = self._rows[name]
            columns: list[list[Any]] = [[], [], []]
            for stream, key, _ in added:
                _append(columns, (stream.tenant_id, stream.id, key))
            columns += [[getattr(row, name) for _, _, row in added] for name in store.fields]
            await connection.execute(statement, *columns)

    async def _write_references(self, connection: asyncpg.Connection, out: Outcome) -> None:
        for name, learned in out.learned.items():
            store, statement = self._references[name]
            columns: list[list[Any]] = [[], [], [], []]
            for key, (stream, value) in sorted(learned.items()):
                _append(columns, (stream.tenant_id, key, 1, store.encode(value)))
            await connection.execute(statement, *columns)


def _append(columns: Sequence[list[Any]], values: tuple[Any, ...]) -> None:
    for column, value in zip(columns, values, strict=True):
        column.append(value)


async def _write_streams(connection: asyncpg.Connection, unit: Unit) -> None:
    """Write cursors, streams and outbox in one statement."""
    heard = sorted(unit.out.cursors)
    moved = [(key, state) for key, state in sorted(unit.streams.items()) if state.changed]
    said = unit.out.said
    if not heard and not moved and not said:
        return
    cursors = [unit.cursors[key] for key in heard]
    await connection.execute(
        sql.WRITE_STREAMS,
        [key[0] for key in heard],
        [key[1] for key in heard],
        [key[2] for key in heard],
        [cursor.version for cursor in cursors],
        [cursor.event_id for cursor in cursors],
        [cursor.step for cursor in cursors],
        [key[0] for key, _ in moved],
        [key[1] for key, _ in moved],
        [state.version for _, state in moved],
        [state.step for _, state in moved],
        [state.held for _, state in moved],
        [row.event_id for row in said],
        [row.stream.tenant_id for row in said],
        [row.stream.id for row in said],
        [row.version for row in said],
        [row.headers for row in said],
        [row.body for row in said],
    )


async def _write_tasks(connection: asyncpg.Connection, unit: Unit) -> None:
    if not unit.out.tasks:
        return
    disarmed = [key for key, row in unit.out.tasks.items() if row is None]
    asked: list[TaskRow] = [row for row in unit.out.tasks.values() if row is not None]
    await connection.execute(
        sql.WRITE_TASKS,
        [key[0] for key in disarmed],
        [key[1] for key in disarmed],
        [key[2] for key in disarmed],
        [key[3] for key in disarmed],
        [row.task_id for row in asked],
        [row.kind for row in asked],
        [row.to.tenant_kind for row in asked],
        [row.to.tenant_id for row in asked],
        [row.to.kind for row in asked],
        [row.to.id for row in asked],
        [row.name for row in asked],
        [row.key for row in asked],
        [row.due_at for row in asked],
        [row.body for row in asked],
        [row.step for row in asked],
        [row.traceparent for row in asked],
        unit.now,
    )


async def _write_held(connection: asyncpg.Connection, out: Outcome) -> None:
    if out.held_out:
        await connection.execute(sql.RELEASE_HELD, out.held_out)
    if not out.held_in:
        return
    await connection.execute(sql.WRITE_HELD, *_held_columns(list(out.held_in.values())))


def _held_columns(messages: list[HeldMessage]) -> list[list[Any]]:
    envelopes = [message.envelope for message in messages]
    return [
        [message.held_id for message in messages],
        [envelope.stream.tenant_kind for envelope in envelopes],
        [envelope.stream.tenant_id for envelope in envelopes],
        [envelope.stream.kind for envelope in envelopes],
        [envelope.stream.id for envelope in envelopes],
        [envelope.source for envelope in envelopes],
        [envelope.name for envelope in envelopes],
        [envelope.key for envelope in envelopes],
        [envelope.message_id for envelope in envelopes],
        [envelope.version for envelope in envelopes],
        [envelope.step for envelope in envelopes],
        [envelope.body for envelope in envelopes],
        [envelope.occurred_at for envelope in envelopes],
        [envelope.traceparent for envelope in envelopes],
        [message.state for message in messages],
        [message.reason for message in messages],
        [message.fingerprint for message in messages],
        [message.attempts for message in messages],
        [message.since for message in messages],
    ]


async def _write_commands(connection: asyncpg.Connection, unit: Unit) -> None:
    if not unit.out.commands:
        return
    await connection.execute(
        sql.WRITE_COMMANDS,
        [envelope.stream.tenant_id for envelope, _, _ in unit.out.commands],
        [call.subject for _, call, _ in unit.out.commands],
        [call.key for _, call, _ in unit.out.commands],
        [call.request_hash for _, call, _ in unit.out.commands],
        [answer for _, _, answer in unit.out.commands],
        unit.now,
    )

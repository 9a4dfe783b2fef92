"""
Effects: what is done outside, with no transaction open, and how the reply comes back as a message.

pending → sending → (reply recorded) done. A crash in between leaves `sending`; then the partner is asked, never blindly
sent to. Every failure is one line in the log, and counted.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from revcycle_kit.database.connections import Line
from revcycle_kit.delivery import sql
from revcycle_kit.delivery.messages import Envelope, StreamRef
from revcycle_kit.delivery.service import EffectRoute, Service, reply_body
from revcycle_kit.errors import Unavailable
from revcycle_kit.ids import derived_id
from revcycle_kit.sealing import Sealer
from revcycle_kit.telemetry import Metrics, get_log, span

LEASE = timedelta(minutes=5)
BACKOFF_SECONDS_MAX = 1800
FAILURES_MAX = 12
FAILED = "UPDATE task SET state = 'failed', changed_at = $2 WHERE task_id = $1 AND state = 'sending'"
_log = get_log()


class Effects:
    """Performs one service's effects."""

    def __init__(self, service: Service[Any], line: Line, sealer: Sealer) -> None:
        self._service = service
        self._line = line
        self._sealer = sealer
        self._failures = Metrics(service.name).counter(
            "effect_failures", "Attempts at an effect that failed.", "effect", "outcome"
        )

    async def perform(self, now: datetime, limit: int) -> list[Envelope]:
        """Take pending effects, perform them, and return the replies to be recorded, in the order asked."""
        async with self._line.lock:
            connection = await self._line.connection()
            rows = await connection.fetch(sql.CLAIM_EFFECTS, now, limit)
            rows = sorted(rows, key=lambda row: row["seq"])
            await self._sealer.preload({row["tenant_id"] for row in rows})
            replies = await asyncio.gather(*(self._one(row) for row in rows))
            for row, reply in zip(rows, replies, strict=True):
                if not isinstance(reply, Envelope):
                    await self._postpone(connection, row, reply, now)
        return [reply for reply in replies if isinstance(reply, Envelope)]

    async def next_due(self) -> datetime | None:
        """Return when the next pending effect may be performed."""
        async with self._line.lock:
            due: datetime | None = await (await self._line.connection()).fetchval(sql.NEXT_EFFECT)
        return due

    async def recover(self, now: datetime, *, lease: timedelta = LEASE) -> list[Envelope]:
        """Ask the partner about effects that a crash interrupted; return the replies it still gives."""
        async with self._line.lock:
            connection = await self._line.connection()
            rows = await connection.fetch(sql.INTERRUPTED_EFFECTS, now, now - lease)
            replies = []
            for row in sorted(rows, key=lambda row: row["seq"]):
                reply = await self._one(row, reconcile=True)
                if isinstance(reply, Envelope):
                    replies.append(reply)
                elif reply is None:
                    await connection.execute(sql.POSTPONE_EFFECT, row["task_id"], now, now)
                elif self._is_given_up(row, reply):  # else it stays `sending`: whether the partner has it is not known
                    await connection.execute(FAILED, row["task_id"], now)
        return replies

    async def _one(self, row: asyncpg.Record, *, reconcile: bool = False) -> Envelope | BaseException | None:
        """Return the reply, or what went wrong; None: the partner never had it."""
        stream = StreamRef(row["tenant_kind"], row["tenant_id"], row["stream_kind"], row["stream_id"])
        route = self._service.effects.get(row["name"])
        if route is None:
            return Unavailable(f"a version of {self._service.name} that performs {row['name']}")
        try:
            with span("effect", row["traceparent"], effect=row["name"], stream_id=row["stream_id"]):
                return await self._ask(row, stream, route, reconcile=reconcile)
        except Exception as error:  # noqa: BLE001 - a partner may fail in any way; the effect is tried again
            return error

    async def _ask(
        self, row: asyncpg.Record, stream: StreamRef, route: EffectRoute, *, reconcile: bool
    ) -> Envelope | None:
        sealed = bool(getattr(route.kind, "SEALED", False))
        body = row["body"]
        if sealed:
            body = self._sealer.open(stream.tenant_id, row["name"], stream.id, body)
        effect = route.decode(body)
        if reconcile:
            answer = await route.reconcile(effect, row["key"]) if route.reconcile else None
            if answer is None:
                return None
        else:
            answer = await route.call(effect, row["key"])
        reply = reply_body(body, answer, row["key"])
        if sealed:
            reply = self._sealer.seal(stream.tenant_id, row["name"], stream.id, reply)
        return Envelope(
            source="",
            name=row["name"],
            stream=stream,
            message_id=derived_id("reply", str(row["task_id"])),
            version=0,
            step=row["step"],
            body=reply,
            occurred_at=row["due_at"],
            traceparent=row["traceparent"],
            task_id=row["task_id"],
            key=row["key"],
        )

    async def _postpone(
        self, connection: asyncpg.Connection, row: asyncpg.Record, failure: BaseException | None, now: datetime
    ) -> None:
        if failure is not None and self._is_given_up(row, failure):
            await connection.execute(FAILED, row["task_id"], now)
            return
        seconds = min(2 ** row["attempts"], BACKOFF_SECONDS_MAX)
        await connection.execute(sql.POSTPONE_EFFECT, row["task_id"], now + timedelta(seconds=seconds), now)

    def _is_given_up(self, row: asyncpg.Record, failure: BaseException) -> bool:
        """Tell whether this was the last attempt, and say what failed: its type and place, never its text."""
        away = isinstance(failure, Unavailable)
        given_up = not away and row["attempts"] >= FAILURES_MAX
        self._failures.inc(1, row["name"], "given_up" if given_up else "unavailable" if away else "error")
        _log.log(
            logging.WARNING if away else logging.ERROR,
            "effect given up" if given_up else "effect failed",
            source=self._service.name,
            effect=row["name"],
            task=row["task_id"],
            stream_id=row["stream_id"],
            attempt=row["attempts"],
            reason=type(failure).__name__,
            exc_info=None if away else failure,
        )
        return given_up

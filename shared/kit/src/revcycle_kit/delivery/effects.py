"""
Effects: what is done outside, with no transaction open, and how the reply comes back as a message.

pending → sending → (reply recorded) done. A crash in between leaves `sending`; what happens then depends on the kind of
partner (`failures`). Every failure is one line in the log, and counted. What is not tried again by itself becomes a
message to its `given_up` handler, stays listed, and can be sent again under the same key.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from revcycle_kit.database.connections import Line
from revcycle_kit.delivery import sql
from revcycle_kit.delivery.failures import EffectState, Past, Verdict, after_a_crash, judge
from revcycle_kit.delivery.messages import Envelope, StreamRef
from revcycle_kit.delivery.service import EffectRoute, Service, given_up_body, given_up_name, reply_body
from revcycle_kit.errors import Unavailable
from revcycle_kit.ids import derived_id
from revcycle_kit.partners.kinds import PartnerKind
from revcycle_kit.partners.outcomes import OutcomeUnknown, Rejected
from revcycle_kit.sealing import Sealer
from revcycle_kit.telemetry import Metrics, get_log, span

LEASE = timedelta(minutes=5)
_log = get_log()


class Effects:
    """Performs one service's effects; `machine_now` is the time by which it waits and leases."""

    def __init__(self, service: Service[Any], line: Line, sealer: Sealer, machine_now: Callable[[], datetime]) -> None:
        self._service = service
        self._line = line
        self._sealer = sealer
        self._machine_now = machine_now
        self._failures = Metrics(service.name).counter(
            "effect_failures", "Attempts at an effect that failed.", "effect", "outcome"
        )

    async def perform(self, now: datetime, limit: int) -> list[Envelope]:
        """Take pending effects, perform them, and return what is to be recorded, in the order asked."""
        async with self._line.lock:
            connection = await self._line.connection()
            rows = await connection.fetch(sql.CLAIM_EFFECTS, now, limit, self._machine_now())
            rows = sorted(rows, key=lambda row: row["seq"])
            await self._sealer.preload({row["tenant_id"] for row in rows})
            replies = await asyncio.gather(*(self._attempt(row, now) for row in rows))
            recorded = [
                await self._fail(connection, row, reply, now) if isinstance(reply, Exception) else reply
                for row, reply in zip(rows, replies, strict=True)
            ]
        return [message for message in recorded if message is not None]

    async def next_due(self) -> tuple[datetime | None, datetime | None]:
        """Return when the next effect is due for the first time, and when one may be tried again (machine time)."""
        async with self._line.lock:
            row = await (await self._line.connection()).fetchrow(sql.NEXT_EFFECT)
        return row["due_at"], row["retry_at"]

    async def recover(self, now: datetime, *, lease: timedelta = LEASE) -> list[Envelope]:
        """Take up what a crash interrupted: to be tried again, or in doubt; return what is to be recorded."""
        recorded = []
        machine_now = self._machine_now()
        async with self._line.lock:
            connection = await self._line.connection()
            rows = await connection.fetch(sql.INTERRUPTED_EFFECTS, machine_now, machine_now - lease)
            await self._sealer.preload({row["tenant_id"] for row in rows})
            for row in sorted(rows, key=lambda row: row["seq"]):
                route = self._service.effects.get(row["name"])
                verdict = after_a_crash(route.partner.kind if route else PartnerKind.ANSWERS)
                if ending := await self._conclude(connection, row, verdict, now):
                    recorded.append(ending)
        return recorded

    async def resend(self, task_id: UUID, now: datetime) -> bool:
        """Let one that failed, was given up or is in doubt go out, at once and under its key; False: there is none."""
        async with self._line.lock:
            done = await (await self._line.connection()).fetchval(sql.RESEND_EFFECT, task_id, now)
        return done is not None

    async def troubled(self, states: list[str], limit: int) -> list[asyncpg.Record]:
        """List effects that do not go out, longest first, without contents."""
        async with self._line.lock:
            return list(await (await self._line.connection()).fetch(sql.TROUBLED_EFFECTS, states, limit))

    # one effect

    async def _attempt(self, row: asyncpg.Record, now: datetime) -> Envelope | Exception:
        """Return the reply, or what went wrong."""
        route = self._service.effects.get(row["name"])
        if route is None:
            return Unavailable(f"a version of {self._service.name} that performs {row['name']}")
        try:
            with span("effect", row["traceparent"], effect=row["name"], stream_id=row["stream_id"]):
                return await self._perform(row, route, now)
        except Exception as error:  # noqa: BLE001 - a partner may fail in any way; `judge` decides what it means
            return error

    async def _perform(self, row: asyncpg.Record, route: EffectRoute, now: datetime) -> Envelope:
        body = self._opened(row, route)
        effect = route.decode(body)
        answer = None
        if row["attempts"] > 1 and route.reconcile and route.partner.kind is PartnerKind.ANSWERS:
            answer = await _ask(route.reconcile, effect, row)
        if answer is None:
            answer = await route.call(effect, row["key"])
        occurred_at = row["due_at"] if row["attempts"] == 1 else now
        reply = reply_body(body, answer, row["key"])
        return self._envelope(row, row["name"], reply, occurred_at=occurred_at)

    def _opened(self, row: asyncpg.Record, route: EffectRoute) -> bytes:
        if not route.sealed:
            return bytes(row["body"])
        return self._sealer.open(row["tenant_id"], row["name"], row["stream_id"], row["body"])

    def _envelope(self, row: asyncpg.Record, name: str, body: bytes, *, occurred_at: datetime) -> Envelope:
        route = self._service.effects[row["name"]]
        if route.sealed:
            body = self._sealer.seal(row["tenant_id"], name, row["stream_id"], body)
        return Envelope(
            source="",
            name=name,
            stream=StreamRef(row["tenant_kind"], row["tenant_id"], row["stream_kind"], row["stream_id"]),
            message_id=derived_id("reply", str(row["task_id"])),
            version=0,
            step=row["step"],
            body=body,
            occurred_at=occurred_at,
            traceparent=row["traceparent"],
            task_id=row["task_id"],
            key=row["key"],
        )

    # one that failed

    async def _fail(
        self, connection: asyncpg.Connection, row: asyncpg.Record, failure: Exception, now: datetime
    ) -> Envelope | None:
        route = self._service.effects.get(row["name"])
        kind = route.partner.kind if route else PartnerKind.ANSWERS
        past = Past(row["attempts"], row["failures"], row["troubled_since"], row["maybe_sent"])
        verdict = judge(failure, kind, past, self._machine_now())
        self._report(row, failure, verdict)
        return await self._conclude(connection, row, verdict, now)

    async def _conclude(
        self, connection: asyncpg.Connection, row: asyncpg.Record, verdict: Verdict, now: datetime
    ) -> Envelope | None:
        """Postpone it; or return the message that it is not tried again, whose transaction ends it."""
        if verdict.ended:
            return self._ending(row, verdict, now)
        machine_now = self._machine_now()
        await connection.execute(
            sql.POSTPONE_EFFECT,
            row["task_id"],
            machine_now + verdict.wait,
            machine_now,
            verdict.reason,
            int(verdict.counted),
            verdict.maybe_sent,
            row["attempts"],
        )
        return None

    def _ending(self, row: asyncpg.Record, verdict: Verdict, now: datetime) -> Envelope:
        route = self._service.effects[row["name"]]
        body = given_up_body(
            self._opened(row, route), row, verdict.reason, in_doubt=verdict.state is EffectState.IN_DOUBT
        )
        envelope = self._envelope(row, given_up_name(row["name"]), body, occurred_at=now)
        envelope.message_id = derived_id("given up", str(row["task_id"]), str(row["attempts"]))
        envelope.task_state, envelope.task_reason = verdict.state, verdict.reason
        return envelope

    def _report(self, row: asyncpg.Record, failure: Exception, verdict: Verdict) -> None:
        """Say what failed: its type and place, never its text."""
        foreseen = verdict.outcome != "error"
        self._failures.inc(1, row["name"], verdict.outcome)
        if verdict.ended:
            self._failures.inc(1, row["name"], verdict.state)
        _log.log(
            logging.ERROR if verdict.ended or not foreseen else logging.WARNING,
            f"effect {verdict.state.replace('_', ' ')}" if verdict.ended else "effect failed",
            source=self._service.name,
            effect=row["name"],
            task=row["task_id"],
            stream_id=row["stream_id"],
            attempt=row["attempts"],
            reason=type(failure).__name__,
            exc_info=None if foreseen else failure,
        )


async def _ask(reconcile: Callable[[Any, str], Any], effect: object, row: asyncpg.Record) -> Any:
    """Ask the partner whether it has an effect; None: it has not. A refused question leaves that unknown."""
    try:
        return await reconcile(effect, row["key"])
    except Rejected as refusal:
        raise OutcomeUnknown("the partner", str(refusal)) from None

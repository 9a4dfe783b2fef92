"""Cash: deposits, remittances, and payments that were set aside."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select, tuple_

from claims import queries
from claims.domain.cases import Deposit, SetAside
from claims.domain.remittances import CasAmount, ClaimPayment
from claims.http import requests, views
from claims.http.counter import Asked, Biller, Counter, Intake, Lead, Reader
from claims.messages import CloseSetAside, PostSetAside, RecordDeposit, remittance_stream
from claims.storage.tables import deposit_table, remittance_table, set_aside_table
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.commands import answer_as
from revcycle_kit.errors import NotFound, Refusal
from revcycle_kit.http import Cursor, IdempotencyKey, Page, Paging
from revcycle_kit.values import replace

by_arrival = Cursor("remittances", tuple[datetime, UUID])
by_day = Cursor("deposits", tuple[date, UUID])
by_age = Cursor("payments set aside", tuple[datetime, UUID])


class CashRoutes:
    """Take deposits in, show remittances, and work what could not be posted."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def record_deposit(
        self, request: requests.DepositRequest, caller: Intake, key: IdempotencyKey
    ) -> views.DepositView:
        """Record what the bank received; it is matched to the remittance of the same trace number and amount."""
        payee = caller.require_billing_entity(request.billing_entity_id)
        command = RecordDeposit(
            deposit_id=request.deposit_id,
            trace_number=request.trace_number,
            amount_cents=request.amount_cents,
            deposited_on=request.deposited_on,
        )
        stream = remittance_stream(payee, request.replaces_trace_number or request.trace_number)
        answer = answer_as(Deposit, await self._counter.on(stream, command, Asked(caller, key)))
        return views.view(views.DepositView, answer)

    async def list_deposits(self, caller: Reader, paging: Paging, *, unmatched: bool = True) -> Page[views.DepositView]:
        """List deposits, the oldest first; by default those that no remittance explains yet."""
        column = deposit_table.c
        query = select(column.deposited_on, column.id, queries.body_of(deposit_table)).where(
            column.billing_entity_id.in_(caller.billing_entities)
        )
        if unmatched:
            query = query.where(column.remittance_id.is_(None))
        after = by_day.read(paging.cursor)
        if after is not None:
            query = query.where(tuple_(column.deposited_on, column.id) > tuple_(*after))
        query = query.order_by(column.deposited_on, column.id).limit(paging.limit + 1)
        async with self._counter.runtime.read(caller) as connection:
            rows = (await connection.execute(query)).all()
        return by_day.page(
            rows,
            paging,
            item=lambda row: views.view(views.DepositView, queries.decode("deposits", row.document)),
            after=lambda row: (row.deposited_on, row.id),
        )

    async def list_remittances(
        self,
        caller: Reader,
        paging: Paging,
        state: Literal["open", "posted", "quarantined"] | None = None,
        billing_entity_id: UUID | None = None,
    ) -> Page[views.RemittanceView]:
        """List remittances as they arrived, with what became of their money."""
        column = remittance_table.c
        payees = [caller.require_billing_entity(billing_entity_id)] if billing_entity_id else caller.billing_entities
        query = select(column.received_at, column.id, queries.body_of(remittance_table)).where(
            column.billing_entity_id.in_(payees)
        )
        if state is not None:
            query = query.where(column.state == state)
        after = by_arrival.read(paging.cursor)
        if after is not None:
            query = query.where(tuple_(column.received_at, column.id) > tuple_(*after))
        query = query.order_by(column.received_at, column.id).limit(paging.limit + 1)
        async with self._counter.runtime.read(caller) as connection:
            rows = (await connection.execute(query)).all()
        return by_arrival.page(
            rows,
            paging,
            item=lambda row: views.view(views.RemittanceView, queries.decode("remittances", row.document)),
            after=lambda row: (row.received_at, row.id),
        )

    async def read_remittance(self, remittance_id: UUID, caller: Reader) -> views.RemittanceView:
        """Show a remittance and what became of its money."""
        async with self._counter.runtime.read(caller) as connection:
            found = await queries.documents(connection, "remittances", [remittance_id])
        if remittance_id not in found:
            raise NotFound("remittance")
        return views.view(views.RemittanceView, found[remittance_id])

    async def list_set_aside(
        self,
        caller: Reader,
        paging: Paging,
        state: Literal["open", "retried", "closed"] = "open",
        kind: Literal["unbalanced", "unmatched", "contradictory"] | None = None,
    ) -> Page[views.SetAsideView]:
        """List payments that could not be posted, the oldest first, with the reason and what to do."""
        column = set_aside_table.c
        query = select(column.since, column.id, queries.body_of(set_aside_table)).where(
            column.billing_entity_id.in_(caller.billing_entities), column.state == state
        )
        if kind is not None:
            query = query.where(column.kind == kind)
        after = by_age.read(paging.cursor)
        if after is not None:
            query = query.where(tuple_(column.since, column.id) > tuple_(*after))
        query = query.order_by(column.since, column.id).limit(paging.limit + 1)
        async with self._counter.runtime.read(caller) as connection:
            rows = (await connection.execute(query)).all()
        return by_age.page(
            rows,
            paging,
            item=lambda row: views.set_aside_view(queries.decode("set_aside", row.document)),
            after=lambda row: (row.since, row.id),
        )

    async def post_set_aside(
        self, item_id: UUID, request: requests.PostRequest, caller: Biller, key: IdempotencyKey
    ) -> views.SetAsideView:
        """Post a payment that was set aside: with the right adjustments, or to the claim where it belongs."""
        item = await self._item(item_id, caller)
        clinic_id = encounter_id = None
        payment = corrected(item.payment, request)
        if request.patient_control_number is not None:
            number = request.patient_control_number.upper()
            async with self._counter.runtime.read(caller) as connection:
                found = await queries.addresses(connection, [number])
            if number not in found:
                raise Refusal(
                    "No claim has this number.", "patient_control_number", "Copy it from the claim that was paid."
                )
            _, clinic_id, encounter_id = found[number]
            payment = replace(payment, patient_control_number=number)
        command = PostSetAside(item_id=item_id, payment=payment, clinic_id=clinic_id, encounter_id=encounter_id)
        await self._counter.on_remittance(set_aside_table, item_id, "payment", command, Asked(caller, key))
        return views.set_aside_view(await self._item(item_id, caller))

    async def close_set_aside(self, item_id: UUID, caller: Lead, key: IdempotencyKey) -> views.SetAsideView:
        """Owe the money of a payment that belongs to no claim of ours back to its payer."""
        command = CloseSetAside(item_id=item_id)
        await self._counter.on_remittance(set_aside_table, item_id, "payment", command, Asked(caller, key))
        return views.set_aside_view(await self._item(item_id, caller))

    async def _item(self, item_id: UUID, caller: Grant) -> SetAside:
        async with self._counter.runtime.read(caller) as connection:
            found = await queries.documents(connection, "set_aside", [item_id])
        if item_id not in found:
            raise NotFound("payment set aside")
        item: SetAside = found[item_id]
        return item


def corrected(payment: ClaimPayment, request: requests.PostRequest) -> ClaimPayment:
    """Put the right adjustments in place of the payer's; charges and payments stay as the payer stated them."""
    if request.claim_adjustments is not None:
        payment = replace(payment, adjustments=_amounts(request.claim_adjustments))
    lines = list(payment.lines)
    for line in request.lines or ():
        if line.line > len(lines):
            raise Refusal(f"The payment has no line {line.line}.", "lines.line", f"Name a line from 1 to {len(lines)}.")
        lines[line.line - 1] = replace(lines[line.line - 1], adjustments=_amounts(line.adjustments))
    return replace(payment, lines=tuple(lines))


def _amounts(adjustments: list[requests.CasRequest]) -> tuple[CasAmount, ...]:
    return tuple(
        CasAmount(group=adjustment.group, carc=adjustment.carc, amount_cents=adjustment.amount_cents)
        for adjustment in adjustments
    )

"""Cash: deposits, remittances, and payments that were set aside."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from claims import messages, queries
from claims.domain.remittance import Deposit
from claims.domain.remittance_advice import CasAmount, ClaimPayment
from claims.http import requests, views
from claims.http.requests import Biller, Intake, Lead, Reader
from claims.storage import set_aside_table
from revcycle_kit.errors import Refusal
from revcycle_kit.http import Cursor, IdempotencyKey, Page, Paging, Runner
from revcycle_kit.values import replace

router = APIRouter(prefix="/v1", tags=["cash"])
by_arrival = Cursor("remittances", tuple[datetime, UUID])
by_day = Cursor("deposits", tuple[date, UUID])
by_age = Cursor("payments set aside", tuple[datetime, UUID])


@router.post("/deposits")
async def record_deposit(
    request: requests.DepositRequest, caller: Intake, key: IdempotencyKey, runner: Runner
) -> views.DepositView:
    """Record what the bank received; it is matched to the remittance of the same trace number and amount."""
    payee = caller.require_billing_entity(request.billing_entity_id)
    command = messages.RecordDeposit(
        deposit_id=request.deposit_id,
        trace_number=request.trace_number,
        amount_cents=request.amount_cents,
        deposited_on=request.deposited_on,
    )
    stream = messages.remittance_stream(payee, request.replaces_trace_number or request.trace_number)
    deposit = await runner.answer(Deposit, command, stream, caller=caller, key=key)
    return views.view(views.DepositView, deposit)


@router.get("/deposits")
async def list_deposits(
    caller: Reader, paging: Paging, runner: Runner, *, unmatched: bool = True
) -> Page[views.DepositView]:
    """List deposits, the oldest first; by default those that no remittance explains yet."""
    after = by_day.read(paging.cursor)
    async with runner.read(caller) as connection:
        deposits = await queries.list_deposits(
            connection, caller.billing_entities, after, paging.limit + 1, unmatched=unmatched
        )
    return by_day.page(
        deposits,
        paging,
        item=lambda deposit: views.view(views.DepositView, deposit),
        after=lambda deposit: (deposit.deposited_on, deposit.deposit_id),
    )


@router.get("/remittances")
async def list_remittances(
    caller: Reader,
    paging: Paging,
    runner: Runner,
    state: Literal["open", "posted", "quarantined"] | None = None,
    billing_entity_id: UUID | None = None,
) -> Page[views.RemittanceView]:
    """List remittances as they arrived, with what became of their money."""
    own = caller.billing_entities
    payees = frozenset({caller.require_billing_entity(billing_entity_id)}) if billing_entity_id else own
    after = by_arrival.read(paging.cursor)
    async with runner.read(caller) as connection:
        remittances = await queries.list_remittances(connection, payees, state, after, paging.limit + 1)
    return by_arrival.page(
        remittances,
        paging,
        item=lambda remittance: views.view(views.RemittanceView, remittance),
        after=lambda remittance: (remittance.received_at, remittance.remittance_id),
    )


@router.get("/remittances/{remittance_id}")
async def read_remittance(remittance_id: UUID, caller: Reader, runner: Runner) -> views.RemittanceView:
    """Show a remittance and what became of its money."""
    async with runner.read(caller) as connection:
        return views.view(views.RemittanceView, await queries.find_remittance(connection, remittance_id))


@router.get("/payments-set-aside")
async def list_set_aside(
    caller: Reader,
    paging: Paging,
    runner: Runner,
    state: Literal["open", "retried", "closed"] = "open",
    kind: Literal["unbalanced", "unmatched", "contradictory"] | None = None,
) -> Page[views.SetAsideView]:
    """List payments that could not be posted, the oldest first, with the reason and what to do."""
    after = by_age.read(paging.cursor)
    async with runner.read(caller) as connection:
        items = await queries.list_set_aside(
            connection, caller.billing_entities, (state, kind), after, paging.limit + 1
        )
    return by_age.page(items, paging, item=views.set_aside_view, after=lambda item: (item.since, item.item_id))


@router.post("/payments-set-aside/{item_id}/post")
async def post_set_aside(
    item_id: UUID, request: requests.PostRequest, caller: Biller, key: IdempotencyKey, runner: Runner
) -> views.SetAsideView:
    """Post a payment that was set aside: with the right adjustments, or to the claim where it belongs."""
    clinic_id = encounter_id = None
    async with runner.read(caller) as connection:
        item = await queries.find_set_aside(connection, item_id)
        payment = corrected(item.payment, request)
        if request.patient_control_number is not None:
            number = request.patient_control_number.upper()
            addresses = await queries.addresses(connection, [number])
            if number not in addresses:
                raise Refusal(
                    "No claim has this number.", "patient_control_number", "Copy it from the claim that was paid."
                )
            _, clinic_id, encounter_id = addresses[number]
            payment = replace(payment, patient_control_number=number)
    command = messages.PostSetAside(item_id=item_id, payment=payment, clinic_id=clinic_id, encounter_id=encounter_id)
    await runner.run_on(set_aside_table, item_id, "payment", command, caller=caller, key=key)
    async with runner.read(caller) as connection:
        return views.set_aside_view(await queries.find_set_aside(connection, item_id))


@router.post("/payments-set-aside/{item_id}/close")
async def close_set_aside(item_id: UUID, caller: Lead, key: IdempotencyKey, runner: Runner) -> views.SetAsideView:
    """Owe the money of a payment that belongs to no claim of ours back to its payer."""
    command = messages.CloseSetAside(item_id=item_id)
    await runner.run_on(set_aside_table, item_id, "payment", command, caller=caller, key=key)
    async with runner.read(caller) as connection:
        return views.set_aside_view(await queries.find_set_aside(connection, item_id))


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

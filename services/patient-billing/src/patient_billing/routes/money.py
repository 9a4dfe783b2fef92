"""Money in and out: payments, returned payments, recoveries, refunds, write-offs."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from patient_billing.commands import EncounterRef, RefundCredit, ReturnPayment, TakePayment, TakeRecovery, WriteOff
from patient_billing.domain.approval import check_tier
from patient_billing.domain.encounter import BilledEncounter
from patient_billing.routes.asking import Asked, Desk
from patient_billing.routes.reading import read_encounter, read_statement
from patient_billing.routes.views import AccountStateView
from revcycle_kit.auth import Grant
from revcycle_kit.errors import NotFound, Refusal
from revcycle_kit.http import AmountCents, IdempotencyKey, PositiveCents, requires
from revcycle_kit.money import Cents

Cashier = Annotated[Grant, requires("front_desk", "biller", "lead", "manager", "payments")]
Biller = Annotated[Grant, requires("biller", "lead", "manager", "client")]
_ACCOUNT = "/billing-entities/{billing_entity_id}/accounts/{account_id}"


class PaymentAsked(Asked):
    """A payment towards what an account owes, or ahead of an encounter."""

    amount_cents: AmountCents
    method: Literal["card", "check", "cash", "ach", "other"]
    purpose: Literal["copay", "prepayment", "balance", "plan"] = "balance"
    clinic_id: UUID | None = None
    encounter_id: UUID | None = None
    """With its clinic: the encounter that the payment is meant for."""
    statement_id: UUID | None = None
    """The statement that the payment answers: what it asked for comes first. Only with the purpose `balance`."""
    received_on: date | None = None
    reference: str = Field(default="", max_length=64, pattern=r"^[A-Za-z0-9._:-]*$")
    """The receipt or token of whoever took it. Never a card number: those are refused."""


class EncounterPaymentAsked(Asked):
    """A copay or prepayment, taken where the encounter is known."""

    amount_cents: AmountCents
    method: Literal["card", "check", "cash", "ach", "other"]
    purpose: Literal["copay", "prepayment", "balance"] = "copay"
    received_on: date | None = None
    reference: str = Field(default="", max_length=64, pattern=r"^[A-Za-z0-9._:-]*$")


class ReturnAsked(Asked):
    """Why a payment came back."""

    reason: Literal["insufficient_funds", "chargeback", "stopped", "error", "other"]


class RecoveryAsked(Asked):
    """What an agency collected, before its fee."""

    amount_cents: AmountCents
    fee_cents: AmountCents | None = None
    """What the agency kept; left out, its agreed rate."""
    received_on: date | None = None
    reference: str = Field(default="", max_length=64, pattern=r"^[A-Za-z0-9._:-]*$")


class RefundAsked(Asked):
    """How much of an encounter's credit goes back."""

    encounter_id: UUID
    amount_cents: AmountCents


class WriteOffAsked(Asked):
    """What to give up."""

    encounter_id: UUID
    write_off_class: Literal["small_balance", "administrative", "courtesy"]
    amount_cents: PositiveCents


def money_routes(desk: Desk) -> APIRouter:
    """Return the routes that move money."""
    router = APIRouter(prefix="/v1", tags=["money"])

    @router.post(_ACCOUNT + "/payments", status_code=201)
    async def take_payment(
        billing_entity_id: UUID, account_id: UUID, asked: PaymentAsked, caller: Cashier, key: IdempotencyKey
    ) -> AccountStateView:
        """
        Take a payment; what is left over stays unapplied.

        It serves what its statement asked for or the encounter it names, then the plan, then the oldest balance.
        """
        encounter = None
        if asked.clinic_id is not None and asked.encounter_id is not None:
            encounter = _ref(await read_encounter(desk.runtime, caller, asked.clinic_id, asked.encounter_id))
        asked_for = await _asked_for(desk, asked, billing_entity_id, account_id, caller)
        command = _payment(asked, encounter, asked_for)
        return await desk.ask(command, billing_entity_id, account_id, caller, key)

    @router.post("/clinics/{clinic_id}/encounters/{encounter_id}/payments", status_code=201)
    async def take_encounter_payment(
        clinic_id: UUID, encounter_id: UUID, asked: EncounterPaymentAsked, caller: Cashier, key: IdempotencyKey
    ) -> AccountStateView:
        """Take a copay or prepayment for an encounter; it waits until the insurers have decided."""
        known = await read_encounter(desk.runtime, caller, clinic_id, encounter_id)
        command = _payment(asked, _ref(known))
        return await desk.ask(command, known.billing_entity_id, known.account_id, caller, key)

    @router.post(_ACCOUNT + "/payments/{payment_id}/return")
    async def return_payment(
        billing_entity_id: UUID,
        account_id: UUID,
        *,
        payment_id: UUID,
        asked: ReturnAsked,
        caller: Biller,
        key: IdempotencyKey,
    ) -> AccountStateView:
        """Record that a payment bounced or was charged back: what it had paid is due again."""
        command = ReturnPayment(payment_id=payment_id, reason=asked.reason)
        return await desk.ask(command, billing_entity_id, account_id, caller, key)

    @router.post(_ACCOUNT + "/placements/{placement_id}/recoveries", status_code=201)
    async def take_recovery(
        billing_entity_id: UUID,
        account_id: UUID,
        *,
        placement_id: UUID,
        asked: RecoveryAsked,
        caller: Biller,
        key: IdempotencyKey,
    ) -> AccountStateView:
        """Record what an agency collected: the write-off is reversed by it, the fee stays outside."""
        command = TakeRecovery(placement_id=placement_id, **asked.model_dump())
        return await desk.ask(command, billing_entity_id, account_id, caller, key)

    @router.post(_ACCOUNT + "/refunds", status_code=201)
    async def refund_credit(
        billing_entity_id: UUID, account_id: UUID, asked: RefundAsked, caller: Biller, key: IdempotencyKey
    ) -> AccountStateView:
        """Refund an encounter's credit now; left alone, it is refunded when it has rested."""
        return await desk.ask(RefundCredit(**asked.model_dump()), billing_entity_id, account_id, caller, key)

    @router.post(_ACCOUNT + "/write-offs", status_code=201)
    async def write_off_balance(
        billing_entity_id: UUID, account_id: UUID, asked: WriteOffAsked, caller: Biller, key: IdempotencyKey
    ) -> AccountStateView:
        """Give up part or all of what an encounter owes, as far as the caller's role allows."""
        check_tier(asked.amount_cents, caller.roles)
        return await desk.ask(WriteOff(**asked.model_dump()), billing_entity_id, account_id, caller, key)

    return router


def _ref(encounter: BilledEncounter) -> EncounterRef:
    return EncounterRef(
        encounter_id=encounter.encounter_id,
        clinic_id=encounter.clinic_id,
        guarantor_id=encounter.guarantor_id,
        service_on=encounter.service_on,
    )


async def _asked_for(
    desk: Desk, asked: PaymentAsked, billing_entity_id: UUID, account_id: UUID, caller: Grant
) -> tuple[UUID, ...]:
    """Return the encounters of the statement that a payment answers. Raises NotFound for another account's."""
    if asked.statement_id is None:
        return ()
    if asked.purpose != "balance" or asked.encounter_id is not None:
        raise Refusal(
            "Only a payment of a balance, for no encounter of its own, answers a statement.",
            "statement_id",
            "Leave it out, or send the purpose 'balance' without an encounter.",
        )
    statement = await read_statement(desk.runtime, caller, billing_entity_id, asked.statement_id)
    if statement.account_id != account_id:
        raise NotFound("statement")
    return statement.encounter_ids


def _payment(
    asked: PaymentAsked | EncounterPaymentAsked, encounter: EncounterRef | None, asked_for: tuple[UUID, ...] = ()
) -> TakePayment:
    return TakePayment(
        amount_cents=Cents(asked.amount_cents),
        method=asked.method,
        purpose=asked.purpose,
        received_on=asked.received_on,
        encounter=encounter,
        reference=asked.reference,
        asked_for=asked_for,
    )

"""Payments in, returned payments, refunds."""

from uuid import UUID

from fastapi import APIRouter

from patient_billing.domain.encounter import BilledEncounter
from patient_billing.domain.payment import PaymentMethod, PaymentPurpose
from patient_billing.http.requests import (
    ACCOUNT,
    Biller,
    Cashier,
    EncounterPaymentAsked,
    PaymentAsked,
    RefundAsked,
    ReturnAsked,
    run_on_account,
)
from patient_billing.http.views import AccountStateView
from patient_billing.messages import EncounterRef, RefundCredit, ReturnPayment, TakePayment
from patient_billing.queries import find_encounter, find_statement
from revcycle_kit.auth import Grant
from revcycle_kit.errors import NotFound, Refusal
from revcycle_kit.http import CommandRunner, IdempotencyKey, Runner
from revcycle_kit.money import Cents

router = APIRouter(prefix="/v1", tags=["money"])


@router.post(ACCOUNT + "/payments", status_code=201)
async def take_payment(
    billing_entity_id: UUID,
    account_id: UUID,
    *,
    request: PaymentAsked,
    caller: Cashier,
    key: IdempotencyKey,
    runner: Runner,
) -> AccountStateView:
    """
    Take a payment; what is left over stays unapplied.

    It serves what its statement asked for or the encounter it names, then the plan, then the oldest balance.
    """
    encounter = None
    if request.clinic_id is not None and request.encounter_id is not None:
        encounter = _ref(await _encounter(runner, request.clinic_id, request.encounter_id, caller))
    statement_encounter_ids = await _answered_encounters(runner, request, billing_entity_id, account_id, caller)
    command = _payment(request, encounter, statement_encounter_ids)
    return await run_on_account(runner, command, billing_entity_id, account_id, caller=caller, key=key)


@router.post("/clinics/{clinic_id}/encounters/{encounter_id}/payments", status_code=201)
async def take_encounter_payment(
    clinic_id: UUID,
    encounter_id: UUID,
    *,
    request: EncounterPaymentAsked,
    caller: Cashier,
    key: IdempotencyKey,
    runner: Runner,
) -> AccountStateView:
    """Take a copay or prepayment for an encounter; it waits until the insurers have decided."""
    encounter = await _encounter(runner, clinic_id, encounter_id, caller)
    command = _payment(request, _ref(encounter))
    return await run_on_account(
        runner, command, encounter.billing_entity_id, encounter.account_id, caller=caller, key=key
    )


@router.post(ACCOUNT + "/payments/{payment_id}/return")
async def return_payment(
    billing_entity_id: UUID,
    account_id: UUID,
    *,
    payment_id: UUID,
    request: ReturnAsked,
    caller: Biller,
    key: IdempotencyKey,
    runner: Runner,
) -> AccountStateView:
    """Record that a payment bounced or was charged back: what it had paid is due again."""
    command = ReturnPayment(payment_id=payment_id, reason=request.reason)
    return await run_on_account(runner, command, billing_entity_id, account_id, caller=caller, key=key)


@router.post(ACCOUNT + "/refunds", status_code=201)
async def refund_credit(
    billing_entity_id: UUID,
    account_id: UUID,
    *,
    request: RefundAsked,
    caller: Biller,
    key: IdempotencyKey,
    runner: Runner,
) -> AccountStateView:
    """Refund an encounter's credit now; left alone, it is refunded when it has rested."""
    return await run_on_account(
        runner, RefundCredit(**request.model_dump()), billing_entity_id, account_id, caller=caller, key=key
    )


async def _encounter(runner: CommandRunner, clinic_id: UUID, encounter_id: UUID, caller: Grant) -> BilledEncounter:
    caller.require_clinic(clinic_id)
    async with runner.read(caller) as connection:
        return await find_encounter(connection, clinic_id, encounter_id)


def _ref(encounter: BilledEncounter) -> EncounterRef:
    return EncounterRef(
        encounter_id=encounter.encounter_id,
        clinic_id=encounter.clinic_id,
        guarantor_id=encounter.guarantor_id,
        service_on=encounter.service_on,
    )


async def _answered_encounters(
    runner: CommandRunner, request: PaymentAsked, billing_entity_id: UUID, account_id: UUID, caller: Grant
) -> tuple[UUID, ...]:
    """Return the encounters of the statement that a payment answers. Raises NotFound for another account's."""
    if request.statement_id is None:
        return ()
    if request.purpose != "balance" or request.encounter_id is not None:
        raise Refusal(
            "Only a payment of a balance, for no encounter of its own, answers a statement.",
            "statement_id",
            "Leave it out, or send the purpose 'balance' without an encounter.",
        )
    caller.require_billing_entity(billing_entity_id)
    async with runner.read(caller) as connection:
        statement = await find_statement(connection, billing_entity_id, request.statement_id)
    if statement.account_id != account_id:
        raise NotFound("statement")
    return statement.encounter_ids


def _payment(
    request: PaymentAsked | EncounterPaymentAsked,
    encounter: EncounterRef | None,
    statement_encounter_ids: tuple[UUID, ...] = (),
) -> TakePayment:
    return TakePayment(
        amount_cents=Cents(request.amount_cents),
        method=PaymentMethod(request.method),
        purpose=PaymentPurpose(request.purpose),
        received_on=request.received_on,
        encounter=encounter,
        reference=request.reference,
        statement_encounter_ids=statement_encounter_ids,
    )

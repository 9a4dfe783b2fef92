"""Payments: taken, returned, released, held while insurance is open; credits refunded."""

from patient_billing.domain import payments, transfers
from patient_billing.domain.account import PatientAccount
from patient_billing.domain.credits import refund_now
from patient_billing.domain.payment import Payment
from patient_billing.handlers.accounts import answer, find_account
from patient_billing.handlers.decisions import apply_decision, moment_of
from patient_billing.messages import (
    AccountState,
    EncounterReleased,
    InsuranceChanged,
    RefundCredit,
    ReturnPayment,
    TakePayment,
    WatchInsurance,
    encounter_stream,
)
from patient_billing.storage import BillingWork


async def take_payment(command: TakePayment, work: BillingWork) -> AccountState:
    """Take a payment and apply it."""
    account = _account_for(command, work)
    moment = moment_of(account, work)
    encounter = command.encounter
    if encounter is not None:
        account = transfers.expect_encounter(account, encounter.encounter_id, encounter.clinic_id, encounter.service_on)
        watch = WatchInsurance(billing_entity_id=account.billing_entity_id, account_id=account.account_id)
        work.send(watch, encounter_stream(encounter.clinic_id, encounter.encounter_id), key=str(account.account_id))
    payment = Payment(
        payment_id=work.new_id(),
        amount_cents=command.amount_cents,
        method=command.method,
        purpose=command.purpose,
        received_on=command.received_on or moment.today,
        encounter_id=encounter.encounter_id if encounter else None,
        reference=command.reference,
        statement_encounter_ids=command.statement_encounter_ids,
    )
    return answer(payments.take_payment(account, payment, moment), work, payment.payment_id)


async def return_payment(command: ReturnPayment, work: BillingWork) -> AccountState:
    """Take a returned payment off the encounters it had paid."""
    account = find_account(work)
    decision = payments.return_payment(account, command.payment_id, command.reason, moment_of(account, work))
    return answer(decision, work)


async def refund_credit(command: RefundCredit, work: BillingWork) -> AccountState:
    """Refund a credit now instead of when it has rested."""
    account = find_account(work)
    moment = moment_of(account, work)
    return answer(refund_now(account, command.encounter_id, command.amount_cents, moment), work)


async def release_payments(message: EncounterReleased, work: BillingWork) -> None:
    """Let payments that waited for a cancelled encounter serve others, or go back."""
    account = work.accounts.find(work.stream.id)
    if account is not None:
        apply_decision(payments.release_payments(account, message.encounter_id, moment_of(account, work)), work)


async def hold_payments(message: InsuranceChanged, work: BillingWork) -> None:
    """Hold what was paid for an encounter while insurance is open on it."""
    account = work.accounts.find(work.stream.id)
    if account is not None:
        decision = transfers.change_insurance(
            account, message.encounter_id, moment_of(account, work), insurance_open=message.insurance_open
        )
        apply_decision(decision, work)


def _account_for(command: TakePayment, work: BillingWork) -> PatientAccount:
    """Return the account, opened for an encounter that is paid ahead. Raises NotFound without one."""
    account = work.accounts.find(work.stream.id)
    if account is not None or command.encounter is None:
        return account or find_account(work)
    clinic = work.clinics.get(command.encounter.clinic_id)
    return PatientAccount(work.stream.id, work.stream.tenant_id, command.encounter.guarantor_id, clinic.time_zone)

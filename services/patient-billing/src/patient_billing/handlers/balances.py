"""Balances: what claims moves to the patient and back, and what pauses the bill."""

from patient_billing import consumed
from patient_billing.consumed import PatientBalanceDue, PatientBalanceWithdrawn
from patient_billing.domain import transfers
from patient_billing.domain.account import PatientAccount
from patient_billing.domain.balance import BalanceLine, Transfer, TransferCause
from patient_billing.domain.encounter import BilledEncounter
from patient_billing.domain.holds import pause_billing
from patient_billing.domain.posting import entries_for_transfer
from patient_billing.handlers.decisions import apply_decision, moment_of
from patient_billing.handlers.encounters import account_stream_of
from patient_billing.handlers.ledger import append_entries, posting_day
from patient_billing.messages import BalanceMoved, CoveragePresented, account_id_of
from patient_billing.storage import BillingWork
from revcycle_kit.money import Cents
from revcycle_kit.values import replace


async def bill_patient(event: PatientBalanceDue, work: BillingWork) -> None:
    """Take over what claims moved to the patient, and let the account decide what follows."""
    registered = work.encounters.get(event.encounter_id)
    account_id = account_id_of(event.billing_entity_id, event.guarantor_id)
    encounter = registered.billed_to(event.billing_entity_id, event.guarantor_id, account_id)
    cause = TransferCause.of(event.cause)
    lines = tuple(_line(line) for line in event.lines)
    _move(encounter, event, event.amount_cents, work, cause=cause, lines=lines)


async def withdraw_balance(event: PatientBalanceWithdrawn, work: BillingWork) -> None:
    """Give back what claims took back from the patient."""
    encounter = work.encounters.get(event.encounter_id)
    _move(encounter, event, Cents(-event.amount_cents), work)


async def take_balance(message: BalanceMoved, work: BillingWork) -> None:
    """Bill, discount, apply waiting payments, or owe back."""
    account = work.accounts.find(work.stream.id) or _open_account(message, work)
    preference = replace(account.preference, email_known=account.preference.email_known or message.email_known)
    account = replace(account, preference=preference)
    apply_decision(transfers.take_transfer(account, message.transfer, moment_of(account, work)), work)


async def pause_balance(message: CoveragePresented, work: BillingWork) -> None:
    """Ask nothing for an encounter while the coverage that was shown is verified and billed."""
    account = work.accounts.find(work.stream.id)
    if account is not None:
        moment = moment_of(account, work)
        apply_decision(pause_billing(account, message.encounter_id, message.presented_on, moment), work)


def _move(
    encounter: BilledEncounter,
    event: PatientBalanceDue | PatientBalanceWithdrawn,
    amount: Cents,
    work: BillingWork,
    *,
    cause: TransferCause = TransferCause.PATIENT_RESPONSIBILITY,
    lines: tuple[BalanceLine, ...] = (),
) -> None:
    transfer = Transfer(
        transfer_id=event.transfer_id,
        encounter_id=encounter.encounter_id,
        clinic_id=encounter.clinic_id,
        amount_cents=amount,
        cause=cause,
        service_on=encounter.service_on,
        posted_on=event.posted_on,
        lines=lines,
        estimate_cents=encounter.estimate_cents,
        insurance_open=encounter.insurance_open,
        sealed=encounter.sealed,
    )
    encounter = encounter.watched_by(encounter.billing_entity_id, encounter.account_id)
    on = posting_day(encounter.billing_entity_id, event.posted_on, work)
    append_entries(encounter, entries_for_transfer(amount, encounter.service_on, on), work)
    moved = BalanceMoved(guarantor_id=encounter.guarantor_id, transfer=transfer, email_known=encounter.email_known)
    work.send(moved, account_stream_of(encounter), key=str(work.message_id))


def _line(line: consumed.BalanceLine) -> BalanceLine:
    return BalanceLine(**{name: getattr(line, name) for name in BalanceLine.__struct_fields__})


def _open_account(message: BalanceMoved, work: BillingWork) -> PatientAccount:
    clinic = work.clinics.get(message.transfer.clinic_id)
    return PatientAccount(work.stream.id, work.stream.tenant_id, message.guarantor_id, clinic.time_zone)

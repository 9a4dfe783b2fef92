"""Accounts: found, woken in the morning, and what a command on one answers."""

from uuid import UUID

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.contact import ContactPreference
from patient_billing.domain.decision import Decision
from patient_billing.domain.morning import wake
from patient_billing.handlers.decisions import apply_decision, moment_of
from patient_billing.messages import AccountMorning, AccountState, SetContactPreference
from patient_billing.storage import BillingWork
from revcycle_kit.errors import NotFound
from revcycle_kit.values import replace


async def wake_account(_: AccountMorning, work: BillingWork) -> None:
    """Do what waited for this morning: credits, plan, placement, statement, reminder."""
    account = find_account(work)
    apply_decision(wake(account, moment_of(account, work)), work)


async def set_contact_preference(command: SetContactPreference, work: BillingWork) -> AccountState:
    """Keep what the guarantor allows."""
    account = find_account(work)
    consented_on = moment_of(account, work).today if command.sms_consented else None
    preference = ContactPreference(account.preference.email_known, command.email_opted_out, consented_on)
    return answer(Decision(replace(account, preference=preference)), work)


def find_account(work: BillingWork) -> PatientAccount:
    """Return the account of the stream. Raises NotFound."""
    account = work.accounts.find(work.stream.id)
    if account is None:
        raise NotFound("account")
    return account


def answer(decision: Decision, work: BillingWork, created_id: UUID | None = None) -> AccountState:
    """Apply a decision and say where its account stands."""
    apply_decision(decision, work)
    account = decision.account
    return AccountState(
        account_id=account.account_id,
        created_id=created_id,
        due_cents=account.due_cents,
        credit_cents=account.credit_cents,
        unapplied_cents=account.unapplied_cents,
        held=account.held,
        settled=account.settled,
    )

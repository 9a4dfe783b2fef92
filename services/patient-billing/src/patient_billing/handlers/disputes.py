"""Disputes: opened by the guarantor, resolved by the billing office."""

from patient_billing.domain import disputes
from patient_billing.handlers.accounts import answer, find_account
from patient_billing.handlers.decisions import moment_of
from patient_billing.messages import AccountState, OpenDispute, ResolveDispute
from patient_billing.storage import BillingWork


async def open_dispute(command: OpenDispute, work: BillingWork) -> AccountState:
    """Open a dispute."""
    account = find_account(work)
    moment = moment_of(account, work)
    decision = disputes.open_dispute(account, command.encounter_id, command.kind, command.amount_cents, moment)
    return answer(decision, work, decision.account.disputes[-1].dispute_id)


async def resolve_dispute(command: ResolveDispute, work: BillingWork) -> AccountState:
    """Decide a dispute."""
    account = find_account(work)
    moment = moment_of(account, work)
    decision = disputes.resolve_dispute(account, command.dispute_id, command.outcome, command.adjusted_cents, moment)
    return answer(decision, work)

"""Holds, set and released by people."""

from patient_billing.domain import holds
from patient_billing.handlers.accounts import answer, find_account
from patient_billing.handlers.decisions import moment_of
from patient_billing.messages import AccountState, PlaceHold, ReleaseHold
from patient_billing.storage import BillingWork


async def place_hold(command: PlaceHold, work: BillingWork) -> AccountState:
    """Place a hold."""
    account = find_account(work)
    return answer(holds.place_hold(account, command.reason, moment_of(account, work)), work)


async def release_hold(command: ReleaseHold, work: BillingWork) -> AccountState:
    """Release a hold."""
    account = find_account(work)
    return answer(holds.release_hold(account, command.reason, moment_of(account, work)), work)

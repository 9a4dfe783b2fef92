"""Write-offs by hand."""

from patient_billing.domain import write_offs
from patient_billing.handlers.accounts import answer, find_account
from patient_billing.handlers.decisions import moment_of
from patient_billing.messages import AccountState, WriteOff
from patient_billing.storage import BillingWork


async def write_off(command: WriteOff, work: BillingWork) -> AccountState:
    """Write off part or all of what an encounter owes."""
    account = find_account(work)
    moment = moment_of(account, work)
    decision = write_offs.write_off(
        account, command.encounter_id, command.write_off_class, command.amount_cents, moment
    )
    return answer(decision, work)

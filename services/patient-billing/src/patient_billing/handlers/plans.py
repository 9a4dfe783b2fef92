"""Payment plans: agreed and ended."""

from patient_billing.domain import plans
from patient_billing.handlers.accounts import answer, find_account
from patient_billing.handlers.decisions import moment_of
from patient_billing.messages import AccountState, CancelPlan, StartPlan
from patient_billing.storage import BillingWork


async def start_plan(command: StartPlan, work: BillingWork) -> AccountState:
    """Start a payment plan."""
    account = find_account(work)
    decision = plans.start_plan(
        account,
        command.installments,
        command.first_due_on,
        moment_of(account, work),
        autopay=command.autopay,
        encounter_ids=command.encounter_ids,
    )
    return answer(decision, work, decision.account.plan.plan_id if decision.account.plan else None)


async def cancel_plan(_: CancelPlan, work: BillingWork) -> AccountState:
    """End the running plan."""
    return answer(plans.cancel_plan(find_account(work)), work)

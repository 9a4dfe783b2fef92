"""Financial assistance: applied for and decided."""

from patient_billing.domain import assistance
from patient_billing.handlers.accounts import answer, find_account
from patient_billing.handlers.decisions import moment_of
from patient_billing.messages import AccountState, ApplyForAssistance, DecideAssistance
from patient_billing.storage import BillingWork


async def apply_for_assistance(_: ApplyForAssistance, work: BillingWork) -> AccountState:
    """Receive an application for financial assistance."""
    account = find_account(work)
    decision = assistance.apply_for_assistance(account, moment_of(account, work))
    return answer(decision, work, decision.account.applications[-1].application_id)


async def decide_assistance(command: DecideAssistance, work: BillingWork) -> AccountState:
    """Decide an application for financial assistance."""
    account = find_account(work)
    moment = moment_of(account, work)
    decision = assistance.decide_assistance(account, command.application_id, command.percent_basis_points, moment)
    return answer(decision, work)

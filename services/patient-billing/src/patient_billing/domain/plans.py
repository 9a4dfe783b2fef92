"""Payment plans on an account: start, watch, end."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.facts import PaymentPlanMissed, PaymentPlanStarted
from patient_billing.domain.plan import PaymentPlan, PlanStatus, plan_for
from patient_billing.domain.policy import BillingPolicy
from revcycle_kit.errors import Conflict, Refusal
from revcycle_kit.values import replace


def start_plan(
    account: PatientAccount,
    count: int,
    first_due_on: date,
    moment: Moment,
    *,
    autopay: bool = False,
    encounter_ids: Collection[UUID] = (),
) -> Decision:
    """
    Put what is due, of all encounters or of those named, into monthly installments.

    Raises Refusal for a plan that can never be: with more installments than the policy allows, or beginning in the
    past; Conflict where a plan runs, the account is held, or nothing is due.
    """
    _check_wish(count, first_due_on, moment)
    if account.active_plan:
        raise Conflict("A payment plan is running.", "", "Cancel it first to agree on another.")
    if account.held:
        raise Conflict("The account is on hold.", "", "Lift the hold first.")
    balances = tuple(
        balance for balance in account.balances if not encounter_ids or balance.encounter_id in encounter_ids
    )
    plan = replace(plan_for(moment.new_id(), balances, count, first_due_on, moment.today), autopay=autopay)
    amounts = tuple(installment.amount_cents for installment in plan.installments)
    started = PaymentPlanStarted(plan.plan_id, amounts, first_due_on)
    return Decision(replace(account, plan=plan)).saying(started)


def _check_wish(count: int, first_due_on: date, moment: Moment) -> None:
    most = moment.policy.plan_installments_max
    if count > most:
        raise Refusal(f"A plan has at most {most} installments.", "installments", "Choose fewer.")
    if first_due_on < moment.today:
        raise Refusal("The first installment would be due in the past.", "first_due_on", "Choose today or later.")


def cancel_plan(account: PatientAccount) -> Decision:
    """End a plan by agreement: what is left is asked for by statements again. Raises Conflict without a plan."""
    plan = account.active_plan
    if plan is None:
        raise Conflict("No payment plan is running.")
    return Decision(replace(account, plan=plan.ended(PlanStatus.CANCELLED)))


def plan_dates(account: PatientAccount, policy: BillingPolicy) -> list[date]:
    """Return the days on which unpaid installments become missed; with the last of them the plan is over."""
    plan = account.active_plan
    if plan is None or account.held:
        return []
    grace = timedelta(days=policy.plan_grace_days + 1)
    waiting = (n for n in plan.unpaid() if n == len(plan.installments) or not plan.installments[n - 1].missed)
    return [plan.installments[number - 1].due_on + grace for number in waiting]


def watch_plan(account: PatientAccount, moment: Moment) -> Decision:
    """
    Tell each missed installment once; a plan with too many of them unpaid ends, and statements resume.

    So does a plan whose last installment was missed: no day is left on which it could ask for the rest.
    """
    plan = account.active_plan
    if plan is None or account.held:
        return Decision(account)
    overdue = plan.overdue(moment.today, moment.policy.plan_grace_days)
    fresh = tuple(number for number in overdue if not plan.installments[number - 1].missed)
    marked = plan.mark_missed(fresh)
    broken = len(overdue) >= moment.policy.plan_missed_max or plan.over(moment.today, moment.policy.plan_grace_days)
    ended = marked.ended(PlanStatus.DEFAULTED) if broken else marked
    return Decision(replace(account, plan=ended)).saying(*(_missed(marked, number) for number in fresh))


def _missed(plan: PaymentPlan, number: int) -> PaymentPlanMissed:
    installment = plan.installments[number - 1]
    return PaymentPlanMissed(plan.plan_id, number, installment.amount_cents, installment.due_on)

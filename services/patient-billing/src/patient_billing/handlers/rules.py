"""Rules of a billing entity: its policies by day, and the months that are closed."""

from calendar import monthrange
from datetime import date

from patient_billing.messages import ClosePeriod, MonthClosed, SetPolicy, rules_stream
from patient_billing.published import PeriodClosed
from patient_billing.storage import BillingWork, ClosedMonths, EntityRules
from revcycle_kit.errors import Conflict, Refusal
from revcycle_kit.values import replace


async def set_policy(command: SetPolicy, work: BillingWork) -> None:
    """Let a policy hold from its day on; the one of the same day is replaced."""
    rules = work.rules.find(command.billing_entity_id) or EntityRules(command.billing_entity_id)
    others = tuple(policy for policy in rules.policies if policy.effective_on != command.policy.effective_on)
    policies = sorted((*others, command.policy), key=lambda policy: policy.effective_on)
    work.rules.put(replace(rules, policies=tuple(policies)))


async def close_period(command: ClosePeriod, work: BillingWork) -> None:
    """Close a month that is over: later entries post into the next."""
    through = _last_day(command.period)
    if through >= work.now.date():
        raise Refusal("The month is not over.", "period", "Close it when its last day has passed.")
    closed = work.periods.find(work.stream.tenant_id)
    if closed is not None and closed.through >= through:
        raise Conflict("The month is closed.", "period")
    work.periods.put(ClosedMonths(work.stream.tenant_id, through))
    work.publish(
        PeriodClosed(billing_entity_id=work.stream.tenant_id, period=command.period, closed_at=work.now),
    )
    message = MonthClosed(billing_entity_id=work.stream.tenant_id, through=through)
    work.send(message, rules_stream(command.organization_id, work.stream.tenant_id), key=command.period)


async def record_closed_month(message: MonthClosed, work: BillingWork) -> None:
    """Let later postings fall after the closed month."""
    rules = work.rules.find(message.billing_entity_id) or EntityRules(message.billing_entity_id)
    work.rules.put(replace(rules, closed_through=message.through))


def _last_day(period: str) -> date:
    try:
        first = date.fromisoformat(f"{period}-01")
    except ValueError:
        raise Refusal("This is no month.", "period", "Write it such as 2026-10.") from None
    return first.replace(day=monthrange(first.year, first.month)[1])

"""
What is asked of the guarantor, and when: statements, reminders, agency.

The cadence is counted from the first bill (day 0, 30, 60, 90 by default). The last statement of the
cadence carries the notice that the law wants 30 days before placement; placement follows after day
120 (26 CFR 1.501(r)-6, see `policy`). A hold stops everything; a plan that is kept, an agency and a
presented coverage stop it for their encounters.
"""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.balance import EncounterBalance
from patient_billing.domain.contact import Channel, is_quiet, reminder_channel
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.dunning_cycle import DunningCycle
from patient_billing.domain.facts import ReminderSent, StatementIssued
from patient_billing.domain.ledger import WriteOffClass
from patient_billing.domain.moves import forgive
from patient_billing.domain.placement import PlacementKind
from patient_billing.domain.policy import BillingPolicy, collection_rule_on
from patient_billing.domain.statement import Statement, statement_item
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import replace


def on_plan(account: PatientAccount, balance: EncounterBalance) -> Cents:
    """Return what a running plan asks for of this balance."""
    plan = account.active_plan
    return Cents(min(plan.share_of(balance.encounter_id), balance.due_cents)) if plan else ZERO


def billable(account: PatientAccount, today: date) -> tuple[EncounterBalance, ...]:
    """Return the balances that a statement may ask for: due beyond the plan, not with an agency, not paused."""
    early = [placement for placement in account.placements if placement.kind is PlacementKind.EARLY_OUT]
    return tuple(
        balance
        for balance in account.balances
        if balance.due_cents > on_plan(account, balance)
        and (balance.paused_until is None or balance.paused_until <= today)
        and not any(placement.holds(balance.encounter_id) for placement in early)
    )


def statement_on(account: PatientAccount, policy: BillingPolicy) -> date | None:
    """Return the day of the next statement, if one is to come."""
    balances = billable(account, date.max)
    if account.held or not any(balance.bills < len(policy.statement_days) for balance in balances):
        return None
    since = min(balance.due_since or date.max for balance in balances)
    paused_until = min(balance.paused_until or since for balance in balances)
    last_on = account.dunning.last_statement_on
    if last_on is None:
        return max(since + timedelta(days=policy.first_statement_after_days), paused_until)
    return max(last_on + timedelta(days=_gap(policy, account.dunning.statement_number)), paused_until)


def _gap(policy: BillingPolicy, number: int) -> int:
    """Return the days between this statement of the cadence and the next; the last gap repeats."""
    days = policy.statement_days
    position = min(number, len(days) - 1)
    return days[position] - days[position - 1] if position else 30


def bill(account: PatientAccount, moment: Moment) -> Decision:
    """Issue the statement that is due today; what is too small to ask for is written off instead."""
    due_on = statement_on(account, moment.policy)
    balances = billable(account, moment.today)
    if due_on is None or due_on > moment.today or not balances:
        return Decision(account)
    total = sum(balance.due_cents - on_plan(account, balance) for balance in balances)
    if total <= moment.policy.small_balance_cents:
        return _give_up_small(account, balances, moment)
    return _issue(account, balances, moment)


def _give_up_small(account: PatientAccount, balances: tuple[EncounterBalance, ...], moment: Moment) -> Decision:
    decision = Decision(account)
    for balance in balances:
        left = Cents(balance.due_cents - on_plan(account, balance))
        decision = decision.then(forgive, balance.encounter_id, WriteOffClass.SMALL_BALANCE, left, moment)
    return decision


def _issue(account: PatientAccount, balances: tuple[EncounterBalance, ...], moment: Moment) -> Decision:
    billed = tuple(_billed(balance, moment) for balance in balances)
    statement = _statement(account, billed, moment)
    for balance in billed:
        account = account.with_balance(balance)
    dunning = DunningCycle(moment.today, statement.number, account.dunning.reminded_on)
    fact = StatementIssued(
        statement.statement_id,
        statement.encounter_ids,
        statement.balance_cents,
        statement.number,
        statement.issued_on,
        statement.due_by,
    )
    return Decision(replace(account, dunning=dunning), facts=(fact,), statements=(statement,))


def _billed(balance: EncounterBalance, moment: Moment) -> EncounterBalance:
    bills = balance.bills + 1
    last = bills >= len(moment.policy.statement_days)
    return replace(
        balance,
        bills=bills,
        first_billed_on=balance.first_billed_on or moment.today,
        notice_on=(balance.notice_on or moment.today) if last else None,
    )


def _statement(account: PatientAccount, billed: tuple[EncounterBalance, ...], moment: Moment) -> Statement:
    placements = [on for on in map(placement_on, billed) if on is not None]
    return Statement(
        statement_id=moment.new_id(),
        account_id=account.account_id,
        billing_entity_id=account.billing_entity_id,
        number=max(balance.bills for balance in billed),
        issued_on=moment.today,
        due_by=moment.today + timedelta(days=moment.policy.due_after_days),
        items=tuple(statement_item(balance, on_plan(account, balance)) for balance in billed),
        placement_after=min(placements) - timedelta(days=1) if placements else None,
    )


def placement_on(balance: EncounterBalance) -> date | None:
    """Return the first day on which a balance may go to an agency; none before the notice was given."""
    if balance.first_billed_on is None or balance.notice_on is None:
        return None
    rule = collection_rule_on(balance.first_billed_on)
    after = balance.first_billed_on + timedelta(days=rule.placement_after_days + 1)
    return max(after, balance.notice_on + timedelta(days=rule.notice_days))


def reminder_on(account: PatientAccount, policy: BillingPolicy) -> date | None:
    """Return the day of the next reminder: once after each statement, by e-mail or text where that is allowed."""
    last_on, reminded_on = account.dunning.last_statement_on, account.dunning.reminded_on
    silent = last_on is None or reminder_channel(account.preference) is Channel.MAIL
    if silent or account.held or last_on is None or not billable(account, last_on):
        return None
    if reminded_on is not None and reminded_on >= last_on:
        return None
    return last_on + timedelta(days=policy.reminder_after_days)


def remind(account: PatientAccount, moment: Moment) -> Decision:
    """Send the reminder that is due today; in quiet hours (the alarm was late) it waits for the next morning."""
    due_on = reminder_on(account, moment.policy)
    local = moment.now.astimezone(ZoneInfo(account.time_zone))
    if due_on is None or due_on > moment.today or is_quiet(local):
        return Decision(account)
    reminded = replace(account, dunning=replace(account.dunning, reminded_on=moment.today))
    fact = ReminderSent(reminder_channel(account.preference), account.dunning.statement_number, moment.now)
    return Decision(reminded).saying(fact)

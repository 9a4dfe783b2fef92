"""Holds on an account: placed, released; a coverage shown late pauses one encounter."""

from datetime import date, timedelta
from uuid import UUID

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.facts import AccountHeld
from patient_billing.domain.hold import Hold, HoldReason
from revcycle_kit.errors import Conflict
from revcycle_kit.values import replace


def place_hold(account: PatientAccount, reason: HoldReason, moment: Moment) -> Decision:
    """Stop statements, reminders, plan and placement. A hold that stands already changes nothing."""
    if any(hold.reason == reason for hold in account.holds):
        return Decision(account)
    held = replace(account, holds=(*account.holds, Hold(reason, moment.today)))
    return Decision(held).saying(AccountHeld(reason, held=True, since=moment.today))


def release_hold(account: PatientAccount, reason: HoldReason, moment: Moment) -> Decision:
    """Lift a hold; with the last one, the plan's unpaid installments move by the days it stood."""
    hold = next((hold for hold in account.holds if hold.reason == reason), None)
    if hold is None:
        raise Conflict("The account is not held for this reason.", "reason")
    left = tuple(other for other in account.holds if other.reason != reason)
    plan = account.plan
    if plan is not None and plan.active and not left:
        plan = plan.postponed((moment.today - min(held.since for held in account.holds)).days)
    lifted = replace(account, holds=left, plan=plan)
    return Decision(lifted).saying(AccountHeld(reason, held=False, since=moment.today))


def pause_billing(account: PatientAccount, encounter_id: UUID, shown_on: date, moment: Moment) -> Decision:
    """Ask nothing for an encounter for a while: a coverage was shown, and the insurer comes first."""
    balance = account.balance(encounter_id)
    until = shown_on + timedelta(days=moment.policy.presented_pause_days)
    return Decision(account.with_balance(replace(balance, paused_until=until)) if balance else account)

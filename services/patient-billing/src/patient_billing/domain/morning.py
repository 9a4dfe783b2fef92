"""The account's morning: everything that waited for this day, in its order."""

from datetime import date

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.credits import credit_dates, release_credits
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.dunning import bill, remind, reminder_on, statement_on
from patient_billing.domain.placements import place_bad_debt, placement_dates
from patient_billing.domain.plans import plan_dates, watch_plan
from patient_billing.domain.policy import BillingPolicy
from patient_billing.domain.settlement import settle


def wake(account: PatientAccount, moment: Moment) -> Decision:
    """Do what is due today; an account with nothing due is left as it is."""
    return (
        Decision(account)
        .then(release_credits, moment)
        .then(watch_plan, moment)
        .then(place_bad_debt, moment)
        .then(bill, moment)
        .then(remind, moment)
        .then(settle, moment)
    )


def next_morning(account: PatientAccount, policy: BillingPolicy, earliest: date) -> date | None:
    """Return the next day, from the earliest on, on which the account has to wake; None while nothing waits."""
    dates = [
        *credit_dates(account, policy),
        *plan_dates(account, policy),
        *(placement_dates(account) if policy.bad_debt_automatic else ()),
        *(on for on in (statement_on(account, policy), reminder_on(account, policy)) if on is not None),
    ]
    return max(min(dates), earliest) if dates else None

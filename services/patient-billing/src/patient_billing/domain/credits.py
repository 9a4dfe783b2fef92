"""
What is owed back: credits rest, then serve what else is due, then are refunded.

The rest leaves time for a payer's correction that follows a reversal: nobody is sent a check for
money that is due again next day. It begins when no insurance is open on what was paid for: until
then a payer may still move what the patient owes.
"""

from datetime import date, timedelta
from uuid import UUID

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.balance import EncounterBalance
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.moves import apply_money, refund
from patient_billing.domain.payment import Payment, check_amount
from patient_billing.domain.policy import BillingPolicy
from patient_billing.domain.settlement import awaits_insurance, settle
from revcycle_kit.errors import Conflict
from revcycle_kit.money import Cents, format_dollars
from revcycle_kit.values import replace


def credit_dates(account: PatientAccount, policy: BillingPolicy) -> list[date]:
    """Return the days on which credits and idle money have rested enough, or a payment stops waiting."""
    rest = timedelta(days=policy.credit_rest_days)
    credits_on = [balance.credit_since + rest for balance in account.balances if balance.credit_since]
    idle_on = [payment.idle_since + rest for payment in account.payments if payment.idle_since]
    reserve = timedelta(days=policy.prepayment_rest_days)
    waiting = (
        payment
        for payment in account.payments
        if payment.unapplied_cents and not payment.idle_since and not awaits_insurance(payment, account)
    )
    return credits_on + idle_on + [payment.received_on + reserve for payment in waiting]


def release_credits(account: PatientAccount, moment: Moment) -> Decision:
    """Let credits that have rested serve what is due; refund the rest, and money that lies idle."""
    since = moment.today - timedelta(days=moment.policy.credit_rest_days)
    decision = Decision(account).then(settle, moment)
    for balance in account.balances:
        if balance.credit_since and balance.credit_since <= since:
            decision = decision.then(_serve_others, balance.encounter_id, moment).then(settle, moment)
            decision = decision.then(_refund_credit, balance.encounter_id, moment)
    for payment in decision.account.payments:
        if payment.idle_since and payment.idle_since <= since:
            decision = decision.then(_refund_idle, payment.payment_id, moment)
    return decision.then(settle, moment)


def refund_now(account: PatientAccount, encounter_id: UUID, amount: Cents, moment: Moment) -> Decision:
    """
    Refund part or all of an encounter's credit at once.

    Money that waits unapplied for the encounter counts as its credit. Raises Conflict above it.
    """
    check_amount(amount, "A refund")
    available = refundable(account, encounter_id)
    if amount > available:
        raise Conflict(
            f"At most {format_dollars(available)} can be refunded for this encounter.",
            "amount_cents",
            "Refund at most that, or return the payment if it bounced.",
        )
    decision = Decision(replace(account, settled=False))
    short = Cents(amount - account.known_balance(encounter_id).credit_cents)
    for payment in account.payments:
        part = Cents(max(0, min(short, _refundable_of(payment, encounter_id))))
        short = Cents(short - part)
        if part:
            decision = decision.then(apply_money, payment.payment_id, encounter_id, part, moment)
    return decision.then(refund, encounter_id, amount, moment).then(settle, moment)


def refundable(account: PatientAccount, encounter_id: UUID) -> Cents:
    """Return the credit of an encounter and the unapplied money meant for it."""
    balance = account.known_balance(encounter_id)
    unapplied = sum(_refundable_of(payment, encounter_id) for payment in account.payments)
    return Cents(balance.credit_cents + (0 if balance.due_cents else unapplied))


def _refundable_of(payment: Payment, encounter_id: UUID) -> Cents:
    return payment.unapplied_cents if payment.encounter_id == encounter_id else Cents(0)


def _serve_others(account: PatientAccount, encounter_id: UUID, moment: Moment) -> Decision:
    """Take a credit back from the payments that made it, latest first, as far as something else is due."""
    decision = Decision(account)
    wanted = Cents(min(account.known_balance(encounter_id).credit_cents, account.due_cents))
    for payment in reversed(account.payments):
        part = Cents(min(wanted, payment.applied_to(encounter_id)))
        wanted = Cents(wanted - part)
        if part:
            decision = decision.then(apply_money, payment.payment_id, encounter_id, Cents(-part), moment)
    return decision


def _refund_credit(account: PatientAccount, encounter_id: UUID, moment: Moment) -> Decision:
    credit = account.known_balance(encounter_id).credit_cents
    return refund(account, encounter_id, credit, moment) if credit else Decision(account)


def _refund_idle(account: PatientAccount, payment_id: UUID, moment: Moment) -> Decision:
    """Send idle money back by way of an encounter, so that its ledger shows both."""
    payment = account.payment(payment_id)
    home = _home_of(payment, account)
    if payment.unapplied_cents == 0 or home is None:
        return Decision(account)
    amount = payment.unapplied_cents
    decision = apply_money(account, payment_id, home.encounter_id, amount, moment)
    return decision.then(refund, home.encounter_id, amount, moment)


def _home_of(payment: Payment, account: PatientAccount) -> EncounterBalance | None:
    meant = account.balance(payment.encounter_id) if payment.encounter_id else None
    return meant or (account.balances[-1] if account.balances else None)

"""
What every change of an account ends with: discounts, free money and credits find their places.

In this order: the self-pay discount follows what is self-pay; a credit first undoes write-offs, for
only money that was paid can be owed back; free payments serve what is due; the plan asks for no more
than is owed; what is due or owed back is dated; an account with nothing open is settled.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.allocation import allocate_payment, allocation_order
from patient_billing.domain.balance import EncounterBalance
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.dunning_cycle import DunningCycle
from patient_billing.domain.facts import AccountSettled, PaymentPlanCompleted
from patient_billing.domain.ledger import WriteOffClass
from patient_billing.domain.moves import apply_money, forgive, less_to_collect
from patient_billing.domain.payment import Payment
from patient_billing.domain.plan import PlanStatus
from revcycle_kit.money import Cents
from revcycle_kit.values import replace

UNDONE_FIRST: Final[tuple[WriteOffClass, ...]] = (
    WriteOffClass.BAD_DEBT,
    WriteOffClass.SMALL_BALANCE,
    WriteOffClass.ADMINISTRATIVE,
    WriteOffClass.COURTESY,
    WriteOffClass.CHARITY,
)
"""The order in which write-offs are undone when less is owed than was thought."""


def settle(account: PatientAccount, moment: Moment) -> Decision:
    """Bring an account to rest after a change."""
    return (
        Decision(account)
        .then(follow_discounts, moment)
        .then(undo_write_offs, moment)
        .then(allocate_free_money, moment)
        .then(refresh_plan, moment)
        .then(date_balances, moment)
        .then(announce_settled, moment)
    )


def follow_discounts(account: PatientAccount, moment: Moment) -> Decision:
    """Give each self-pay balance the discount of its clinic on its day of service, no more and no less."""
    decision = Decision(account)
    for balance in account.balances:
        rate = moment.policy_at(balance.service_on).discount_for(balance.clinic_id)
        change = Cents(balance.discount_target(rate) - balance.discounted_cents)
        if change:
            decision = decision.then(forgive, balance.encounter_id, WriteOffClass.SELF_PAY_DISCOUNT, change, moment)
    return decision


def undo_write_offs(account: PatientAccount, moment: Moment) -> Decision:
    """Undo write-offs where an encounter would owe money that nobody paid."""
    decision = Decision(account)
    for balance in account.balances:
        credit = balance.credit_cents
        for name in UNDONE_FIRST:
            undone = Cents(min(credit, balance.written_off_cents.get(name, 0)))
            credit = Cents(credit - undone)
            if undone:
                decision = decision.then(undo, balance.encounter_id, name, undone, moment)
    return decision


def undo(
    account: PatientAccount, encounter_id: UUID, write_off_class: WriteOffClass, amount: Cents, moment: Moment
) -> Decision:
    """Take cents of a write-off back; what was bad debt is no longer the agency's to collect."""
    decision = forgive(account, encounter_id, write_off_class, Cents(-amount), moment)
    if write_off_class is not WriteOffClass.BAD_DEBT:
        return decision
    return replace(decision, account=less_to_collect(decision.account, encounter_id, amount))


def is_reserved(payment: Payment, account: PatientAccount, moment: Moment) -> bool:
    """Say whether a payment still waits for the encounter it was meant for (a copay before the insurers decided)."""
    if payment.encounter_id is None or payment.released:
        return False
    if awaits_insurance(payment, account):
        return True
    balance = account.balance(payment.encounter_id)
    waits = balance is None or balance.transfers == 0
    return waits and moment.today < payment.received_on + timedelta(days=moment.policy.prepayment_rest_days)


def awaits_insurance(payment: Payment, account: PatientAccount) -> bool:
    """Say whether insurance is open on what a payment was meant for: nothing of it is given back until then."""
    meant = {payment.encounter_id, *payment.statement_encounter_ids}
    paid_for = (balance for balance in account.balances if balance.encounter_id in meant)
    return not payment.released and any(balance.insurance_open for balance in paid_for)


def allocate_free_money(account: PatientAccount, moment: Moment) -> Decision:
    """Apply what payments have left to what is due, the earlier payment first; what is reserved, to its encounter."""
    decision = Decision(account)
    for payment in account.payments:
        if payment.unapplied_cents:
            step = _serve_own if is_reserved(payment, account, moment) else _allocate
            decision = decision.then(step, payment, moment)
    return decision


def _serve_own(account: PatientAccount, payment: Payment, moment: Moment) -> Decision:
    own = tuple(balance for balance in account.balances if balance.encounter_id == payment.encounter_id)
    decision = Decision(account)
    for part in allocate_payment(payment.unapplied_cents, allocation_order(own, None)):
        decision = decision.then(apply_money, payment.payment_id, part.encounter_id, part.amount_cents, moment)
    return decision


def _allocate(account: PatientAccount, payment: Payment, moment: Moment) -> Decision:
    decision = Decision(account).then(_answer_statement, payment, moment)
    return decision.then(_serve_in_turn, decision.account.payment(payment.payment_id), moment)


def _answer_statement(account: PatientAccount, payment: Payment, moment: Moment) -> Decision:
    """Pay what the statement that the payment answers asked for, the oldest first; what the plan holds is not in it."""
    decision = Decision(account)
    for balance in allocation_order(account.balances, None):
        free = decision.account.payment(payment.payment_id).unapplied_cents
        part = Cents(min(free, account.beside_plan(balance.encounter_id)))
        if part and balance.encounter_id in payment.statement_encounter_ids:
            decision = decision.then(apply_money, payment.payment_id, balance.encounter_id, part, moment)
    return decision


def _serve_in_turn(account: PatientAccount, payment: Payment, moment: Moment) -> Decision:
    decision = Decision(account)
    covered = account.active_plan.shares if account.active_plan else ()
    preferred = {share.encounter_id for share in covered if share.left_cents > 0}
    order = allocation_order(account.balances, payment.encounter_id, preferred)
    for part in allocate_payment(payment.unapplied_cents, order):
        decision = decision.then(apply_money, payment.payment_id, part.encounter_id, part.amount_cents, moment)
    return decision


def refresh_plan(account: PatientAccount, moment: Moment) -> Decision:
    """Lower the plan to what is owed; complete it when nothing of it is left."""
    plan = account.active_plan
    if plan is None:
        return Decision(account)
    plan = plan.capped(account.balances)
    if plan.left_cents > 0:
        return Decision(replace(account, plan=plan))
    done = replace(account, plan=plan.ended(PlanStatus.COMPLETED))
    return Decision(done).saying(PaymentPlanCompleted(plan.plan_id, moment.today))


def date_balances(account: PatientAccount, moment: Moment) -> Decision:
    """Remember since when something is due, owed back, or lies idle; a settled balance starts afresh."""
    balances = tuple(_dated(balance, moment) for balance in account.balances)
    payments = tuple(_idle_dated(payment, account, moment) for payment in account.payments)
    return Decision(replace(account, balances=balances, payments=payments))


def _dated(balance: EncounterBalance, moment: Moment) -> EncounterBalance:
    rests = balance.credit_cents > 0 and not balance.insurance_open
    credit_since = (balance.credit_since or moment.today) if rests else None
    if balance.due_cents and balance.due_since and credit_since == balance.credit_since:
        return balance
    if balance.due_cents:
        return replace(balance, due_since=balance.due_since or moment.today, credit_since=credit_since)
    return replace(balance, due_since=None, first_billed_on=None, bills=0, notice_on=None, credit_since=credit_since)


def _idle_dated(payment: Payment, account: PatientAccount, moment: Moment) -> Payment:
    bound = is_reserved(payment, account, moment) or awaits_insurance(payment, account)
    idle = payment.unapplied_cents > 0 and not bound
    since = (payment.idle_since or moment.today) if idle else None
    return payment if since == payment.idle_since else replace(payment, idle_since=since)


def announce_settled(account: PatientAccount, moment: Moment) -> Decision:
    """Say once that nothing is open: nothing due, nothing owed back, no money without a place."""
    if account.settled or account.due_cents or account.credit_cents or account.unapplied_cents:
        return Decision(account)
    rested = replace(account, settled=True, dunning=DunningCycle())
    return Decision(rested).saying(AccountSettled(moment.today))

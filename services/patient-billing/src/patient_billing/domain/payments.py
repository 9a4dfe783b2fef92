"""Payments on an account: taken, returned, released from the encounter they waited for."""

from uuid import UUID

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.facts import PaymentReturned, payment_received
from patient_billing.domain.moves import apply_money, recover
from patient_billing.domain.payment import Payment, PaymentPurpose, check_amount
from patient_billing.domain.recoveries import recover_from_patient
from patient_billing.domain.settlement import settle
from revcycle_kit.errors import Conflict, Refusal
from revcycle_kit.money import Cents, format_dollars
from revcycle_kit.values import replace


def take_payment(account: PatientAccount, payment: Payment, moment: Moment) -> Decision:
    """
    Take a payment and apply it: what its statement asked for, its encounter, the plan, then the oldest.

    What is left over stays unapplied: it serves what comes to be due, or is refunded when it has rested.
    Raises Refusal for an amount that is not positive, a day to come, or a card or ACH payment above what
    is owed whose money has not come: whoever asks has to ask for less, now or later.
    """
    _check_payment(account, payment, moment)
    received = replace(account.with_payment(payment), settled=False)
    return (
        Decision(received)
        .saying(payment_received(payment))
        .then(settle, moment)
        .then(recover_from_patient, payment.payment_id, moment)
        .then(settle, moment)
    )


def return_payment(account: PatientAccount, payment_id: UUID, reason: str, moment: Moment) -> Decision:
    """
    Take a bounced or charged-back payment off every encounter; what it had paid is due again.

    Raises Conflict when it was returned before.
    """
    payment = account.payment(payment_id)
    if payment.returned_on is not None:
        raise Conflict("The payment was returned before.", "payment_id")
    decision = Decision(replace(account, settled=False))
    for part in payment.applications:
        decision = decision.then(_take_back, payment, part.encounter_id, part.amount_cents, moment)
    bounced = replace(decision.account.payment(payment_id), returned_on=moment.today)
    returned = PaymentReturned(payment_id, payment.amount_cents, reason, moment.today)
    return replace(decision, account=decision.account.with_payment(bounced)).saying(returned).then(settle, moment)


def release_payments(account: PatientAccount, encounter_id: UUID, moment: Moment) -> Decision:
    """Free the payments that waited for an encounter which will not take place."""
    payments = (
        replace(payment, released=True) if payment.encounter_id == encounter_id else payment
        for payment in account.payments
    )
    return settle(replace(account, payments=tuple(payments)), moment)


def _check_payment(account: PatientAccount, payment: Payment, moment: Moment) -> None:
    check_amount(payment.amount_cents, "A payment")
    if payment.received_on > moment.today:
        raise Refusal("The payment would be received in the future.", "received_on", "Give the day on which it came.")
    owed = Cents(account.due_cents + account.placed_cents)
    ahead = payment.purpose.ahead
    if ahead and payment.encounter_id is None:
        raise Refusal(f"A {payment.purpose} names the encounter it is for.", "encounter_id", "Send its id.")
    if not ahead and payment.amount_cents > owed and not payment.in_hand:
        raise Refusal(
            f"The account owes {format_dollars(owed)}: no {payment.method} is charged above that.",
            "amount_cents",
            f"Ask for at most {format_dollars(owed)}; where more was charged already, send the receipt as reference.",
        )
    if not ahead and not account.balances:
        raise Conflict("The account owes nothing.", "amount_cents", "Take it as a prepayment for an encounter.")


def _take_back(
    account: PatientAccount, payment: Payment, encounter_id: UUID, amount: Cents, moment: Moment
) -> Decision:
    """Undo one application: a bounced recovery is bad debt again, any other payment is owed again."""
    if payment.purpose is PaymentPurpose.RECOVERY:
        return recover(account, payment.payment_id, encounter_id, Cents(-amount), moment)
    return apply_money(account, payment.payment_id, encounter_id, Cents(-amount), moment)

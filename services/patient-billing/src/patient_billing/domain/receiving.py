"""Money comes in: transfers from claims, payments, what agencies collected; and what bounces."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.balance import EncounterBalance, Transfer
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.facts import PatientPaymentReceived, PaymentReturned
from patient_billing.domain.moves import apply_money, recover
from patient_billing.domain.payment import Application, Payment, check_amount
from patient_billing.domain.placement import Placement
from patient_billing.domain.settling import settle
from revcycle_kit.errors import Conflict, Refusal
from revcycle_kit.money import Cents, allocate, format_dollars


def take_transfer(account: PatientAccount, transfer: Transfer, moment: Moment) -> Decision:
    """Take over what claims moved to or from the patient; waiting payments are applied at once."""
    known = account.balance(transfer.encounter_id)
    balance = known or EncounterBalance(transfer.encounter_id, transfer.clinic_id, transfer.service_on)
    opened = replace(account.with_balance(balance.with_transfer(transfer)), settled=False)
    return settle(opened, moment)


def expect_encounter(account: PatientAccount, encounter_id: UUID, clinic_id: UUID, service_on: date) -> PatientAccount:
    """Make room for an encounter before claims moves any money, so that a prepayment has a home."""
    if account.balance(encounter_id) is not None:
        return account
    return account.with_balance(EncounterBalance(encounter_id, clinic_id, service_on))


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
        .saying(_received(payment))
        .then(settle, moment)
        .then(_recover_from_patient, payment.payment_id, moment)
        .then(settle, moment)
    )


def take_recovery(
    account: PatientAccount, payment: Payment, placement_id: UUID, fee: Cents | None, moment: Moment
) -> Decision:
    """
    Take what an agency collected: bad debt is owed again and paid; the fee stays outside.

    `fee` is what the agency kept, or None for the rate of the placement.
    """
    check_amount(payment.amount_cents, "The recovery")
    placement = account.placement(placement_id)
    kept = placement.fee_on(payment.amount_cents) if fee is None else fee
    if not 0 <= kept <= payment.amount_cents:
        raise Refusal("The agency's fee is not between 0.00 and what it collected.", "fee_cents")
    parts = placement.allocate(payment.amount_cents)
    fees = allocate(kept, [part.amount_cents for part in parts])
    decision = Decision(replace(account.with_payment(payment), settled=False)).saying(_received(payment))
    for part, share in zip(parts, fees, strict=True):
        decision = decision.then(_collect, placement, payment.payment_id, part, moment, fee=share)
    return decision.then(settle, moment)


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


def release_encounter(account: PatientAccount, encounter_id: UUID, moment: Moment) -> Decision:
    """Free the payments that waited for an encounter which will not take place."""
    payments = (
        replace(payment, released=True) if payment.encounter_id == encounter_id else payment
        for payment in account.payments
    )
    return settle(replace(account, payments=tuple(payments)), moment)


def change_insurance(account: PatientAccount, encounter_id: UUID, moment: Moment, *, insurance_open: bool) -> Decision:
    """Hold what was paid for an encounter while insurance is open on it; once it is closed, let it rest and go on."""
    balance = account.balance(encounter_id)
    if balance is None or balance.insurance_open == insurance_open:
        return Decision(account)
    return settle(account.with_balance(replace(balance, insurance_open=insurance_open)), moment)


def _check_payment(account: PatientAccount, payment: Payment, moment: Moment) -> None:
    check_amount(payment.amount_cents, "A payment")
    if payment.received_on > moment.today:
        raise Refusal("The payment would be received in the future.", "received_on", "Give the day on which it came.")
    owed = Cents(account.due_cents + account.placed_cents)
    ahead = payment.purpose in ("copay", "prepayment")
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


def _received(payment: Payment) -> PatientPaymentReceived:
    return PatientPaymentReceived(
        payment.payment_id,
        payment.amount_cents,
        payment.method,
        payment.purpose,
        payment.encounter_id,
        payment.received_on,
    )


def _recover_from_patient(account: PatientAccount, payment_id: UUID, moment: Moment) -> Decision:
    """Let money that the guarantor pays directly serve bad debt when nothing else is due; no fee."""
    decision = Decision(account)
    if account.payment(payment_id).purpose in ("copay", "prepayment"):
        return decision
    for placement in account.placements:
        free = Cents(min(decision.account.payment(payment_id).unapplied_cents, placement.left_cents))
        if placement.kind == "bad_debt" and placement.recalled_on is None and free > 0:
            for part in placement.allocate(free):
                decision = decision.then(recover, payment_id, part.encounter_id, part.amount_cents, moment)
    return decision


def _collect(
    account: PatientAccount,
    placement: Placement,
    payment_id: UUID,
    part: Application,
    moment: Moment,
    *,
    fee: Cents,
) -> Decision:
    if placement.kind == "bad_debt":
        return recover(account, payment_id, part.encounter_id, part.amount_cents, moment, fee=fee)
    now = account.placement(placement.placement_id).lowered(part.encounter_id, part.amount_cents)
    return apply_money(account.with_placement(now), payment_id, part.encounter_id, part.amount_cents, moment)


def _take_back(
    account: PatientAccount, payment: Payment, encounter_id: UUID, amount: Cents, moment: Moment
) -> Decision:
    """Undo one application: a bounced recovery is bad debt again, any other payment is owed again."""
    if payment.purpose == "recovery":
        return recover(account, payment.payment_id, encounter_id, Cents(-amount), moment)
    return apply_money(account, payment.payment_id, encounter_id, Cents(-amount), moment)

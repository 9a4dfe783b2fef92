"""The four moves of money on an account; each posts on one encounter."""

from uuid import UUID

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.ledger import WriteOffClass
from patient_billing.domain.payment import Payment
from patient_billing.domain.placement import PlacementKind
from patient_billing.domain.posting import Posting, PostingKind
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import replace


def apply_money(
    account: PatientAccount, payment_id: UUID, encounter_id: UUID, amount: Cents, moment: Moment
) -> Decision:
    """Put cents of a payment on an encounter; below zero, take them back."""
    payment = account.payment(payment_id)
    posting = Posting(
        encounter_id,
        PostingKind.PAYMENT,
        amount,
        moment.today,
        payment_id=payment_id,
        received_on=payment.received_on,
    )
    return Decision(_with_money(account, payment_id, encounter_id, amount), (posting,))


def forgive(
    account: PatientAccount, encounter_id: UUID, write_off_class: WriteOffClass, amount: Cents, moment: Moment
) -> Decision:
    """Write off or discount; below zero, owed again. Nothing to forgive is nothing to post."""
    if amount == 0:
        return Decision(account)
    balance = account.known_balance(encounter_id).forgive(write_off_class, amount)
    posting = Posting(encounter_id, PostingKind.FORGIVEN, amount, moment.today, write_off_class=write_off_class)
    return Decision(account.with_balance(balance), (posting,))


def refund(account: PatientAccount, encounter_id: UUID, amount: Cents, moment: Moment) -> Decision:
    """Send cents of a credit balance back to the guarantor."""
    balance = account.known_balance(encounter_id)
    returned = replace(balance, refunded_cents=Cents(balance.refunded_cents + amount))
    posting = Posting(encounter_id, PostingKind.REFUND, amount, moment.today, refund_id=moment.new_id())
    return Decision(account.with_balance(returned), (posting,))


def recover(
    account: PatientAccount, payment_id: UUID, encounter_id: UUID, amount: Cents, moment: Moment, *, fee: Cents = ZERO
) -> Decision:
    """
    Take in what was collected on bad debt: the write-off is reversed and the money applied.

    Below zero: the agency took it back.
    """
    payment = account.payment(payment_id)
    paid = _with_money(account, payment_id, encounter_id, amount)
    owed = paid.known_balance(encounter_id).forgive(WriteOffClass.BAD_DEBT, Cents(-amount))
    posting = Posting(
        encounter_id,
        PostingKind.RECOVERY,
        amount,
        moment.today,
        payment_id=payment_id,
        received_on=payment.received_on,
        write_off_class=WriteOffClass.BAD_DEBT,
        fee_cents=fee,
    )
    return Decision(less_to_collect(paid.with_balance(owed), encounter_id, amount), (posting,))


def _with_money(account: PatientAccount, payment_id: UUID, encounter_id: UUID, amount: Cents) -> PatientAccount:
    payment = account.payment(payment_id).apply(encounter_id, amount)
    balance = account.known_balance(encounter_id)
    paid = replace(balance, applied_cents=Cents(balance.applied_cents + amount))
    plan = account.plan.pay(encounter_id, _plan_part(account, payment, encounter_id, amount)) if account.plan else None
    return replace(account.with_payment(payment).with_balance(paid), plan=plan)


def _plan_part(account: PatientAccount, payment: Payment, encounter_id: UUID, amount: Cents) -> Cents:
    """Return what of an amount counts for the plan: of an answer to a statement, only what the plan alone asks for."""
    if encounter_id not in payment.statement_encounter_ids:
        return amount
    return Cents(max(amount - account.beside_plan(encounter_id), 0))


def less_to_collect(account: PatientAccount, encounter_id: UUID, amount: Cents) -> PatientAccount:
    """Lower what agencies have left to collect on an encounter, the earlier placement first."""
    left = amount
    for placement in account.placements:
        if placement.kind is PlacementKind.BAD_DEBT and placement.holds(encounter_id) and left != ZERO:
            lowered = placement.lowered(encounter_id, left)
            left = Cents(left - (placement.left_cents - lowered.left_cents))
            account = account.with_placement(lowered)
    return account

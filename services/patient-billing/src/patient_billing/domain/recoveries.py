"""Recoveries: what an agency collected, and bad debt that the guarantor pays after all."""

from uuid import UUID

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.facts import payment_received
from patient_billing.domain.moves import apply_money, recover
from patient_billing.domain.payment import Application, Payment, check_amount
from patient_billing.domain.placement import Placement, PlacementKind
from patient_billing.domain.settlement import settle
from revcycle_kit.errors import Refusal
from revcycle_kit.money import Cents, allocate
from revcycle_kit.values import replace


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
    decision = Decision(replace(account.with_payment(payment), settled=False)).saying(payment_received(payment))
    for part, share in zip(parts, fees, strict=True):
        decision = decision.then(_collect, placement, payment.payment_id, part, moment, fee=share)
    return decision.then(settle, moment)


def recover_from_patient(account: PatientAccount, payment_id: UUID, moment: Moment) -> Decision:
    """Let money that the guarantor pays directly serve bad debt when nothing else is due; no fee."""
    decision = Decision(account)
    if account.payment(payment_id).purpose.ahead:
        return decision
    for placement in account.placements:
        free = Cents(min(decision.account.payment(payment_id).unapplied_cents, placement.left_cents))
        if placement.collects_bad_debt and free > 0:
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
    if placement.kind is PlacementKind.BAD_DEBT:
        return recover(account, payment_id, part.encounter_id, part.amount_cents, moment, fee=fee)
    now = account.placement(placement.placement_id).lowered(part.encounter_id, part.amount_cents)
    return apply_money(account.with_placement(now), payment_id, part.encounter_id, part.amount_cents, moment)

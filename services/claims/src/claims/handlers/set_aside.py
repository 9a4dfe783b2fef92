"""Payments set aside: kept with their cash and the reason, until a person or the payer puts them right."""

from uuid import UUID

from claims import events
from claims.domain.balancing import claim_imbalances
from claims.domain.ledger import RECOUPMENT, UNAPPLIED, moved
from claims.domain.posting import Unpostable
from claims.domain.remittance import Remittance, SetAside, SetAsideKind
from claims.domain.remittance_advice import ClaimPayment
from claims.handlers.cash import book, stamp_of
from claims.handlers.refusals import conflict_over
from claims.messages import CloseSetAside, PaymentsReceived, PostSetAside, encounter_stream
from claims.storage import ClaimsWork
from revcycle_kit.errors import NotFound, Refusal
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents
from revcycle_kit.values import replace


async def post_set_aside(command: PostSetAside, work: ClaimsWork) -> None:
    """Post a payment that was set aside: with the right amounts, or to the encounter where it belongs."""
    item = _item(command.item_id, work)
    payment = command.payment or item.payment
    if payment.paid_cents != item.payment.paid_cents:
        raise Refusal(
            "The payment differs from the cash received.", "payment.paid_cents", "Keep what the payer paid as it is."
        )
    if claim_imbalances(payment):
        raise Refusal(
            "The payment does not balance.", "payment", "Charge less all adjustments has to be what was paid."
        )
    clinic_id, encounter_id = command.clinic_id or item.clinic_id, command.encounter_id or item.encounter_id
    if clinic_id is None or encounter_id is None:
        raise Refusal("No claim is named.", "encounter_id", "Name the encounter whose claim was paid.")
    with conflict_over("item_id"):
        retry(replace(item, payment=payment, clinic_id=clinic_id, encounter_id=encounter_id), work)


async def close_set_aside(command: CloseSetAside, work: ClaimsWork) -> None:
    """Owe the money of a payment that belongs to no claim of ours back to its payer."""
    with conflict_over("item_id"):
        item = _item(command.item_id, work).close()
    remittance = work.remittances.get(item.remittance_id)
    work.set_aside.put(item)
    book(remittance, moved(UNAPPLIED, RECOUPMENT, item.amount_cents, stamp_of(remittance, work)), work)
    taken_cents = Cents(remittance.applied_cents + item.amount_cents)
    work.remittances.put(replace(remittance, applied_cents=taken_cents))


def set_aside(
    remittance: Remittance, unpostable: Unpostable, work: ClaimsWork, *, place: tuple[UUID, UUID] | None = None
) -> None:
    """Keep a payment that cannot be posted; `place` is the clinic and the encounter that could not take it."""
    item_id = derived_id("item", str(remittance.remittance_id), str(unpostable.payment.position))
    former = work.set_aside.find(item_id)
    clinic_id, encounter_id = place or (None, None)
    item = SetAside(
        item_id=item_id,
        remittance_id=remittance.remittance_id,
        billing_entity_id=remittance.billing_entity_id,
        kind=_kind(unpostable, place),
        payment=unpostable.payment,
        reason=unpostable.reason,
        fix=unpostable.fix,
        imbalances=unpostable.imbalances,
        clinic_id=clinic_id,
        encounter_id=encounter_id,
        attempts=former.attempts if former else 0,
        since=former.since if former else work.now,
    )
    work.set_aside.put(item)
    if place is not None:
        work.publish(events.claim_quarantined(item, work.now))


def _kind(unpostable: Unpostable, place: tuple[UUID, UUID] | None) -> SetAsideKind:
    if place is None:
        return SetAsideKind.UNMATCHED
    return SetAsideKind.UNBALANCED if unpostable.imbalances else SetAsideKind.CONTRADICTORY


def retry(item: SetAside, work: ClaimsWork) -> None:
    """Send a payment that was set aside to its encounter once more. Raises Refused where it is gone already."""
    item = item.retry()
    work.set_aside.put(item)
    remittance = work.remittances.get(item.remittance_id)
    if item.clinic_id is not None and item.encounter_id is not None:
        message = replace(payments_of(remittance, (item.payment,)), item_id=item.item_id)
        to = encounter_stream(item.clinic_id, item.encounter_id)
        work.send(message, to=to, key=f"{item.item_id}:{item.attempts}")


def payments_of(remittance: Remittance, payments: tuple[ClaimPayment, ...]) -> PaymentsReceived:
    """Return what an encounter is told of a remittance."""
    return PaymentsReceived(
        remittance_id=remittance.remittance_id,
        billing_entity_id=remittance.billing_entity_id,
        payer_id=remittance.payer_id,
        trace_number=remittance.trace_number,
        produced_on=remittance.produced_on,
        deposited_on=remittance.deposited_on,
        payments=payments,
    )


def _item(item_id: UUID, work: ClaimsWork) -> SetAside:
    item = work.set_aside.find(item_id)
    if item is None:
        raise NotFound("payment set aside")
    return item

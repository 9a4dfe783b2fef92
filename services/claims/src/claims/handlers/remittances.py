"""Remittances: a payer's money, checked, split to its encounters, accounted for to the last cent."""

from claims import events
from claims.domain.balancing import claim_imbalances, file_imbalance
from claims.domain.cash import applied, received
from claims.domain.posting import Unpostable
from claims.domain.remittance import Remittance, RemittanceState, SetAsideState
from claims.handlers.cash import book, match, stamp_of
from claims.handlers.set_aside import payments_of, retry, set_aside
from claims.messages import PaymentsPosted, RemittanceArrived, encounter_stream
from claims.storage import ClaimsWork
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents
from revcycle_kit.values import replace


async def open_remittance(message: RemittanceArrived, work: ClaimsWork) -> None:
    """
    Take in one 835: book its cash, and tell each encounter what it says about its claims.

    A file that does not balance is set aside whole. One that came before changes nothing, but for the payments that
    had been set aside and are right now.
    """
    remittance = _remittance(message, work)
    former = work.remittances.find(remittance.remittance_id)
    if former is not None and former.state != RemittanceState.QUARANTINED:
        _retry_set_aside(former, message, work)
        return
    if former is None:
        work.publish(events.remittance_received(remittance))
    imbalance = file_imbalance(message.advice)
    if imbalance is not None:
        work.remittances.put(remittance.quarantine())
        work.publish(events.file_quarantined(remittance, imbalance, work.now))
        return
    _split(remittance, message, work)


async def record_answer(message: PaymentsPosted, work: ClaimsWork) -> None:
    """Note what an encounter took of the payment, and keep what it could not take, with its cash."""
    remittance = work.remittances.get(message.remittance_id)
    for unpostable in message.set_aside:
        set_aside(remittance, unpostable, work, place=(message.clinic_id, message.encounter_id))
    book(remittance, applied(message.applied_cents, stamp_of(remittance, work)), work)
    if message.again:
        remittance = remittance.answered_again(posted=message.posted, applied_cents=message.applied_cents)
        work.remittances.put(remittance)
        return
    remittance = remittance.answered(
        posted=message.posted, set_aside=len(message.set_aside), applied_cents=message.applied_cents
    )
    work.remittances.put(remittance)
    if remittance.state == RemittanceState.POSTED:
        work.publish(events.remittance_posted(remittance, work.now.date()))


def _remittance(message: RemittanceArrived, work: ClaimsWork) -> Remittance:
    advice, payee = message.advice, work.stream.tenant_id
    day = advice.payment_on.isoformat() if advice.payment_on else ""
    key = (advice.trace_number, advice.originator, str(advice.payment_cents), day)
    return Remittance(
        remittance_id=derived_id("remittance", str(payee), *key),
        billing_entity_id=payee,
        payer_id=message.payer_id,
        trace_number=advice.trace_number,
        payment_cents=advice.payment_cents,
        payment_on=advice.payment_on,
        produced_on=advice.produced_on or advice.payment_on or work.now.date(),
        received_at=work.now,
        adjustments_cents=Cents(sum(adjustment.amount_cents for adjustment in advice.provider_adjustments)),
        claims=len(advice.claims),
        outstanding=len(message.routes),
    )


def _split(remittance: Remittance, message: RemittanceArrived, work: ClaimsWork) -> None:
    """Send each encounter its payments; those of nobody are set aside."""
    for deposit in work.deposits.all():
        if deposit.pays(remittance):
            remittance = match(remittance, deposit, work)
            break
    book(remittance, received(message.advice, stamp_of(remittance, work)), work)
    unrouted = {payment.position: payment for payment in message.advice.claims}
    for route in message.routes:
        payments = tuple(unrouted.pop(position) for position in route.positions)
        to = encounter_stream(route.clinic_id, route.encounter_id)
        work.send(payments_of(remittance, payments), to=to, key=str(remittance.remittance_id))
    for payment in unrouted.values():
        set_aside(remittance, Unpostable.of_nobody(payment), work)
    remittance = remittance.opened(unmatched=len(unrouted))
    work.remittances.put(remittance)
    if remittance.state == RemittanceState.POSTED:
        work.publish(events.remittance_posted(remittance, work.now.date()))


def _retry_set_aside(remittance: Remittance, message: RemittanceArrived, work: ClaimsWork) -> None:
    """Take from a file that came before only the payments that were set aside and balance now."""
    waiting = {
        (item.patient_control_number, item.payment.status_code): item
        for item in work.set_aside.all()
        if item.remittance_id == remittance.remittance_id
        and item.state == SetAsideState.OPEN
        and item.encounter_id is not None
    }
    for payment in message.advice.claims:
        item = waiting.get((payment.patient_control_number, payment.status_code))
        same_cash = item is not None and item.payment.paid_cents == payment.paid_cents
        if item is not None and same_cash and payment != item.payment and not claim_imbalances(payment):
            retry(replace(item, payment=payment), work)

"""Remittances and deposits: the payee's money, checked, split to its encounters, accounted for to the last cent."""

from collections.abc import Iterable
from uuid import UUID

from claims import events as say
from claims import published
from claims.domain.balancing import claim_imbalances, file_imbalance
from claims.domain.cases import Deposit, Remittance, SetAside
from claims.domain.cash import applied, received
from claims.domain.ledger import RECOUPMENT, UNAPPLIED, Entry, Stamp, moved
from claims.domain.posting import Unpostable
from claims.domain.refusal import Refused
from claims.domain.remittances import ClaimPayment, RemittanceAdvice
from claims.handlers.case import encounter_stream
from claims.messages import (
    ClosePeriod,
    CloseSetAside,
    PaymentsAnswered,
    PaymentsTold,
    PostSetAside,
    RecordDeposit,
    RemittanceArrived,
)
from claims.storage import ClaimsWork, LedgerRow
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import Conflict, NotFound, Refusal
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents
from revcycle_kit.values import replace


async def open_remittance(message: RemittanceArrived, work: ClaimsWork) -> None:
    """
    Take in one 835: book its cash, and tell each encounter what it says about its claims.

    A file that does not balance is set aside whole. One that came before changes nothing, but for the payments that
    had been set aside and are right now.
    """
    remittance = _fresh(message, work)
    known = work.remittances.find(remittance.remittance_id)
    if known is not None and known.state != "quarantined":
        _try_again(known, message, work)
        return
    if known is None:
        work.publish(_received(remittance, message.advice))
    wrong = file_imbalance(message.advice)
    if wrong is not None:
        work.remittances.put(replace(remittance, state="quarantined"))
        fix = "ask the payer for a corrected remittance: nothing of this file was posted"
        work.publish(
            published.RemittanceQuarantined(
                remittance_id=remittance.remittance_id,
                billing_entity_id=remittance.billing_entity_id,
                scope="file",
                imbalances=say.imbalances((wrong,)),
                amount_cents=message.advice.payment_cents,
                fix=fix,
                quarantined_at=work.now,
            )
        )
        return
    _split(remittance, message, work)


async def record_answer(message: PaymentsAnswered, work: ClaimsWork) -> None:
    """Note what an encounter took of the payment, and keep what it could not take, with its cash."""
    remittance = work.remittances.get(message.remittance_id)
    for unpostable in message.set_aside:
        _set_aside(remittance, unpostable, work, clinic_id=message.clinic_id, encounter_id=message.encounter_id)
    _book(remittance, applied(message.applied_cents, _stamp(remittance, work)), work)
    if message.again:
        posted = replace(
            remittance,
            posted=remittance.posted + message.posted,
            quarantined=remittance.quarantined - (1 if message.posted else 0),
            applied_cents=remittance.applied_cents + message.applied_cents,
        )
        work.remittances.put(posted)
        return
    after = remittance.answered(
        posted=message.posted, set_aside=len(message.set_aside), applied_cents=message.applied_cents
    )
    work.remittances.put(after)
    if after.state == "posted":
        work.publish(_posted(after, work))


async def record_deposit(command: RecordDeposit, work: ClaimsWork) -> Deposit:
    """Keep what the bank received, and match it to the remittance of the same trace number and amount."""
    known = work.deposits.find(command.deposit_id)
    if known is not None:
        return known
    deposit = Deposit(
        deposit_id=command.deposit_id,
        billing_entity_id=work.stream.tenant_id,
        trace_number=command.trace_number,
        amount_cents=command.amount_cents,
        deposited_on=command.deposited_on,
    )
    for remittance in work.remittances.all():
        if remittance.deposit_id is None and remittance.payment_cents == deposit.amount_cents:
            matched = _match(remittance, deposit, work)
            work.remittances.put(matched)
            return replace(deposit, remittance_id=remittance.remittance_id)
    work.deposits.put(deposit)
    return deposit


async def post_set_aside(command: PostSetAside, work: ClaimsWork) -> None:
    """Post a payment that was set aside: with the right amounts, or to the encounter where it belongs."""
    item = _item(work, command.item_id)
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
    _retry(replace(item, payment=payment, clinic_id=clinic_id, encounter_id=encounter_id), work)


async def close_set_aside(command: CloseSetAside, work: ClaimsWork) -> None:
    """Owe the money of a payment that belongs to no claim of ours back to its payer."""
    item = _item(work, command.item_id)
    if item.state != "open":
        raise Conflict(f"This payment is {item.state} already.", "item_id", "Look at its remittance.")
    remittance = work.remittances.get(item.remittance_id)
    work.set_aside.put(replace(item, state="closed"))
    _book(remittance, moved(UNAPPLIED, RECOUPMENT, item.amount_cents, _stamp(remittance, work)), work)
    work.remittances.put(replace(remittance, applied_cents=remittance.applied_cents + item.amount_cents))


async def close_period(command: ClosePeriod, work: ClaimsWork) -> None:
    """Close a month: what comes later posts into the next."""
    if command.period >= f"{work.now:%Y-%m}":
        raise Refusal("The month is not over.", "period", "Close a month after its last day.")
    work.publish(
        published.PeriodClosed(billing_entity_id=command.billing_entity_id, period=command.period, closed_at=work.now)
    )


def remittance_stream(billing_entity_id: UUID, trace_number: str) -> StreamRef:
    """Return the stream on which a payee's remittance and its deposit meet: that of the trace number."""
    found = derived_id("remittance", str(billing_entity_id), trace_number)
    return StreamRef("billing_entity", billing_entity_id, "remittance", found)


def _fresh(message: RemittanceArrived, work: ClaimsWork) -> Remittance:
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
        if deposit.remittance_id is None and deposit.amount_cents == remittance.payment_cents:
            remittance = _match(remittance, deposit, work)
            break
    _book(remittance, received(message.advice, _stamp(remittance, work)), work)
    by_position = {claim.position: claim for claim in message.advice.claims}
    for route in message.routes:
        payments = tuple(by_position.pop(position) for position in route.positions)
        decided = _told(remittance, payments)
        to = encounter_stream(route.clinic_id, route.encounter_id)
        work.send(decided, to=to, key=str(remittance.remittance_id))
    for payment in by_position.values():
        reason = "no claim of ours has this patient control number"
        fix = "find the claim that was paid and post the payment to it, or return the money to the payer"
        _set_aside(remittance, Unpostable(payment=payment, reason=reason, fix=fix), work)
    unmatched = len(by_position)
    state = "open" if message.routes else "posted"
    after = replace(remittance, unmatched=unmatched, state=state)
    work.remittances.put(after)
    if state == "posted":
        work.publish(_posted(after, work))


def _try_again(remittance: Remittance, message: RemittanceArrived, work: ClaimsWork) -> None:
    """Take from a file that came before only the payments that were set aside and balance now."""
    waiting = {
        (item.patient_control_number, item.payment.status_code): item
        for item in work.set_aside.all()
        if item.remittance_id == remittance.remittance_id and item.state == "open" and item.encounter_id is not None
    }
    for payment in message.advice.claims:
        item = waiting.get((payment.patient_control_number, payment.status_code))
        same_cash = item is not None and item.payment.paid_cents == payment.paid_cents
        if item is not None and same_cash and payment != item.payment and not claim_imbalances(payment):
            _retry(replace(item, payment=payment), work)


def _retry(item: SetAside, work: ClaimsWork) -> None:
    try:
        item = item.retry()
    except Refused as refused:
        raise Conflict(refused.reason, "item_id", refused.fix) from refused
    work.set_aside.put(item)
    remittance = work.remittances.get(item.remittance_id)
    message = replace(_told(remittance, (item.payment,)), item_id=item.item_id)
    if item.clinic_id is not None and item.encounter_id is not None:
        to = encounter_stream(item.clinic_id, item.encounter_id)
        work.send(message, to=to, key=f"{item.item_id}:{item.attempts}")


def _told(remittance: Remittance, payments: tuple[ClaimPayment, ...]) -> PaymentsTold:
    return PaymentsTold(
        remittance_id=remittance.remittance_id,
        billing_entity_id=remittance.billing_entity_id,
        payer_id=remittance.payer_id,
        trace_number=remittance.trace_number,
        produced_on=remittance.produced_on,
        deposited_on=remittance.deposited_on,
        payments=payments,
    )


def _set_aside(
    remittance: Remittance,
    why: Unpostable,
    work: ClaimsWork,
    *,
    clinic_id: UUID | None = None,
    encounter_id: UUID | None = None,
) -> None:
    item_id = derived_id("item", str(remittance.remittance_id), str(why.payment.position))
    known = work.set_aside.find(item_id)
    kind = "unmatched" if encounter_id is None else "unbalanced" if why.imbalances else "contradictory"
    item = SetAside(
        item_id=item_id,
        remittance_id=remittance.remittance_id,
        billing_entity_id=remittance.billing_entity_id,
        kind=kind,
        payment=why.payment,
        reason=why.reason,
        fix=why.fix,
        imbalances=why.imbalances,
        clinic_id=clinic_id,
        encounter_id=encounter_id,
        attempts=known.attempts if known else 0,
        since=known.since if known else work.now,
    )
    work.set_aside.put(item)
    if encounter_id is not None:
        work.publish(
            published.RemittanceQuarantined(
                remittance_id=remittance.remittance_id,
                billing_entity_id=remittance.billing_entity_id,
                scope="claim",
                encounter_id=encounter_id,
                patient_control_number=why.payment.patient_control_number,
                imbalances=say.imbalances(why.imbalances),
                amount_cents=why.payment.paid_cents,
                fix=why.fix,
                quarantined_at=work.now,
            )
        )


def _match(remittance: Remittance, deposit: Deposit, work: ClaimsWork) -> Remittance:
    work.deposits.put(replace(deposit, remittance_id=remittance.remittance_id))
    work.publish(
        published.DepositMatched(
            remittance_id=remittance.remittance_id,
            billing_entity_id=remittance.billing_entity_id,
            deposit_id=deposit.deposit_id,
            amount_cents=deposit.amount_cents,
            deposited_on=deposit.deposited_on,
        )
    )
    return replace(remittance, deposit_id=deposit.deposit_id, deposited_on=deposit.deposited_on)


def _book(remittance: Remittance, entries: Iterable[Entry], work: ClaimsWork) -> None:
    """Put entries on the payee's cash ledger."""
    booked = tuple(entries)
    if not booked:
        return
    work.cash.add(
        *(
            LedgerRow(
                entry_id=work.new_id(),
                debit=entry.debit,
                credit=entry.credit,
                amount_cents=entry.amount_cents,
                payer_id=entry.payer_id,
                carc=entry.carc,
                service_on=entry.service_on,
                posted_on=entry.posted_on,
                deposited_on=entry.deposited_on,
            )
            for entry in booked
        )
    )
    work.publish(
        published.CashPosted(
            remittance_id=remittance.remittance_id,
            billing_entity_id=remittance.billing_entity_id,
            entries=say.told_entries(booked),
        )
    )


def _stamp(remittance: Remittance, work: ClaimsWork) -> Stamp:
    return Stamp(
        service_on=remittance.payment_on or remittance.produced_on,
        posted_on=work.now.date(),
        payer_id=remittance.payer_id,
        deposited_on=remittance.deposited_on,
    )


def _received(remittance: Remittance, advice: RemittanceAdvice) -> published.RemittanceReceived:
    return published.RemittanceReceived(
        remittance_id=remittance.remittance_id,
        billing_entity_id=remittance.billing_entity_id,
        payer_id=remittance.payer_id,
        trace_number=remittance.trace_number,
        paid_cents=remittance.payment_cents,
        claims=len(advice.claims),
        payment_on=remittance.payment_on,
        received_at=remittance.received_at,
    )


def _posted(remittance: Remittance, work: ClaimsWork) -> published.RemittancePosted:
    return published.RemittancePosted(
        remittance_id=remittance.remittance_id,
        billing_entity_id=remittance.billing_entity_id,
        posted_claims=remittance.posted,
        quarantined_claims=remittance.quarantined,
        unmatched_claims=remittance.unmatched,
        applied_cents=remittance.applied_cents,
        unapplied_cents=remittance.unapplied_cents,
        posted_on=work.now.date(),
    )


def _item(work: ClaimsWork, item_id: UUID) -> SetAside:
    found = work.set_aside.find(item_id)
    if found is None:
        raise NotFound("payment set aside")
    return found

"""The payee's cash: deposits matched to remittances, entries on the cash ledger, months closed."""

from collections.abc import Iterable

from claims import events
from claims.domain.ledger import Entry, Stamp
from claims.domain.remittance import Deposit, Remittance
from claims.messages import ClosePeriod, RecordDeposit
from claims.storage import ClaimsWork, LedgerRow
from revcycle_kit.errors import Refusal
from revcycle_kit.values import replace


async def record_deposit(command: RecordDeposit, work: ClaimsWork) -> Deposit:
    """Keep what the bank received, and match it to the remittance of the same trace number and amount."""
    former = work.deposits.find(command.deposit_id)
    if former is not None:
        return former
    deposit = Deposit(
        deposit_id=command.deposit_id,
        billing_entity_id=work.stream.tenant_id,
        trace_number=command.trace_number,
        amount_cents=command.amount_cents,
        deposited_on=command.deposited_on,
    )
    for remittance in work.remittances.all():
        if remittance.deposit_id is None and deposit.pays(remittance):
            work.remittances.put(match(remittance, deposit, work))
            return replace(deposit, remittance_id=remittance.remittance_id)
    work.deposits.put(deposit)
    return deposit


async def close_period(command: ClosePeriod, work: ClaimsWork) -> None:
    """Close a month: what comes later posts into the next."""
    if command.period >= f"{work.now:%Y-%m}":
        raise Refusal("The month is not over.", "period", "Close a month after its last day.")
    work.publish(events.period_closed(command.billing_entity_id, command.period, work.now))


def match(remittance: Remittance, deposit: Deposit, work: ClaimsWork) -> Remittance:
    """Note that a deposit and a remittance are the same money, and return the remittance with its deposit."""
    work.deposits.put(replace(deposit, remittance_id=remittance.remittance_id))
    work.publish(events.deposit_matched(remittance, deposit))
    return replace(remittance, deposit_id=deposit.deposit_id, deposited_on=deposit.deposited_on)


def book(remittance: Remittance, entries: Iterable[Entry], work: ClaimsWork) -> None:
    """Put entries on the payee's cash ledger."""
    booked = tuple(entries)
    if not booked:
        return
    work.cash.add(*(LedgerRow.of(entry, work.new_id()) for entry in booked))
    work.publish(events.cash_posted(remittance, booked))


def stamp_of(remittance: Remittance, work: ClaimsWork) -> Stamp:
    """Return what the entries of a remittance have in common."""
    return Stamp(
        service_on=remittance.payment_on or remittance.produced_on,
        posted_on=work.now.date(),
        payer_id=remittance.payer_id,
        deposited_on=remittance.deposited_on,
    )

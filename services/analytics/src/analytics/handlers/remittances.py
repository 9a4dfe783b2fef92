"""Remittances: what the file announces, what was posted, what the bank has."""

from datetime import UTC

from msgspec.structs import asdict

from analytics import consumed
from analytics.figures.money import cash_of
from analytics.handlers.ledgers import by_day
from analytics.storage import AnalyticsWork, CashPosting, Remittance
from revcycle_kit.money import Cents
from revcycle_kit.values import replace


async def record_remittance(event: consumed.RemittanceReceived, work: AnalyticsWork) -> None:
    """Remember what the 835 says was paid."""
    work.remittances.put(
        replace(
            _remittance(work),
            payer_id=event.payer_id,
            trace_number=event.trace_number,
            announced_cents=event.paid_cents,
            received_on=event.received_at.astimezone(UTC).date(),
        )
    )


async def record_posting(event: consumed.RemittancePosted, work: AnalyticsWork) -> None:
    """All its claims were posted or set aside."""
    work.remittances.put(replace(_remittance(work), posted_on=event.posted_on))


async def record_quarantine(event: consumed.RemittanceQuarantined, work: AnalyticsWork) -> None:
    """Remember that a part of it, or all, does not balance and waits."""
    remittance = _remittance(work)
    quarantined = Cents(remittance.quarantined_cents + event.amount_cents)
    work.remittances.put(replace(remittance, quarantined_cents=quarantined))


async def record_deposit(event: consumed.DepositMatched, work: AnalyticsWork) -> None:
    """Remember what the bank has."""
    remittance = _remittance(work)
    deposited = Cents((remittance.deposited_cents or 0) + event.amount_cents)
    work.remittances.put(replace(remittance, deposited_on=event.deposited_on, deposited_cents=deposited))


async def post_cash(event: consumed.CashPosted, work: AnalyticsWork) -> None:
    """Keep what the cash entries mean, by posting day."""
    for posted_on, of_day in by_day(event.entries).items():
        cash = cash_of(of_day)
        work.cash.add(CashPosting(posting_id=work.new_id(), posted_on=posted_on, **asdict(cash)))


def _remittance(work: AnalyticsWork) -> Remittance:
    return work.remittances.find(work.stream.id) or Remittance(remittance_id=work.stream.id)

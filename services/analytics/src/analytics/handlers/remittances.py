"""What is said of a remittance: what its file told, what was posted, what the bank has."""

from datetime import UTC

from msgspec.structs import asdict, replace

from analytics import consumed
from analytics.figures.money import cash_of
from analytics.handlers.ledgers import by_day
from analytics.storage import AnalyticsWork, CashPosting, Remittance


async def note_remittance(told: consumed.RemittanceReceived, work: AnalyticsWork) -> None:
    """Remember what the 835 says was paid."""
    work.remittances.put(
        replace(
            _remittance(work),
            payer_id=told.payer_id,
            trace_number=told.trace_number,
            told_cents=told.paid_cents,
            received_on=told.received_at.astimezone(UTC).date(),
        )
    )


async def note_posted(told: consumed.RemittancePosted, work: AnalyticsWork) -> None:
    """All its claims were posted or set aside."""
    work.remittances.put(replace(_remittance(work), posted_on=told.posted_on))


async def note_quarantine(told: consumed.RemittanceQuarantined, work: AnalyticsWork) -> None:
    """Remember that a part of it, or all, does not balance and waits."""
    remittance = _remittance(work)
    set_aside = remittance.quarantined_cents + told.amount_cents
    work.remittances.put(replace(remittance, quarantined_cents=set_aside))


async def note_deposit(told: consumed.DepositMatched, work: AnalyticsWork) -> None:
    """Remember what the bank has."""
    remittance = _remittance(work)
    cents = (remittance.deposited_cents or 0) + told.amount_cents
    work.remittances.put(replace(remittance, deposited_on=told.deposited_on, deposited_cents=cents))


async def post_cash(told: consumed.CashPosted, work: AnalyticsWork) -> None:
    """Keep what the cash entries mean, by posting day."""
    for posted_on, of_day in by_day(told.entries).items():
        cash = cash_of(of_day)
        work.cash.add(CashPosting(posting_id=work.new_id(), posted_on=posted_on, **asdict(cash)))


def _remittance(work: AnalyticsWork) -> Remittance:
    return work.remittances.find(work.stream.id) or Remittance(remittance_id=work.stream.id)

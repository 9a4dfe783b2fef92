"""
Deadlines of a journey: by when each step has to have happened, and what is late.

The days are working targets of a billing office, not law; where the law or the payer sets a day (act by, decision due,
payment due) that day counts. A deadline passes at noon UTC of the next day, when its day is over everywhere in the
United States; so all deadlines of a day fall on one tick.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from uuid import UUID

from revcycle_kit.values import Value

Step = Literal["submission", "acknowledgment", "adjudication", "denial_turnaround", "posting", "statement", "appeal"]

SUBMISSION_DAYS: Final = 7
"""From charges posted, a rejection or a requested correction to the claim on its way."""
ACKNOWLEDGMENT_DAYS: Final = 5
"""From submission to the clearinghouse's or the payer's 277CA (p95 three business days)."""
ADJUDICATION_DAYS: Final = 45
"""From submission to the 835 (p90 of the slowest payers)."""
DENIAL_DAYS: Final = 30
"""From a denial to its correction, appeal or write-off; the payer's own limit where that is earlier."""
POSTING_DAYS: Final = 14
"""From the payer's word that it paid to the posted 835; from a won appeal where no day was given, 45."""
WON_APPEAL_DAYS: Final = 45
STATEMENT_DAYS: Final = 10
"""From the balance to the statement."""
STALLED_AFTER: Final = timedelta(days=30)
"""An open encounter with no deadline ahead and no event for so long has stalled."""
_TICK: Final = time(12, tzinfo=UTC)


class Wait(Value, kw_only=True):
    """Something that has to happen by an instant; `subject_id` is the claim, denial, appeal or encounter."""

    step: Step
    subject_id: UUID
    due_at: datetime
    missed: bool = False


def day_over(on: date) -> datetime:
    """Return the instant at which a day is over everywhere in the United States, Hawaii included."""
    return datetime.combine(on + timedelta(days=1), _TICK)


def due_in(since: date | datetime, days: int) -> datetime:
    """Return the instant at which so many days after a day or an instant are over."""
    on = since.astimezone(UTC).date() if isinstance(since, datetime) else since
    return day_over(on + timedelta(days=days))


DAYS_OF_A_WEEK: Final = 7


def next_week(now: datetime) -> datetime:
    """Return the first Monday noon UTC after an instant: figures of a clinic are read by the week, not by the hour."""
    tick = next_tick(now)
    return tick + timedelta(days=-tick.weekday() % DAYS_OF_A_WEEK)


def next_tick(now: datetime) -> datetime:
    """Return the next noon UTC."""
    today = datetime.combine(now.astimezone(UTC).date(), _TICK)
    return today if now < today else today + timedelta(days=1)


EXPECTATIONS: Final[dict[Step, str]] = {
    "submission": "the claim goes out",
    "acknowledgment": "the clearinghouse or the payer acknowledges the claim",
    "adjudication": "the payer decides (835)",
    "denial_turnaround": "the refusal is corrected, appealed or given up",
    "posting": "the promised payment is posted",
    "statement": "the guarantor gets a statement",
    "appeal": "the payer decides the appeal",
}
"""What each deadline waits for, in business words."""

"""Ledgers: one row per posting day, and the encounter's money, from double entries."""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import asdict

from analytics.consumed import LedgerEntry
from analytics.figures.encounters import Encounter
from analytics.figures.money import amounts_of
from analytics.storage import AnalyticsWork, Posting


def post(source: str, entries: Iterable[LedgerEntry], work: AnalyticsWork) -> Encounter:
    """Keep what the entries mean, by posting day, and return the encounter with its new balance."""
    encounter = work.encounter(work.stream.id)
    for posted_on, of_day in by_day(entries).items():
        amounts = amounts_of(source, of_day)
        work.postings.add(Posting(posting_id=work.new_id(), source=source, posted_on=posted_on, **asdict(amounts)))
        encounter = encounter.posted(amounts)
    return encounter


def by_day(entries: Iterable[LedgerEntry]) -> dict[date, list[LedgerEntry]]:
    """Group entries by the day on which they count."""
    days: dict[date, list[LedgerEntry]] = {}
    for entry in entries:
        days.setdefault(entry.posted_on, []).append(entry)
    return days

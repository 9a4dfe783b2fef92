"""The encounter's ledger: what an account decided is posted here, and said."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from patient_billing.domain.encounter import BilledEncounter
from patient_billing.domain.ledger import Entry
from patient_billing.domain.posting import entries_for
from patient_billing.events import ledger_event, posting_events
from patient_billing.messages import PostToEncounter
from patient_billing.storage import BillingWork, LedgerRow


async def post_to_encounter(message: PostToEncounter, work: BillingWork) -> None:
    """Post what the account decided on the encounter's ledger, and say so."""
    encounter = work.encounters.get(work.stream.id)
    entries: list[Entry] = []
    for posting in message.postings:
        on = posting_day(encounter.billing_entity_id, posting.posted_on, work)
        entries.extend(entries_for(posting, encounter.service_on, on))
        for event in posting_events(posting, message.account_id):
            work.publish(event)
    append_entries(encounter, entries, work)


def append_entries(encounter: BilledEncounter, entries: Iterable[Entry], work: BillingWork) -> None:
    """Append entries to the ledger, announce them, and move the encounter's position."""
    added = tuple(entries)
    for entry in added:
        row = LedgerRow(work.new_id(), entry.debit, entry.credit, entry.amount_cents, entry.service_on, entry.posted_on)
        work.ledger.add(row)
    if added:
        work.publish(ledger_event(encounter.encounter_id, added))
    work.encounters.put(encounter.posted(added))


def posting_day(billing_entity_id: UUID, wanted: date, work: BillingWork) -> date:
    """Return the day under which the ledger takes an entry: a closed month takes nothing more."""
    rules = work.rules.find(billing_entity_id)
    if rules is None or rules.closed_through is None or wanted > rules.closed_through:
        return wanted
    return rules.closed_through + timedelta(days=1)

"""Whether an appeal deserves to win: the payer looks again, into the record and into its own files."""

from datetime import date
from typing import Final

from revcycle_sandbox import truth
from revcycle_sandbox.claims import LineDecision
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.payer.book import Book, Record
from revcycle_sandbox.payer.case import Case
from revcycle_sandbox.payer.gates import filing_deadline

_RECORD_DECIDES: Final = frozenset({"necessity", "bundled", "records", "modifier", "units", "information"})


def deserves(case: Case, refused: LineDecision, draws: Draws) -> bool:
    """Tell whether the refusal of a line was wrong, or is cured by what the payer has on file."""
    gate, claim, line = refused.refused_by, case.claim, refused.line
    if gate == "mistake":
        return True
    if gate == "timely":
        return _accepted_in_time(case, refused)
    if gate == "authorization":
        return authorized_since(case.book, case.record, line.code, line.service_on)
    if gate in _RECORD_DECIDES:
        return truth.documented(draws, claim.member_id, line.code, line.service_on)
    return False


def _accepted_in_time(case: Case, refused: LineDecision) -> bool:
    """Look for the payer's own acceptance of an earlier copy, in time: that is proof."""
    key = (case.claim.person, case.claim.billing_npi, case.claim.service_on)
    accepted_at = case.book.accepted.get(key)
    return accepted_at is not None and accepted_at.date() <= filing_deadline(case, refused.line)


def authorized_since(book: Book, record: Record, code: str, on: date) -> bool:
    """Tell whether an authorization for the service is on file, granted before or after the fact."""
    return any(
        authorization.person == record.claim.person
        and code in authorization.codes
        and authorization.begins_on <= on <= authorization.ends_on
        for authorization in book.authorizations.values()
    )

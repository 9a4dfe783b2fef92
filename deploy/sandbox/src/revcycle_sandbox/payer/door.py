"""The front doors: what the clearinghouse and then the payer turn away before adjudication (277CA)."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from revcycle_sandbox.claims import Claim
from revcycle_sandbox.payer.book import Book
from revcycle_sandbox.payer.news import ClaimStatus

ZIP_LENGTH: Final = 9
REPLACING: Final = frozenset({"7", "8"})
FORWARDED: Final = ClaimStatus(category="A1", status="19", entity="PR")
"""The clearinghouse: received and passed on to the payer."""


def clearinghouse_findings(
    claim: Claim, payers: Iterable[str], on: date, *, strict: bool = True
) -> tuple[ClaimStatus, ...]:
    """Say why the clearinghouse cannot pass a claim on; nothing found means it does."""
    found = []
    if claim.payer not in payers:
        found.append(ClaimStatus(category="A3", status="116"))
    if strict and len(claim.billing_postal_code) != ZIP_LENGTH:
        found.append(ClaimStatus(category="A7", status="500", entity="85"))
    if any(not line.diagnoses and claim.diagnoses for line in claim.lines) and claim.kind == "P":
        found.append(ClaimStatus(category="A8", status="477"))
    if claim.service_through_on > on or any(line.service_on > on for line in claim.lines):
        found.append(ClaimStatus(category="A7", status="187"))
    if not _coordination_balances(claim):
        found.append(ClaimStatus(category="A8", status="672"))
    if claim.frequency in REPLACING and not claim.payer_control_number:
        found.append(ClaimStatus(category="A7", status="464"))
        found.append(ClaimStatus(category="A7", status="535"))
    return tuple(found)


def _coordination_balances(claim: Claim) -> bool:
    """Line charge = paid + adjustments, for every earlier payer that speaks of the line."""
    return all(
        line.charge_cents == prior.paid_cents + sum(adjustment.amount_cents for adjustment in prior.adjustments)
        for line in claim.lines
        for prior in line.prior
    )


def payer_findings(
    claim: Claim, book: Book, billing: frozenset[str], rendering: frozenset[str]
) -> tuple[ClaimStatus, ...]:
    """Say why the payer does not take a claim in; nothing found means it does."""
    found = []
    habits = book.payer.behaviour
    if habits.front_end_membership and book.member(claim) is None:
        found.append(ClaimStatus(category="A7", status="33", entity="IL"))
    if not book.enroll_unknown and claim.billing_npi not in billing:
        found.append(ClaimStatus(category="A7", status="562", entity="85"))
    treating = {line.rendering_npi for line in claim.lines} | {claim.rendering_npi}
    if not book.enroll_unknown and treating - {""} - rendering:
        found.append(ClaimStatus(category="A7", status="562", entity="82"))
    if claim.frequency in REPLACING and claim.payer_control_number not in book.records:
        found.append(ClaimStatus(category="A7", status="464"))
        found.append(ClaimStatus(category="A7", status="535"))
    return tuple(found)

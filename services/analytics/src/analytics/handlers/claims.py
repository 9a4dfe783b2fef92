"""What claims says once a claim is out: acknowledgments, rejections, status, decisions, and the insurance ledger."""

from datetime import UTC, date, datetime
from uuid import UUID

from msgspec.structs import replace

from analytics import consumed
from analytics.figures.claims import Claim, decided
from analytics.figures.deadlines import ACKNOWLEDGMENT_DAYS, ADJUDICATION_DAYS, POSTING_DAYS, SUBMISSION_DAYS, due_in
from analytics.figures.money import CLAIMS
from analytics.handlers.concluding import conclude, moved_figures
from analytics.handlers.ledgers import post
from analytics.storage import AnalyticsWork

PREDETERMINATION = "25"
"""CLP02 of an answer to a question, not to a claim."""


async def follow_claim(told: consumed.ClaimSubmitted, work: AnalyticsWork) -> None:
    """Expect an acknowledgment and a decision for a claim that went out."""
    work.claims.put(_submitted(told, work))
    encounter = work.encounter(work.stream.id)
    before = _subjects(told.claim_id, told.replaces_claim_id)
    encounter = encounter.done("submission").done("acknowledgment", "adjudication", of=before)
    encounter = encounter.expecting("acknowledgment", told.claim_id, due_in(told.submitted_at, ACKNOWLEDGMENT_DAYS))
    encounter = encounter.expecting("adjudication", told.claim_id, due_in(told.submitted_at, ADJUDICATION_DAYS))
    conclude(moved_figures(replace(encounter, stage="with_payer"), work), work)


def _submitted(told: consumed.ClaimSubmitted, work: AnalyticsWork) -> Claim:
    replaced = work.claims.find(told.replaces_claim_id) if told.replaces_claim_id else None
    if replaced and told.frequency == "8" and replaced.decided_on is None:
        work.claims.put(replace(replaced, voided=True))
    return replace(
        work.claim(told.claim_id),
        payer_id=told.payer_id,
        provider_id=told.provider_id,
        rank=told.rank,
        frequency=told.frequency,
        resubmission=replaced is not None and replaced.decided_on is None,
        correction=replaced is not None and replaced.decided_on is not None,
        touched=told.touched,
        held_by="",
        first_edited_on=told.first_edited_on,
        submitted_on=_day(told.submitted_at),
        charge_cents=told.charge_cents,
    )


async def note_acknowledgment(told: consumed.ClaimAcknowledged, work: AnalyticsWork) -> None:
    """Count the clearinghouse's and the payer's word only: a 999 says no more than that the file could be read."""
    if told.level not in {"clearinghouse", "payer"}:
        return
    on = _day(told.acknowledged_at)
    claim = work.claim(told.claim_id).answered(on)
    if told.outcome == "accepted" and claim.accepted_on is None:
        claim = replace(claim, accepted_on=on)
    work.claims.put(claim)
    conclude(work.encounter(work.stream.id).done("acknowledgment", of=(told.claim_id,)), work)


async def note_rejection(told: consumed.ClaimRejected, work: AnalyticsWork) -> None:
    """Expect a rejected claim to be corrected and sent as new: it never reached adjudication."""
    on = _day(told.rejected_at)
    work.claims.put(replace(work.claim(told.claim_id).answered(on), rejected_on=on))
    encounter = work.encounter(work.stream.id).done("acknowledgment", "adjudication", of=(told.claim_id,))
    encounter = encounter.expecting("submission", told.claim_id, due_in(told.rejected_at, SUBMISSION_DAYS))
    conclude(moved_figures(replace(encounter, stage="rejected"), work), work)


async def note_status(told: consumed.ClaimStatusReported, work: AnalyticsWork) -> None:
    """Remember where the payer says the claim is: nowhere (A4, D0), or paid (F1) with its 835 still to come."""
    on = _day(told.reported_at)
    claim = work.claim(told.claim_id)
    encounter = work.encounter(work.stream.id)
    categories = {code.category for code in told.codes}
    lost = bool(categories & {"A4", "D0"})
    claim = replace(claim, not_found_on=on) if lost else replace(claim.answered(on), not_found_on=None)
    if "F1" in categories and claim.decided_on is None:
        claim = replace(claim, paid_reported_on=on)
        encounter = encounter.expecting("posting", told.claim_id, due_in(on, POSTING_DAYS))
    work.claims.put(claim)
    conclude(encounter, work)


async def note_decision(told: consumed.ClaimAdjudicated, work: AnalyticsWork) -> None:
    """Record a decision; the first one on a claim is the one by which first attempts are measured."""
    encounter = work.encounter(work.stream.id).told(insurance_paid=told.paid_cents)
    if not told.reversal and told.status_code != PREDETERMINATION:
        work.claims.put(decided(work.claim(told.claim_id), told))
        encounter = encounter.done("acknowledgment", "adjudication", "posting", of=(told.claim_id,))
    conclude(moved_figures(replace(encounter, stage="answered"), work), work)


async def post_insurance(told: consumed.InsuranceLedgerPosted, work: AnalyticsWork) -> None:
    """Add the insurance ledger's entries; once insurance owes nothing, nothing is awaited from payers."""
    encounter = post(CLAIMS, told.entries, work)
    if encounter.charged and encounter.money.insurance_open_cents <= 0:
        encounter = encounter.done("submission", "acknowledgment", "adjudication", "posting")
    conclude(moved_figures(encounter, work), work)


def _subjects(*ids: UUID | None) -> tuple[UUID, ...]:
    return tuple(one for one in ids if one is not None)


def _day(instant: datetime) -> date:
    return instant.astimezone(UTC).date()

"""Claims that are out: acknowledgments, rejections, status, decisions, and the insurance ledger."""

from datetime import UTC, date, datetime
from uuid import UUID

from analytics import consumed
from analytics.figures.claims import Claim
from analytics.figures.deadlines import ACKNOWLEDGMENT_DAYS, ADJUDICATION_DAYS, POSTING_DAYS, SUBMISSION_DAYS, due_in
from analytics.figures.money import CLAIMS
from analytics.handlers.concluding import conclude, moved_figures
from analytics.handlers.ledgers import post
from analytics.storage import AnalyticsWork
from revcycle_kit.values import replace

PREDETERMINATION = "25"
"""CLP02 of an answer to a question, not to a claim."""


async def record_submission(event: consumed.ClaimSubmitted, work: AnalyticsWork) -> None:
    """Expect an acknowledgment and a decision for a claim that went out."""
    work.claims.put(_submitted(event, work))
    encounter = work.encounter(work.stream.id)
    before = _subjects(event.claim_id, event.replaces_claim_id)
    encounter = encounter.done("submission").done("acknowledgment", "adjudication", of=before)
    encounter = encounter.expecting("acknowledgment", event.claim_id, due_in(event.submitted_at, ACKNOWLEDGMENT_DAYS))
    encounter = encounter.expecting("adjudication", event.claim_id, due_in(event.submitted_at, ADJUDICATION_DAYS))
    conclude(moved_figures(replace(encounter, stage="with_payer"), work), work)


def _submitted(event: consumed.ClaimSubmitted, work: AnalyticsWork) -> Claim:
    replaced = work.claims.find(event.replaces_claim_id) if event.replaces_claim_id else None
    if replaced and event.frequency == "8" and replaced.decided_on is None:
        work.claims.put(replace(replaced, voided=True))
    return replace(
        work.claim(event.claim_id),
        payer_id=event.payer_id,
        provider_id=event.provider_id,
        rank=event.rank,
        frequency=event.frequency,
        resubmission=replaced is not None and replaced.decided_on is None,
        correction=replaced is not None and replaced.decided_on is not None,
        touched=event.touched,
        held_by="",
        first_edited_on=event.first_edited_on,
        submitted_on=_day(event.submitted_at),
        charge_cents=event.charge_cents,
    )


async def record_acknowledgment(event: consumed.ClaimAcknowledged, work: AnalyticsWork) -> None:
    """Count the clearinghouse's and the payer's word only: a 999 says no more than that the file could be read."""
    if event.level not in {"clearinghouse", "payer"}:
        return
    on = _day(event.acknowledged_at)
    claim = work.claim(event.claim_id).answered(on)
    if event.outcome == "accepted" and claim.accepted_on is None:
        claim = replace(claim, accepted_on=on)
    work.claims.put(claim)
    conclude(work.encounter(work.stream.id).done("acknowledgment", of=(event.claim_id,)), work)


async def record_rejection(event: consumed.ClaimRejected, work: AnalyticsWork) -> None:
    """Expect a rejected claim to be corrected and sent as new: it never reached adjudication."""
    on = _day(event.rejected_at)
    work.claims.put(replace(work.claim(event.claim_id).answered(on), rejected_on=on))
    encounter = work.encounter(work.stream.id).done("acknowledgment", "adjudication", of=(event.claim_id,))
    encounter = encounter.expecting("submission", event.claim_id, due_in(event.rejected_at, SUBMISSION_DAYS))
    conclude(moved_figures(replace(encounter, stage="rejected"), work), work)


async def record_status(event: consumed.ClaimStatusReported, work: AnalyticsWork) -> None:
    """Remember where the payer says the claim is: nowhere (A4, D0), or paid (F1) with its 835 still to come."""
    on = _day(event.reported_at)
    claim = work.claim(event.claim_id)
    encounter = work.encounter(work.stream.id)
    categories = {code.category for code in event.codes}
    lost = bool(categories & {"A4", "D0"})
    claim = replace(claim, not_found_on=on) if lost else replace(claim.answered(on), not_found_on=None)
    if "F1" in categories and claim.decided_on is None:
        claim = replace(claim, paid_reported_on=on)
        encounter = encounter.expecting("posting", event.claim_id, due_in(on, POSTING_DAYS))
    work.claims.put(claim)
    conclude(encounter, work)


async def record_decision(event: consumed.ClaimAdjudicated, work: AnalyticsWork) -> None:
    """Record a decision; the first one on a claim is the one by which first attempts are measured."""
    encounter = work.encounter(work.stream.id).announcing(insurance_paid=event.paid_cents)
    if not event.reversal and event.status_code != PREDETERMINATION:
        work.claims.put(work.claim(event.claim_id).decided(event))
        encounter = encounter.done("acknowledgment", "adjudication", "posting", of=(event.claim_id,))
    conclude(moved_figures(replace(encounter, stage="answered"), work), work)


async def post_insurance(event: consumed.InsuranceLedgerPosted, work: AnalyticsWork) -> None:
    """Add the insurance ledger's entries; once insurance owes nothing, nothing is awaited from payers."""
    encounter = post(CLAIMS, event.entries, work)
    if encounter.charged and encounter.money.insurance_open_cents <= 0:
        encounter = encounter.done("submission", "acknowledgment", "adjudication", "posting")
    conclude(moved_figures(encounter, work), work)


def _subjects(*ids: UUID | None) -> tuple[UUID, ...]:
    return tuple(subject_id for subject_id in ids if subject_id is not None)


def _day(instant: datetime) -> date:
    return instant.astimezone(UTC).date()

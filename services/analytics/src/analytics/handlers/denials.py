"""Denials: refusals that are being worked on, their appeals, and how they ended."""

from analytics import consumed
from analytics.figures.deadlines import DENIAL_DAYS, SUBMISSION_DAYS, WON_APPEAL_DAYS, day_over, due_in
from analytics.handlers.concluding import conclude
from analytics.storage import AnalyticsWork

WON = frozenset({"overturned", "partly_overturned"})


async def record_denial(event: consumed.DenialOpened, work: AnalyticsWork) -> None:
    """Expect somebody to act: within our working target, or earlier where the payer's limit is shorter."""
    due_at = min(day_over(event.act_by), due_in(event.opened_on, DENIAL_DAYS))
    encounter = work.encounter(work.stream.id).denial_opened(event.denial_id)
    conclude(encounter.expecting("denial_turnaround", event.denial_id, due_at), work)


async def record_correction(event: consumed.CorrectionRequested, work: AnalyticsWork) -> None:
    """Expect the corrected claim to go out."""
    encounter = work.encounter(work.stream.id).done("denial_turnaround", of=event.denial_ids)
    due_at = due_in(event.requested_at, SUBMISSION_DAYS)
    conclude(encounter.expecting("submission", event.claim_id, due_at), work)


async def record_appeal(event: consumed.AppealFiled, work: AnalyticsWork) -> None:
    """Expect the payer's decision on an appeal by its day."""
    encounter = work.encounter(work.stream.id).done("denial_turnaround", of=event.denial_ids)
    conclude(encounter.expecting("appeal", event.appeal_id, day_over(event.decision_due_by)), work)


async def record_appeal_decision(event: consumed.AppealDecided, work: AnalyticsWork) -> None:
    """Expect a payment for a won appeal, which by itself moves no money."""
    encounter = work.encounter(work.stream.id).done("appeal", of=(event.appeal_id,))
    if event.outcome in WON:
        by = event.payment_due_by
        due_at = day_over(by) if by else due_in(event.decided_on, WON_APPEAL_DAYS)
        encounter = encounter.expecting("posting", event.claim_id, due_at)
    conclude(encounter, work)


async def record_write_off(event: consumed.WriteOffApproved, work: AnalyticsWork) -> None:
    """Wait no longer for a refusal that was given up."""
    encounter = work.encounter(work.stream.id)
    conclude(encounter.done("denial_turnaround", of=(event.denial_id,)), work)


async def record_resolution(event: consumed.DenialResolved, work: AnalyticsWork) -> None:
    """Wait no longer for a refusal that came to its end."""
    encounter = work.encounter(work.stream.id).denial_closed(event.denial_id)
    encounter = encounter.done("denial_turnaround", of=(event.denial_id,))
    conclude(encounter, work)

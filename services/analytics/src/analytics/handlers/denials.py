"""What denials says: refusals that are being worked on, appeals, and how they ended."""

from analytics import consumed
from analytics.figures.deadlines import DENIAL_DAYS, SUBMISSION_DAYS, WON_APPEAL_DAYS, day_over, due_in
from analytics.handlers.concluding import conclude
from analytics.storage import AnalyticsWork

WON = frozenset({"overturned", "partly_overturned"})


async def note_denial(told: consumed.DenialOpened, work: AnalyticsWork) -> None:
    """Expect somebody to act: within our working target, or earlier where the payer's limit is shorter."""
    due_at = min(day_over(told.act_by), due_in(told.opened_on, DENIAL_DAYS))
    encounter = work.encounter(work.stream.id).denial_opened(told.denial_id)
    conclude(encounter.expecting("denial_turnaround", told.denial_id, due_at), work)


async def note_correction(told: consumed.CorrectionRequested, work: AnalyticsWork) -> None:
    """Expect the corrected claim to go out."""
    encounter = work.encounter(work.stream.id).done("denial_turnaround", of=told.denial_ids)
    due_at = due_in(told.requested_at, SUBMISSION_DAYS)
    conclude(encounter.expecting("submission", told.claim_id, due_at), work)


async def note_appeal(told: consumed.AppealFiled, work: AnalyticsWork) -> None:
    """Expect the payer's decision on an appeal by its day."""
    encounter = work.encounter(work.stream.id).done("denial_turnaround", of=told.denial_ids)
    conclude(encounter.expecting("appeal", told.appeal_id, day_over(told.decision_due_by)), work)


async def note_appeal_decision(told: consumed.AppealDecided, work: AnalyticsWork) -> None:
    """Expect a payment for a won appeal, which by itself moves no money."""
    encounter = work.encounter(work.stream.id).done("appeal", of=(told.appeal_id,))
    if told.outcome in WON:
        by = told.payment_due_by
        due_at = day_over(by) if by else due_in(told.decided_on, WON_APPEAL_DAYS)
        encounter = encounter.expecting("posting", told.claim_id, due_at)
    conclude(encounter, work)


async def note_write_off(told: consumed.WriteOffApproved, work: AnalyticsWork) -> None:
    """Wait no longer for a refusal that was given up."""
    encounter = work.encounter(work.stream.id)
    conclude(encounter.done("denial_turnaround", of=(told.denial_id,)), work)


async def note_resolution(told: consumed.DenialResolved, work: AnalyticsWork) -> None:
    """Wait no longer for a refusal that came to its end."""
    encounter = work.encounter(work.stream.id).denial_closed(told.denial_id)
    encounter = encounter.done("denial_turnaround", of=(told.denial_id,))
    conclude(encounter, work)

"""Charges, coding and edits: an encounter before its claim goes out."""

from datetime import UTC

from analytics import consumed
from analytics.figures.deadlines import SUBMISSION_DAYS, due_in
from analytics.handlers.concluding import conclude
from analytics.storage import AnalyticsWork
from revcycle_kit.values import replace


async def record_charges(event: consumed.ChargesPosted, work: AnalyticsWork) -> None:
    """Expect a claim to go out, also when the charges came late."""
    encounter = work.encounter(work.stream.id).announcing(charged=event.charged_cents)
    due_at = due_in(event.posted_on, SUBMISSION_DAYS)
    conclude(replace(encounter, stage="unbilled").expecting("submission", work.stream.id, due_at), work)


async def reverse_charges(event: consumed.ChargesReversed, work: AnalyticsWork) -> None:
    """Remember that charges were taken back."""
    conclude(work.encounter(work.stream.id).announcing(charged=-event.charged_cents), work)


async def await_coding(_: consumed.CodingNeeded, work: AnalyticsWork) -> None:
    """Show the encounter as waiting for a coder."""
    conclude(replace(work.encounter(work.stream.id), stage="waiting_for_codes"), work)


async def complete_coding(_: consumed.CodingCompleted, work: AnalyticsWork) -> None:
    """Show the encounter as ready to be billed."""
    encounter = work.encounter(work.stream.id)
    waited = encounter.stage == "waiting_for_codes"
    conclude(replace(encounter, stage="unbilled") if waited else encounter, work)


async def record_hold(event: consumed.ClaimHeld, work: AnalyticsWork) -> None:
    """Count a claim that entered its edits and did not pass."""
    claim = work.claim(event.claim_id)
    edited_on = claim.first_edited_on or event.held_at.astimezone(UTC).date()
    work.claims.put(replace(claim, held_by=event.owner, first_edited_on=edited_on))
    conclude(replace(work.encounter(work.stream.id), stage="held"), work)

"""What claims says before a claim goes out: charges, coding, edits."""

from datetime import UTC

from msgspec.structs import replace

from analytics import consumed
from analytics.figures.deadlines import SUBMISSION_DAYS, due_in
from analytics.handlers.concluding import conclude
from analytics.storage import AnalyticsWork


async def note_charges(told: consumed.ChargesPosted, work: AnalyticsWork) -> None:
    """Expect a claim to go out, also when the charges came late."""
    encounter = work.encounter(work.stream.id).told(charged=told.charged_cents)
    due_at = due_in(told.posted_on, SUBMISSION_DAYS)
    conclude(replace(encounter, stage="unbilled").expecting("submission", work.stream.id, due_at), work)


async def note_charges_reversed(told: consumed.ChargesReversed, work: AnalyticsWork) -> None:
    """Remember that charges were taken back."""
    conclude(work.encounter(work.stream.id).told(charged=-told.charged_cents), work)


async def note_coding_needed(_: consumed.CodingNeeded, work: AnalyticsWork) -> None:
    """Show the encounter as waiting for a coder."""
    conclude(replace(work.encounter(work.stream.id), stage="waiting_for_codes"), work)


async def note_coding_completed(_: consumed.CodingCompleted, work: AnalyticsWork) -> None:
    """Show the encounter as ready to be billed."""
    encounter = work.encounter(work.stream.id)
    waited = encounter.stage == "waiting_for_codes"
    conclude(replace(encounter, stage="unbilled") if waited else encounter, work)


async def note_held_claim(told: consumed.ClaimHeld, work: AnalyticsWork) -> None:
    """Count a claim that entered its edits and did not pass."""
    claim = work.claim(told.claim_id)
    edited_on = claim.first_edited_on or told.held_at.astimezone(UTC).date()
    work.claims.put(replace(claim, held_by=told.owner, first_edited_on=edited_on))
    conclude(replace(work.encounter(work.stream.id), stage="held"), work)

"""Corrections: the claim of some denials is sent again, or cannot be."""

from denials import consumed, events, messages
from denials.domain.corrections import require_one_claim
from denials.handlers.denials import withdraw
from denials.storage import DenialsWork

_FINAL_CAUSES = frozenset({"no_payer", "claim_voided"})
"""Why claims declines a correction for good."""


async def request_correction(command: messages.RequestCorrection, work: DenialsWork) -> messages.Corrected:
    """Have the claim sent again, by the payer's method, with these changes."""
    denials = [work.denial(denial_id) for denial_id in dict.fromkeys(command.denial_ids)]
    require_one_claim(denials)
    claim = work.claims.find(denials[0].claim_id)
    if claim is not None:
        claim.require_lines(change.line_number for change in command.changes if change.line_number is not None)
    method = command.method or denials[0].correction
    for denial in denials:
        work.denials.put(denial.correction_requested())
    work.publish(events.correction_requested(denials, method, command.changes, command.by, work.now))
    return messages.Corrected(claim_id=denials[0].claim_id, method=method, denial_ids=command.denial_ids)


async def decline_correction(event: consumed.CorrectionDeclined, work: DenialsWork) -> None:
    """Work on a refusal whose correction cannot be carried out, or end it where the payer is asked no more."""
    denials = [denial for denial in work.denials if denial.denial_id in event.denial_ids and not denial.resolved]
    if event.cause in _FINAL_CAUSES:
        withdraw(denials, work)
        return
    for denial in denials:
        work.denials.put(denial.correction_declined(f"{event.reason}: {event.fix}"))

"""Corrections: the claim of some denials is sent again, or cannot be."""

from collections.abc import Iterable
from typing import cast
from uuid import UUID

from denials import consumed, events, messages
from denials.domain.claim import BilledClaim
from denials.domain.denial import Denial
from denials.domain.policy import CORRECTIONS, Correction, correction_method
from denials.handlers.denials import withdraw
from denials.published import Change
from denials.storage import DenialsWork
from revcycle_kit.errors import Refusal

_FINAL_CAUSES = frozenset({"no_payer", "claim_voided"})
"""Why claims declines a correction for good."""


async def request_correction(asked: messages.RequestCorrection, work: DenialsWork) -> messages.Corrected:
    """Have the claim sent again, by the payer's method, with these changes."""
    denials = _denials_of_one_claim(asked.denial_ids, work)
    _require_lines(work.claims.find(denials[0].claim_id), asked.changes)
    method = asked.method or _correction_of(denials[0])
    for denial in denials:
        work.denials.put(denial.correction_requested())
    work.publish(events.correction_requested(denials, method, asked.changes, asked.by, work.now))
    return messages.Corrected(claim_id=denials[0].claim_id, method=method, denial_ids=asked.denial_ids)


def _require_lines(claim: BilledClaim | None, changes: Iterable[Change]) -> None:
    """Raise Refusal for a change to a line that the claim does not have."""
    for change in changes:
        if claim is not None and change.line_number is not None and claim.line(change.line_number) is None:
            raise Refusal(
                f"The claim has no line {change.line_number}.",
                "changes",
                f"Name a line from 1 to {len(claim.lines)}.",
            )


def _correction_of(denial: Denial) -> Correction:
    if denial.method in CORRECTIONS:
        return cast("Correction", denial.method)
    return correction_method(denial.payer_kind, denial.claim_kind)


def _denials_of_one_claim(denial_ids: Iterable[UUID], work: DenialsWork) -> list[Denial]:
    denials = [work.denial(denial_id) for denial_id in dict.fromkeys(denial_ids)]
    if len({denial.claim_id for denial in denials}) != 1:
        raise Refusal(
            "A correction is about the denials of one claim.", "denial_ids", "Ask for a correction of each claim."
        )
    return denials


async def decline_correction(declined: consumed.CorrectionDeclined, work: DenialsWork) -> None:
    """Work on a refusal whose correction cannot be carried out, or end it where the payer is asked no more."""
    denials = [denial for denial in work.denials if denial.denial_id in declined.denial_ids and not denial.resolved]
    if declined.cause in _FINAL_CAUSES:
        withdraw(denials, work)
        return
    for denial in denials:
        work.denials.put(denial.correction_declined(f"{declined.reason}: {declined.fix}"))

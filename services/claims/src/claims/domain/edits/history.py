"""Edits that need more than one encounter: run when an interchange is put together."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from claims.domain.claims import Claim, Finding
from claims.domain.edits.coding import EDITS, REPEATED

Service = tuple[UUID, UUID | None, str, date]
"""Patient, provider, code, day."""


def billed_before(leaving: Iterable[Claim], others: Iterable[Claim]) -> dict[UUID, Finding]:
    """
    Find claims whose service another encounter billed already for the same patient, provider and day.

    Of two that leave together the first one goes. A modifier that says why it stands twice, or a person who overrode
    the edit, lets it pass.
    """
    billed = {service: claim.encounter_id for claim in others for service in _services(claim)}
    found: dict[UUID, Finding] = {}
    for claim in leaving:
        if claim.frequency == "1" and claim.rank == 1 and _NAME not in claim.overridden:
            again = [line for line in claim.lines if _elsewhere(claim, line.line_number, billed)]
            if again:
                found[claim.claim_id] = _finding(again[0].line_number)
                continue
        billed.update({service: claim.encounter_id for service in _services(claim) if service not in billed})
    return found


def unwritable(reason: str) -> Finding:
    """Tell that X12 cannot carry a claim as it stands; what it says of people is put right at registration."""
    if any(loop in reason for loop in _PEOPLE):
        fix = "complete the patient's registration; the claim is checked again by itself"
        return Finding(edit="x12", field="identity", rule=reason, fix=fix, owner="registration")
    return Finding(edit="x12", field="claim", rule=reason, fix="correct what is named, then check it again")


_PEOPLE = ("2010BA", "2010CA", "2330A")
"""The 837's loops of subscriber, patient and other subscriber."""
_NAME = "billed_elsewhere"
_EDIT = next(edit for edit in EDITS if edit.name == _NAME)


def _finding(line_number: int) -> Finding:
    return Finding(
        edit=_EDIT.name,
        field=_EDIT.field,
        rule=_EDIT.rule,
        fix=_EDIT.fix,
        owner=_EDIT.owner,
        line_number=line_number,
    )


def _services(claim: Claim) -> list[Service]:
    return [(claim.patient_id, claim.rendering_provider_id, line.code, line.service_on) for line in claim.lines]


def _elsewhere(claim: Claim, line_number: int, billed: dict[Service, UUID]) -> bool:
    line = claim.line(line_number)
    if line is None or REPEATED & set(line.modifiers):
        return False
    first = billed.get((claim.patient_id, claim.rendering_provider_id, line.code, line.service_on))
    return first is not None and first != claim.encounter_id

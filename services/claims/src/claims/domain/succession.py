"""What becomes of a wish to correct a claim: which claim stands in its place by now, or why none can be sent."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from claims.domain.building import build, rebuilt
from claims.domain.claims import GONE, UNSENT, Claim, ClaimState
from claims.domain.encounters import Encounter
from claims.domain.parties import Parties
from claims.domain.planning import VOID, is_self_pay
from claims.domain.responsibility import asked_out_of_turn
from revcycle_kit.values import Value

OPEN_TO_CHANGE = UNSENT | {ClaimState.READY}
"""States in which a claim has not left: what is corrected goes out with it."""


class Declined(Value, kw_only=True):
    """Why a claim is not sent again."""

    cause: str
    """`no_payer`, `claim_voided` or `unusable_change`."""
    reason: str
    fix: str


NO_PAYER = Declined(
    cause="no_payer",
    reason="no payer is left to be asked: the encounter is billed to the patient",
    fix="nothing; if the patient turns out to be covered, enter the coverage at registration",
)
VOIDED = Declined(
    cause="claim_voided",
    reason="the claim was taken back, and nothing is asked of the payer any more",
    fix="nothing; if it is to be billed after all, ask billing for a new claim",
)


def successor(claim: Claim, encounter: Encounter, claims: Iterable[Claim]) -> Claim | None:
    """
    Return the claim that stands in the place of this one, if there is one.

    That is the claim that replaced it (or replaced that one). Else, where it was given up, or went to a payer who
    covers nobody here or comes later, it is the claim of its kind to the payer who is asked now.
    """
    everything = tuple(claims)
    followed = {claim.replaces_claim_id: claim for claim in everything if claim.frequency != VOID}
    latest = _last(claim, followed)
    if latest is not None:
        return latest
    covered, order = encounter.coverage(claim.coverage_id), encounter.payers_in_order()
    if not order or not (claim.state in GONE or asked_out_of_turn(claim, encounter) or covered is None):
        return None
    asked = (claim.kind, (covered or order[0]).coverage_id)
    others = (other for other in everything if other.claim_id != claim.claim_id and _stands(other))
    standing = (claim for claim in others if (claim.kind, claim.coverage_id) == asked)
    return max(standing, key=lambda claim: claim.ordinal, default=None)


def declined(claim: Claim, encounter: Encounter, claims: Iterable[Claim]) -> Declined | None:
    """Say why nothing can be sent in the place of a claim; None where it can."""
    taken_back = any(other.frequency == VOID and other.replaces_claim_id == claim.claim_id for other in claims)
    if claim.state == ClaimState.VOIDED or encounter.cancelled or taken_back:
        return VOIDED
    return NO_PAYER if is_self_pay(encounter) else None


def with_correction(claim: Claim, encounter: Encounter, parties: Parties) -> Claim | None:
    """Build a claim that has not left anew from the corrected encounter; None where it has left, or has no payer."""
    coverage = encounter.coverage(claim.coverage_id)
    if claim.state not in OPEN_TO_CHANGE or claim.frequency == VOID or coverage is None:
        return None
    return rebuilt(claim, build(encounter, claim.kind, coverage, parties))


def _stands(claim: Claim) -> bool:
    return claim.state not in GONE and claim.frequency != VOID


def _last(claim: Claim, followed: Mapping[UUID | None, Claim]) -> Claim | None:
    seen = {claim.claim_id}
    latest = claim
    while (after := followed.get(latest.claim_id)) is not None and after.claim_id not in seen:
        seen.add(after.claim_id)
        latest = after
    return latest if latest is not claim and _stands(latest) else None

"""What people do to a claim that is held, was turned away, or is not to be billed."""

from claims.domain.balances import settle_case
from claims.domain.billing import bill, examine, send_again
from claims.domain.case import EncounterCase
from claims.domain.claims import Claim, ClaimState
from claims.domain.corrections import Change
from claims.domain.denied_claims import change
from claims.domain.planning import unwanted, void_of
from claims.domain.refusal import Refused
from revcycle_kit.values import replace

CORRECTABLE = frozenset({ClaimState.HELD, ClaimState.REJECTED, ClaimState.NOT_OURS, ClaimState.DRAFT})
"""States in which a claim is nobody's but ours."""


def recheck(case: EncounterCase, claim: Claim, override: tuple[str, ...], reason: str) -> EncounterCase:
    """Check a held claim again; the edits overridden are left out from now on. Raises Refused."""
    if claim.state == ClaimState.HELD and unwanted(claim, case.encounter):
        return case.keep(claim.void())
    claim = claim.override(override, reason) if override else claim.recheck()
    return examine(case.keep(claim), claim, case.parties())


def require_correctable(claim: Claim) -> None:
    """Raise Refused for a claim that a payer has, or has decided."""
    if claim.state not in CORRECTABLE:
        raise Refused(
            f"The claim is {claim.state}.", "Correct what a payer decided through its denial or a replacement."
        )


def correct_and_send(case: EncounterCase, claim: Claim, changes: tuple[Change, ...]) -> EncounterCase:
    """Change what a held or rejected claim is made of, and send it: a rejected one goes out as new. Raises Refused."""
    case = change(case, claim, changes)
    return settle_case(
        send_again(case, claim) if claim.state in {ClaimState.REJECTED, ClaimState.NOT_OURS} else bill(case)
    )


def void(case: EncounterCase, claim: Claim) -> EncounterCase:
    """Take a claim back: one that has not left disappears, one that a payer decided is voided with an 8."""
    case = replace(case, encounter=replace(case.encounter, billing_stopped=True))
    if not claim.decided:
        return case.keep(claim.void())
    fresh = void_of(claim, case.claims.values())
    return examine(case.keep(claim.rework()), fresh, case.parties())

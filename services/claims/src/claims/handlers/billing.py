"""Making claims, holding and releasing them, and what people do to those that are held or turned away."""

from uuid import UUID

from claims.domain.claims import Claim
from claims.domain.corrections import corrected
from claims.domain.planning import resend, unwanted, void_of
from claims.domain.refusal import Refused
from claims.handlers.case import Case
from claims.handlers.charging import charge
from claims.messages import BillingDue, CorrectClaim, RecheckClaim, RecheckDue, VoidClaim
from claims.storage import ClaimsWork
from revcycle_kit.errors import Conflict, NotFound
from revcycle_kit.values import replace


async def bill_encounter(due: BillingDue, work: ClaimsWork) -> None:
    """Make the claims of an encounter whose hold is over, or bill the patient where no payer is asked."""
    del due
    case = Case(work)
    case.bill()
    case.settle()
    case.save()


async def recheck_claims(due: RecheckDue, work: ClaimsWork) -> None:
    """Check held claims again: what they waited for came, or need not be waited for any more."""
    del due
    case = Case(work)
    case.bill()
    case.save()


async def recheck_claim(command: RecheckClaim, work: ClaimsWork) -> None:
    """Check a held claim again for a person; the edits overridden are left out from now on."""
    case = Case(work)
    claim = _claim(case, command.claim_id)
    if claim.state == "held" and unwanted(claim, case.encounter):
        case.keep(claim.void())
        case.save()
        return
    try:
        case.keep(claim.override(command.override, command.reason) if command.override else claim.recheck())
    except Refused as refused:
        raise Conflict(refused.reason, "claim", refused.fix) from refused
    case.examine(case.claims[claim.claim_id], case.parties())
    case.save()


async def correct_claim(command: CorrectClaim, work: ClaimsWork) -> None:
    """Change what a held or rejected claim is made of, and send it: a rejected one goes out as new."""
    case = Case(work)
    claim = _claim(case, command.claim_id)
    if claim.state not in {"held", "rejected", "not_ours", "draft"}:
        raise Conflict(
            f"The claim is {claim.state}.", "claim", "Correct what a payer decided through its denial or a replacement."
        )
    apply_changes(case, claim, command)
    if claim.state in {"rejected", "not_ours"}:
        send_again(case, claim)
    else:
        case.bill()
    case.settle()
    case.save()


async def void_claim(command: VoidClaim, work: ClaimsWork) -> None:
    """Take a claim back: one that has not left disappears, one that a payer decided is voided with an 8."""
    case = Case(work)
    claim = _claim(case, command.claim_id)
    case.encounter = replace(case.encounter, billing_stopped=True)
    try:
        if claim.decided:
            fresh = void_of(claim, case.claims.values())
            case.keep(claim.rework())
            case.examine(fresh, case.parties())
        else:
            case.keep(claim.void())
    except Refused as refused:
        raise Conflict(refused.reason, "claim", refused.fix) from refused
    case.save()


def apply_changes(case: Case, claim: Claim, command: CorrectClaim) -> None:
    """Change the encounter as asked. Raises Conflict where a change cannot be made."""
    try:
        case.encounter = corrected(case.encounter, claim, command.changes)
    except Refused as refused:
        raise Conflict(refused.reason, "changes", refused.fix) from refused
    if any(change.field == "remove_line" for change in command.changes):
        charge(case, by="coder")


def send_again(case: Case, claim: Claim) -> None:
    """Send the claim that takes the place of one that was turned away, or bill whoever is left to be asked."""
    parties = case.parties()
    fresh = resend(claim, case.encounter, case.claims.values(), parties)
    case.keep(claim.supersede())
    if fresh is None:
        case.bill()
    else:
        case.examine(fresh, parties)


def _claim(case: Case, claim_id: UUID) -> Claim:
    for claim in case.claims.values():
        if claim.claim_id == claim_id:
            return claim
    raise NotFound("claim")

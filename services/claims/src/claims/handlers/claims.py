"""Claims: made when the hold is over, and worked by people while they are ours."""

from claims.domain.balances import settle_case
from claims.domain.billing import bill
from claims.domain.claim_work import correct_and_send, recheck, require_correctable, void
from claims.handlers.cases import claim_in, keep_case, open_case
from claims.handlers.refusals import conflict_over
from claims.messages import BillingDue, CorrectClaim, RecheckClaim, RecheckDue, VoidClaim
from claims.storage import ClaimsWork


async def bill_encounter(timer: BillingDue, work: ClaimsWork) -> None:
    """Make the claims of an encounter whose hold is over, or bill the patient where no payer is asked."""
    del timer
    keep_case(settle_case(bill(open_case(work))), work)


async def recheck_claims(timer: RecheckDue, work: ClaimsWork) -> None:
    """Check held claims again: what they waited for came, or need not be waited for any more."""
    del timer
    keep_case(bill(open_case(work)), work)


async def recheck_claim(command: RecheckClaim, work: ClaimsWork) -> None:
    """Check a held claim again for a person; the edits overridden are left out from now on."""
    case = open_case(work)
    claim = claim_in(case, command.claim_id)
    with conflict_over("claim"):
        case = recheck(case, claim, command.override, command.reason)
    keep_case(case, work)


async def correct_claim(command: CorrectClaim, work: ClaimsWork) -> None:
    """Change what a held or rejected claim is made of, and send it: a rejected one goes out as new."""
    case = open_case(work)
    claim = claim_in(case, command.claim_id)
    with conflict_over("claim"):
        require_correctable(claim)
    with conflict_over("changes"):
        case = correct_and_send(case, claim, command.changes)
    keep_case(case, work)


async def void_claim(command: VoidClaim, work: ClaimsWork) -> None:
    """Take a claim back: one that has not left disappears, one that a payer decided is voided with an 8."""
    case = open_case(work)
    claim = claim_in(case, command.claim_id)
    with conflict_over("claim"):
        case = void(case, claim)
    keep_case(case, work)

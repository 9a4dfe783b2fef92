"""What was decided about refusals: corrected claims, write-offs, amounts that are the patient's, appeals won."""

from datetime import datetime, timedelta

from claims import consumed
from claims import events as say
from claims.domain.claims import DECIDED, GONE, Claim
from claims.domain.corrections import corrected
from claims.domain.encounters import WriteOff
from claims.domain.planning import replacement, resend, void_of
from claims.domain.refusal import Refused
from claims.domain.succession import Declined, declined, successor, with_correction
from claims.domain.ticks import NOON
from claims.handlers.case import Case
from claims.handlers.charging import charge
from claims.messages import AnswerDue
from claims.storage import ClaimsWork
from revcycle_kit.clock import local_instant
from revcycle_kit.errors import Refusal
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import replace


async def correct_decided(event: consumed.CorrectionRequested, work: ClaimsWork) -> None:
    """Send a claim again, corrected, by the method that its payer takes: as new, or as a replacement."""
    case = Case(work)
    claim = case.claims.get(event.claim_id)
    if claim is None:
        raise Refusal("The claim to be corrected is not on this encounter.", "claim_id", "Name a claim of it.")
    instead = successor(claim, case.encounter, case.claims.values())
    why_not = None if instead else declined(claim, case.encounter, case.claims.values())
    why_not = why_not or _corrected(case, claim, event)
    if why_not is not None:
        work.publish(say.correction_declined(claim, event.denial_ids, why_not, work.now))
    elif instead is not None:
        _correct_in_place(case, claim, instead)
    else:
        _send_corrected(case, claim, event.method)
    case.settle()
    case.save()


async def write_off(event: consumed.WriteOffApproved, work: ClaimsWork) -> None:
    """Give up what was approved: what would have been paid is lost, the rest would have been adjusted anyway."""
    case = Case(work)
    claim = case.claims.get(event.claim_id)
    line = claim.line(event.line_number) if claim and event.line_number else None
    others = tuple(write_off for write_off in case.encounter.write_offs if write_off.denial_id != event.denial_id)
    approved = WriteOff(
        denial_id=event.denial_id,
        claim_id=event.claim_id,
        line_id=line.line_id if line else None,
        write_off_class=event.write_off_class,
        write_off_cents=event.write_off_cents,
        adjustment_cents=event.adjustment_cents,
    )
    case.encounter = replace(case.encounter, write_offs=(*others, approved))
    case.bill()
    case.settle()
    case.save()


async def end_denial(event: consumed.DenialResolved, work: ClaimsWork) -> None:
    """Move a refused amount to the patient where the refusal stands and the patient owes it."""
    if event.outcome != "patient_responsibility":
        return
    case = Case(work)
    claim = case.claims.get(event.claim_id)
    line = claim.line(event.line_number) if claim and event.line_number else None
    key = str(line.line_id) if line else (claim.kind if claim else "P")
    refused = {**case.encounter.refused_to_patient}
    refused[key] = Cents(refused.get(key, ZERO) + event.amount_cents)
    case.encounter = replace(case.encounter, refused_to_patient=refused)
    case.bill()
    case.settle()
    case.save()


async def expect_payment(event: consumed.AppealDecided, work: ClaimsWork) -> None:
    """Watch for the payment that a won appeal promises: money moves only with the remittance."""
    claim = work.claims.find(event.claim_id)
    if claim is None or event.outcome not in {"overturned", "partly_overturned"}:
        return
    case = Case(work)
    by = event.payment_due_by or case.today + timedelta(days=case.policy.status_days)
    due: datetime = local_instant(by, NOON, case.clinic.time_zone)
    work.later(AnswerDue(claim_id=claim.claim_id), max(due, work.now), str(claim.claim_id))


def _corrected(case: Case, claim: Claim, event: consumed.CorrectionRequested) -> Declined | None:
    """Change what the claim is made of, or say why it cannot be changed so."""
    try:
        case.encounter = corrected(case.encounter, claim, event.changes)
    except Refused as refused:
        return Declined(cause="unusable_change", reason=refused.reason, fix=refused.fix)
    if any(change.field == "remove_line" for change in event.changes):
        charge(case, by="coder")
    return None


def _correct_in_place(case: Case, claim: Claim, instead: Claim) -> None:
    """
    Let a correction go out with the claim that takes this one's place already, as long as that has not left.

    Where it has left, the payer decides the service anew anyway: a second copy would only be refused as a duplicate.
    The encounter keeps the correction, so that it goes out if that claim has to be corrected in its turn.
    """
    if claim.state in DECIDED:
        case.keep(claim.supersede())
    parties = case.parties()
    again = with_correction(instead, case.encounter, parties)
    if again is not None:
        case.examine(again, parties)


def _send_corrected(case: Case, claim: Claim, method: str) -> None:
    parties = case.parties()
    claims = case.claims.values()
    if method == "void_and_new":
        case.examine(void_of(claim, claims), parties)
    named = claim.payer_claim_control_number
    replaced = method in {"replacement", "reopening"} and bool(named)
    fresh = (replacement if replaced else resend)(claim, case.encounter, claims, parties)
    if claim.state not in GONE:
        case.keep(claim.supersede())
    if fresh is None:
        case.bill()
    else:
        case.examine(fresh, parties)

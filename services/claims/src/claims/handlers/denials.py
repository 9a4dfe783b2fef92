"""What denials decided about refusals: corrected claims, write-offs, amounts that are the patient's, appeals won."""

from uuid import UUID

from claims import consumed
from claims.domain.case import EncounterCase
from claims.domain.denied_claims import Correction, correct, expect_payment, leave_to_patient, write_off
from claims.domain.encounters import WriteOff
from claims.handlers.cases import keep_case, open_case
from claims.storage import ClaimsWork
from revcycle_kit.errors import Refusal


async def correct_denied_claim(event: consumed.CorrectionRequested, work: ClaimsWork) -> None:
    """Send a claim again, corrected, by the method that its payer takes: as new, or as a replacement."""
    case = open_case(work)
    claim = case.claims.get(event.claim_id)
    if claim is None:
        raise Refusal("The claim to be corrected is not on this encounter.", "claim_id", "Name a claim of it.")
    correction = Correction(method=event.method, changes=event.changes, denial_ids=event.denial_ids)
    keep_case(correct(case, claim, correction), work)


async def write_off_denial(event: consumed.WriteOffApproved, work: ClaimsWork) -> None:
    """Give up what was approved: what would have been paid is lost, the rest would have been adjusted anyway."""
    case = open_case(work)
    approved = WriteOff(
        denial_id=event.denial_id,
        claim_id=event.claim_id,
        line_id=_line_id(case, event.claim_id, event.line_number),
        write_off_class=event.write_off_class,
        write_off_cents=event.write_off_cents,
        adjustment_cents=event.adjustment_cents,
    )
    keep_case(write_off(case, approved), work)


async def resolve_denial(event: consumed.DenialResolved, work: ClaimsWork) -> None:
    """Move a refused amount to the patient where the refusal stands and the patient owes it."""
    if event.outcome != "patient_responsibility":
        return
    case = open_case(work)
    claim = case.claims.get(event.claim_id)
    line_id = _line_id(case, event.claim_id, event.line_number)
    key = str(line_id) if line_id else (claim.kind if claim else "P")
    keep_case(leave_to_patient(case, key, event.amount_cents), work)


async def expect_appeal_payment(event: consumed.AppealDecided, work: ClaimsWork) -> None:
    """Watch for the payment that a won appeal promises: money moves only with the remittance."""
    claim = work.claims.find(event.claim_id)
    if claim is not None and event.outcome in {"overturned", "partly_overturned"}:
        keep_case(expect_payment(open_case(work), claim, event.payment_due_by), work)


def _line_id(case: EncounterCase, claim_id: UUID, line_number: int | None) -> UUID | None:
    claim = case.claims.get(claim_id)
    line = claim.line(line_number) if claim and line_number else None
    return line.line_id if line else None

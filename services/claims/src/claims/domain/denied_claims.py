"""What was decided about refusals: corrected claims, write-offs, amounts that are the patient's, appeals won."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from claims.domain.balances import settle_case
from claims.domain.billing import bill, examine
from claims.domain.calendar import NOON
from claims.domain.case import EncounterCase, Wait
from claims.domain.charges import charge
from claims.domain.claims import DECIDED, GONE, Claim
from claims.domain.corrections import Change, corrected
from claims.domain.encounters import WriteOff
from claims.domain.facts import CorrectionDeclined
from claims.domain.planning import replacement, resend, void_of
from claims.domain.refusal import Refused
from claims.domain.succession import Declined, declined, successor, with_correction
from revcycle_kit.clock import local_instant
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value, replace


class Correction(Value, kw_only=True):
    """How a refused claim is to be sent again, and which denials that answers."""

    method: str
    changes: tuple[Change, ...] = ()
    denial_ids: tuple[UUID, ...] = ()


def change(case: EncounterCase, claim: Claim, changes: Iterable[Change]) -> EncounterCase:
    """Change what a claim is made of. Raises Refused where a change cannot be made."""
    wanted = tuple(changes)
    case = replace(case, encounter=corrected(case.encounter, claim, wanted))
    return charge(case, "coder") if any(item.field == "remove_line" for item in wanted) else case


def correct(case: EncounterCase, claim: Claim, correction: Correction) -> EncounterCase:
    """Send a claim again, corrected, by the method that its payer takes; or say why that cannot be."""
    instead = successor(claim, case.encounter, case.claims.values())
    why_not = None if instead else declined(claim, case.encounter, case.claims.values())
    if why_not is None:
        try:
            case = change(case, claim, correction.changes)
        except Refused as refused:
            why_not = Declined(cause="unusable_change", reason=refused.reason, fix=refused.fix)
    if why_not is not None:
        case = case.announce(CorrectionDeclined(claim=claim, denial_ids=correction.denial_ids, declined=why_not))
    elif instead is not None:
        case = _correct_in_place(case, claim, instead)
    else:
        case = _send_corrected(case, claim, correction.method)
    return settle_case(case)


def write_off(case: EncounterCase, approved: WriteOff) -> EncounterCase:
    """Give up what was approved: what would have been paid is lost, the rest would have been adjusted anyway."""
    others = (other for other in case.encounter.write_offs if other.denial_id != approved.denial_id)
    case = replace(case, encounter=replace(case.encounter, write_offs=(*others, approved)))
    return settle_case(bill(case))


def leave_to_patient(case: EncounterCase, key: str, cents: Cents) -> EncounterCase:
    """Move a refused amount to the patient, of one line or (by its kind) of a whole claim."""
    refused = case.encounter.refused_to_patient
    refused = {**refused, key: Cents(refused.get(key, ZERO) + cents)}
    case = replace(case, encounter=replace(case.encounter, refused_to_patient=refused))
    return settle_case(bill(case))


def expect_payment(case: EncounterCase, claim: Claim, due_by: date | None) -> EncounterCase:
    """Watch for the payment that a won appeal promises: money moves only with the remittance."""
    context = case.context
    by = due_by or case.today + timedelta(days=context.policy.status_days)
    due = local_instant(by, NOON, context.clinic.time_zone)
    return case.arm(Wait.ANSWER, max(due, context.now), claim.claim_id)


def _correct_in_place(case: EncounterCase, claim: Claim, instead: Claim) -> EncounterCase:
    """
    Let a correction go out with the claim that takes this one's place already, as long as that has not left.

    Where it has left, the payer decides the service anew anyway: a second copy would only be refused as a duplicate.
    The encounter keeps the correction, so that it goes out if that claim has to be corrected in its turn.
    """
    if claim.state in DECIDED:
        case = case.keep(claim.supersede())
    parties = case.parties()
    again = with_correction(instead, case.encounter, parties)
    return case if again is None else examine(case, again, parties)


def _send_corrected(case: EncounterCase, claim: Claim, method: str) -> EncounterCase:
    parties = case.parties()
    if method == "void_and_new":
        case = examine(case, void_of(claim, case.claims.values()), parties)
    replaced = method in {"replacement", "reopening"} and bool(claim.payer_claim_control_number)
    fresh = (replacement if replaced else resend)(claim, case.encounter, case.claims.values(), parties)
    if claim.state not in GONE:
        case = case.keep(claim.supersede())
    return bill(case) if fresh is None else examine(case, fresh, parties)

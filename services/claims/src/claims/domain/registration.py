"""What registration says of an encounter, and what it means for charges and claims that stand already."""

from claims.domain.balances import settle_case
from claims.domain.billing import bill, send_again
from claims.domain.case import EncounterCase
from claims.domain.charges import charge, take_back
from claims.domain.claims import IN_FLIGHT, UNSENT, Claim, ClaimState
from claims.domain.encounters import CodingState, Encounter
from claims.domain.people import EncounterIdentity
from revcycle_kit.values import replace

INSURANCE_FOUND = "insurance was found"


def take_place(case: EncounterCase) -> EncounterCase:
    """Charge again what was taken back with the cancelled encounter, and bill it."""
    charges = tuple(charge.stands_again() for charge in case.encounter.charges)
    case = replace(case, encounter=replace(case.encounter, cancelled=False, charges=charges))
    return charge(case, "rules") if charges else case


def revise(case: EncounterCase, encounter: Encounter, identity: EncounterIdentity) -> EncounterCase:
    """Take over what changed; claims that wait for it, or were turned away for it, are tried again."""
    before = case
    case = replace(case, encounter=encounter)
    if identity != before.identity:
        case = case.identify(identity)
    if not encounter.coding:
        return case
    turned_away = [claim for claim in case.claims.values() if _turned_away(claim)]
    lost = [claim for claim in turned_away if not _same_payer(claim, before.encounter, encounter)]
    case = bill(case.keep(*(claim.supersede() for claim in lost)))
    for claim in turned_away:
        if claim not in lost and _other_people(claim, before.identity, identity):
            case = send_again(case, claim)
    return settle_case(case, INSURANCE_FOUND)


def cover(case: EncounterCase, encounter: Encounter) -> EncounterCase:
    """Take over what is known of coverages and authorizations; held claims are brought up to date."""
    case = replace(case, encounter=encounter)
    if not case.claims and not encounter.self_pay and not encounter.self_pay_elected:
        return case  # nothing is to be done before the encounter was billed
    return settle_case(bill(case), INSURANCE_FOUND)


def cancel(case: EncounterCase) -> EncounterCase:
    """Take back what was charged and what has not left; what has left is voided by a person."""
    case = replace(case, encounter=replace(case.encounter, cancelled=True, coding=CodingState.NONE))
    case = case.keep(*(claim.void() for claim in case.claims.values() if claim.state in UNSENT))
    if any(claim.state in IN_FLIGHT or claim.decisions for claim in case.claims.values()):
        return case
    case = take_back(case)
    case = replace(case, encounter=replace(case.encounter, self_pay=False))
    return settle_case(case, "the encounter was cancelled")


def _turned_away(claim: Claim) -> bool:
    return claim.state in {ClaimState.REJECTED, ClaimState.NOT_OURS} and claim.hold_owner == "registration"


def _same_payer(claim: Claim, before: Encounter, after: Encounter) -> bool:
    old, new = before.coverage(claim.coverage_id), after.coverage(claim.coverage_id)
    return old is not None and new is not None and old.payer_id == new.payer_id


def _other_people(claim: Claim, before: EncounterIdentity, after: EncounterIdentity) -> bool:
    """Say whether the member or the patient is told otherwise than when the claim was turned away."""
    coverage_id = claim.coverage_id
    return before.patient != after.patient or before.subscriber(coverage_id) != after.subscriber(coverage_id)

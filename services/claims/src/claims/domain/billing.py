"""Billing an encounter: when it may be billed, which claims are made, checked, queued or held."""

from datetime import timedelta

from claims.domain.calendar import MORNING, tick_on
from claims.domain.case import EncounterCase, Wait
from claims.domain.claims import Claim, ClaimState
from claims.domain.edits import EditContext, Rulebook, check
from claims.domain.encounters import CodingState
from claims.domain.facts import ClaimHeld
from claims.domain.parties import Parties
from claims.domain.planning import due_on, is_self_pay, plan, resend
from revcycle_kit.values import replace


def may_bill(case: EncounterCase) -> bool:
    """Say whether charges are complete and coded, the service is over, and the hold has passed."""
    encounter, today = case.encounter, case.today
    over = encounter.finished or today > (encounter.service_through_on or encounter.service_on)
    return (
        encounter.charges_complete
        and encounter.coding == CodingState.DONE
        and not encounter.cancelled
        and over
        and today >= due_on(encounter, case.context.policy.bill_hold_days)
    )


def schedule(case: EncounterCase) -> EncounterCase:
    """Bill at the next morning on which the encounter may be billed."""
    encounter, context = case.encounter, case.context
    if encounter.coding != CodingState.DONE or not encounter.charges_complete or encounter.cancelled:
        return case
    last = encounter.service_through_on or encounter.service_on
    first = last if encounter.finished else last + timedelta(days=1)
    due = max(first, due_on(encounter, context.policy.bill_hold_days))
    return case.arm(Wait.BILLING, tick_on(due, context.now, context.clinic.time_zone, MORNING))


def bill(case: EncounterCase) -> EncounterCase:
    """Make, check and queue the claims that are needed now; none where no payer is asked."""
    if not may_bill(case):
        return case
    case = replace(case, encounter=replace(case.encounter, self_pay=is_self_pay(case.encounter)))
    parties = case.parties()
    for claim in plan(case.encounter, case.claims.values(), parties):
        case = case.keep(claim) if claim.state == ClaimState.VOIDED else examine(case, claim, parties)
    return case


def examine(case: EncounterCase, claim: Claim, parties: Parties) -> EncounterCase:
    """Run the edits over a claim: it is queued for sending, or held for whoever can put it right."""
    may_wait = claim.first_edited_on in {None, case.today}
    claim = replace(claim, first_edited_on=claim.first_edited_on or case.today)
    findings = check(
        EditContext(
            claim=claim,
            encounter=case.encounter,
            identity=case.identity,
            parties=parties,
            today=case.today,
            rulebook=Rulebook(prevention=case.context.rules),
            siblings=tuple(case.claims.values()),
            may_wait=may_wait,
        )
    )
    if not findings:
        claim = claim.release(case.today)
        return case.queue(claim).keep(claim)
    return hold(case, claim.hold(findings, case.context.now))


def hold(case: EncounterCase, claim: Claim) -> EncounterCase:
    """Keep a claim that may not leave, say why where that is new, and check it again where only time is wanted."""
    before = case.claims.get(claim.claim_id)
    if before is None or before.findings != claim.findings:
        case = case.announce(ClaimHeld(claim=claim))
    if any(finding.owner == "system" for finding in claim.findings):
        tomorrow = case.today + timedelta(days=1)
        case = case.arm(Wait.RECHECK, tick_on(tomorrow, case.context.now, case.context.clinic.time_zone, MORNING))
    return case.keep(claim)


def send_again(case: EncounterCase, claim: Claim) -> EncounterCase:
    """Send the claim that takes the place of one that was turned away, or bill whoever is left to be asked."""
    parties = case.parties()
    fresh = resend(claim, case.encounter, case.claims.values(), parties)
    case = case.keep(claim.supersede())
    return bill(case) if fresh is None else examine(case, fresh, parties)

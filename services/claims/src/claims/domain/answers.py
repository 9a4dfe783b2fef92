"""A claim on its way: sent, acknowledged, turned away, asked about, or without an answer."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from claims.domain.billing import hold
from claims.domain.calendar import after_business_days, after_days
from claims.domain.case import EncounterCase, Wait
from claims.domain.claims import IN_FLIGHT, Acknowledgment, Claim, ClaimState, Finding, not_sent
from claims.domain.facts import (
    ClaimAcknowledged,
    ClaimRejected,
    ClaimSilent,
    ClaimStatusReported,
    ClaimSubmitted,
    EffectGivenUp,
    InformationRequested,
    Undelivered,
)
from claims.domain.planning import unwanted
from claims.domain.status import StatusCode, cause_of, findings_of, meaning_of_status, verdict

BEFORE_THE_CLAIM = frozenset({"interchange", "syntax"})
"""Levels at which a file is refused: with all its claims, before anybody read one."""


def send(case: EncounterCase, claim: Claim, sent_at: datetime, batch: str) -> EncounterCase:
    """Say that a claim went out, and wait for the payer's acceptance."""
    context = case.context
    claim = claim.send(sent_at, batch)
    due = after_business_days(context.now, context.policy.acceptance_days, context.clinic.time_zone)
    case = case.keep(claim).arm(Wait.ANSWER, due, claim.claim_id)
    return case.announce(ClaimSubmitted(claim=claim, submitted_at=sent_at))


def exclude(case: EncounterCase, claim: Claim, finding: Finding) -> EncounterCase:
    """Hold a claim that could not leave with its interchange, or give it up where nobody wants it any more."""
    if claim.state != ClaimState.READY:
        return case
    if unwanted(claim, case.encounter):
        return case.keep(claim.void())
    return hold(case, claim.hold((finding,), case.context.now))


def give_up(case: EncounterCase, claim: Claim, undelivered: Undelivered) -> EncounterCase:
    """Say that an interchange is not sent again by itself; its claim is held, unless the clearinghouse may have it."""
    case = case.announce(EffectGivenUp(claim=claim, undelivered=undelivered))
    return case if undelivered.in_doubt else exclude(case, claim, not_sent(undelivered.reason))


def outcome_of(level: str, codes: Iterable[StatusCode]) -> str:
    """Say what an acknowledgment amounts to: `accepted`, `received` or `rejected`."""
    return "rejected" if level in BEFORE_THE_CLAIM else verdict(codes)


def acknowledge(
    case: EncounterCase, claim: Claim, proof: Acknowledgment, codes: tuple[StatusCode, ...], payer_number: str | None
) -> EncounterCase:
    """Take an acknowledgment of a claim: proof that somebody has it, or a rejection to be worked here."""
    if proof.outcome == "rejected":
        return _reject(case, claim, proof, codes)
    claim = claim.acknowledge(proof, payer_number)
    case = case.keep(claim)
    if claim.state == ClaimState.ACCEPTED:
        case = _ask_in_time(case, claim)
    return case.announce(
        ClaimAcknowledged(claim=claim, proof=proof, codes=codes, payer_claim_control_number=payer_number)
    )


def report_status(case: EncounterCase, claim: Claim, codes: tuple[StatusCode, ...]) -> EncounterCase:
    """Take a payer's word on where a claim stands, asked or unasked."""
    meaning = meaning_of_status(codes)
    words = tuple(map(str, codes))
    if meaning == "information":
        claim = claim.ask_information(" ".join(words))
    elif meaning == "pending":
        claim = claim.pend(" ".join(words))
    case = case.keep(claim).announce(ClaimStatusReported(claim=claim, codes=codes))
    return case.announce(InformationRequested(claim=claim, codes=words)) if meaning == "information" else case


def miss_answer(case: EncounterCase, claim: Claim) -> EncounterCase:
    """Say that an answer is overdue, where it is, and look again in time."""
    waiting_for = _waiting_for(case, claim)
    if waiting_for is not None and claim.silent_for != waiting_for:
        since = claim.submitted_at or case.context.now
        claim = claim.fall_silent(waiting_for)
        case = case.keep(claim).announce(ClaimSilent(claim=claim, waiting_for=waiting_for, since=since))
    return _ask_in_time(case, claim)


def _reject(case: EncounterCase, claim: Claim, proof: Acknowledgment, codes: tuple[StatusCode, ...]) -> EncounterCase:
    cause = "syntax" if proof.level in BEFORE_THE_CLAIM else cause_of(codes)
    was_on_its_way = claim.state in IN_FLIGHT
    claim = claim.reject(proof, findings_of(codes, cause, proof.level))
    case = case.keep(claim)
    if not was_on_its_way:
        return case
    case = case.arm(Wait.ANSWER, None, claim.claim_id)
    return case.announce(ClaimRejected(claim=claim, level=proof.level, codes=codes))


def _ask_in_time(case: EncounterCase, claim: Claim) -> EncounterCase:
    context = case.context
    due = after_days(context.now, context.policy.status_days, context.clinic.time_zone)
    return case.arm(Wait.ANSWER, due, claim.claim_id)


def _waiting_for(case: EncounterCase, claim: Claim) -> Literal["payer", "adjudication"] | None:
    if claim.state in {ClaimState.SENT, ClaimState.RECEIVED}:
        return "payer"
    silent_from = (claim.submitted_at or case.context.now) + timedelta(days=case.context.policy.silence_days)
    return "adjudication" if case.context.now >= silent_from else None

"""Acknowledgments and status answers: what somebody on the way said about a claim, or did not say in time."""

from datetime import timedelta
from typing import Literal

from claims import events as say
from claims import published
from claims.domain.claims import IN_FLIGHT, Acknowledgment, Claim
from claims.domain.status import StatusCode, cause_of, findings_of, meaning_of_status, verdict
from claims.domain.ticks import after_days
from claims.handlers.case import Case, encounter_stream
from claims.messages import (
    AnswerDue,
    AskStatus,
    BatchAnswered,
    ClaimAnswered,
    StatusAnswer,
    StatusAnswered,
)
from claims.storage import ClaimsWork
from revcycle_kit.delivery.messages import Reply
from revcycle_kit.values import replace


async def answer_batch(message: BatchAnswered, work: ClaimsWork) -> None:
    """Take a TA1 or 999: an acceptance stays with the interchange, a refusal turns all its claims away."""
    batch = work.batches.get(work.stream.id)
    state = "accepted" if message.accepted else "rejected"
    work.batches.put(replace(batch, state=state))
    if message.accepted:
        return
    for claim in batch.claims:
        refused = ClaimAnswered(
            patient_control_number=claim.patient_control_number,
            level=message.level,
            codes=(StatusCode(category="R", status=message.code),),
            sender=message.sender,
            control_number=f"{message.control_number:09}",
        )
        to = encounter_stream(claim.clinic_id, claim.encounter_id)
        work.send(refused, to=to, key=f"{message.level}:{message.control_number}:{claim.claim_id}")


async def answer_claim(message: ClaimAnswered, work: ClaimsWork) -> None:
    """Take an acknowledgment of a claim: proof that somebody has it, or a rejection to be worked here."""
    case = Case(work)
    claim = _numbered(case, message.patient_control_number)
    if claim is None:
        return
    rejected = message.level in {"interchange", "syntax"} or verdict(message.codes) == "rejected"
    outcome = "rejected" if rejected else verdict(message.codes)
    proof = Acknowledgment(
        level=message.level,
        outcome=outcome,
        sender=message.sender,
        control_number=message.control_number,
        acknowledged_at=work.now,
    )
    if rejected:
        _reject(case, claim, message, proof)
    else:
        _accept(case, claim, message, proof)


async def answer_status(message: StatusAnswered, work: ClaimsWork) -> None:
    """Take a payer's word on where a claim stands, asked or unasked."""
    case = Case(work)
    claim = _numbered(case, message.patient_control_number)
    if claim is not None:
        _status(case, claim, message.codes)


async def record_status(reply: Reply[StatusAnswer], work: ClaimsWork) -> None:
    """Take the answer to our own status inquiry."""
    case = Case(work)
    effect = reply.effect
    claim = case.claims.get(effect.claim_id) if isinstance(effect, AskStatus) else None
    if claim is not None and reply.answer.codes:
        _status(case, claim, reply.answer.codes)


async def miss_answer(due: AnswerDue, work: ClaimsWork) -> None:
    """Say that an answer is overdue, and ask the payer where the claim stands."""
    case = Case(work)
    claim = case.claims[due.claim_id]
    if claim.state not in IN_FLIGHT:
        return
    waiting = _waiting_for(case, claim)
    if waiting is not None and claim.silent_for != waiting:
        case.keep(claim.fall_silent(waiting))
        work.publish(
            published.ClaimSilent(
                encounter_id=claim.encounter_id,
                claim_id=claim.claim_id,
                waiting_for=waiting,
                since=claim.submitted_at or work.now,
                next_step="ask the clearinghouse for the file" if waiting == "payer" else "call the payer",
            )
        )
    ask = AskStatus(
        claim_id=claim.claim_id,
        encounter_id=claim.encounter_id,
        clinic_id=claim.clinic_id,
        organization_id=case.encounter.organization_id,
        asked_at=work.now,
    )
    work.effect(ask, key=f"{claim.patient_control_number}:{case.today:%Y%m%d}")
    again = after_days(work.now, case.policy.status_days, case.clinic.time_zone)
    work.later(AnswerDue(claim_id=claim.claim_id), again, str(claim.claim_id))


def _waiting_for(case: Case, claim: Claim) -> Literal["payer", "adjudication"] | None:
    if claim.state in {"sent", "received"}:
        return "payer"
    silent_from = (claim.submitted_at or case.work.now) + timedelta(days=case.policy.silence_days)
    return "adjudication" if case.work.now >= silent_from else None


def _accept(case: Case, claim: Claim, answer: ClaimAnswered, proof: Acknowledgment) -> None:
    work = case.work
    claim = claim.acknowledge(proof, answer.payer_claim_control_number)
    case.keep(claim)
    if claim.state == "accepted":
        due = after_days(work.now, case.policy.status_days, case.clinic.time_zone)
        work.later(AnswerDue(claim_id=claim.claim_id), due, str(claim.claim_id))
    work.publish(
        published.ClaimAcknowledged(
            encounter_id=claim.encounter_id,
            claim_id=claim.claim_id,
            level=answer.level,
            outcome="accepted" if proof.outcome == "accepted" else "received",
            sender=answer.sender,
            control_number=answer.control_number,
            codes=say.status_codes(answer.codes),
            payer_claim_control_number=answer.payer_claim_control_number,
            acknowledged_at=work.now,
        )
    )


def _reject(case: Case, claim: Claim, answer: ClaimAnswered, proof: Acknowledgment) -> None:
    cause = "syntax" if answer.level in {"interchange", "syntax"} else cause_of(answer.codes)
    was = claim.state
    claim = claim.reject(proof, findings_of(answer.codes, cause, answer.level))
    case.keep(claim)
    if was in IN_FLIGHT:
        case.work.cancel(AnswerDue, str(claim.claim_id))
        case.work.publish(say.claim_rejected(claim, answer.level, answer.codes, case.work.now))


def _status(case: Case, claim: Claim, codes: tuple[StatusCode, ...]) -> None:
    work = case.work
    meaning = meaning_of_status(codes)
    text = " ".join(map(str, codes))
    asked = meaning == "information"
    case.keep(claim.ask_information(text) if asked else claim.pend(text) if meaning == "pending" else claim)
    work.publish(
        published.ClaimStatusReported(
            encounter_id=claim.encounter_id,
            claim_id=claim.claim_id,
            codes=say.status_codes(codes),
            reported_at=work.now,
        )
    )
    if asked:
        work.publish(
            published.InformationRequested(
                encounter_id=claim.encounter_id,
                claim_id=claim.claim_id,
                codes=tuple(map(str, codes)),
                due_by=None,
                requested_on=case.today,
            )
        )


def _numbered(case: Case, number: str) -> Claim | None:
    wanted = number.upper()
    return next((claim for claim in case.claims.values() if claim.patient_control_number == wanted), None)

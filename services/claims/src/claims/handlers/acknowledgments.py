"""Acknowledgments and status answers: what somebody on the way said about a claim, or did not say in time."""

from claims.domain.answers import acknowledge, miss_answer, outcome_of, report_status
from claims.domain.batches import Batch, BatchState
from claims.domain.claims import IN_FLIGHT, Acknowledgment
from claims.domain.facts import EffectGivenUp
from claims.domain.status import StatusCode
from claims.handlers.cases import claim_in, keep_case, open_case
from claims.handlers.submission import undelivered_of
from claims.messages import (
    AnswerDue,
    AskStatus,
    BatchAnswered,
    ClaimAnswered,
    ClaimSent,
    StatusAnswer,
    StatusAnswered,
    SubmitBatch,
    encounter_stream,
    submission_key,
)
from claims.storage import ClaimsWork
from revcycle_kit.delivery.messages import GivenUp, Reply


async def acknowledge_batch(message: BatchAnswered, work: ClaimsWork) -> None:
    """Take a TA1 or 999: an acceptance stays with the interchange, a refusal turns all its claims away."""
    batch = work.batches.get(work.stream.id)
    if batch.state == BatchState.IN_DOUBT:
        _settle_doubt(batch, work)
    work.batches.put(batch.answer(accepted=message.accepted))
    for claim in () if message.accepted else batch.claims:
        refused = ClaimAnswered(
            patient_control_number=claim.patient_control_number,
            level=message.level,
            codes=(StatusCode(category="R", status=message.code),),
            sender=message.sender,
            control_number=f"{message.control_number:09}",
        )
        to = encounter_stream(claim.clinic_id, claim.encounter_id)
        work.send(refused, to=to, key=f"{message.level}:{message.control_number}:{claim.claim_id}")


def _settle_doubt(batch: Batch, work: ClaimsWork) -> None:
    """Note that the clearinghouse has an interchange after all: an acknowledgment speaks of it."""
    work.conclude(SubmitBatch, submission_key(batch.billing_entity_id, batch.control_number))
    for claim in batch.claims:
        sent = ClaimSent(claim_id=claim.claim_id, control_number=batch.control_number, sent_at=work.now)
        to = encounter_stream(claim.clinic_id, claim.encounter_id)
        work.send(sent, to=to, key=f"{claim.claim_id}:{batch.control_number}")


async def acknowledge_claim(message: ClaimAnswered, work: ClaimsWork) -> None:
    """Take an acknowledgment of a claim: proof that somebody has it, or a rejection to be worked here."""
    case = open_case(work)
    claim = case.numbered(message.patient_control_number)
    if claim is None:
        return
    proof = Acknowledgment(
        level=message.level,
        outcome=outcome_of(message.level, message.codes),
        sender=message.sender,
        control_number=message.control_number,
        acknowledged_at=work.now,
    )
    keep_case(acknowledge(case, claim, proof, message.codes, message.payer_claim_control_number), work)


async def take_status(message: StatusAnswered, work: ClaimsWork) -> None:
    """Take a payer's word on where a claim stands, asked or unasked."""
    case = open_case(work)
    claim = case.numbered(message.patient_control_number)
    if claim is not None:
        keep_case(report_status(case, claim, message.codes), work)


async def record_status(reply: Reply[StatusAnswer], work: ClaimsWork) -> None:
    """Take the answer to our own status inquiry."""
    case = open_case(work)
    effect = reply.effect
    claim = case.claims.get(effect.claim_id) if isinstance(effect, AskStatus) else None
    if claim is not None and reply.answer.codes:
        keep_case(report_status(case, claim, reply.answer.codes), work)


async def give_up_inquiry(failure: GivenUp[StatusAnswer], work: ClaimsWork) -> None:
    """Say that a payer is not asked again by itself; the claim falls silent in time, and somebody calls."""
    case = open_case(work)
    effect = failure.effect
    claim = case.claims.get(effect.claim_id) if isinstance(effect, AskStatus) else None
    if claim is not None:
        keep_case(case.announce(EffectGivenUp(claim=claim, undelivered=undelivered_of(failure))), work)


async def miss_claim_answer(timer: AnswerDue, work: ClaimsWork) -> None:
    """Say that an answer is overdue, and ask the payer where the claim stands."""
    case = open_case(work)
    claim = claim_in(case, timer.claim_id)
    if claim.state not in IN_FLIGHT:
        return
    keep_case(miss_answer(case, claim), work)
    inquiry = AskStatus(
        claim_id=claim.claim_id,
        encounter_id=claim.encounter_id,
        clinic_id=claim.clinic_id,
        organization_id=case.encounter.organization_id,
        asked_at=work.now,
    )
    work.effect(inquiry, key=f"{claim.patient_control_number}:{case.today:%Y%m%d}")

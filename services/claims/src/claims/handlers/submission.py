"""Interchanges: what waits to be sent goes out together, and each claim hears that it did."""

from typing import Any

from claims.domain.answers import exclude, give_up, send
from claims.domain.batches import Batch, Submission, batch_id
from claims.domain.facts import Undelivered
from claims.handlers.cases import claim_in, keep_case, open_case
from claims.messages import (
    BatchMade,
    BatchSent,
    ClaimExcluded,
    ClaimNotSent,
    ClaimQueued,
    ClaimSent,
    SendingDue,
    SubmitBatch,
    batch_stream,
    encounter_stream,
    submission_key,
)
from claims.storage import AddressRow, ClaimsWork
from revcycle_kit.delivery.messages import GivenUp, Reply, own_type


async def queue_claim(message: ClaimQueued, work: ClaimsWork) -> None:
    """Let a claim wait for its payee's next interchange, and note where its answers have to go."""
    claim = message.claim
    queue = work.submissions.find(work.stream.id) or Submission(
        submission_id=work.stream.id, billing_entity_id=work.stream.tenant_id, organization_id=message.organization_id
    )
    if not queue.queued:
        work.later(SendingDue(), max(message.send_at, work.now), "sending")
    work.submissions.put(queue.queue(claim))
    work.addresses.add(
        AddressRow(
            address_id=work.new_id(),
            patient_control_number=claim.patient_control_number,
            clinic_id=claim.clinic_id,
            encounter_id=claim.encounter_id,
        )
    )


async def make_batches(due: SendingDue, work: ClaimsWork) -> None:
    """Empty the queue into interchanges, professional and institutional apart."""
    del due
    queue, batches = work.submissions.get(work.stream.id).batches()
    work.submissions.put(queue)
    for batch in batches:
        made = BatchMade(
            organization_id=queue.organization_id,
            control_number=batch.control_number,
            kind=batch.kind,
            claims=batch.claims,
        )
        to = batch_stream(batch.billing_entity_id, batch.control_number)
        work.send(made, to=to, key=str(batch.control_number))


async def submit_batch(message: BatchMade, work: ClaimsWork) -> None:
    """Have the 837 written and handed to the clearinghouse, under its control number."""
    payee = work.stream.tenant_id
    batch = Batch(
        batch_id=batch_id(payee, message.control_number),
        billing_entity_id=payee,
        control_number=message.control_number,
        kind=message.kind,
        claims=message.claims,
    )
    work.batches.put(batch)
    work.effect(
        SubmitBatch(
            batch_id=batch.batch_id,
            billing_entity_id=payee,
            organization_id=message.organization_id,
            control_number=batch.control_number,
            kind=batch.kind,
            created_at=work.now,
            claims=batch.claims,
        ),
        key=submission_key(payee, batch.control_number),
    )


async def record_submission(reply: Reply[BatchSent], work: ClaimsWork) -> None:
    """Tell each claim of the interchange that it went out, or why it could not."""
    batch = work.batches.get(work.stream.id)
    work.batches.put(batch.send(work.now))
    refused = {refusal.claim_id: refusal for refusal in reply.answer.refused}
    left = set(reply.answer.sent)
    for claim in batch.claims:
        to = encounter_stream(claim.clinic_id, claim.encounter_id)
        if claim.claim_id in refused:
            work.send(refused[claim.claim_id], to=to, key=f"{claim.claim_id}:{batch.control_number}")
        elif claim.claim_id in left:
            sent = ClaimSent(claim_id=claim.claim_id, control_number=batch.control_number, sent_at=work.now)
            work.send(sent, to=to, key=f"{claim.claim_id}:{batch.control_number}")


async def give_up_batch(failure: GivenUp[BatchSent], work: ClaimsWork) -> None:
    """Tell each claim of an interchange that is not sent again by itself."""
    batch = work.batches.get(work.stream.id)
    work.batches.put(batch.give_up(in_doubt=failure.in_doubt))
    undelivered = undelivered_of(failure)
    for claim in batch.claims:
        message = ClaimNotSent(claim_id=claim.claim_id, undelivered=undelivered)
        key = f"{claim.claim_id}:{batch.control_number}:{failure.attempts}"
        work.send(message, to=encounter_stream(claim.clinic_id, claim.encounter_id), key=key)


async def record_claim_not_sent(message: ClaimNotSent, work: ClaimsWork) -> None:
    """Hold a claim whose interchange was given up, so that somebody sees it; one in doubt only says so."""
    case = open_case(work)
    keep_case(give_up(case, claim_in(case, message.claim_id), message.undelivered), work)


def undelivered_of(failure: GivenUp[Any]) -> Undelivered:
    """Return why something is not sent again by itself, as claims keeps and tells it."""
    return Undelivered(
        effect=own_type(type(failure.effect)),
        reason=failure.reason,
        attempts=failure.attempts,
        in_doubt=failure.in_doubt,
    )


async def exclude_claim(message: ClaimExcluded, work: ClaimsWork) -> None:
    """Hold a claim that could not leave: X12 cannot carry it, or the service was billed before."""
    case = open_case(work)
    keep_case(exclude(case, claim_in(case, message.claim_id), message.finding), work)


async def record_claim_sent(message: ClaimSent, work: ClaimsWork) -> None:
    """Say that the claim went out, and wait for the payer's acceptance."""
    case = open_case(work)
    claim = claim_in(case, message.claim_id)
    keep_case(send(case, claim, message.sent_at, f"{message.control_number:09}"), work)

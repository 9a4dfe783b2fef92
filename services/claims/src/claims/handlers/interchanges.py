"""Files: kept once, and what they say passed on to the streams it is about."""

from uuid import UUID

from claims.domain.batches import batch_id
from claims.handlers.case import encounter_stream
from claims.handlers.remittances import remittance_stream
from claims.messages import InterchangeTaken, TakeInterchange
from claims.storage import SEALED_FILE, ClaimsWork, Interchange, RawInterchange
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.ids import derived_id


async def take_interchange(asked: TakeInterchange, work: ClaimsWork) -> InterchangeTaken:
    """
    Keep a file and pass on what it says.

    A copy changes nothing. The same control number with other content is kept and held: somebody has to say which
    one counts.
    """
    known = work.interchanges.find(asked.file_id)
    again = asked.accept and known is not None and known.state != "accepted"
    if known is not None and known.sha256 == asked.sha256 and not again:
        return InterchangeTaken(file_id=asked.file_id, state="repeated", reason=known.reason)
    if known is not None and not again:
        return _held(asked, work)
    state = "refused" if asked.refusal else "accepted"
    work.interchanges.put(_kept(asked, work, asked.file_id, state, asked.refusal))
    if asked.refusal:
        return InterchangeTaken(file_id=asked.file_id, state="refused", reason=asked.refusal)
    _pass_on(asked, work)
    return InterchangeTaken(
        file_id=asked.file_id,
        state="accepted",
        acknowledgments=len(asked.batches) + len(asked.answers) + len(asked.statuses),
        remittances=len(asked.remittances),
        unmatched=asked.unmatched,
    )


def _pass_on(asked: TakeInterchange, work: ClaimsWork) -> None:
    for ordinal, (payee, batch) in enumerate(asked.batches):
        to = StreamRef("billing_entity", payee, "batch", batch_id(payee, batch.control_number))
        work.send(batch, to=to, key=f"{asked.file_id}:{ordinal}")
    for ordinal, (clinic, encounter, answer) in enumerate(asked.answers):
        work.send(answer, to=encounter_stream(clinic, encounter), key=f"{asked.file_id}:{ordinal}")
    for ordinal, (clinic, encounter, status) in enumerate(asked.statuses):
        work.send(status, to=encounter_stream(clinic, encounter), key=f"{asked.file_id}:{ordinal}")
    for ordinal, (payee, arrived) in enumerate(asked.remittances):
        to = remittance_stream(payee, arrived.advice.trace_number)
        work.send(arrived, to=to, key=f"{asked.file_id}:{ordinal}")


def _held(asked: TakeInterchange, work: ClaimsWork) -> InterchangeTaken:
    reason = f"{asked.sender} sent another file under the number {asked.control_number}: say which one counts"
    file_id = derived_id("interchange", asked.sender, asked.control_number, asked.sha256)
    if work.interchanges.find(file_id) is not None:
        return InterchangeTaken(file_id=file_id, state="repeated", reason=reason)
    work.interchanges.put(_kept(asked, work, file_id, "held", reason))
    return InterchangeTaken(file_id=file_id, state="held", reason=reason)


def _kept(asked: TakeInterchange, work: ClaimsWork, file_id: UUID, state: str, reason: str) -> Interchange:
    return Interchange(
        file_id=file_id,
        organization_id=work.stream.tenant_id,
        sender=asked.sender,
        control_number=asked.control_number,
        sha256=asked.sha256,
        state=state,
        reason=reason,
        size_bytes=len(asked.content),
        received_at=work.now,
        sets=asked.sets,
        content=work.seal(RawInterchange(content=asked.content), SEALED_FILE, file_id),
    )

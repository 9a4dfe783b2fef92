"""Files: kept once, and what they say passed on to the streams it is about."""

from uuid import UUID

from claims.messages import InterchangeTaken, TakeInterchange, batch_stream, encounter_stream, remittance_stream
from claims.storage import SEALED_FILE, ClaimsWork, Interchange, InterchangeState, RawInterchange
from revcycle_kit.ids import derived_id


async def take_interchange(command: TakeInterchange, work: ClaimsWork) -> InterchangeTaken:
    """
    Keep a file and pass on what it says.

    A copy changes nothing. The same control number with other content is kept and held: somebody has to say which
    one counts.
    """
    former = work.interchanges.find(command.file_id)
    again = command.accept and former is not None and former.state != InterchangeState.ACCEPTED
    if former is not None and former.sha256 == command.sha256 and not again:
        return InterchangeTaken(file_id=command.file_id, state="repeated", reason=former.reason)
    if former is not None and not again:
        return _held(command, work)
    state = InterchangeState.REFUSED if command.refusal else InterchangeState.ACCEPTED
    work.interchanges.put(_kept(command, work, command.file_id, state, command.refusal))
    if command.refusal:
        return InterchangeTaken(file_id=command.file_id, state="refused", reason=command.refusal)
    _pass_on(command, work)
    return InterchangeTaken(
        file_id=command.file_id,
        state="accepted",
        acknowledgments=len(command.batches) + len(command.answers) + len(command.statuses),
        remittances=len(command.remittances),
        unmatched=command.unmatched,
    )


def _pass_on(command: TakeInterchange, work: ClaimsWork) -> None:
    for ordinal, (payee, batch) in enumerate(command.batches):
        work.send(batch, to=batch_stream(payee, batch.control_number), key=f"{command.file_id}:{ordinal}")
    for ordinal, (clinic, encounter, answer) in enumerate(command.answers):
        work.send(answer, to=encounter_stream(clinic, encounter), key=f"{command.file_id}:{ordinal}")
    for ordinal, (clinic, encounter, status) in enumerate(command.statuses):
        work.send(status, to=encounter_stream(clinic, encounter), key=f"{command.file_id}:{ordinal}")
    for ordinal, (payee, arrived) in enumerate(command.remittances):
        to = remittance_stream(payee, arrived.advice.trace_number)
        work.send(arrived, to=to, key=f"{command.file_id}:{ordinal}")


def _held(command: TakeInterchange, work: ClaimsWork) -> InterchangeTaken:
    reason = f"{command.sender} sent another file under the number {command.control_number}: say which one counts"
    file_id = derived_id("interchange", command.sender, command.control_number, command.sha256)
    if work.interchanges.find(file_id) is not None:
        return InterchangeTaken(file_id=file_id, state="repeated", reason=reason)
    work.interchanges.put(_kept(command, work, file_id, InterchangeState.HELD, reason))
    return InterchangeTaken(file_id=file_id, state="held", reason=reason)


def _kept(
    command: TakeInterchange, work: ClaimsWork, file_id: UUID, state: InterchangeState, reason: str
) -> Interchange:
    return Interchange(
        file_id=file_id,
        organization_id=work.stream.tenant_id,
        sender=command.sender,
        control_number=command.control_number,
        sha256=command.sha256,
        state=state,
        reason=reason,
        size_bytes=len(command.content),
        received_at=work.now,
        sets=command.sets,
        content=work.seal(RawInterchange(content=command.content), SEALED_FILE, file_id),
    )

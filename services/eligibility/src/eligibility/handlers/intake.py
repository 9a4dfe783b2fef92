"""A message of an EHR arrives, or is used again: kept first, then its facts go to their patients."""

from collections import defaultdict
from hashlib import sha256
from uuid import UUID

import msgspec

from eligibility.domain.ehr_messages import Message, MessageState, conflicting_id, first_seen, in_conflict
from eligibility.domain.facts import Fact, Reading, Source, encounter_of, patient_of
from eligibility.messages.commands import Receipt, ReceiptOutcome, ReceiveMessage, ReplayMessage
from eligibility.messages.local import PatientFacts
from eligibility.storage import RAW_PURPOSE, EligibilityWork, RawContent, RawMessage
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import NotFound
from revcycle_kit.ids import derived_id

FACTS_MAX = 100
_OUTCOMES = {
    MessageState.ACCEPTED: ReceiptOutcome.ACCEPTED,
    MessageState.HELD: ReceiptOutcome.HELD,
    MessageState.REFUSED: ReceiptOutcome.REFUSED,
    MessageState.CONFLICT: ReceiptOutcome.HELD,
}


async def receive_message(command: ReceiveMessage, work: EligibilityWork) -> Receipt:
    """
    Keep a message and pass its facts on.

    The same message again has no further effect. The same control id with other content is kept and held,
    until a person releases it.
    """
    digest = sha256(command.raw).hexdigest()
    message = first_seen(work.stream.tenant_id, command.organization_id, command.reading, digest, work.now)
    if command.released:
        message = msgspec.structs.replace(message, message_id=conflicting_id(message.clinic_id, digest))
    known = work.messages.find(message.message_id)
    if known is not None and known.digest != digest:
        message = in_conflict(message, conflicting_id(message.clinic_id, digest))
        known = work.messages.find(message.message_id)
    if known is not None and not (command.released and known.state == MessageState.CONFLICT):
        work.messages.put(known.repeated())
        return _receipt(known, command.reading, repeated=True)
    work.messages.put(message)
    if known is None:
        work.raw_messages.add(_sealed(command.raw, message, work))
    if message.state != MessageState.CONFLICT:
        _send_to_patients(command.reading, message, command.source, work)
    return _receipt(message, command.reading)


async def replay_message(command: ReplayMessage, work: EligibilityWork) -> Receipt:
    """Use a kept message again as it is read now, after a mapping was corrected or something supplied."""
    known = work.messages.find(command.message_id)
    if known is None:
        raise NotFound("message")
    message = known.read_again(command.reading)
    work.messages.put(message)
    _send_to_patients(command.reading, message, known.format, work)
    return _receipt(message, command.reading)


def _sealed(raw: bytes, message: Message, work: EligibilityWork) -> RawMessage:
    content = RawContent.of(raw)
    raw_id = derived_id("raw", str(message.message_id), message.digest)
    return RawMessage(
        raw_id=raw_id,
        message_id=message.message_id,
        digest=message.digest,
        received_at=work.now,
        sealed=work.seal(content, RAW_PURPOSE, message.message_id),
    )


def _send_to_patients(reading: Reading, message: Message, source: Source, work: EligibilityWork) -> None:
    """Send each patient what the message says of them."""
    for number, (patient_id, facts) in enumerate(_by_patient(reading.facts)):
        patient_facts = PatientFacts(
            facts=facts,
            message_id=message.message_id,
            source=source,
            sent_at=reading.origin.sent_at,
            received_at=message.received_at,
        )
        to = StreamRef("clinic", message.clinic_id, "patient", patient_id)
        work.send(patient_facts, to, key=f"{message.message_id}/{message.attempts}/{number}")


def _by_patient(facts: tuple[Fact, ...]) -> list[tuple[UUID, tuple[Fact, ...]]]:
    """Group facts by patient, in order, at most FACTS_MAX together."""
    grouped: defaultdict[UUID, list[Fact]] = defaultdict(list)
    for fact in facts:
        grouped[patient_of(fact).patient_id].append(fact)
    return [
        (patient_id, tuple(of_patient[start : start + FACTS_MAX]))
        for patient_id, of_patient in grouped.items()
        for start in range(0, len(of_patient), FACTS_MAX)
    ]


def _receipt(message: Message, reading: Reading, *, repeated: bool = False) -> Receipt:
    outcome = ReceiptOutcome.REPEATED if repeated else _OUTCOMES[message.state]
    named = (encounter_of(fact) for fact in reading.facts) if message.state == MessageState.ACCEPTED else ()
    identifiers: dict[UUID, None] = dict.fromkeys(sent.encounter_id for sent in named if sent)
    return Receipt(
        message_id=message.message_id,
        outcome=outcome,
        facts=message.facts,
        encounter_ids=tuple(identifiers),
        gaps=message.gaps,
        refusals=message.refusals,
        notes=message.notes,
    )

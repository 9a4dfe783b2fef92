"""A 999 read back onto the claims it speaks of, by its CTX or by where the segments stand in what was sent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from revcycle_x12._reading.chunks import Chunk, Transaction
from revcycle_x12._reading.reader import read
from revcycle_x12._syntax.source import Source
from revcycle_x12.acknowledgment import ImplementationAcknowledgment, SegmentNote, SetResponse, Verdict


@dataclass(slots=True)
class ClaimAnswer:
    """What a 999 says of one claim: the verdict on its set, and the notes on the claim itself."""

    group_control_number: str
    set_control_number: str
    claim_number: str
    verdict: Verdict
    notes: list[SegmentNote] = field(default_factory=list)

    @property
    def is_at_fault(self) -> bool:
        """The set was refused, and for this claim."""
        return not self.verdict.is_accepted and bool(self.notes)


def answers_to_claims(acknowledgments: Source, sent: Source) -> Iterator[ClaimAnswer]:
    """
    Tell, for every claim of the sent 837s that a 999 answers, what it says.

    A rejected set rejects all of its claims; `notes` tell which is at fault.
    """
    answers = {
        (ack.group_control_number, response.control_number): response
        for ack in ImplementationAcknowledgment.load(acknowledgments)
        for response in ack.sets
    }
    for transaction in read(sent):
        group = transaction.group.control_number if transaction.group is not None else ""
        response = answers.get((group, transaction.control_number))
        if response is not None and transaction.set_id == "837":
            yield from _claims(transaction, group, response)


def _claims(transaction: Transaction, group: str, response: SetResponse) -> Iterator[ClaimAnswer]:
    notes = response.notes
    for chunk in transaction.chunks():
        if chunk.loop.spec.id == "2300":
            first = chunk.loop.content[0]
            claim = first[1] if isinstance(first, list) and len(first) > 1 else ""
            mine = list(_notes_on(chunk, claim, notes))
            yield ClaimAnswer(group, transaction.control_number, claim, response.verdict, mine)


def _notes_on(chunk: Chunk, claim: str, notes: Iterable[SegmentNote]) -> Iterator[SegmentNote]:
    last = chunk.first + sum(1 for _ in chunk.all_elements())
    for note in notes:
        named = note.claim_number
        if named == claim if named else chunk.first <= note.position < last:
            yield note

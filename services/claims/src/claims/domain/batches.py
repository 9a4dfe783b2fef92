"""What waits to be sent, and what went out together in one interchange."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from revcycle_kit.ids import derived_id
from revcycle_kit.values import Value, replace

CLAIMS_MAX = 1_000
"""Claims in one interchange; the guide allows 5,000 in a transaction."""
_NUMBERS = 999_999_999


class ClaimRef(Value, kw_only=True):
    """Where a claim is found."""

    claim_id: UUID
    encounter_id: UUID
    clinic_id: UUID
    kind: str = "P"
    patient_control_number: str = ""


class Submission(Value, kw_only=True):
    """The queue of one payee: claims that leave with the next interchange."""

    submission_id: UUID
    billing_entity_id: UUID
    organization_id: UUID
    queued: tuple[ClaimRef, ...] = ()
    last_number: int = 0

    def queue(self, claim: ClaimRef) -> "Submission":
        """Add a claim to the queue; one that waits there already was changed, and goes out once."""
        others = tuple(waiting for waiting in self.queued if waiting.claim_id != claim.claim_id)
        return replace(self, queued=(*others, claim))

    def batches(self) -> "tuple[Submission, tuple[Batch, ...]]":
        """Empty the queue into interchanges: professional and institutional apart, each with its control number."""
        made: list[Batch] = []
        for kind in sorted({claim.kind for claim in self.queued}):
            of_kind = tuple(claim for claim in self.queued if claim.kind == kind)
            for start in range(0, len(of_kind), CLAIMS_MAX):
                number = (self.last_number + len(made)) % _NUMBERS + 1
                made.append(
                    Batch(
                        batch_id=batch_id(self.billing_entity_id, number),
                        billing_entity_id=self.billing_entity_id,
                        control_number=number,
                        kind=kind,
                        claims=of_kind[start : start + CLAIMS_MAX],
                    )
                )
        return replace(self, queued=(), last_number=(self.last_number + len(made)) % _NUMBERS), tuple(made)


class BatchState(StrEnum):
    """Where an interchange stands: on its way, or what TA1 and 999 said of it."""

    MADE = "made"
    GIVEN_UP = "given_up"
    """The clearinghouse refused it: its claims are held, until it or they are sent again."""
    IN_DOUBT = "in_doubt"
    """The clearinghouse may have it: its claims wait for TA1 or 999, or for a person."""
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Batch(Value, kw_only=True):
    """One 837 interchange."""

    batch_id: UUID
    billing_entity_id: UUID
    control_number: int
    """ISA13, GS06: unique for the payee."""
    kind: str
    claims: tuple[ClaimRef, ...] = ()
    state: BatchState = BatchState.MADE
    sent_at: datetime | None = None

    def give_up(self, *, in_doubt: bool) -> "Batch":
        """Note that the interchange is not sent again by itself."""
        return replace(self, state=BatchState.IN_DOUBT if in_doubt else BatchState.GIVEN_UP)

    def send(self, at: datetime) -> "Batch":
        """Note that the clearinghouse has the interchange."""
        return replace(self, state=BatchState.SENT, sent_at=at)

    def answer(self, *, accepted: bool) -> "Batch":
        """Note what a TA1 or 999 says of the interchange as a whole."""
        return replace(self, state=BatchState.ACCEPTED if accepted else BatchState.REJECTED)


def batch_id(billing_entity_id: UUID, control_number: int) -> UUID:
    """Return the id of the payee's interchange of that number."""
    return derived_id("batch", str(billing_entity_id), str(control_number))

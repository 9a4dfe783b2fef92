"""The gate of the clearinghouse: a file is read, judged (TA1, 999), and its claims are taken in."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import msgspec

from revcycle_sandbox.claims import Claim
from revcycle_sandbox.x12.building import SENDER, control_number
from revcycle_sandbox.x12.claim_files import read_claims
from revcycle_x12 import (
    ElementError,
    Envelope,
    NotX12Error,
    Snip,
    Transaction,
    TransactionView,
    institutional,
    professional,
    read,
    write,
)
from revcycle_x12.acknowledge import acknowledge_groups, acknowledge_interchange
from revcycle_x12.validate import Report, Validation

_VIEWS: Final[dict[str, type[TransactionView]]] = {
    "X222": professional.ProfessionalClaims,
    "X223": institutional.InstitutionalClaims,
}


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """One file as it came in."""

    report: Report
    claims: tuple[Claim, ...]

    @property
    def sender(self) -> str:
        return self.report.envelopes[0].interchange.sender_id

    @property
    def key(self) -> str:
        """Name the file by its claims, whatever its control number."""
        return "|".join(sorted(f"{claim.patient_control_number}:{claim.frequency}" for claim in self.claims))


def receive(content: bytes) -> Received:
    """
    Read a file, judging it as it passes.

    A set with an error is refused whole and its claims are not taken. Raises
    NotX12Error where there is no interchange.
    """
    validation = Validation(snip=Snip.REQUIREMENT)
    reader = read(content, watch=validation)
    claims: list[Claim] = []
    for transaction in reader:
        taken = _claims(transaction)
        if validation.results[-1].ok:
            claims += taken
    report = validation.report(reader)
    if not report.envelopes:
        raise NotX12Error("no interchange in it: a claim file holds ISA, GS and ST")
    return Received(report=report, claims=tuple(claims))


def _claims(transaction: Transaction) -> list[Claim]:
    """Read the claims of a set; one that cannot be read leaves its set to the findings."""
    view = _VIEWS.get(transaction.guide.x_number) if transaction.guide else None
    claims: list[Claim] = []
    if view is not None:
        transaction.begin()
        try:
            claims = list(read_claims(view.of_transaction(transaction)))
        except (ElementError, ValueError, TypeError):
            claims = []
    if not transaction.closed:
        transaction.skip()
    return claims


def acknowledge(received: Received, at: datetime, *, is_test: bool) -> Iterator[tuple[str, bytes]]:
    """Write TA1 and 999 for a file: set name and bytes."""
    number = received.report.envelopes[0].interchange.control_number
    answers: dict[str, Sequence[TransactionView]] = {
        "TA1": [acknowledge_interchange(envelope) for envelope in received.report.envelopes],
        "999": acknowledge_groups(received.report),
    }
    for set_id, said in answers.items():
        envelope = Envelope(
            sender_id=SENDER,
            receiver_id=received.sender or "RECEIVER",
            control_number=control_number(set_id, received.sender, number),
            created_at=at.replace(tzinfo=None),
            is_test=is_test,
        )
        if said:
            yield set_id, write(envelope, said)

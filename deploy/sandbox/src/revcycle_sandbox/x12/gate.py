"""The gate of the clearinghouse: a file is read, judged (TA1, 999), and its claims are taken in."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from revcycle_sandbox.claims import Claim
from revcycle_sandbox.x12.acknowledgments import (
    ACCEPTED,
    REJECTED,
    SetVerdict,
    implementation_acknowledgment,
    interchange_acknowledgment,
)
from revcycle_sandbox.x12.building import control_number, interchange
from revcycle_sandbox.x12.claim_files import read_claims
from revcycle_x12 import ElementError, Group, Interchange, NotX12Error, institutional, professional, read
from revcycle_x12.pieces import Transaction
from revcycle_x12.transaction_view import TransactionView

_VIEWS: dict[str, type[TransactionView]] = {
    "X222": professional.ProfessionalClaims,
    "X223": institutional.InstitutionalClaims,
}


class Received(msgspec.Struct, kw_only=True):
    """One interchange as it came in."""

    envelope: Interchange
    groups: list[tuple[Group, list[SetVerdict]]]
    claims: list[Claim]
    sound: bool
    """False: the envelope itself is broken (TA1 R), nothing in it was taken."""

    @property
    def sender(self) -> str:
        return self.envelope.sender_id

    @property
    def key(self) -> str:
        """What the file says, whatever its control number: its claims."""
        return "|".join(sorted(f"{claim.patient_control_number}:{claim.frequency}" for claim in self.claims))


def receive(content: bytes) -> list[Received]:
    """Read a file of interchanges. Raises NotX12Error where there is none."""
    found: list[Received] = []
    reader = read(content)
    for transaction in reader:
        if not found or found[-1].envelope is not transaction.interchange:
            found.append(Received(envelope=transaction.interchange, groups=[], claims=[], sound=True))
        _take(found[-1], transaction)
    if not found:
        raise NotX12Error("no transaction set in it: a claim file holds ISA, GS and ST")
    broken = [each for each in reader.findings if each.is_error and each.segment_id == "IEA"]
    found[-1].sound = not broken
    return found


def _take(received: Received, transaction: Transaction) -> None:
    group = transaction.group
    if group is None:
        return
    if not received.groups or received.groups[-1][0] is not group:
        received.groups.append((group, []))
    verdict, claims = _judge(transaction)
    received.groups[-1][1].append(verdict)
    received.claims += claims


def _judge(transaction: Transaction) -> tuple[SetVerdict, list[Claim]]:
    """Take the claims of a set, or refuse it whole: a claim that cannot be read names no one to answer to."""
    kind = transaction.guide.x_number if transaction.guide else ""
    verdict, claims = REJECTED, []
    if kind in _VIEWS:
        transaction.begin()
        try:
            claims = list(read_claims(_VIEWS[kind].of_transaction(transaction)))
            verdict = ACCEPTED
        except (ElementError, ValueError, TypeError):
            claims = []
    guide = transaction.guide.version if transaction.guide else transaction.version
    number = transaction.control_number
    return SetVerdict(set_id=transaction.set_id, control_number=number, guide=guide, verdict=verdict), claims


def acknowledge(received: Received, at: datetime, *, is_test: bool) -> Iterator[tuple[str, bytes]]:
    """Write TA1 and 999 for an interchange: set name and bytes."""
    code = "000" if received.sound else "001"
    number = received.envelope.control_number
    gate = interchange_acknowledgment(received.envelope, code)
    key = control_number("TA1", received.sender, number)
    yield "TA1", interchange(received.sender, at, key, gate, is_test=is_test)
    if received.sound:
        answers = [implementation_acknowledgment(group, sets) for group, sets in received.groups]
        key = control_number("999", received.sender, number)
        yield "999", interchange(received.sender, at, key, *answers, is_test=is_test)

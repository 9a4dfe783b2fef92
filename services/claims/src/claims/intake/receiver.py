"""
Files in: an interchange is read once, kept sealed once, and what it says goes to the streams it is about.

`receive` is what the HTTP route calls, and a transport beside it (SFTP, the sandbox). Reading and looking up happen
here, with nothing locked; one command then takes the file in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

import msgspec

from claims import queries
from claims.domain.remittance_advice import ClaimPayment, RemittanceAdvice
from claims.edi.acknowledgments import read_277ca, read_999, read_ta1
from claims.edi.remittance_835 import read_advice
from claims.edi.status_276 import read_statuses
from claims.messages import (
    BatchAnswered,
    ClaimAnswered,
    InterchangeTaken,
    RemittanceArrived,
    RoutedPayments,
    StatusAnswered,
    TakeInterchange,
)
from claims.partners.submitter import ReadDatabase
from claims.storage import SEALED_FILE, RawInterchange
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.messages import Command, StreamRef
from revcycle_kit.errors import Refusal
from revcycle_kit.ids import derived_id
from revcycle_kit.values import replace
from revcycle_x12 import ElementError, NotX12Error, Transaction, read
from revcycle_x12.acknowledgment import ImplementationAcknowledgment, InterchangeAcknowledgment
from revcycle_x12.claim_acknowledgment import ClaimAcknowledgment
from revcycle_x12.remittance import Remittance

BYTES_MAX = 25_000_000
_COUNTER = 3


class Takes(ReadDatabase, Protocol):
    """What the intake needs of a running service: reads, and commands."""

    async def execute(self, command: Command, stream: StreamRef, *, grant: Grant | None = None) -> Any:
        """Let a command take effect and return its answer."""
        ...


@dataclass
class Contents:
    """What an interchange says, before anybody was looked up."""

    sender: str = ""
    receiver: str = ""
    control_number: str = ""
    sets: list[str] = field(default_factory=list)
    batches: list[BatchAnswered] = field(default_factory=list)
    answers: list[ClaimAnswered] = field(default_factory=list)
    statuses: list[StatusAnswered] = field(default_factory=list)
    remittances: list[RemittanceAdvice] = field(default_factory=list)
    refusal: str = ""


async def receive(content: bytes, service: Takes, grant: Grant) -> InterchangeTaken:
    """
    Take in one file of a clearinghouse or payer: TA1, 999, 277CA, 277 or 835, any number of them.

    What cannot be read is kept and refused with its reason; a copy changes nothing.
    """
    organization = _organization(grant)
    found = read_contents(content)
    digest = sha256(content).hexdigest()
    file_id = derived_id("interchange", found.sender, found.control_number or digest)
    taken = await _taken(content, found, file_id, service, grant)
    answer: InterchangeTaken = await service.execute(taken, _stream(organization, file_id), grant=None)
    return answer


async def replay(file_id: UUID, service: Takes, grant: Grant) -> InterchangeTaken:
    """
    Take a file that was held or refused, as it was kept: somebody decided that it counts, or put the directory right.

    Raises NotFound.
    """
    organization = _organization(grant)
    async with service.read(grant) as connection:
        kept, stream_id = await queries.find_file(connection, file_id)
    opened = service.sealer.open_text(organization, SEALED_FILE, file_id, kept.content)
    content = msgspec.json.decode(opened, type=RawInterchange).content
    taken = await _taken(content, read_contents(content), file_id, service, grant)
    stream = _stream(organization, stream_id)
    answer: InterchangeTaken = await service.execute(replace(taken, accept=True), stream, grant=None)
    return answer


async def _taken(content: bytes, contents: Contents, file_id: UUID, service: Takes, grant: Grant) -> TakeInterchange:
    taken = TakeInterchange(
        file_id=file_id,
        sender=contents.sender,
        control_number=contents.control_number,
        sha256=sha256(content).hexdigest(),
        sets=tuple(contents.sets),
        content=content,
        refusal=contents.refusal,
    )
    return taken if contents.refusal else await _routed(taken, contents, service, grant)


def _organization(grant: Grant) -> UUID:
    if grant.organization_id is None:
        raise Refusal("The token names no organization.", "token", "Use one that is bound to the billing company.")
    return grant.organization_id


def _stream(organization_id: UUID, file_id: UUID) -> StreamRef:
    return StreamRef("organization", organization_id, "interchange", file_id)


def read_contents(content: bytes) -> Contents:
    """Read a file as far as it can be read; `refusal` says why nothing of it is used."""
    found = Contents()
    try:
        for transaction in read(content):
            _read(transaction, found)
    except (NotX12Error, ElementError, ValueError) as error:
        found.refusal = f"the file cannot be read: {error}"
    if not found.refusal and not found.sets:
        found.refusal = "the file cannot be read: it holds no X12 transaction (ISA, GS, ST)"
    return found


def _read(transaction: Transaction, contents: Contents) -> None:
    interchange = transaction.interchange
    contents.sender, contents.receiver = interchange.sender_id, interchange.receiver_id
    contents.control_number = interchange.control_number
    contents.sets.append(transaction.set_id)
    number = transaction.guide.x_number if transaction.guide else ""
    if transaction.set_id == "835":
        transaction.begin()
        contents.remittances.append(read_advice(Remittance.of_transaction(transaction)))
        return
    transaction.tree()
    match transaction.set_id, number:
        case "TA1", _:
            contents.batches.append(read_ta1(InterchangeAcknowledgment.of_transaction(transaction), contents.sender))
        case "999", _:
            contents.batches.append(read_999(ImplementationAcknowledgment.of_transaction(transaction), contents.sender))
        case "277", "X214":
            contents.answers.extend(read_277ca(ClaimAcknowledgment.of_transaction(transaction)))
        case "277", _:
            contents.statuses.extend(read_statuses(transaction))
        case other, _:
            contents.refusal = f"a {other} is not taken here: send TA1, 999, 277CA, 277 or 835"


async def _routed(taken: TakeInterchange, contents: Contents, service: Takes, grant: Grant) -> TakeInterchange:
    """Look up where everything belongs."""
    async with service.read(grant) as connection:
        known = await queries.directory(connection, people=False)
        addresses = await queries.addresses(connection, _numbers(contents))
        lost = [claim for advice in contents.remittances for claim in advice.claims if not _address(claim, addresses)]
        theirs = {payment.payer_claim_control_number for payment in lost} - {""}
        by_payer = await queries.addresses_by_payer_number(connection, grant, theirs)
    payee = known.payee_named(contents.receiver)
    answers = [answer for answer in contents.answers if answer.patient_control_number in addresses]
    statuses = [status for status in contents.statuses if status.patient_control_number in addresses]
    remittances = list(_remittances(contents.remittances, known, {**addresses, **by_payer}, taken.file_id))
    if len(remittances) < len(contents.remittances):
        return replace(taken, refusal="a remittance names no payee of yours: check N1*PE against the directory")
    if contents.batches and payee is None:
        return replace(taken, refusal=f"nobody of yours sent as {contents.receiver}: check ISA08 against the directory")
    return replace(
        taken,
        batches=tuple((payee.billing_entity_id, batch) for batch in contents.batches) if payee else (),
        answers=tuple((*addresses[answer.patient_control_number][1:], answer) for answer in answers),
        statuses=tuple((*addresses[status.patient_control_number][1:], status) for status in statuses),
        remittances=tuple(remittances),
        unmatched=len(contents.answers) + len(contents.statuses) - len(answers) - len(statuses),
    )


def _numbers(contents: Contents) -> set[str]:
    numbers = {answer.patient_control_number for answer in contents.answers}
    numbers.update(status.patient_control_number for status in contents.statuses)
    for advice in contents.remittances:
        for payment in advice.claims:
            numbers.update(_candidates(payment))
    return numbers


def _candidates(payment: ClaimPayment) -> Iterator[str]:
    """Tell under which numbers our claim may stand: the claim's own, or the head of a line's."""
    yield payment.patient_control_number
    for line in payment.lines:
        yield line.control_number[:-_COUNTER].upper()


def _address(payment: ClaimPayment, addresses: dict[str, tuple[UUID, UUID, UUID]]) -> tuple[UUID, UUID, UUID] | None:
    named = (addresses[number] for number in _candidates(payment) if number in addresses)
    return next(named, addresses.get(payment.payer_claim_control_number))


def _remittances(
    advices: Iterable[RemittanceAdvice],
    directory: queries.Directory,
    addresses: dict[str, tuple[UUID, UUID, UUID]],
    file_id: UUID,
) -> Iterator[tuple[UUID, RemittanceArrived]]:
    for advice in advices:
        payee = directory.payee_named(advice.payee_npi, advice.payee_tin)
        if payee is None:
            continue
        payer = directory.payer_named((advice.payer_code,), advice.payer_name)
        routes: dict[tuple[UUID, UUID], list[int]] = {}
        for payment in advice.claims:
            address = _address(payment, addresses)
            if address is not None and address[0] == payee.billing_entity_id:
                routes.setdefault(address[1:], []).append(payment.position)
        yield (
            payee.billing_entity_id,
            RemittanceArrived(
                advice=advice,
                payer_id=payer.payer_id if payer else None,
                routes=tuple(
                    RoutedPayments(clinic_id=clinic, encounter_id=encounter, positions=tuple(positions))
                    for (clinic, encounter), positions in routes.items()
                ),
                file_id=file_id,
            ),
        )

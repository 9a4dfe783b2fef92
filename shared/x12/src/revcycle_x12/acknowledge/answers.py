"""All acknowledgments of one source, written as interchanges back to its senders."""

from collections.abc import Iterator
from datetime import datetime

from revcycle_x12._syntax.envelope import Interchange
from revcycle_x12._syntax.findings import Snip
from revcycle_x12._views.party import Named
from revcycle_x12._writing.writer import Envelope, Writable, write
from revcycle_x12.acknowledge import acknowledge_claims, acknowledge_group, acknowledge_interchange
from revcycle_x12.claim_acknowledgment import ClaimAcknowledgment
from revcycle_x12.validate import GroupResult, InterchangeResult, TransactionResult, validate

_UNKNOWN = "UNKNOWN"
_CONTROL_NUMBER_MAX = 999_999_999


def answer_file(data: bytes, now: datetime) -> tuple[bytes, bool]:
    """
    Answer every interchange of a source: TA1, a 999 for each group, a 277CA for each 837 the 999 accepts.

    Gives the answers, an interchange for each received (under its control
    number), and whether everything was accepted. Nothing where there is no X12.
    """
    report = validate(data)
    if not report.envelopes:
        return b"", False
    receiver = report.envelopes[0].interchange.receiver_id
    answering = Named(entity="PR", last_name=receiver or _UNKNOWN, id=receiver or _UNKNOWN, id_qualifier="PI")
    claims = iter(
        acknowledge_claims(data, answering=answering, receipt=f"{now:%Y%m%d%H%M%S}", on=now.date(), created_at=now)
    )
    answers = [write(_envelope(result.interchange, now), list(_answers(result, claims))) for result in report.envelopes]
    return b"".join(answers), report.ok


def _answers(result: InterchangeResult, claims: Iterator[ClaimAcknowledgment]) -> Iterator[Writable]:
    yield acknowledge_interchange(result)
    for group in result.groups:
        if group.group.functional_id != "FA":
            yield acknowledge_group(group)
    for group in result.groups:
        yield from _claim_answers(group, claims)


def _claim_answers(group: GroupResult, claims: Iterator[ClaimAcknowledgment]) -> Iterator[ClaimAcknowledgment]:
    for transaction in group.transactions:
        if transaction.set_id == "837" and transaction.guide:
            answer = next(claims)
            if _is_accepted(transaction):
                yield answer


def _is_accepted(transaction: TransactionResult) -> bool:
    return not any(finding.is_error and finding.snip <= Snip.REQUIREMENT for finding in transaction.findings)


def _envelope(received: Interchange, now: datetime) -> Envelope:
    number = received.control_number
    return Envelope(
        sender_id=received.receiver_id or _UNKNOWN,
        sender_qualifier=received.receiver_qualifier or "ZZ",
        receiver_id=received.sender_id or _UNKNOWN,
        receiver_qualifier=received.sender_qualifier or "ZZ",
        control_number=int(number) if number.isdecimal() and 1 <= int(number) <= _CONTROL_NUMBER_MAX else 1,
        created_at=now,
        is_test=received.is_test,
        line_end="\n",
    )

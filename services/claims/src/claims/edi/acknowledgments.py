"""Acknowledgments in: TA1, 999 and 277CA as neutral answers to an interchange or to a claim."""

from collections.abc import Iterator

from claims.domain.status import StatusCode
from claims.messages import BatchAnswered, ClaimAnswered
from revcycle_x12.acknowledgment import ImplementationAcknowledgment, InterchangeAcknowledgment
from revcycle_x12.claim_acknowledgment import ClaimAcknowledgment, Status
from revcycle_x12.claim_acknowledgment import ClaimStatus as ClaimVerdict

_PAYER = "PR"


def read_ta1(ack: InterchangeAcknowledgment, sender: str) -> BatchAnswered:
    """Read what a TA1 says about one of our interchanges."""
    return BatchAnswered(
        control_number=int(ack.interchange_control_number),
        level="interchange",
        accepted=ack.verdict.is_accepted,
        code=ack.note,
        sender=sender,
    )


def read_999(ack: ImplementationAcknowledgment, sender: str) -> BatchAnswered:
    """Read what a 999 says about one of our groups: one set in each, so one verdict for all its claims."""
    verdicts = [response.verdict for response in ack.responses]
    accepted = ack.verdict.is_accepted and all(verdict.is_accepted for verdict in verdicts)
    return BatchAnswered(
        control_number=int(ack.group_control_number),
        level="syntax",
        accepted=accepted,
        code=ack.verdict.value,
        sender=sender,
    )


def read_277ca(ack: ClaimAcknowledgment) -> Iterator[ClaimAnswered]:
    """Read every claim's answer, each under the one who gives it: the payer, or a clearinghouse on the way."""
    for source in ack.sources:
        level = "payer" if source.source.entity == _PAYER else "clearinghouse"
        for receiver in source.receivers:
            for provider in receiver.providers:
                for patient in provider.patients:
                    for claim in patient.claims:
                        yield _claim(claim, level, source.source.last_name, source.receipt)


def status_codes(statuses: list[Status]) -> tuple[StatusCode, ...]:
    """Return statuses in our words."""
    return tuple(StatusCode(category=status.category, status=status.code, entity=status.entity) for status in statuses)


def _claim(claim: ClaimVerdict, level: str, sender: str, receipt: str) -> ClaimAnswered:
    statuses = [*claim.statuses, *(status for line in claim.lines for status in line.statuses)]
    return ClaimAnswered(
        patient_control_number=claim.control_number.upper(),
        level="payer" if level == "payer" else "clearinghouse",
        codes=status_codes(statuses),
        sender=sender,
        control_number=receipt,
        payer_claim_control_number=claim.payer_control_number or None,
    )

"""277CA from an 837 and what was found on its claims."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from revcycle_x12._reading.chunks import Transaction
from revcycle_x12._reading.loop import Loop
from revcycle_x12._reading.reader import read
from revcycle_x12._syntax.elements import is_period
from revcycle_x12._syntax.errors import ElementError
from revcycle_x12._syntax.findings import Finding
from revcycle_x12._syntax.source import Source
from revcycle_x12._views.party import Named
from revcycle_x12._views.status import Status
from revcycle_x12.claim_acknowledgment import (
    ClaimAcknowledgment,
    ClaimStatus,
    PatientLevel,
    ProviderLevel,
    ReceiverLevel,
    SourceLevel,
)
from revcycle_x12.claim_common import ClaimCommon
from revcycle_x12.validate import Validation

Decide = Callable[[ClaimCommon, Sequence[Finding], date], Sequence[Status]]
"""Decides on a claim, given the findings on it and the day: the statuses to answer with."""

_STATUS_OF = {
    "claim-charge-balance": ("A7", "400"),
    "cob-line-balance": ("A8", "672"),
    "cob-claim-balance": ("A8", "672"),
    "diagnosis-pointer": ("A8", "477"),
    "npi-check-digit": ("A7", "562"),
    "postal-code": ("A7", "500"),
    "frequency-unknown": ("A7", "535"),
    "replacement-needs-control-number": ("A7", "464"),
    "claim-duplicate": ("A3", "54"),
    "date-invalid": ("A7", "187"),
    "date-order": ("A7", "187"),
}
_INVALID = ("A7", "21")


def status_of(finding: Finding, on: date, entity: str = "") -> Status:
    """Give the status of a finding: category and code of what is wrong."""
    category, code = _STATUS_OF.get(finding.code, _INVALID)
    return Status(category, code, entity, on, "U")


def accept_or_reject(claim: ClaimCommon, findings: Sequence[Finding], on: date) -> list[Status]:
    """Accept a claim without errors (A2:20); else reject it with a status for each kind of error, six at most."""
    amount = _charge(claim)
    errors = [finding for finding in findings if finding.is_error]
    if not errors:
        return [Status("A2", "20", "", on, "WQ", amount)]
    kinds = dict.fromkeys((status.category, status.code) for status in (status_of(f, on) for f in errors))
    return [Status(category, code, "", on, "U", amount) for category, code in list(kinds)[:6]]


def _charge(claim: ClaimCommon) -> int:
    try:
        return claim.charge_cents
    except ElementError:
        return 0


@dataclass(slots=True)
class _Answer:
    """One claim with the levels it stands under, and what is answered."""

    provider: Loop
    person: Loop
    status: ClaimStatus
    accepted: bool
    cents: int


@dataclass(slots=True)
class _Batch:
    """What is answered to one 837."""

    transaction: Transaction
    answers: list[_Answer] = field(default_factory=list)


def acknowledge_claims(
    source: Source,
    *,
    answering: Named,
    receipt: str,
    on: date,
    created_at: datetime,
    decide: Decide = accept_or_reject,
    control_number_of: Callable[[ClaimCommon], str] = lambda _claim: "",
    snip: int = 5,
) -> list[ClaimAcknowledgment]:
    """
    Answer every 837 of a source with a 277CA: each claim decided on by `decide`.

    `answering` is the payer (NM101 PR) or clearinghouse (AY), `receipt` its number
    for the batch, `on` the day of receipt and processing. `control_number_of` gives
    the payer's number of an accepted claim.
    """
    validation = Validation(snip=snip)
    acknowledgments = []
    for transaction in read(source, watch=validation):
        if transaction.set_id == "837" and transaction.guide is not None:
            batch = _Batch(transaction)
            batch.answers = list(_answers(transaction, validation, on, decide, control_number_of))
            acknowledgments.append(_acknowledgment(batch, answering, receipt, on, created_at))
    return acknowledgments


def _answers(
    transaction: Transaction,
    validation: Validation,
    on: date,
    decide: Decide,
    control_number_of: Callable[[ClaimCommon], str],
) -> Iterator[_Answer]:
    levels: list[Finding] = []
    for chunk in transaction.chunks():
        findings = validation.fresh_findings()
        if chunk.loop.spec.id == "2300":
            claim = ClaimCommon.of(chunk.loop)
            yield _answer(claim, [*levels, *findings], on, decide, control_number_of)
        elif chunk.loop.spec.id == "2000A":
            levels = findings
        else:
            levels = [*levels, *findings]


def _answer(
    claim: ClaimCommon,
    findings: Sequence[Finding],
    on: date,
    decide: Decide,
    control_number_of: Callable[[ClaimCommon], str],
) -> _Answer:
    statuses = decide(claim, findings, on)
    line = claim.loop.loop("2400")
    answered = ClaimStatus(control_number=_text(claim.loop, "CLM", 1) or "0", statuses=list(statuses))
    accepted = not any(status.is_rejection for status in statuses)
    if accepted:
        answered.payer_control_number = control_number_of(claim)
    answered.clearinghouse_trace = claim.clearinghouse_trace
    _copy_dates(claim.loop, line, answered.loop)
    person = claim.loop.ancestor("2000C") or claim.loop.ancestor("2000B") or claim.loop
    provider = claim.loop.ancestor("2000A") or claim.loop
    return _Answer(provider, person, answered, accepted, _charge(claim))


def _copy_dates(claim: Loop, line: Loop | None, answered: Loop) -> None:
    """Echo the dates of service: the statement's (institutional) or the first line's."""
    for loop, qualifier in ((claim, "434"), (line, "472")):
        elements = loop.elements("DTP", qualifier) if loop is not None else None
        if elements is not None and len(elements) > 3 and is_period(elements[2], elements[3]):  # noqa: PLR2004 (DTP03)
            answered.add(["DTP", "472", *elements[2:4]])
            return


def _text(loop: Loop, segment_id: str, position: int) -> str:
    elements = loop.elements(segment_id)
    return elements[position] if elements is not None and position < len(elements) else ""


def _acknowledgment(
    batch: _Batch, answering: Named, receipt: str, on: date, created_at: datetime
) -> ClaimAcknowledgment:
    root = batch.transaction.loop
    submitter = root.loop("1000A")
    taken = [answer for answer in batch.answers if answer.accepted]
    refused = [answer for answer in batch.answers if not answer.accepted]
    receiver = ReceiverLevel(
        receiver=_named(submitter),
        trace=_text(root, "BHT", 3) or batch.transaction.control_number,
        statuses=[Status("A1", "20", "", on, "WQ", sum(answer.cents for answer in batch.answers))],
        accepted_count=len(taken) if taken else None,
        rejected_count=len(refused) if refused else None,
        accepted_cents=sum(answer.cents for answer in taken) if taken else None,
        rejected_cents=sum(answer.cents for answer in refused) if refused else None,
        providers=list(_providers(batch.answers)),
    )
    level = SourceLevel(source=answering, receipt=receipt, received_on=on, processed_on=on, receivers=[receiver])
    return ClaimAcknowledgment(reference=receipt, created_at=created_at, sources=[level])


def _providers(answers: Sequence[_Answer]) -> Iterator[ProviderLevel]:
    """One level for each billing provider, in it one for each patient, in the order of the claims."""
    for _, members in groupby(answers, key=lambda answer: id(answer.provider)):
        of_provider = list(members)
        patients = []
        for _, claims in groupby(of_provider, key=lambda answer: id(answer.person)):
            of_person = list(claims)
            patients.append(
                PatientLevel(patient=_patient(of_person[0].person), claims=[answer.status for answer in of_person])
            )
        yield ProviderLevel(provider=_named(of_provider[0].provider.loop("2010AA")), patients=patients)


def _patient(level: Loop) -> Named:
    """Give the patient as the claim names them; the subscriber's identifier stands in for a dependent's."""
    person = _named(level.loop("2010CA") or level.loop("2010BA"))
    if not person.id and level.parent is not None:
        person.id = _named(level.parent.loop("2010BA")).id
    return person


def _named(loop: Loop | None) -> Named:
    """Give a copy of who a loop names."""
    found = loop.elements("NM1") if loop is not None else None
    row = [*(found or []), *[""] * 10]
    return Named(last_name=row[3] or "UNKNOWN", first_name=row[4], middle_name=row[5], id=row[9])

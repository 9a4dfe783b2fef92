"""
What stands in an appeal letter, as a plain value: who writes to whom, about which claim, what is asked and why.

It names the patient, for the payer has to find the case; it exists in clear only while it is being written.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from denials.domain.claim import Acceptance, BilledClaim
from denials.domain.deadlines import Level
from denials.domain.denial import Denial
from revcycle_kit.money import Cents, format_dollars, total
from revcycle_kit.values import Value


class Party(Value, kw_only=True):
    """Who sends or receives a letter: a name and the lines of an address."""

    name: str
    lines: tuple[str, ...] = ()


class Persons(Value, kw_only=True):
    """Who the case is about."""

    patient: str = ""
    patient_birth_on: date | None = None
    subscriber: str = ""
    member_id: str = ""


class RefusedService(Value, kw_only=True):
    """One row of the letter's table."""

    line: str
    code: str
    service_on: date
    reason: str
    amount_cents: Cents


class Letter(Value, kw_only=True):
    """The whole letter, ready to be set on paper."""

    dated_on: date
    sender: Party
    recipient: Party
    subject: str
    references: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]
    services: tuple[RefusedService, ...]
    total_cents: Cents
    enclosures: tuple[str, ...]
    signed_by: str


_ARGUMENTS: Final[dict[str, str]] = {
    "authorization": (
        "The service was refused for lack of an authorization. The enclosed record shows that the service was needed "
        "when it was given and that the requirement was met or could not be met in time."
    ),
    "necessity": (
        "The service was refused as not necessary. The enclosed record shows the patient's condition, what had been "
        "tried before, and why the treating clinician found this service necessary."
    ),
    "timely_filing": (
        "The claim was refused as filed late. Your own acknowledgment, named below, shows that you accepted the claim "
        "within the time allowed."
    ),
    "bundling": (
        "The service was refused as part of another. The enclosed record shows a separate service, which the coding "
        "rules allow to be paid apart."
    ),
    "coding": "The service was refused for the way it was coded. The enclosed record supports the codes as billed.",
    "information": "You asked for information before deciding. It is enclosed; please decide the claim on it.",
    "eligibility": (
        "The service was refused because the patient was not found covered. The enclosed evidence shows coverage on "
        "the day of service."
    ),
    "enrollment": (
        "The service was refused because the provider was not found eligible. The enclosed evidence shows the "
        "provider's enrollment on the day of service."
    ),
    "limit": "The service was refused as beyond a limit. The enclosed record shows what was given and why.",
    "duplicate": "The service was refused as paid before. Our records show no payment; please name the payment.",
}
_ANY_ARGUMENT: Final = (
    "We disagree with the refusal of the services below and ask you to review it on the enclosed record."
)


def write_letter(
    *,
    denials: Sequence[Denial],
    claim: BilledClaim,
    level: Level,
    persons: Persons,
    sender: Party,
    recipient: Party,
    proof: Acceptance | None,
    argument: str,
    enclosures: Sequence[str],
    signed_by: str,
    dated_on: date,
) -> Letter:
    """
    Compose the letter for one level of appeal.

    `argument` is what the writer adds in their own words; `proof` the payer's acceptance, where lateness is disputed.
    """
    amount = total([denial.amount_cents for denial in denials])
    required = (level.requires,) if level.requires else ()
    return Letter(
        dated_on=dated_on,
        sender=sender,
        recipient=recipient,
        subject=f"Request for {level.name} (level {level.level})",
        references=_references(denials[0], claim, persons),
        paragraphs=_paragraphs(denials, level, proof, argument, amount),
        services=tuple(_service(denial, claim) for denial in denials),
        total_cents=amount,
        enclosures=tuple(dict.fromkeys((*required, *enclosures))),
        signed_by=signed_by,
    )


def _references(denial: Denial, claim: BilledClaim, persons: Persons) -> tuple[tuple[str, str], ...]:
    born = persons.patient_birth_on.isoformat() if persons.patient_birth_on else ""
    spoken = (
        ("Patient", persons.patient),
        ("Date of birth", born),
        ("Subscriber", persons.subscriber if persons.subscriber != persons.patient else ""),
        ("Member number", persons.member_id),
        ("Your claim number", denial.payer_claim_control_number),
        ("Our claim number", claim.patient_control_number),
        ("Date of service", claim.service_on.isoformat()),
        ("Decision of", denial.decided_on.isoformat()),
    )
    return tuple((label, value) for label, value in spoken if value)


def _paragraphs(
    denials: Sequence[Denial], level: Level, proof: Acceptance | None, argument: str, amount: Cents
) -> tuple[str, ...]:
    request = (
        f"We ask for a {level.name} of your decision on the claim named above, by which you refused "
        f"{format_dollars(amount)}. This request is made under {level.citation}."
    )
    reasons = dict.fromkeys(_ARGUMENTS.get(denial.category, _ANY_ARGUMENT) for denial in denials)
    late = proof is not None and any(denial.category == "timely_filing" for denial in denials)
    shown = (_acceptance(proof),) if proof is not None and late else ()
    own = (argument.strip(),) if argument.strip() else ()
    close = "Please reprocess the claim, send your decision in writing, and name the ground if any part stays refused."
    return (request, *reasons, *shown, *own, close)


def _acceptance(proof: Acceptance) -> str:
    sent = f"sent by {proof.sender}, control number {proof.control_number}"
    return f"Acceptance (277CA) of {proof.accepted_on}, {sent}."


def _service(denial: Denial, claim: BilledClaim) -> RefusedService:
    line = claim.line(denial.line_number)
    remarks = f" ({', '.join(denial.remarks)})" if denial.remarks else ""
    return RefusedService(
        line="claim" if denial.line_number is None else str(denial.line_number),
        code=" ".join((line.code, *line.modifiers)) if line else denial.code,
        service_on=line.service_on if line else denial.service_on,
        reason=f"{denial.group}-{denial.carc}{remarks}",
        amount_cents=denial.amount_cents,
    )

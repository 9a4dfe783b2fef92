"""Claims and decisions to triage, as values; no patient in any of them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from denials.domain.claim import Acceptance, Adjudication, Adjustment, BilledClaim, BilledLine, DecidedLine, Meaning
from denials.domain.classify import Circumstances
from denials.domain.denial import Denial
from denials.domain.directory import PayerTerms
from denials.domain.triage import Triage, triage
from revcycle_kit.ids import SeededIds, derived_id
from revcycle_kit.money import Cents, total

ENCOUNTER: Final = derived_id("encounter", "test")
CLAIM: Final = derived_id("claim", "first")
PAYER: Final = derived_id("payer", "test")
SERVICE_ON: Final = date(2026, 1, 10)
DECIDED_ON: Final = date(2026, 3, 2)
TERMS: Final = PayerTerms(
    payer_id=PAYER,
    organization_id=derived_id("organization", "test"),
    name="Prairie Health Plan",
    payer_code="PRAIRIE1",
    kind="commercial",
    appeal_days=90,
    timely_filing_days=90,
)
"""A commercial contract: 90 days to dispute."""

_ids: Final = SeededIds("denials")


def adjustment(text: str, meaning: Meaning | None = None) -> Adjustment:
    """Read `CO-197 1450.00` as an adjustment; what it means follows the usual reading of its code."""
    code, amount = text.split()
    group, carc = code.split("-", 1)
    dollars, cents = amount.split(".")
    value = Cents(int(dollars) * 100 + int(cents) * (-1 if dollars.startswith("-") else 1))
    ordinary = {"45", "1", "2", "3", "253", "18", "23", "24"}
    return Adjustment(
        group=group,
        carc=carc,
        amount_cents=value,
        meaning=meaning or ("other" if carc in ordinary else "denial"),
    )


def line(
    number: int,
    charge: int,
    paid: int = 0,
    *adjustments: str,
    expected: int | None = None,
    remarks: Sequence[str] = (),
    meaning: Meaning | None = None,
) -> DecidedLine:
    """Decide one line: charge, paid and adjustments as texts; allowed is what was paid or left to the patient."""
    read = tuple(adjustment(text, meaning) for text in adjustments)
    patient = total([entry.amount_cents for entry in read if entry.group == "PR" and entry.meaning == "other"])
    return DecidedLine(
        line_number=number,
        code=f"G040{number}",
        charge_cents=Cents(charge),
        paid_cents=Cents(paid),
        allowed_cents=Cents(paid + patient),
        expected_allowed_cents=None if expected is None else Cents(expected),
        adjustments=read,
        remarks=tuple(remarks),
    )


def decide(
    *lines: DecidedLine,
    number: int = 1,
    claim_id: UUID = CLAIM,
    payer_kind: str = "commercial",
    contracted: bool = True,
    kind: str = "P",
    reversal: bool = False,
    duplicate: bool = False,
    remarks: Sequence[str] = (),
    claim_level: Sequence[str] = (),
    decided_on: date = DECIDED_ON,
) -> Adjudication:
    """Decide a claim: the n-th decision, with its lines."""
    return Adjudication(
        encounter_id=ENCOUNTER,
        claim_id=claim_id,
        number=number,
        reversal=reversal,
        duplicate=duplicate,
        payer_id=PAYER,
        payer_kind=payer_kind,
        contracted=contracted,
        kind=kind,
        rank=1,
        payer_claim_control_number=f"ICN{number}",
        paid_cents=total([entry.paid_cents for entry in lines]),
        lines=lines,
        claim_adjustments=tuple(adjustment(text) for text in claim_level),
        remarks=tuple(remarks),
        service_on=SERVICE_ON,
        decided_on=decided_on,
        posted_on=decided_on,
    )


def billed_lines(lines: Sequence[tuple[int, int | None]], services: Sequence[int]) -> tuple[BilledLine, ...]:
    """Bill lines of these charges and contract prices, for the services named (1, 2, 3 … where none is)."""
    return tuple(
        BilledLine(
            line_id=derived_id("service", str(services[number - 1] if services else number)),
            line_number=number,
            code=f"G040{number}",
            charge_cents=Cents(charge),
            expected_allowed_cents=None if expected is None else Cents(expected),
            service_on=SERVICE_ON,
        )
        for number, (charge, expected) in enumerate(lines, start=1)
    )


def bill(
    *lines: tuple[int, int | None],
    claim_id: UUID = CLAIM,
    frequency: str = "1",
    follows: Sequence[UUID] = (),
    timely_filing_by: date | None = date(2026, 4, 10),
    accepted_on: date | None = None,
    payer_id: UUID = PAYER,
    rank: int = 1,
    services: Sequence[int] = (),
) -> BilledClaim:
    """Bill a claim with lines of these charges and contract prices; `services` names them where not 1, 2, 3."""
    billed = billed_lines(lines, services)
    return BilledClaim(
        claim_id=claim_id,
        encounter_id=ENCOUNTER,
        billing_entity_id=derived_id("billing entity", "test"),
        provider_id=None,
        payer_id=payer_id,
        payer_kind="commercial",
        contracted=True,
        rank=rank,
        kind="P",
        frequency=frequency,
        patient_control_number="PCN1",
        charge_cents=total([entry.charge_cents for entry in billed]),
        lines=billed,
        service_on=SERVICE_ON,
        service_through_on=SERVICE_ON,
        follows=tuple(follows),
        timely_filing_by=timely_filing_by,
        submitted_at=datetime(2026, 1, 12, 18, tzinfo=UTC),
        acceptance=Acceptance(sender="PAYER", control_number="77", accepted_on=accepted_on) if accepted_on else None,
    )


def judge(
    adjudication: Adjudication,
    *unresolved: Denial,
    claim: BilledClaim | None = None,
    proof: Acceptance | None = None,
    opened_on: date | None = None,
) -> Triage:
    """Triage a decision."""
    around = Circumstances(claim=claim, terms=TERMS, proof=proof, opened_on=opened_on or adjudication.posted_on)
    return triage(adjudication, around, unresolved, _ids.new_id)

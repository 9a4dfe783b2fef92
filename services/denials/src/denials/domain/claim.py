"""The claim as denials knows it: what was billed, what the payer accepted, what it decided."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from revcycle_kit.errors import Refusal
from revcycle_kit.money import Cents
from revcycle_kit.values import Value, replace

VOID: Final = "8"
"""The frequency of a claim that only takes another one back."""
Meaning = Literal["denial", "information", "other", "unknown"]
"""What the publisher says an adjustment means: only the first two are a refusal; `unknown` asks our own table."""


class BilledLine(Value, kw_only=True):
    """One service line as it was billed; `line_id` stays with the service when claims renumber their lines."""

    line_id: UUID
    line_number: int
    code: str
    modifiers: tuple[str, ...] = ()
    charge_cents: Cents
    expected_allowed_cents: Cents | None = None
    service_on: date


class Acceptance(Value, kw_only=True):
    """The payer's own 277CA acceptance: the only acknowledgment that proves timely filing."""

    sender: str
    control_number: str
    accepted_on: date


class BilledClaim(Value, kw_only=True):
    """One 837 to one payer at one rank, and what it follows."""

    claim_id: UUID
    encounter_id: UUID
    billing_entity_id: UUID
    provider_id: UUID | None
    payer_id: UUID
    payer_kind: str
    contracted: bool
    rank: int
    kind: str
    frequency: str
    patient_control_number: str
    charge_cents: Cents
    lines: tuple[BilledLine, ...]
    service_on: date
    service_through_on: date
    follows: tuple[UUID, ...] = ()
    """The claims whose refusals this one is meant to cure: those it replaces, and those they replaced."""
    timely_filing_by: date | None = None
    submitted_at: datetime
    acceptance: Acceptance | None = None
    decided: bool = False
    """True: a decision was heard, other than that it is a second copy."""
    identity: str = ""
    """Sealed: who the patient and the subscriber are; opened only to write a letter."""

    def accepted(self, acceptance: Acceptance) -> "BilledClaim":
        """Keep the payer's first acceptance: a later one proves nothing better."""
        if self.acceptance is not None and self.acceptance.accepted_on <= acceptance.accepted_on:
            return self
        return replace(self, acceptance=acceptance)

    def takes_the_place_of(self, earlier: "BilledClaim") -> bool:
        """Say whether another payer is asked in the place of the one that was asked before: a rank has one payer."""
        same = (self.kind, self.rank) == (earlier.kind, earlier.rank) and self.frequency != VOID
        return same and self.payer_id != earlier.payer_id and self.submitted_at > earlier.submitted_at

    def line(self, line_number: int | None) -> BilledLine | None:
        """Return the line of that number, or None."""
        return next((line for line in self.lines if line.line_number == line_number), None)

    def require_lines(self, line_numbers: Iterable[int]) -> None:
        """Raise Refusal for a line that the claim does not have."""
        for line_number in line_numbers:
            if self.line(line_number) is None:
                raise Refusal(
                    f"The claim has no line {line_number}.", "changes", f"Name a line from 1 to {len(self.lines)}."
                )

    def number_of(self, line_id: UUID) -> int | None:
        """Return the number under which this claim bills a service, or None when it does not."""
        return next((line.line_number for line in self.lines if line.line_id == line_id), None)


class Adjustment(Value, kw_only=True):
    """One CAS amount, and whether it is a refusal."""

    group: str
    carc: str
    amount_cents: Cents
    meaning: Meaning


class DecidedLine(Value, kw_only=True):
    """What the payer decided about one service line."""

    line_number: int
    code: str
    charge_cents: Cents
    paid_cents: Cents
    allowed_cents: Cents
    expected_allowed_cents: Cents | None = None
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()


class Adjudication(Value, kw_only=True):
    """A payer's decision on a claim: the n-th."""

    encounter_id: UUID
    claim_id: UUID
    number: int
    reversal: bool
    duplicate: bool
    """True: the payer saw a second copy and decided nothing."""
    payer_id: UUID
    payer_kind: str
    contracted: bool
    kind: str
    rank: int
    payer_claim_control_number: str
    paid_cents: Cents
    lines: tuple[DecidedLine, ...]
    claim_adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    service_on: date
    decided_on: date
    posted_on: date

    def line(self, line_number: int | None) -> DecidedLine | None:
        """Return the line of that number, or None."""
        return next((line for line in self.lines if line.line_number == line_number), None)

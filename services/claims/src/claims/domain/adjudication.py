"""A payer's decision on a claim, as posted: what each line was paid, and what each adjustment means."""

from datetime import date
from typing import Literal
from uuid import UUID

from claims.domain.records import Record

CLAIM_LEVEL = 0
"""The line number under which amounts stand that a payer stated for the whole claim."""

LOWERS_BALANCE = frozenset({"contractual", "reduction", "capitated"})
"""What nobody owes any more. A denial does not lower the balance, and a prior payer's share is never posted twice."""

REFUSES = frozenset({"denial", "information"})

Posting = Literal["full", "payment_only", "nothing"]
Outcome = Literal["paid", "patient_only", "partly_denied", "denied", "duplicate", "reversed"]


class Adjustment(Record, frozen=True, kw_only=True):
    """One CAS amount and what it means for the balance."""

    group: str
    carc: str
    amount_cents: int
    meaning: str


class LineDecision(Record, frozen=True, kw_only=True):
    """What was decided about one service line, or (number 0) about the claim as a whole."""

    line_number: int
    line_id: UUID | None = None
    code: str = ""
    modifiers: tuple[str, ...] = ()
    charge_cents: int = 0
    paid_cents: int = 0
    allowed_cents: int = 0
    expected_allowed_cents: int | None = None
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    posting: Posting = "full"

    def summed(self, *meanings: str) -> int:
        """Add up the adjustments of these meanings."""
        return sum(one.amount_cents for one in self.adjustments if one.meaning in meanings)

    @property
    def refused_cents(self) -> int:
        """What the payer refused: it stays open."""
        return self.summed("denial", "information")

    @property
    def lowered_cents(self) -> int:
        """What this line's decision took off the balance besides the payment."""
        return self.summed(*LOWERS_BALANCE) if self.posting == "full" else 0

    @property
    def patient_cents(self) -> int:
        """What the payer leaves to the patient (or to the next payer)."""
        return self.summed("patient") if self.posting == "full" else 0


class Decision(Record, frozen=True, kw_only=True):
    """The n-th decision on a claim; nothing is deleted, a reversal is a decision of its own."""

    adjudication: int
    reverses: int | None = None
    reversed_by: int | None = None
    remittance_id: UUID
    status_code: str
    payer_claim_control_number: str = ""
    charge_cents: int
    paid_cents: int
    lines: tuple[LineDecision, ...] = ()
    remarks: tuple[str, ...] = ()
    adjudicated_on: date
    posted_on: date

    @property
    def reversal(self) -> bool:
        """True: this takes back an earlier decision."""
        return self.reverses is not None

    @property
    def live(self) -> bool:
        """True: this decision counts now."""
        return self.reverses is None and self.reversed_by is None

    def summed(self, *meanings: str) -> int:
        """Add up the adjustments of these meanings over the claim."""
        return sum(line.summed(*meanings) for line in self.lines)

    @property
    def outcome(self) -> Outcome:
        """Say in one word what the payer decided: from the adjustments, never from CLP02."""
        if self.reversal:
            return "reversed"
        refused = self.summed(*REFUSES)
        if refused > 0:
            return "partly_denied" if self.paid_cents > 0 or self._accepts_some_line() else "denied"
        if self.summed("duplicate") and self.paid_cents == 0:
            return "duplicate"
        if self.paid_cents == 0 and self.summed("patient") > 0:
            return "patient_only"
        return "paid"

    @property
    def conclusive(self) -> bool:
        """False for an echo of a claim that had been decided already (CARC 18)."""
        return self.live and self.outcome != "duplicate"

    def _accepts_some_line(self) -> bool:
        return any(line.charge_cents > 0 and not line.refused_cents for line in self.lines)

"""A payer's decision on a claim, as posted: what each line was paid, and what each adjustment means."""

from datetime import date
from typing import Literal
from uuid import UUID

from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value

CLAIM_LEVEL = 0
"""The line number under which amounts stand that a payer stated for the whole claim."""

LOWERS_BALANCE = frozenset({"contractual", "reduction", "capitated"})
"""What nobody owes any more. A denial does not lower the balance, and a prior payer's share is never posted twice."""

REFUSES = frozenset({"denial", "information"})

Posting = Literal["full", "payment_only", "nothing"]
Outcome = Literal["paid", "patient_only", "partly_denied", "denied", "duplicate", "reversed"]


class Adjustment(Value, kw_only=True):
    """One CAS amount and what it means for the balance."""

    group: str
    carc: str
    amount_cents: Cents
    meaning: str


class LineDecision(Value, kw_only=True):
    """What was decided about one service line, or (number 0) about the claim as a whole."""

    line_number: int
    line_id: UUID | None = None
    code: str = ""
    modifiers: tuple[str, ...] = ()
    charge_cents: Cents = ZERO
    paid_cents: Cents = ZERO
    allowed_cents: Cents = ZERO
    expected_allowed_cents: Cents | None = None
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    posting: Posting = "full"

    def summed(self, *meanings: str) -> Cents:
        """Add up the adjustments of these meanings."""
        return Cents(sum(adjustment.amount_cents for adjustment in self.adjustments if adjustment.meaning in meanings))

    @property
    def refused_cents(self) -> Cents:
        """What the payer refused: it stays open."""
        return self.summed("denial", "information")

    @property
    def lowered_cents(self) -> Cents:
        """What this line's decision took off the balance besides the payment."""
        return self.summed(*LOWERS_BALANCE) if self.posting == "full" else ZERO

    @property
    def patient_cents(self) -> Cents:
        """What the payer leaves to the patient (or to the next payer)."""
        return self.summed("patient") if self.posting == "full" else ZERO

    @property
    def underpaid(self) -> bool:
        """True: the payer allowed less than its contract says, for a service that it did not refuse."""
        return (
            self.expected_allowed_cents is not None
            and self.posting == "full"
            and not self.refused_cents
            and self.allowed_cents < self.expected_allowed_cents
        )


class Decision(Value, kw_only=True):
    """The n-th decision on a claim; nothing is deleted, a reversal is a decision of its own."""

    adjudication: int
    reverses: int | None = None
    reversed_by: int | None = None
    remittance_id: UUID
    status_code: str
    payer_claim_control_number: str = ""
    charge_cents: Cents
    paid_cents: Cents
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

    def summed(self, *meanings: str) -> Cents:
        """Add up the adjustments of these meanings over the claim."""
        return Cents(sum(line.summed(*meanings) for line in self.lines))

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

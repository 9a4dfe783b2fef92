"""What figures and reconciliation have to know of a claim, read from adjustments, never from CLP02."""

from collections.abc import Iterable
from datetime import date
from typing import Literal, Self
from uuid import UUID

from analytics.consumed import AdjudicatedLine, Adjustment, ClaimAdjudicated
from revcycle_kit.money import ZERO, Cents, total
from revcycle_kit.values import Value, replace

Outcome = Literal["resolved", "denied", "information", "duplicate"]
ORIGINALS = frozenset({"0", "1", "2", "3", "4"})
"""Frequencies (CLM05-3) of claims that are no corrections: 5 late charges, 7 replacement and 8 void are."""


class Claim(Value, kw_only=True):
    """What KPIs and reconciliation have to know of one claim."""

    claim_id: UUID
    encounter_id: UUID
    payer_id: UUID | None = None
    provider_id: UUID | None = None
    rank: int = 1
    frequency: str = "1"
    resubmission: bool = False
    """True: sent again after the same claim had been rejected."""
    correction: bool = False
    """True: sent again after the same claim had been decided."""
    voided: bool = False
    touched: bool = False
    held_by: str = ""
    """Who has to work on it while it is held; empty: it is not held."""
    first_edited_on: date | None = None
    submitted_on: date | None = None
    answered_on: date | None = None
    """When the payer or the clearinghouse first answered in any way."""
    accepted_on: date | None = None
    rejected_on: date | None = None
    decided_on: date | None = None
    first_outcome: Outcome | None = None
    rejected_before: bool = False
    charge_cents: Cents = ZERO
    denied_charge_cents: Cents = ZERO
    """Charges on the lines that the first decision refused."""
    not_found_on: date | None = None
    """The payer said that it has no such claim."""
    paid_reported_on: date | None = None
    """The payer said that it had paid."""

    @property
    def counted(self) -> bool:
        """Whether the claim is one of those by which first attempts are measured."""
        original = self.rank == 1 and self.frequency in ORIGINALS and not self.correction
        return original and not self.voided and self.first_outcome != "duplicate"

    @property
    def held(self) -> bool:
        """Whether it waits for a person."""
        return bool(self.held_by) and self.held_by != "system"

    def answered(self, on: date) -> Self:
        """Somebody on the payer's side answered."""
        return self if self.answered_on else replace(self, answered_on=on)

    def decided(self, decision: ClaimAdjudicated) -> Self:
        """Record a decision; later ones change nothing that is measured."""
        claim = replace(self.answered(decision.posted_on), not_found_on=None, paid_reported_on=None)
        if claim.decided_on is not None:
            return claim
        return replace(
            claim,
            payer_id=decision.payer_id,
            provider_id=decision.provider_id,
            rank=decision.rank,
            frequency=decision.frequency,
            decided_on=decision.posted_on,
            first_outcome=outcome_of(decision),
            rejected_before=decision.rejected_before,
            charge_cents=decision.charge_cents,
            denied_charge_cents=refused_charges(decision),
        )


def outcome_of(decision: ClaimAdjudicated) -> Outcome:
    """Say what the decision was: any refused amount makes it a denial, whatever else was paid."""
    if decision.outcome == "duplicate":
        return "duplicate"
    on_lines = (adjustment for line in decision.lines for adjustment in line.adjustments)
    meanings = _meanings((*decision.claim_adjustments, *on_lines))
    if "denial" in meanings:
        return "denied"
    return "information" if "information" in meanings else "resolved"


def refused_charges(decision: ClaimAdjudicated) -> Cents:
    """Return the charges on refused lines: all of the claim's where it was refused as a whole."""
    if "denial" in _meanings(decision.claim_adjustments):
        return decision.charge_cents
    return total([line.charge_cents for line in decision.lines if _refused(line)])


def _refused(line: AdjudicatedLine) -> bool:
    return "denial" in _meanings(line.adjustments)


def _meanings(adjustments: Iterable[Adjustment]) -> set[str]:
    return {adjustment.meaning for adjustment in adjustments if adjustment.amount_cents}

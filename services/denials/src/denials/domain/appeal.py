"""An Appeal: one letter at one level about one or more denials of a payer, from its filing to its decision."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID

from denials.domain.appeal_levels import APPEALS
from denials.domain.deadlines import AppealPolicy, Deadline, Level, appeal_deadline
from denials.domain.denial import Denial
from revcycle_kit.errors import Conflict, Refusal
from revcycle_kit.money import ZERO, Cents, total
from revcycle_kit.values import Value, replace

AppealOutcome = Literal["overturned", "partly_overturned", "upheld", "dismissed"]


class AppealState(StrEnum):
    """Where an appeal stands."""

    FILED = "filed"
    DECIDED = "decided"


PAYMENT_DAYS: Final = 45
"""Our expectation: a payer that gave in pays within so many days; then the work comes back."""


class Appeal(Value, kw_only=True):
    """What was filed, where, when, and what came of it."""

    appeal_id: UUID
    encounter_id: UUID
    claim_id: UUID
    denial_ids: tuple[UUID, ...]
    payer_id: UUID
    level: int
    level_name: str
    reviewer: str
    amount_cents: Cents
    filed_on: date
    filed_by: str
    decision_due_by: date
    letter_sha256: str
    sent_on: date | None = None
    """When the carrier took the letter."""
    outcome: AppealOutcome | None = None
    expected_cents: Cents = ZERO
    decided_on: date | None = None
    payment_due_by: date | None = None
    """The day by which the money of a won appeal should have come; None unless won."""

    @property
    def state(self) -> AppealState:
        """Filed until somebody records the payer's decision, then decided."""
        return AppealState.FILED if self.outcome is None else AppealState.DECIDED

    def standing(self, outcome: AppealOutcome, upheld_ids: Collection[UUID]) -> frozenset[UUID]:
        """Return the refusals that stand after such a decision. Raises Refusal for denials that were not appealed."""
        upheld = frozenset(upheld_ids)
        if not upheld <= set(self.denial_ids):
            raise Refusal(
                "These denials were not part of the appeal.", "upheld_denial_ids", "Name those in the appeal."
            )
        if outcome in ("upheld", "dismissed"):
            return frozenset(self.denial_ids)
        return upheld if outcome == "partly_overturned" else frozenset()

    def sent(self, on: date) -> "Appeal":
        """Note that the carrier took the letter."""
        return replace(self, sent_on=on)

    def decided(
        self, outcome: AppealOutcome, *, expected_cents: Cents, on: date, payment_by: date | None = None
    ) -> "Appeal":
        """Record the payer's decision. Raises Conflict when there is one, Refusal for what cannot be."""
        if self.outcome is not None:
            raise Conflict(
                f"The decision was recorded as {self.outcome} on {self.decided_on}.",
                "appeal_id",
                "A decision of the next level belongs to an appeal at that level.",
            )
        if on < self.filed_on:
            raise Refusal(f"The appeal was filed on {self.filed_on}.", "decided_on", "Give the date of the letter.")
        if expected_cents < 0:
            raise Refusal(
                "The amount expected is below zero.",
                "expected_cents",
                "Give what the payer said it will pay (it may be more than was asked for), or leave it out.",
            )
        won = outcome in ("overturned", "partly_overturned")
        due = (payment_by or on + timedelta(days=PAYMENT_DAYS)) if won else None
        return replace(self, outcome=outcome, expected_cents=expected_cents, decided_on=on, payment_due_by=due)


def choose_level(denials: Sequence[Denial], *, on: date, policy: AppealPolicy = APPEALS) -> Level:
    """
    Return the next level for these denials together. Raises Refusal or Conflict where they cannot go together.

    A level that the payer forwards itself is passed over once its predecessor is decided.
    """
    if not denials:
        raise Refusal("An appeal is about at least one denial.", "denial_ids", "Name the denials.")
    first = denials[0]
    if any(denial.payer_id != first.payer_id or denial.level != first.level for denial in denials):
        raise Refusal(
            "The denials are of several payers or stand at several levels.", "denial_ids", "File an appeal for each."
        )
    amount = total([denial.amount_cents for denial in denials])
    following = next_number(first, on, policy)
    return policy.require(
        following, payer_kind=first.payer_kind, contracted=first.contracted, on=on, amount_cents=amount
    )


def next_deadline(
    denial: Denial, decided_on: date, contract_days: int, policy: AppealPolicy = APPEALS
) -> Deadline | None:
    """Return the clock of the level after the one just decided, or None when there is no further level."""
    number = next_number(denial, decided_on, policy)
    level = policy.level(number, payer_kind=denial.payer_kind, contracted=denial.contracted, on=decided_on)
    return appeal_deadline(level, decided_on, contract_days) if level else None


def next_number(denial: Denial, on: date, policy: AppealPolicy = APPEALS) -> int:
    """Return the number of the next level at which something is filed."""
    number = denial.level + 1
    level = policy.level(number, payer_kind=denial.payer_kind, contracted=denial.contracted, on=on)
    return number + 1 if level is not None and level.automatic else number


def expected_payment(fallen: Sequence[Denial]) -> Cents:
    """Expect what the contract allows for the refusals that fell; without a contract price, the amount refused."""
    return total(
        [
            denial.amount_cents if denial.expected_allowed_cents is None else denial.expected_allowed_cents
            for denial in fallen
        ]
    )


def after_decision(denial: Denial, decided_on: date, contract_days: int, *, stands: bool) -> Denial:
    """Return a denial as the decision of its appeal leaves it: waiting for money, or for the next level."""
    if not stands:
        return denial.overturned()
    return denial.upheld(next_deadline(denial, decided_on, contract_days))

"""Dispute: the guarantor says that a balance is wrong."""

from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from patient_billing.domain.balance import EncounterBalance
from patient_billing.domain.policy import GOOD_FAITH_RULES, in_force
from revcycle_kit.errors import Refusal
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value


class DisputeKind(StrEnum):
    """What a dispute is raised against; `ppdr`: against the good-faith estimate."""

    DISPUTE = "dispute"
    PPDR = "ppdr"


class DisputeOutcome(StrEnum):
    """How a dispute ended."""

    UPHELD = "upheld"
    ADJUSTED = "adjusted"
    WITHDRAWN = "withdrawn"


class Dispute(Value):
    """The guarantor says that a balance is wrong. `ppdr`: against the good-faith estimate."""

    dispute_id: UUID
    encounter_id: UUID
    kind: DisputeKind
    amount_cents: Cents
    opened_on: date
    outcome: DisputeOutcome | None = None
    resolved_on: date | None = None
    adjusted_cents: Cents = ZERO


def has_dispute_right(balance: EncounterBalance, on: date) -> bool:
    """
    Say whether the bill exceeds the good-faith estimate so far that patient-provider dispute resolution is open.

    Both sides net of the self-pay discount; exactly the limit counts (45 CFR 149.620).
    """
    rule = in_force(GOOD_FAITH_RULES, on)
    if rule is None or balance.estimate_cents is None:
        return False
    in_time = balance.first_billed_on is None or on <= balance.first_billed_on + timedelta(days=rule.within_days)
    return in_time and balance.billed_cents - balance.estimate_cents >= rule.above_estimate_cents


def check_dispute(balance: EncounterBalance, kind: DisputeKind, amount: Cents, on: date) -> None:
    """Refuse a dispute over more than is owed, or a PPDR without its right."""
    if not 0 < amount <= balance.due_cents:
        raise Refusal(
            "The disputed amount is not part of what is owed.",
            "amount_cents",
            "Name an amount above 0.00 and at most what the encounter still owes.",
        )
    if kind is DisputeKind.PPDR and not has_dispute_right(balance, on):
        raise Refusal(
            "Patient-provider dispute resolution needs a good-faith estimate, a bill at least $400.00 above it, and a "
            "start within 120 days of the bill (45 CFR 149.620).",
            "kind",
            "Open an ordinary dispute instead.",
        )

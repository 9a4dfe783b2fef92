"""Prior authorization: whether one is needed, what was asked, and what the payer decided (X12 278)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from uuid import UUID

from eligibility.domain.directory import Payer
from revcycle_kit.values import Value, replace

Outcome = Literal["certified", "partly_certified", "not_certified", "pended", "modified", "not_required", "cancelled"]

CLOCKS_SINCE = date(2026, 1, 1)
EXPEDITED = timedelta(hours=72)
STANDARD = timedelta(days=7)
BEFORE = timedelta(days=14)
"""CMS-0057-F (42 CFR 422.568, 422.572, 440.230, 457.495, 438.210): 72 hours or 7 days for the payers it binds, since
2026-01-01; 14 days before that, and as a working assumption for payers it does not bind."""
_BOUND = {"medicare_advantage", "medicaid"}

OUTCOMES: dict[str, Outcome] = {
    "A1": "certified",
    "A2": "partly_certified",
    "A3": "not_certified",
    "A4": "pended",
    "A6": "modified",
    "C": "cancelled",
    "CT": "pended",
    "NA": "not_required",
}
"""HCR01 of 005010X217."""


class AuthorizationState(StrEnum):
    """Whether the payer has decided."""

    REQUESTED = "requested"
    DECIDED = "decided"


class Decision(Value, kw_only=True):
    """The payer's answer to a 278."""

    outcome: Outcome
    number: str = ""
    units: Decimal | None = None
    valid_from_on: date | None = None
    valid_to_on: date | None = None
    reason: str = ""


class Authorization(Value, kw_only=True):
    """One request for authorization; units are consumed by nobody here: claims counts them against its lines."""

    authorization_id: UUID
    encounter_id: UUID
    coverage_id: UUID
    payer_id: UUID
    codes: tuple[str, ...]
    state: AuthorizationState
    outcome: Outcome | None = None
    number: str = ""
    requested_at: datetime
    decision_due_at: datetime
    decided_at: datetime | None = None
    expedited: bool = False
    asked: int = 1

    def decided(self, decision: Decision, at: datetime) -> "Authorization":
        """Return the authorization as decided; a pended one stays open."""
        return replace(
            self,
            state=AuthorizationState.REQUESTED if decision.outcome == "pended" else AuthorizationState.DECIDED,
            outcome=decision.outcome,
            number=decision.number or self.number,
            decided_at=at,
        )

    def asked_again(self) -> "Authorization":
        """Return the authorization after another inquiry about its state."""
        return replace(self, asked=self.asked + 1)


def codes_needing(payer: Payer, codes: Iterable[str]) -> tuple[str, ...]:
    """Return the codes for which this payer wants an authorization, each once, in order."""
    wanted = set(payer.authorization_codes)
    return tuple(dict.fromkeys(code for code in codes if code in wanted))


def decision_due(payer: Payer, requested_at: datetime, *, expedited: bool) -> datetime:
    """Return by when the payer must decide."""
    bound = payer.kind in _BOUND and requested_at.date() >= CLOCKS_SINCE
    return requested_at + (EXPEDITED if expedited else STANDARD if bound else BEFORE)

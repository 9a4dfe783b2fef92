"""
From refusals to rules: what is refused again and again is proposed as something to check before the claim leaves.

A pattern is one payer refusing one procedure for one reason. Rejections at the door teach in the same way, with the
status code in place of the CARC.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from revcycle_kit.errors import Conflict
from revcycle_kit.values import Value, replace

WINDOW_DAYS: Final = 90
THRESHOLD: Final = 5
_REMEMBERED_MAX: Final = 50
_LEARNS_FROM: Final = ("registration", "eligibility", "authorization", "coding", "claim", "enrollment")

_FIXES: Final[dict[str, str]] = {
    "authorization": "Ask this payer for an authorization, and put its number on the claim, before it leaves.",
    "coding": "Have a coder check codes, modifiers and diagnoses of this service before the claim leaves.",
    "bundling": "Check this service against the others of the day; mark it as separate only if documented.",
    "necessity": "Check the diagnoses against the payer's coverage policy; have a notice signed where it will not pay.",
    "eligibility": "Verify coverage for the day of service, and the member number, before the claim leaves.",
    "wrong_payer": "Verify which payer is responsible before the claim leaves.",
    "coordination": "Ask which payer comes first before the claim leaves.",
    "timely_filing": "Send this payer's claims first: they come close to its filing limit.",
    "information": "Complete the field that this payer misses before the claim leaves.",
    "enrollment": "Hold claims of providers whom this payer has not enrolled yet.",
    "limit": "Check the remaining benefit and the units before the claim leaves.",
}
_ANY_FIX: Final = "Look at the claim before it leaves: this payer has refused the same often."


class RuleState(StrEnum):
    """How far a pattern has come."""

    WATCHED = "watched"
    PROPOSED = "proposed"
    ACTIVE = "active"
    RETIRED = "retired"


class CountedRefusal(Value, kw_only=True):
    """One refusal that counted."""

    case_id: UUID
    on: date


class PreventionRule(Value, kw_only=True):
    """A pattern of one payer, procedure and reason; beyond the threshold, a rule to decide on."""

    rule_id: UUID
    organization_id: UUID
    payer_id: UUID
    carc: str
    codes: tuple[str, ...]
    category: str
    refusals: tuple[CountedRefusal, ...] = ()
    state: RuleState = RuleState.WATCHED
    decided_by: str = ""

    @property
    def fix(self) -> str:
        """What would have prevented it, for the person who has to do it."""
        return _FIXES.get(self.category, _ANY_FIX)

    @property
    def count(self) -> int:
        """How many refusals there were within the window."""
        return len(self.refusals)

    def counted(self, refusal: CountedRefusal) -> "PreventionRule":
        """Count one more refusal (each once), within the window; propose the rule at the threshold."""
        if any(earlier.case_id == refusal.case_id for earlier in self.refusals):
            return self
        since = max([refusal.on, *(earlier.on for earlier in self.refusals)]) - timedelta(days=WINDOW_DAYS)
        within = tuple(counted for counted in (*self.refusals, refusal) if counted.on > since)[-_REMEMBERED_MAX:]
        often = self.state is RuleState.WATCHED and len(within) >= THRESHOLD
        return replace(self, refusals=within, state=RuleState.PROPOSED if often else self.state)

    def activated(self, by: str) -> "PreventionRule":
        """Hold claims by this rule. Raises Conflict unless it was proposed or retired."""
        if self.state not in (RuleState.PROPOSED, RuleState.RETIRED):
            raise Conflict(
                f"The rule is {self.state.value}.", "rule_id", "Only a proposed or a retired rule can be activated."
            )
        return replace(self, state=RuleState.ACTIVE, decided_by=by)

    def retired(self, by: str) -> "PreventionRule":
        """Hold no more claims by this rule, or turn the proposal down. Raises Conflict in any other state."""
        if self.state not in (RuleState.PROPOSED, RuleState.ACTIVE):
            raise Conflict(
                f"The rule is {self.state.value}.", "rule_id", "Only a proposed or an active rule can be retired."
            )
        return replace(self, state=RuleState.RETIRED, decided_by=by)


def teaches(preventable_at: str) -> bool:
    """Say whether a refusal could have been prevented on our side: only then is there a rule to learn."""
    return preventable_at in _LEARNS_FROM

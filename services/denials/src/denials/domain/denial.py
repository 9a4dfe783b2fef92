"""
A Denial: an amount that a payer refused on a line or a claim, from the day it was opened to its end.

open → working → corrected / appealed (level n) → overturned / upheld → resolved. `corrected`, `appealed` and
`overturned` wait for the payer; only a later decision of the payer (an 835) or a person's decision resolves a denial.
"""

from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from denials.domain.deadlines import Deadline
from denials.domain.policy import Category, Correction, Method, PatientLiable, Stage, correction_method, is_correction
from revcycle_kit.errors import Conflict
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value, replace


class State(StrEnum):
    """Where the work on a denial stands."""

    OPEN = "open"
    WORKING = "working"
    CORRECTED = "corrected"
    APPEALED = "appealed"
    OVERTURNED = "overturned"
    UPHELD = "upheld"
    RESOLVED = "resolved"


class Outcome(StrEnum):
    """How a denial ended."""

    OVERTURNED = "overturned"
    CORRECTED = "corrected"
    WRITTEN_OFF = "written_off"
    ACCEPTED = "accepted"
    PATIENT_RESPONSIBILITY = "patient_responsibility"
    WITHDRAWN = "withdrawn"


OURS: Final = (State.OPEN, State.WORKING, State.UPHELD)
"""The states in which the next step is ours."""
_WAITING: Final = {
    State.CORRECTED: "A corrected claim is on its way to the payer",
    State.APPEALED: "An appeal is before the payer",
    State.OVERTURNED: "The payer said that it will pay",
    State.RESOLVED: "The denial is resolved",
}
_NEVER_BILLED: Final = ("medicaid", "workers_compensation")


class Denial(Value, kw_only=True):
    """One refused amount: claim or line, group, CARC, and the version of the decision that refuses it."""

    denial_id: UUID
    encounter_id: UUID
    claim_id: UUID
    adjudication: int
    line_number: int | None
    """None: refused at claim level."""
    line_id: UUID | None = None
    """The service, as long as its claim is known: it stays when claims renumber their lines."""
    code: str = ""
    """The procedure refused; empty at claim level."""
    payer_id: UUID
    payer_kind: str
    contracted: bool
    claim_kind: str
    rank: int
    payer_claim_control_number: str
    group: str
    carc: str
    remarks: tuple[str, ...] = ()
    amount_cents: Cents
    expected_allowed_cents: Cents | None
    paid_before_cents: Cents = ZERO
    """What the payer paid on the same line or claim in the decision that refused."""
    service_on: date
    decided_on: date
    opened_on: date
    act_by: date
    deadline_basis: str = ""
    category: Category = "other"
    preventable_at: Stage = "payer"
    method: Method = "appeal"
    appealable: bool = True
    patient_liable: PatientLiable = "by_group"
    why: str = ""
    expected_recovery_cents: Cents = ZERO
    state: State = State.OPEN
    level: int = 0
    """The highest level of appeal filed."""
    assignee: str = ""
    note: str = ""
    """Why the work came back: what was wrong with the correction, and what to do."""
    outcome: Outcome | None = None
    recovered_cents: Cents = ZERO
    resolved_on: date | None = None

    @property
    def resolved(self) -> bool:
        """True when nothing is left to do."""
        return self.state is State.RESOLVED

    def assigned(self, to: str) -> "Denial":
        """Give the work to a person (or, empty, back to the pool). Raises Conflict when resolved."""
        if self.resolved:
            raise self._refusal("assigned", "Look at its outcome; a new refusal opens a new denial.")
        state = State.WORKING if to and self.state is State.OPEN else self.state
        return replace(self, assignee=to, state=state)

    def correction_requested(self) -> "Denial":
        """Wait for the corrected claim. Raises Conflict unless the next step is ours."""
        self._require_ours("corrected")
        return replace(self, state=State.CORRECTED, note="")

    def followed(self) -> "Denial":
        """
        Wait for the claim that went out in the place of the refused one, whoever asked for it.

        That claim has every line decided anew. What waits for the payer already, waits for what it waited for.
        """
        return replace(self, state=State.CORRECTED) if self.state in OURS else self

    def correction_declined(self, note: str) -> "Denial":
        """Take the work back, with the reason, because the correction cannot be carried out as it was asked for."""
        return replace(self, state=State.WORKING, note=note) if self.state is State.CORRECTED else self

    def withdrawn(self, on: date) -> "Denial":
        """End it, from any state, because the payer is asked no more: what was refused is nobody's to recover."""
        return self._ended(Outcome.WITHDRAWN, on)

    def appealed(self, level: int, *, filed_on: date, late_reason: str = "") -> "Denial":
        """Wait for the decision at this level. Raises Conflict without appeal rights, out of turn, or late."""
        self._require_ours("appealed")
        self._require_appeal_right()
        if level <= self.level:
            raise Conflict(f"Level {level} was used already.", "level", "File at the level after it.")
        if filed_on > self.act_by and self.method == "appeal" and not late_reason:
            raise Conflict(
                f"The last day was {self.act_by} ({self.deadline_basis}).",
                "filed_on",
                "State the good cause for being late, or write the amount off.",
            )
        return replace(self, state=State.APPEALED, level=level)

    def overturned(self) -> "Denial":
        """Wait for the money that the payer promised. Raises Conflict unless appealed."""
        self._require_appealed()
        return replace(self, state=State.OVERTURNED)

    def upheld(self, next_level: Deadline | None) -> "Denial":
        """Note that the refusal stands and the next level's clock runs, if any. Raises Conflict unless appealed."""
        self._require_appealed()
        if next_level is None:
            return replace(self, state=State.UPHELD, method="write_off", expected_recovery_cents=ZERO)
        return replace(self, state=State.UPHELD, act_by=next_level.act_by, deadline_basis=next_level.basis)

    def resumed(self) -> "Denial":
        """
        Take the work back from the payer: the correction was not sent, or the promised money never came.

        Raises Conflict in any other state.
        """
        if self.state not in (State.CORRECTED, State.OVERTURNED):
            raise self._refusal("taken back", "Only a correction or a promised payment can be given up.")
        return replace(self, state=State.WORKING)

    def refused_again(self, fresh: "Denial") -> "Denial":
        """
        Follow a later decision that still refuses: `fresh` is how it would be opened today; it is our turn again.

        The denial moves on to the claim now decided: the next correction replaces that one. A pending appeal goes on;
        where a level of appeal was used, its clock stays.
        """
        state = self.state if self.state is State.APPEALED else State.WORKING
        moved = replace(
            fresh,
            denial_id=self.denial_id,
            opened_on=self.opened_on,
            assignee=self.assignee,
            state=state,
            level=self.level,
        )
        return replace(moved, act_by=self.act_by, deadline_basis=self.deadline_basis) if self.level else moved

    def written_off(self, on: date) -> "Denial":
        """End it as a loss. Raises Conflict unless the next step is ours."""
        self._require_ours("written off")
        return self._ended(Outcome.WRITTEN_OFF, on)

    def accepted(self, on: date) -> "Denial":
        """End it as rightly refused. Raises Conflict unless the next step is ours, and for money the patient owes."""
        self._require_ours("accepted")
        if self.group == "PR":
            raise Conflict(
                "The payer says that the patient owes this (PR): it is no contractual adjustment.",
                "denial_id",
                "Bill the patient, correct the claim, or write it off.",
            )
        return self._ended(Outcome.ACCEPTED, on)

    def patient_billed(self, on: date) -> "Denial":
        """End it as the patient's to pay. Raises Conflict unless the next step is ours and the rules allow it."""
        self._require_ours("billed to the patient")
        if not self.patient_may_be_billed:
            raise Conflict(
                f"{self.group}-{self.carc} may not be billed to a patient of this payer.",
                "denial_id",
                "Correct, appeal, accept or write it off.",
            )
        return self._ended(Outcome.PATIENT_RESPONSIBILITY, on)

    @property
    def correction(self) -> Correction:
        """How the payer takes the claim corrected."""
        if is_correction(self.method):
            return self.method
        return correction_method(self.payer_kind, self.claim_kind)

    @property
    def awaits_decision(self) -> bool:
        """True while an appeal is before the payer."""
        return self.state is State.APPEALED

    @property
    def patient_may_be_billed(self) -> bool:
        """Say no for Medicaid and workers' compensation; else the rule for the code decides, or the group."""
        if self.payer_kind in _NEVER_BILLED or self.patient_liable == "never":
            return False
        return self.patient_liable == "always" or self.group == "PR"

    def recovered(self, outcome: Outcome, recovered_cents: Cents, on: date) -> "Denial":
        """End it, from any state, because a later decision no longer refuses."""
        return replace(self._ended(outcome, on), recovered_cents=recovered_cents)

    def _ended(self, outcome: Outcome, on: date) -> "Denial":
        return replace(self, state=State.RESOLVED, outcome=outcome, resolved_on=on)

    def _require_ours(self, deed: str) -> None:
        if self.state not in OURS:
            raise self._refusal(deed, "Wait for the payer's answer, or take the work back first.")

    def _require_appeal_right(self) -> None:
        if not self.appealable:
            raise Conflict(
                f"{self.group}-{self.carc} carries no right of appeal: {self.why}.",
                "denial_id",
                "Send the claim as new, ask for an exception, or write it off.",
            )

    def _require_appealed(self) -> None:
        if self.state is not State.APPEALED:
            raise self._refusal("decided", "A decision answers an appeal: file it first.")

    def _refusal(self, deed: str, fix: str) -> Conflict:
        situation = _WAITING.get(self.state, f"The denial is {self.state.value}")
        return Conflict(f"{situation}: it cannot be {deed} now.", "denial_id", fix)

"""What is announced about an encounter: what was charged, sent, answered and decided, and who owes what is left."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from claims.domain.adjudication import Decision, LineDecision
from claims.domain.claims import Acknowledgment, Claim
from claims.domain.coding import Missing
from claims.domain.encounters import Charge, Encounter, WriteOff
from claims.domain.settlement import LinePosition
from claims.domain.status import StatusCode
from claims.domain.succession import Declined
from revcycle_kit.money import Cents
from revcycle_kit.values import Value


class Fact(Value, kw_only=True):
    """Something that is announced on the encounter's stream."""


class ChargesPosted(Fact, kw_only=True):
    """Services were priced and charged."""

    charges: tuple[Charge, ...]
    late: bool
    """True: the claim had been billed already."""


class ChargesReversed(Fact, kw_only=True):
    """Charges were taken back."""

    charges: tuple[Charge, ...]


class CodingNeeded(Fact, kw_only=True):
    """The encounter waits for a coder."""

    missing: tuple[Missing, ...]


class CodingCompleted(Fact, kw_only=True):
    """Nothing is missing any more."""

    by: Literal["rules", "coder"]


class ClaimFact(Fact, kw_only=True):
    """Something about one claim, as it stands after it."""

    claim: Claim


class ClaimHeld(ClaimFact, kw_only=True):
    """The claim failed its edits."""


class ClaimSubmitted(ClaimFact, kw_only=True):
    """The claim went out."""

    submitted_at: datetime


class Undelivered(Value, kw_only=True):
    """Why something for a partner is not sent again by itself."""

    effect: str
    reason: str
    attempts: int
    in_doubt: bool
    """The partner may have it."""


class EffectGivenUp(ClaimFact, kw_only=True):
    """What carried the claim, or asked about it, is not sent again by itself."""

    undelivered: Undelivered


class ClaimAcknowledged(ClaimFact, kw_only=True):
    """Somebody on the way has the claim."""

    proof: Acknowledgment
    codes: tuple[StatusCode, ...]
    payer_claim_control_number: str | None


class ClaimRejected(ClaimFact, kw_only=True):
    """The claim was turned away before adjudication."""

    level: str
    codes: tuple[StatusCode, ...]


class ClaimSilent(ClaimFact, kw_only=True):
    """An answer is overdue."""

    waiting_for: Literal["payer", "adjudication"]
    since: datetime


class ClaimStatusReported(ClaimFact, kw_only=True):
    """The payer said where the claim stands."""

    codes: tuple[StatusCode, ...]


class InformationRequested(ClaimFact, kw_only=True):
    """The payer wants records."""

    codes: tuple[str, ...]


class CorrectionDeclined(ClaimFact, kw_only=True):
    """A correction is not carried out."""

    denial_ids: tuple[UUID, ...]
    declined: Declined


class ClaimAdjudicated(ClaimFact, kw_only=True):
    """A payer's decision was posted."""

    decision: Decision


class UnderpaymentFound(ClaimFact, kw_only=True):
    """The payer allowed less for a line than its contract says."""

    line: LineDecision


class PatientBalanceDue(Fact, kw_only=True):
    """Money moved to the patient."""

    encounter: Encounter
    """As it stood after the move: a later move has its own shares and number."""
    cents: Cents
    positions: Mapping[str, LinePosition]


class PatientBalanceWithdrawn(Fact, kw_only=True):
    """Money moved back from the patient."""

    encounter: Encounter
    cents: Cents
    reason: str


class CreditBalanceFound(Fact, kw_only=True):
    """Payers paid more than was left."""

    cents: Cents


class InsuranceWrittenOff(Fact, kw_only=True):
    """A balance was given up, or (below zero) a later payment took the write-off back."""

    write_off: WriteOff
    lost_cents: Cents
    adjusted_cents: Cents

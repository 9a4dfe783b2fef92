"""A Claim: one 837 to one payer at one rank, its lines, its states, and what the payer decided."""

from collections.abc import Set as AbstractSet
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from claims.domain.adjudication import Adjustment, Decision
from claims.domain.refusal import Refused
from revcycle_kit.money import Cents
from revcycle_kit.values import Value, replace


class ClaimState(StrEnum):
    """Where a claim stands; its transitions are methods of the claim."""

    DRAFT = "draft"
    HELD = "held"
    READY = "ready"
    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    PENDING = "pending"
    INFORMATION_REQUESTED = "information_requested"
    ADJUDICATED = "adjudicated"
    IN_REWORK = "in_rework"
    READJUDICATED = "readjudicated"
    CLOSED = "closed"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    VOIDED = "voided"
    FORWARDED = "forwarded"
    NOT_OURS = "not_ours"


UNSENT = frozenset({ClaimState.DRAFT, ClaimState.HELD})
IN_FLIGHT = frozenset(
    {ClaimState.SENT, ClaimState.RECEIVED, ClaimState.ACCEPTED, ClaimState.PENDING, ClaimState.INFORMATION_REQUESTED}
)
DECIDED = frozenset({ClaimState.ADJUDICATED, ClaimState.IN_REWORK, ClaimState.READJUDICATED, ClaimState.CLOSED})
GONE = frozenset({ClaimState.SUPERSEDED, ClaimState.VOIDED, ClaimState.NOT_OURS})
HARD_EDITS = frozenset({"x12", "self_pay_elected", "charge_total"})
"""What no reason can pass over: X12 cannot say it, the law forbids it, or the claim is not what was charged."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CONTROL_LENGTH = 16


class Finding(Value, kw_only=True):
    """Why a claim may not leave: the field, the rule and the fix."""

    edit: str
    field: str
    rule: str
    fix: str
    owner: str = "biller"
    line_number: int | None = None


NOT_THEIRS = Finding(
    edit="not_ours",
    field="payer_id",
    rule="the payer answers that the claim is not its own",
    fix="find the payer that covers the patient, and put the coverages right",
    owner="registration",
)


NOT_SENT = "not_sent"
"""The edit of a claim whose interchange did not reach the clearinghouse."""


def not_sent(reason: str) -> Finding:
    """Tell that the clearinghouse did not take the claim's interchange."""
    return Finding(
        edit=NOT_SENT,
        field="interchange",
        rule=reason,
        fix="put right what is named, then send the interchange again, or check the claim again",
    )


class ServiceLine(Value, kw_only=True):
    """One service line as billed."""

    line_number: int
    line_id: UUID
    code: str
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    charge_cents: Cents
    service_on: date
    service_through_on: date | None = None
    place_of_service: str = ""
    rendering_provider_id: UUID | None = None
    pointers: tuple[int, ...] = ()
    revenue_code: str | None = None
    ndc: str | None = None
    expected_allowed_cents: Cents | None = None


class Acknowledgment(Value, kw_only=True):
    """Proof that somebody on the way received, accepted or refused the claim."""

    level: str
    outcome: str
    sender: str = ""
    control_number: str = ""
    acknowledged_at: datetime


class PriorLine(Value, kw_only=True):
    """What an earlier payer did with one line (loop 2430)."""

    line_number: int
    paid_cents: Cents
    adjustments: tuple[Adjustment, ...] = ()


class PriorPayer(Value, kw_only=True):
    """What an earlier payer did with the claim (loop 2320)."""

    coverage_id: UUID
    payer_id: UUID
    rank: int
    paid_cents: Cents
    patient_cents: Cents
    """AMT*EAF: what is left for the patient or the next payer."""
    adjustments: tuple[Adjustment, ...] = ()
    lines: tuple[PriorLine, ...] = ()
    payer_claim_control_number: str = ""
    adjudicated_on: date


class Claim(Value, kw_only=True):
    """One claim to one payer."""

    claim_id: UUID
    encounter_id: UUID
    clinic_id: UUID
    billing_entity_id: UUID
    patient_id: UUID
    patient_control_number: str
    payer_id: UUID
    payer_kind: str = "other"
    contracted: bool = True
    coverage_id: UUID
    rank: int = 1
    kind: str = "P"
    ordinal: int = 1
    """1 for the first claim of this kind to this payer, then counted on."""
    frequency: str = "1"
    place_of_service: str = ""
    facility_code: str = ""
    """The first digits of the type of bill (institutional): 13 hospital outpatient, 11 inpatient."""
    diagnoses: tuple[str, ...] = ()
    lines: tuple[ServiceLine, ...] = ()
    authorization_number: str | None = None
    rendering_provider_id: UUID | None = None
    attending_provider_id: UUID | None = None
    referring_provider_id: UUID | None = None
    service_on: date
    service_through_on: date
    admitted_on: date | None = None
    replaces_claim_id: UUID | None = None
    original_control_number: str | None = None
    """REF*F8: the payer's number of the claim that this one replaces or voids."""
    prior: tuple[PriorPayer, ...] = ()
    timely_filing_by: date | None = None
    state: ClaimState = ClaimState.DRAFT
    findings: tuple[Finding, ...] = ()
    overridden: tuple[str, ...] = ()
    """Edits that a person overrode."""
    override_reason: str = ""
    touched: bool = False
    first_edited_on: date | None = None
    submitted_at: datetime | None = None
    batch: str = ""
    acknowledgments: tuple[Acknowledgment, ...] = ()
    silent_for: str = ""
    status: str = ""
    """The payer's latest word from a 277: category and status code."""
    payer_claim_control_number: str | None = None
    rejected_before: bool = False
    crossover: bool = False
    """True: forwarded by the primary payer, not sent by us."""
    decisions: tuple[Decision, ...] = ()
    held_at: datetime | None = None

    @property
    def charge_cents(self) -> Cents:
        """CLM02: the sum of the lines."""
        return Cents(sum(line.charge_cents for line in self.lines))

    @property
    def hold_owner(self) -> str | None:
        """Who has to act on a held claim."""
        waits = self.state in {ClaimState.HELD, ClaimState.REJECTED, ClaimState.NOT_OURS}
        return self.findings[0].owner if waits and self.findings else None

    @property
    def live_decisions(self) -> tuple[Decision, ...]:
        """The decisions that count now, oldest first."""
        return tuple(decision for decision in self.decisions if decision.conclusive)

    @property
    def decided(self) -> bool:
        """True: some decision counts now."""
        return any(decision.conclusive for decision in self.decisions)

    @property
    def accepted(self) -> bool:
        """True: some decision that counts now paid something, or left something to the patient."""
        return any(decision.paid_cents or decision.summed("patient") for decision in self.live_decisions)

    @property
    def counts(self) -> bool:
        """False for a claim that another one took the place of, unless money still stands on it."""
        return self.state not in GONE or self.accepted

    @property
    def awaited(self) -> bool:
        """True: this payer's word is still to come, so what follows from it has to wait."""
        echoed = any(decision.outcome == "duplicate" for decision in self.decisions)
        return not self.decided and not echoed and self.state not in GONE

    def line(self, number: int) -> ServiceLine | None:
        """Return the line of that number."""
        return next((line for line in self.lines if line.line_number == number), None)

    # -- transitions: each names its refusal ------------------------------------------------------------------

    @property
    def not_sent(self) -> bool:
        """True: it is held because its interchange was given up."""
        return self.state == ClaimState.HELD and any(finding.edit == NOT_SENT for finding in self.findings)

    def hold(self, findings: tuple[Finding, ...], at: datetime) -> "Claim":
        """Keep the claim back until what was found is put right."""
        self._from(ClaimState.HELD, {ClaimState.DRAFT, ClaimState.HELD, ClaimState.READY})
        return replace(
            self, state=ClaimState.HELD, findings=findings, touched=self.touched or _human(findings), held_at=at
        )

    def release(self, on: date) -> "Claim":
        """Let the claim leave: its edits are passed."""
        self._from(ClaimState.READY, {ClaimState.DRAFT, ClaimState.HELD})
        return replace(self, state=ClaimState.READY, findings=(), first_edited_on=self.first_edited_on or on)

    def send(self, at: datetime, batch: str) -> "Claim":
        """Note that the claim went out in an interchange: also one given up, or held anew, while it was on its way."""
        self._from(ClaimState.SENT, {ClaimState.READY, ClaimState.HELD, ClaimState.VOIDED})
        return replace(self, state=ClaimState.SENT, findings=(), submitted_at=at, batch=batch)

    def acknowledge(self, proof: Acknowledgment, control_number: str | None) -> "Claim":
        """Note that somebody received or accepted the claim; a late proof changes no state."""
        state = self.state
        if proof.outcome == "accepted" and proof.level == "payer" and state in {ClaimState.SENT, ClaimState.RECEIVED}:
            state = ClaimState.ACCEPTED
        elif state == ClaimState.SENT:
            state = ClaimState.RECEIVED
        return replace(
            self,
            state=state,
            acknowledgments=(*self.acknowledgments, proof),
            payer_claim_control_number=control_number or self.payer_claim_control_number,
            silent_for="",
        )

    def reject(self, proof: Acknowledgment, findings: tuple[Finding, ...]) -> "Claim":
        """Note that the claim was turned away before adjudication; after a decision it is only kept as proof."""
        kept = replace(self, acknowledgments=(*self.acknowledgments, proof), silent_for="")
        if self.state not in IN_FLIGHT:
            return kept
        return replace(kept, state=ClaimState.REJECTED, findings=findings, touched=True, held_at=proof.acknowledged_at)

    def disown(self) -> "Claim":
        """Note that the payer says the claim is not its own (CLP02 23): nothing is sent to it again by itself."""
        return replace(self, state=ClaimState.NOT_OURS, findings=(NOT_THEIRS,), touched=True)

    def pend(self, status: str) -> "Claim":
        """Note the payer's answer that it is still at work."""
        sent = {ClaimState.SENT, ClaimState.RECEIVED, ClaimState.ACCEPTED, ClaimState.PENDING}
        state = ClaimState.PENDING if self.state in sent else self.state
        return replace(self, state=state, status=status, silent_for="")

    def ask_information(self, status: str) -> "Claim":
        """Note that the payer wants records."""
        state = ClaimState.INFORMATION_REQUESTED if self.state in IN_FLIGHT else self.state
        return replace(self, state=state, status=status, silent_for="")

    def fall_silent(self, waiting_for: str) -> "Claim":
        """Note that an answer is overdue."""
        return replace(self, silent_for=waiting_for)

    def decide(self, decision: Decision) -> "Claim":
        """Add a decision; a reversal marks the one it takes back."""
        before = self.decisions
        if decision.reverses is not None:
            before = tuple(
                replace(former, reversed_by=decision.adjudication)
                if former.adjudication == decision.reverses
                else former
                for former in before
            )
        state = ClaimState.READJUDICATED if before else ClaimState.ADJUDICATED
        if self.state in GONE or (self.state == ClaimState.IN_REWORK and decision.reversal):
            state = self.state
        return replace(
            self,
            state=state,
            decisions=(*before, decision),
            payer_claim_control_number=decision.payer_claim_control_number or self.payer_claim_control_number,
            silent_for="",
        )

    def rework(self) -> "Claim":
        """Note that a decided claim is being corrected or appealed."""
        self._from(ClaimState.IN_REWORK, DECIDED)
        return replace(self, state=ClaimState.IN_REWORK)

    def supersede(self) -> "Claim":
        """Note that a replacement (7) or a new claim took this one's place."""
        self._from(
            ClaimState.SUPERSEDED,
            {*UNSENT, ClaimState.READY, *IN_FLIGHT, *DECIDED, ClaimState.REJECTED, ClaimState.NOT_OURS},
        )
        return replace(self, state=ClaimState.SUPERSEDED, findings=())

    def void(self) -> "Claim":
        """Note that the claim was cancelled: by us before it left, or by a void (8)."""
        self._from(
            ClaimState.VOIDED,
            {*UNSENT, ClaimState.READY, *IN_FLIGHT, *DECIDED, ClaimState.REJECTED, ClaimState.FORWARDED},
        )
        return replace(self, state=ClaimState.VOIDED, findings=())

    def recheck(self) -> "Claim":
        """Say that the claim may be checked again."""
        self._from("checked again", UNSENT)
        return self

    def override(self, edits: tuple[str, ...], reason: str) -> "Claim":
        """Note that a person decided to send the claim in spite of these edits, and why."""
        self._from(ClaimState.READY, {ClaimState.HELD})
        hard = sorted(HARD_EDITS.intersection(edits))
        if hard:
            raise Refused(f"{', '.join(hard)} cannot be overridden", "correct what the finding names")
        overridden = tuple(dict.fromkeys((*self.overridden, *edits)))
        return replace(self, overridden=overridden, override_reason=reason, touched=True)

    def _from(self, target: str, allowed: AbstractSet[ClaimState]) -> None:
        if self.state not in allowed:
            raise Refused(
                f"the claim {self.patient_control_number} is {self.state} and cannot become {target}",
                f"this step is open to claims that are {', '.join(sorted(allowed))}",
            )


def control_number(claim_id: UUID) -> str:
    """
    Return the patient control number (CLM01) of a claim: 16 letters and digits, the same each time.

    Payers echo 20 characters (837 guide); upper case only, because some change the case.
    """
    rest = int.from_bytes(sha256(claim_id.bytes).digest()[:10])
    letters = ""
    for _ in range(_CONTROL_LENGTH):
        rest, place = divmod(rest, len(_ALPHABET))
        letters += _ALPHABET[place]
    return letters


def line_control_number(patient_control_number: str, line_number: int) -> str:
    """Return the line item control number (REF*6R) of a line: echoed on the 835's service line."""
    return f"{patient_control_number}{line_number:03}"


def _human(findings: tuple[Finding, ...]) -> bool:
    return any(finding.owner != "system" for finding in findings)

"""What stands on a payee's remittance stream: the remittance, and what of it was set aside."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from claims.domain.balancing import Imbalance
from claims.domain.refusal import Refused
from claims.domain.remittance_advice import ClaimPayment
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value, replace


class RemittanceState(StrEnum):
    """How far the payments of a remittance are posted."""

    OPEN = "open"
    POSTED = "posted"
    QUARANTINED = "quarantined"
    """The file does not balance: nothing of it is posted."""


class SetAsideState(StrEnum):
    """What became of a payment that was set aside."""

    OPEN = "open"
    RETRIED = "retried"
    CLOSED = "closed"


class SetAsideKind(StrEnum):
    """Why a payment could not be posted."""

    UNBALANCED = "unbalanced"
    UNMATCHED = "unmatched"
    CONTRADICTORY = "contradictory"


class Remittance(Value, kw_only=True):
    """One payment of a payer, from its file to its last cent."""

    remittance_id: UUID
    billing_entity_id: UUID
    payer_id: UUID | None = None
    trace_number: str
    state: RemittanceState = RemittanceState.OPEN
    payment_cents: Cents = ZERO
    payment_on: date | None = None
    produced_on: date
    received_at: datetime
    adjustments_cents: Cents = ZERO
    """The sum of its provider adjustments (PLB)."""
    claims: int = 0
    outstanding: int = 0
    """Encounters that have not answered yet."""
    posted: int = 0
    quarantined: int = 0
    unmatched: int = 0
    applied_cents: Cents = ZERO
    deposit_id: UUID | None = None
    deposited_on: date | None = None

    @property
    def unapplied_cents(self) -> Cents:
        """What of the payment belongs to no posted claim."""
        return Cents(self.payment_cents + self.adjustments_cents - self.applied_cents)

    def answered(self, *, posted: int, set_aside: int, applied_cents: Cents) -> "Remittance":
        """Note what one encounter took."""
        left = self.outstanding - 1
        return replace(
            self,
            outstanding=left,
            posted=self.posted + posted,
            quarantined=self.quarantined + set_aside,
            applied_cents=Cents(self.applied_cents + applied_cents),
            state=RemittanceState.POSTED if left <= 0 and self.state == RemittanceState.OPEN else self.state,
        )

    def opened(self, *, unmatched: int) -> "Remittance":
        """Note that its payments went to their encounters; posted already where none has a place to go."""
        state = RemittanceState.OPEN if self.outstanding else RemittanceState.POSTED
        return replace(self, unmatched=unmatched, state=state)

    def quarantine(self) -> "Remittance":
        """Set the file aside whole."""
        return replace(self, state=RemittanceState.QUARANTINED)

    def answered_again(self, *, posted: int, applied_cents: Cents) -> "Remittance":
        """Note what an encounter took of a payment that had been set aside."""
        return replace(
            self,
            posted=self.posted + posted,
            quarantined=self.quarantined - (1 if posted else 0),
            applied_cents=Cents(self.applied_cents + applied_cents),
        )


class Deposit(Value, kw_only=True):
    """Money that the bank received under a trace number."""

    deposit_id: UUID
    billing_entity_id: UUID
    trace_number: str
    amount_cents: Cents
    deposited_on: date
    remittance_id: UUID | None = None

    def pays(self, remittance: Remittance) -> bool:
        """Say whether this money, which explains no remittance yet, may be that of a remittance of its trace."""
        return self.remittance_id is None and self.amount_cents == remittance.payment_cents


class SetAside(Value, kw_only=True):
    """One claim payment that could not be posted, with its reason and what to do."""

    item_id: UUID
    remittance_id: UUID
    billing_entity_id: UUID
    kind: SetAsideKind
    payment: ClaimPayment
    reason: str
    fix: str
    imbalances: tuple[Imbalance, ...] = ()
    clinic_id: UUID | None = None
    encounter_id: UUID | None = None
    state: SetAsideState = SetAsideState.OPEN
    attempts: int = 0
    since: datetime

    @property
    def patient_control_number(self) -> str:
        """The number by which the payer named the claim."""
        return self.payment.patient_control_number

    @property
    def amount_cents(self) -> Cents:
        """The cash that waits unapplied."""
        return self.payment.paid_cents

    def retry(self) -> "SetAside":
        """Take the item off the worklist: its payment is being posted. Raises Refused where it is gone already."""
        if self.state != SetAsideState.OPEN:
            raise Refused(f"this payment is {self.state} already", "look at the remittance for what became of it")
        return replace(self, state=SetAsideState.RETRIED, attempts=self.attempts + 1)

    def close(self) -> "SetAside":
        """Take the item off the worklist without posting it. Raises Refused where it is gone already."""
        if self.state != SetAsideState.OPEN:
            raise Refused(f"This payment is {self.state} already.", "Look at its remittance.")
        return replace(self, state=SetAsideState.CLOSED)

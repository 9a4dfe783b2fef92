"""An encounter as patient billing knows it: whose it is, and the position of its patient ledger."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from patient_billing.domain.ledger import Entry, Position, position
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value, replace


class BilledEncounter(Value):
    """One encounter: registered by eligibility, billed to its guarantor when claims says so."""

    encounter_id: UUID
    clinic_id: UUID
    billing_entity_id: UUID
    guarantor_id: UUID
    patient_id: UUID
    account_id: UUID
    service_on: date
    sealed: str = ""
    """Who was seen, and where the guarantor lives: sealed under the clinic's key."""
    email_known: bool = False
    estimate_cents: Cents | None = None
    cancelled: bool = False
    billed: bool = False
    """True: money has moved, so the account stays the one that it moved to."""
    position: Position = Position()
    insurance_cents: Cents = ZERO
    """What payers have not decided or paid yet, as the ledger of claims says."""
    watchers: tuple[tuple[UUID, UUID], ...] = ()
    """Billing entity and id of each account that has money here, and hears when insurance opens or closes."""

    @property
    def insurance_open(self) -> bool:
        """Say whether a payer may still change what the patient owes."""
        return self.insurance_cents > 0

    @property
    def open_cents(self) -> Cents:
        """What the patient owes for it; below zero, a credit balance."""
        return self.position.open_cents

    def after(self, earlier: "BilledEncounter") -> "BilledEncounter":
        """Keep what was known before a new snapshot: the money, the estimate, and the account once it was billed."""
        fresh = replace(
            self,
            sealed=self.sealed or earlier.sealed,
            email_known=self.email_known or earlier.email_known,
            estimate_cents=earlier.estimate_cents,
            cancelled=earlier.cancelled,
            billed=earlier.billed,
            position=earlier.position,
            insurance_cents=earlier.insurance_cents,
            watchers=earlier.watchers,
        )
        if not earlier.billed:
            return fresh
        return replace(
            fresh,
            account_id=earlier.account_id,
            guarantor_id=earlier.guarantor_id,
            billing_entity_id=earlier.billing_entity_id,
        )

    def billed_to(self, billing_entity_id: UUID, guarantor_id: UUID, account_id: UUID) -> "BilledEncounter":
        """Name the account that claims bills; once something was billed, it stays."""
        if self.billed:
            return self
        return replace(self, billing_entity_id=billing_entity_id, guarantor_id=guarantor_id, account_id=account_id)

    def insured(self, moved: Cents) -> "BilledEncounter":
        """Move what is open with payers."""
        return replace(self, insurance_cents=Cents(self.insurance_cents + moved))

    def watched_by(self, billing_entity_id: UUID, account_id: UUID) -> "BilledEncounter":
        """Let an account hear of insurance from now on."""
        watcher = (billing_entity_id, account_id)
        return self if watcher in self.watchers else replace(self, watchers=(*self.watchers, watcher))

    def posted(self, entries: Sequence[Entry]) -> "BilledEncounter":
        """Add entries to the position."""
        return replace(self, billed=True, position=self.position.plus(position(entries)))

"""A payment: money received, where it was applied, and what of it is still free."""

from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from revcycle_kit.errors import Conflict, Refusal
from revcycle_kit.money import Cents
from revcycle_kit.values import Value, replace


class PaymentMethod(StrEnum):
    """The means by which a payment was made."""

    CARD = "card"
    CHECK = "check"
    CASH = "cash"
    ACH = "ach"
    AGENCY = "agency"
    OTHER = "other"


class PaymentPurpose(StrEnum):
    """The purpose that a payer names for a payment."""

    COPAY = "copay"
    PREPAYMENT = "prepayment"
    BALANCE = "balance"
    PLAN = "plan"
    RECOVERY = "recovery"

    @property
    def ahead(self) -> bool:
        """Say whether such a payment is made before there is any balance."""
        return self in {PaymentPurpose.COPAY, PaymentPurpose.PREPAYMENT}


IN_HAND: Final = frozenset({PaymentMethod.CHECK, PaymentMethod.CASH, PaymentMethod.AGENCY, PaymentMethod.OTHER})
"""Methods whose money has always come when we hear of it; with card and ACH only a receipt says so."""


class Application(Value):
    """Cents of a payment on one encounter."""

    encounter_id: UUID
    amount_cents: Cents


class Payment(Value):
    """Money received from or for the patient. Always: amount = applied + unapplied, unless returned."""

    payment_id: UUID
    amount_cents: Cents
    method: PaymentMethod
    purpose: PaymentPurpose
    received_on: date
    encounter_id: UUID | None = None
    """The encounter it was meant for; it waits for that one before it serves others."""
    applications: tuple[Application, ...] = ()
    returned_on: date | None = None
    released: bool = False
    """True: its encounter will not take place; it waits for nothing."""
    idle_since: date | None = None
    """Since when unapplied money is bound to nothing."""
    reference: str = ""
    """The receipt or token of whoever took the payment; never a card number."""
    statement_encounter_ids: tuple[UUID, ...] = ()
    """The encounters of the statement that it answers: they come first, as far as no plan holds them."""

    @property
    def applied_cents(self) -> Cents:
        return Cents(sum(application.amount_cents for application in self.applications))

    @property
    def unapplied_cents(self) -> Cents:
        return Cents(0) if self.returned_on else Cents(self.amount_cents - self.applied_cents)

    @property
    def in_hand(self) -> bool:
        """Say whether the money has come: it is then kept whatever is owed, for no patient's money is lost."""
        return self.method in IN_HAND or bool(self.reference)

    def applied_to(self, encounter_id: UUID) -> Cents:
        """Return what of this payment stands on an encounter."""
        return Cents(sum(part.amount_cents for part in self.applications if part.encounter_id == encounter_id))

    def apply(self, encounter_id: UUID, amount: Cents) -> "Payment":
        """Put cents on an encounter; below zero, take them back."""
        others = tuple(part for part in self.applications if part.encounter_id != encounter_id)
        now = Cents(self.applied_to(encounter_id) + amount)
        if not 0 <= now <= self.amount_cents or amount > self.unapplied_cents:
            raise Conflict("The payment has not that much left to move.", "amount_cents", "Read the payment again.")
        return replace(self, applications=(*others, Application(encounter_id, now)) if now else others)


def check_amount(amount: Cents, what: str) -> None:
    """Refuse zero and negative amounts: money given back has commands of its own."""
    if amount <= 0:
        raise Refusal(
            f"{what} must be more than 0.00.",
            "amount_cents",
            "To take money back, record a returned payment or a refund.",
        )

"""The balance of one encounter, as the account sees it."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from patient_billing.domain.ledger import WriteOffClass
from revcycle_kit.money import ZERO, Cents, percent
from revcycle_kit.values import Value, replace


class TransferCause(StrEnum):
    """The grounds on which claims moves money to the patient."""

    PATIENT_RESPONSIBILITY = "patient_responsibility"
    SELF_PAY = "self_pay"
    NOT_COVERED = "not_covered"

    @classmethod
    def of(cls, cause: str) -> "TransferCause":
        """Read what claims says; a cause that is not known here is the patient's responsibility."""
        return next((member for member in cls if member.value == cause), cls.PATIENT_RESPONSIBILITY)


class BalanceLine(Value):
    """One service: what it cost, what the payers did, and what is left to the patient."""

    line_number: int
    code: str
    service_on: date
    charge_cents: Cents
    insurance_paid_cents: Cents = ZERO
    adjusted_cents: Cents = ZERO
    deductible_cents: Cents = ZERO
    coinsurance_cents: Cents = ZERO
    copay_cents: Cents = ZERO
    other_cents: Cents = ZERO

    @property
    def patient_cents(self) -> Cents:
        """The patient's share of the line."""
        return Cents(self.deductible_cents + self.coinsurance_cents + self.copay_cents + self.other_cents)

    @property
    def key(self) -> tuple[int, str, date]:
        """What makes two statements of a line the same line."""
        return (self.line_number, self.code, self.service_on)


class Transfer(Value):
    """Money that claims moved to the patient; below zero, moved back."""

    transfer_id: UUID
    encounter_id: UUID
    clinic_id: UUID
    amount_cents: Cents
    cause: TransferCause
    service_on: date
    posted_on: date
    lines: tuple[BalanceLine, ...] = ()
    estimate_cents: Cents | None = None
    """The good-faith estimate of what the patient would owe, where there is one."""
    insurance_open: bool = False
    sealed: str = ""
    """Who was seen and where the guarantor lives: sealed under the clinic's key; only a statement opens it."""


class EncounterBalance(Value):
    """
    One encounter's money on the account.

    Always: transferred = discounted + written off + applied − refunded + open. `open_cents` below
    zero is a credit balance.
    """

    encounter_id: UUID
    clinic_id: UUID
    service_on: date
    lines: tuple[BalanceLine, ...] = ()
    transfers: int = 0
    """How often claims moved money; 0: only a prepayment is known."""
    transferred_cents: Cents = ZERO
    self_pay_cents: Cents = ZERO
    """Of what was transferred, what no insurance was asked to pay."""
    discounted_cents: Cents = ZERO
    written_off_cents: dict[WriteOffClass, Cents] = msgspec.field(default_factory=dict)
    applied_cents: Cents = ZERO
    refunded_cents: Cents = ZERO
    estimate_cents: Cents | None = None
    due_since: date | None = None
    """Since when something is due that no statement has named."""
    credit_since: date | None = None
    first_billed_on: date | None = None
    bills: int = 0
    notice_on: date | None = None
    """When the statement said that the balance would be placed with an agency."""
    paused_until: date | None = None
    """A coverage was presented: nothing is billed until then."""
    insurance_open: bool = False
    """A payer may still change what is owed: nothing that was paid for it is given back until then."""
    sealed: str = ""

    @property
    def forgiven_cents(self) -> Cents:
        """Everything written off; the self-pay discount stands apart."""
        return Cents(sum(self.written_off_cents.values()))

    @property
    def open_cents(self) -> Cents:
        """What is still owed; below zero, what is owed back."""
        settled = self.discounted_cents + self.forgiven_cents + self.applied_cents - self.refunded_cents
        return Cents(self.transferred_cents - settled)

    @property
    def due_cents(self) -> Cents:
        """What is still owed, never below zero."""
        return Cents(max(self.open_cents, 0))

    @property
    def credit_cents(self) -> Cents:
        """What is owed back, as a positive amount."""
        return Cents(max(-self.open_cents, 0))

    @property
    def billed_cents(self) -> Cents:
        """What the patient was asked for: transferred less the self-pay discount."""
        return Cents(self.transferred_cents - self.discounted_cents)

    def with_transfer(self, transfer: Transfer) -> "EncounterBalance":
        """Take over what claims moved; a newer statement of a line replaces the older."""
        lines = {line.key: line for line in (*self.lines, *transfer.lines)}
        estimate = self.estimate_cents if transfer.estimate_cents is None else transfer.estimate_cents
        return replace(
            self,
            transfers=self.transfers + 1,
            lines=tuple(sorted(lines.values(), key=lambda line: line.key)),
            transferred_cents=Cents(self.transferred_cents + transfer.amount_cents),
            self_pay_cents=_self_pay_after(self.self_pay_cents, transfer),
            estimate_cents=estimate,
            insurance_open=transfer.insurance_open,
            sealed=transfer.sealed or self.sealed,
        )

    def discount_target(self, basis_points: int) -> Cents:
        """Return the self-pay discount that the balance should carry."""
        return percent(self.self_pay_cents, basis_points, 10_000)

    def forgive(self, write_off_class: WriteOffClass, amount: Cents) -> "EncounterBalance":
        """Book what was forgiven under a class; below zero, owed again."""
        if write_off_class is WriteOffClass.SELF_PAY_DISCOUNT:
            return replace(self, discounted_cents=Cents(self.discounted_cents + amount))
        now = self.written_off_cents.get(write_off_class, 0) + amount
        others = {name: cents for name, cents in self.written_off_cents.items() if name != write_off_class}
        return replace(self, written_off_cents={**others, write_off_class: Cents(now)} if now else others)


def _self_pay_after(self_pay: Cents, transfer: Transfer) -> Cents:
    """Self-pay money grows by self-pay transfers; what is moved back is taken from it first."""
    if transfer.amount_cents < 0:
        return Cents(max(self_pay + transfer.amount_cents, 0))
    return Cents(self_pay + transfer.amount_cents) if transfer.cause is TransferCause.SELF_PAY else self_pay

"""
The patient ledger of one encounter: double entry, append-only, in cents.

Every entry puts the same cents on a debit and on a credit account, so a ledger cannot be out of
balance; a correction is another entry with the accounts swapped. Accounts:

- `receivable.patient`: what the patient owes; its balance is *open* (negative: a credit balance);
- `transfer.insurance`: what claims moved to the patient;
- `unapplied.patient`: money received, before it is applied;
- `adjustment.self_pay_discount` and `write_off.<class>`: what was forgiven;
- `refund.patient`: what went back to the guarantor.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final, Protocol

from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value

RECEIVABLE: Final = "receivable.patient"
TRANSFER: Final = "transfer.insurance"
UNAPPLIED: Final = "unapplied.patient"
REFUND: Final = "refund.patient"
DISCOUNT: Final = "adjustment.self_pay_discount"

INSURANCE: Final = "receivable.insurance"
"""An account of claims' ledger: what payers owe. Read, never posted on."""


class WriteOffClass(StrEnum):
    """The grounds on which a patient balance is given up."""

    BAD_DEBT = "bad_debt"
    CHARITY = "charity"
    SMALL_BALANCE = "small_balance"
    ADMINISTRATIVE = "administrative"
    SELF_PAY_DISCOUNT = "self_pay_discount"
    COURTESY = "courtesy"


class Entry(Value):
    """One double entry. The amount is positive."""

    debit: str
    credit: str
    amount_cents: Cents
    service_on: date
    posted_on: date


def forgiven_account(write_off_class: WriteOffClass) -> str:
    """Name the account that carries what was forgiven in this way."""
    return DISCOUNT if write_off_class is WriteOffClass.SELF_PAY_DISCOUNT else f"write_off.{write_off_class}"


class Move(Protocol):
    """An entry of another ledger, as far as it is read here."""

    @property
    def debit(self) -> str: ...
    @property
    def credit(self) -> str: ...
    @property
    def amount_cents(self) -> Cents: ...


def insurance_moved(entries: Iterable[Move]) -> Cents:
    """Return by how much entries raise what payers owe; below zero, by how much they lower it."""
    return Cents(
        sum(entry.amount_cents * ((entry.debit == INSURANCE) - (entry.credit == INSURANCE)) for entry in entries)
    )


def moved(debit: str, credit: str, amount: Cents, *, service_on: date, posted_on: date) -> tuple[Entry, ...]:
    """
    Move cents between two accounts; a negative amount moves them back, nothing moves nothing.

    Entries stay positive: the accounts are swapped instead.
    """
    if amount == 0:
        return ()
    if amount < 0:
        debit, credit = credit, debit
    return (Entry(debit, credit, Cents(abs(amount)), service_on, posted_on),)


class Position(Value):
    """
    What a ledger says at one moment.

    Always: transferred = discounted + written off + paid + open, with `paid` net of refunds.
    """

    transferred_cents: Cents = ZERO
    discounted_cents: Cents = ZERO
    written_off_cents: Cents = ZERO
    paid_cents: Cents = ZERO
    open_cents: Cents = ZERO

    def plus(self, other: "Position") -> "Position":
        """Add what later entries say."""
        return Position(
            Cents(self.transferred_cents + other.transferred_cents),
            Cents(self.discounted_cents + other.discounted_cents),
            Cents(self.written_off_cents + other.written_off_cents),
            Cents(self.paid_cents + other.paid_cents),
            Cents(self.open_cents + other.open_cents),
        )


def balance_of(account: str, entries: Iterable[Entry]) -> Cents:
    """Add up one account, debits positive."""
    return Cents(sum(((entry.debit == account) - (entry.credit == account)) * entry.amount_cents for entry in entries))


def position(entries: Iterable[Entry]) -> Position:
    """Read the position of the encounter from its entries."""
    debits: dict[str, int] = {}
    for entry in entries:
        debits[entry.debit] = debits.get(entry.debit, 0) + entry.amount_cents
        debits[entry.credit] = debits.get(entry.credit, 0) - entry.amount_cents
    written_off = sum(cents for account, cents in debits.items() if account.startswith("write_off."))
    return Position(
        transferred_cents=Cents(-debits.get(TRANSFER, 0)),
        discounted_cents=Cents(debits.get(DISCOUNT, 0)),
        written_off_cents=Cents(written_off),
        paid_cents=Cents(debits.get(UNAPPLIED, 0) + debits.get(REFUND, 0)),
        open_cents=Cents(debits.get(RECEIVABLE, 0)),
    )

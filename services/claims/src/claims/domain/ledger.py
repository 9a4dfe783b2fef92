"""
The insurance ledger: double entries, append-only.

An entry puts the same cents on two accounts, so every set of entries balances by construction; a correction is a new
entry with the accounts swapped. Receivable = charges − payments − adjustments − transfers − write-offs, always.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value

RECEIVABLE = "receivable.insurance"
CHARGES = "revenue.charges"
PAYMENT = "payment.insurance"
TRANSFER = "transfer.patient"
CASH = "cash.insurance"
UNAPPLIED = "unapplied.insurance"
RECOUPMENT = "liability.recoupment"
NONCLAIM = "income.nonclaim"


def adjustment_account(kind: str) -> str:
    """Return the account of a class of adjustment."""
    return f"adjustment.{kind}"


def write_off_account(kind: str) -> str:
    """Return the account of a class of write-off."""
    return f"write_off.{kind}"


class Entry(Value, kw_only=True):
    """One double entry: always a positive amount."""

    debit: str
    credit: str
    amount_cents: Cents
    claim_id: UUID | None = None
    payer_id: UUID | None = None
    carc: str | None = None
    service_on: date
    posted_on: date
    deposited_on: date | None = None


class Stamp(Value, kw_only=True):
    """What the entries of one posting have in common."""

    service_on: date
    posted_on: date
    claim_id: UUID | None = None
    payer_id: UUID | None = None
    deposited_on: date | None = None


def moved(debit: str, credit: str, cents: Cents, stamp: Stamp, carc: str | None = None) -> tuple[Entry, ...]:
    """Write an amount on two accounts: nothing for zero, and the accounts swapped for less than zero."""
    if cents == 0:
        return ()
    if cents < 0:
        debit, credit = credit, debit
    return (
        Entry(
            debit=debit,
            credit=credit,
            amount_cents=Cents(abs(cents)),
            claim_id=stamp.claim_id,
            payer_id=stamp.payer_id,
            carc=carc,
            service_on=stamp.service_on,
            posted_on=stamp.posted_on,
            deposited_on=stamp.deposited_on,
        ),
    )


class Money(Value, kw_only=True):
    """The money of an encounter as the insurance ledger tells it, in cents; open is signed."""

    charged: Cents
    paid: Cents
    adjusted: Cents
    transferred: Cents
    written_off: Cents
    open: Cents


def balances(entries: Iterable[Entry]) -> dict[str, Cents]:
    """Add up each account, debits positive."""
    sums: dict[str, Cents] = {}
    for entry in entries:
        sums[entry.debit] = Cents(sums.get(entry.debit, ZERO) + entry.amount_cents)
        sums[entry.credit] = Cents(sums.get(entry.credit, ZERO) - entry.amount_cents)
    return sums


def money(entries: Iterable[Entry]) -> Money:
    """Tell the money of an encounter from its entries."""
    sums = balances(entries)
    return Money(
        charged=Cents(-sums.get(CHARGES, ZERO)),
        paid=sums.get(PAYMENT, ZERO),
        adjusted=_of(sums, "adjustment."),
        transferred=sums.get(TRANSFER, ZERO),
        written_off=_of(sums, "write_off."),
        open=sums.get(RECEIVABLE, ZERO),
    )


def _of(sums: dict[str, Cents], prefix: str) -> Cents:
    return Cents(sum(cents for account, cents in sums.items() if account.startswith(prefix)))

"""
The insurance ledger: double entries, append-only.

An entry puts the same cents on two accounts, so every set of entries balances by construction; a correction is a new
entry with the accounts swapped. Receivable = charges − payments − adjustments − transfers − write-offs, always.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from claims.domain.records import Record

RECEIVABLE = "receivable.insurance"
CHARGES = "revenue.charges"
PAYMENT = "payment.insurance"
TRANSFER = "transfer.patient"
CASH = "cash.insurance"
UNAPPLIED = "unapplied.insurance"
RECOUPMENT = "liability.recoupment"
NONCLAIM = "income.nonclaim"


def adjustment(kind: str) -> str:
    """Return the account of a class of adjustment."""
    return f"adjustment.{kind}"


def write_off(kind: str) -> str:
    """Return the account of a class of write-off."""
    return f"write_off.{kind}"


class Entry(Record, frozen=True, kw_only=True):
    """One double entry: always a positive amount."""

    debit: str
    credit: str
    amount_cents: int
    claim_id: UUID | None = None
    payer_id: UUID | None = None
    carc: str | None = None
    service_on: date
    posted_on: date
    deposited_on: date | None = None


class Stamp(Record, frozen=True, kw_only=True):
    """What the entries of one posting have in common."""

    service_on: date
    posted_on: date
    claim_id: UUID | None = None
    payer_id: UUID | None = None
    deposited_on: date | None = None


def moved(debit: str, credit: str, cents: int, stamp: Stamp, carc: str | None = None) -> tuple[Entry, ...]:
    """Write an amount on two accounts: nothing for zero, and the accounts swapped for less than zero."""
    if cents == 0:
        return ()
    if cents < 0:
        debit, credit = credit, debit
    return (
        Entry(
            debit=debit,
            credit=credit,
            amount_cents=abs(cents),
            claim_id=stamp.claim_id,
            payer_id=stamp.payer_id,
            carc=carc,
            service_on=stamp.service_on,
            posted_on=stamp.posted_on,
            deposited_on=stamp.deposited_on,
        ),
    )


class Money(Record, frozen=True, kw_only=True):
    """The money of an encounter as the insurance ledger tells it, in cents; open is signed."""

    charged: int
    paid: int
    adjusted: int
    transferred: int
    written_off: int
    open: int


def balances(entries: Iterable[Entry]) -> dict[str, int]:
    """Add up each account, debits positive."""
    sums: dict[str, int] = {}
    for one in entries:
        sums[one.debit] = sums.get(one.debit, 0) + one.amount_cents
        sums[one.credit] = sums.get(one.credit, 0) - one.amount_cents
    return sums


def money(entries: Iterable[Entry]) -> Money:
    """Tell the money of an encounter from its entries."""
    sums = balances(entries)
    return Money(
        charged=-sums.get(CHARGES, 0),
        paid=sums.get(PAYMENT, 0),
        adjusted=_of(sums, "adjustment."),
        transferred=sums.get(TRANSFER, 0),
        written_off=_of(sums, "write_off."),
        open=sums.get(RECEIVABLE, 0),
    )


def _of(sums: dict[str, int], prefix: str) -> int:
    return sum(cents for account, cents in sums.items() if account.startswith(prefix))

"""
What the account tells an encounter to post, and the ledger entries that follow.

The account decides (it sees all of the guarantor's encounters and payments); the encounter posts.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from patient_billing.domain.ledger import (
    RECEIVABLE,
    REFUND,
    TRANSFER,
    UNAPPLIED,
    Entry,
    WriteOffClass,
    forgiven_account,
    moved,
)
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value


class PostingKind(StrEnum):
    """What happens to the money of an encounter."""

    PAYMENT = "payment"
    FORGIVEN = "forgiven"
    REFUND = "refund"
    RECOVERY = "recovery"


class Posting(Value):
    """
    One thing that happens to the money of one encounter; the amount is signed.

    - `payment`: cents of a payment applied (negative: taken back);
    - `forgiven`: written off or discounted under a class (negative: owed again);
    - `refund`: sent back to the guarantor;
    - `recovery`: collected on what had been written off as bad debt; `fee_cents` is the agency's share.
    """

    encounter_id: UUID
    kind: PostingKind
    amount_cents: Cents
    posted_on: date
    payment_id: UUID | None = None
    refund_id: UUID | None = None
    write_off_class: WriteOffClass | None = None
    received_on: date | None = None
    fee_cents: Cents = ZERO


def entries_for(posting: Posting, service_on: date, posted_on: date) -> tuple[Entry, ...]:
    """Return the ledger entries of a posting, on the day on which the ledger takes them."""
    amount = posting.amount_cents
    paid = moved(UNAPPLIED, RECEIVABLE, amount, service_on=service_on, posted_on=posted_on)
    if posting.kind is PostingKind.PAYMENT:
        return paid
    if posting.kind is PostingKind.REFUND:
        return moved(RECEIVABLE, REFUND, amount, service_on=service_on, posted_on=posted_on)
    account = forgiven_account(posting.write_off_class or WriteOffClass.BAD_DEBT)
    if posting.kind is PostingKind.FORGIVEN:
        return moved(account, RECEIVABLE, amount, service_on=service_on, posted_on=posted_on)
    return moved(RECEIVABLE, account, amount, service_on=service_on, posted_on=posted_on) + paid


def entries_for_transfer(amount: Cents, service_on: date, posted_on: date) -> tuple[Entry, ...]:
    """Return the entries for money that claims moved to the patient (negative: back)."""
    return moved(RECEIVABLE, TRANSFER, amount, service_on=service_on, posted_on=posted_on)

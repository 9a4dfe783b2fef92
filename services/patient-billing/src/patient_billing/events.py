"""Published events, built from facts, postings and ledger entries of the domain."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Final
from uuid import UUID

from patient_billing import published
from patient_billing.domain import facts
from patient_billing.domain.account import PatientAccount
from patient_billing.domain.facts import Fact
from patient_billing.domain.ledger import Entry
from patient_billing.domain.posting import Posting
from revcycle_kit.events import Published

EVENTS: Final[dict[type[Fact], type[published.Account]]] = {
    facts.StatementIssued: published.StatementIssued,
    facts.PatientPaymentReceived: published.PatientPaymentReceived,
    facts.PaymentReturned: published.PaymentReturned,
    facts.PaymentPlanStarted: published.PaymentPlanStarted,
    facts.PaymentPlanMissed: published.PaymentPlanMissed,
    facts.PaymentPlanCompleted: published.PaymentPlanCompleted,
    facts.ReminderSent: published.ReminderSent,
    facts.AccountHeld: published.AccountHeld,
    facts.DisputeOpened: published.DisputeOpened,
    facts.DisputeResolved: published.DisputeResolved,
    facts.AssistanceDecided: published.AssistanceDecided,
    facts.AccountPlacedWithAgency: published.AccountPlacedWithAgency,
    facts.AccountSettled: published.AccountSettled,
}
"""Each fact has the fields of its event; the account and its billing entity are added here."""


def account_event(account: PatientAccount, fact: Fact) -> published.Account:
    """Return the event that announces a fact of this account."""
    values = {field.name: getattr(fact, field.name) for field in fields(fact)}
    return EVENTS[type(fact)](account_id=account.account_id, billing_entity_id=account.billing_entity_id, **values)


def ledger_event(encounter_id: UUID, entries: Sequence[Entry]) -> published.LedgerPosted:
    """Return the event that announces ledger entries."""
    posted = (published.LedgerEntry(**{f.name: getattr(entry, f.name) for f in fields(Entry)}) for entry in entries)
    return published.LedgerPosted(encounter_id=encounter_id, entries=tuple(posted))


def posting_events(posting: Posting, account_id: UUID) -> tuple[Published, ...]:
    """Return the events that announce a posting on its encounter."""
    if posting.kind == "refund":
        return (_refund(posting, account_id),)
    if posting.kind == "forgiven":
        return (_written_off(posting, account_id),)
    if posting.kind == "recovery":
        return (_recovery(posting, account_id), _applied(posting, account_id))
    return (_applied(posting, account_id),)


def _applied(posting: Posting, account_id: UUID) -> published.PatientPaymentApplied:
    assert posting.payment_id is not None  # noqa: S101 - a payment's posting names the payment
    return published.PatientPaymentApplied(
        encounter_id=posting.encounter_id,
        account_id=account_id,
        payment_id=posting.payment_id,
        amount_cents=posting.amount_cents,
        received_on=posting.received_on or posting.posted_on,
        applied_on=posting.posted_on,
    )


def _refund(posting: Posting, account_id: UUID) -> published.RefundIssued:
    assert posting.refund_id is not None  # noqa: S101 - a refund's posting names the refund
    return published.RefundIssued(
        encounter_id=posting.encounter_id,
        account_id=account_id,
        refund_id=posting.refund_id,
        amount_cents=posting.amount_cents,
        issued_on=posting.posted_on,
    )


def _written_off(posting: Posting, account_id: UUID) -> published.PatientWrittenOff:
    return published.PatientWrittenOff(
        encounter_id=posting.encounter_id,
        account_id=account_id,
        write_off_class=posting.write_off_class or "administrative",
        amount_cents=posting.amount_cents,
        posted_on=posting.posted_on,
    )


def _recovery(posting: Posting, account_id: UUID) -> published.RecoveryReceived:
    return published.RecoveryReceived(
        encounter_id=posting.encounter_id,
        account_id=account_id,
        amount_cents=posting.amount_cents,
        fee_cents=posting.fee_cents,
        received_on=posting.received_on or posting.posted_on,
    )

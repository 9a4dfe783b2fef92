"""Published events, built from facts, postings and ledger entries of the domain."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from patient_billing import published
from patient_billing.domain import facts
from patient_billing.domain.account import PatientAccount
from patient_billing.domain.facts import Fact
from patient_billing.domain.ledger import Entry, WriteOffClass
from patient_billing.domain.posting import Posting, PostingKind
from revcycle_kit.delivery.messages import GivenUp, StreamRef, own_type
from revcycle_kit.events import Published, build

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
    return build(EVENTS[type(fact)], fact, account_id=account.account_id, billing_entity_id=account.billing_entity_id)


def effect_given_up(
    failure: GivenUp[Any], account: StreamRef, document_id: UUID, at: datetime
) -> published.EffectGivenUp:
    """Return the event that announces a letter which is not sent again by itself."""
    return build(
        published.EffectGivenUp,
        failure,
        account_id=account.id,
        billing_entity_id=account.tenant_id,
        document_id=document_id,
        effect=own_type(type(failure.effect)),
        given_up_at=at,
    )


def ledger_event(encounter_id: UUID, entries: Sequence[Entry]) -> published.LedgerPosted:
    """Return the event that announces ledger entries."""
    posted = tuple(build(published.LedgerEntry, entry) for entry in entries)
    return published.LedgerPosted(encounter_id=encounter_id, entries=posted)


def posting_events(posting: Posting, account_id: UUID) -> tuple[Published, ...]:
    """Return the events that announce a posting on its encounter."""
    received_on = posting.received_on or posting.posted_on
    applied = partial(
        build,
        published.PatientPaymentApplied,
        posting,
        account_id=account_id,
        received_on=received_on,
        applied_on=posting.posted_on,
    )
    match posting.kind:
        case PostingKind.PAYMENT:
            return (applied(),)
        case PostingKind.RECOVERY:
            recovery = build(published.RecoveryReceived, posting, account_id=account_id, received_on=received_on)
            return (recovery, applied())
        case PostingKind.REFUND:
            return (build(published.RefundIssued, posting, account_id=account_id, issued_on=posting.posted_on),)
        case PostingKind.FORGIVEN:
            reason = posting.write_off_class or WriteOffClass.ADMINISTRATIVE
            return (build(published.PatientWrittenOff, posting, account_id=account_id, write_off_class=reason),)

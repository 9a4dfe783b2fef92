"""What patient billing tells itself, waits for, and sends outside."""

from datetime import date
from uuid import UUID

import msgspec

from patient_billing.domain.balance import Transfer
from patient_billing.domain.contact import Channel
from patient_billing.domain.posting import Posting
from patient_billing.domain.statement import Statement
from revcycle_kit.delivery.messages import Effect, Local, StreamRef, Timer
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents


def account_id_of(billing_entity_id: UUID, guarantor_id: UUID) -> UUID:
    """Return the id of the account of a guarantor with a billing entity."""
    return derived_id("account", str(billing_entity_id), str(guarantor_id))


def account_stream(billing_entity_id: UUID, account_id: UUID) -> StreamRef:
    """Return the stream of an account."""
    return StreamRef("billing_entity", billing_entity_id, "account", account_id)


def encounter_stream(clinic_id: UUID, encounter_id: UUID) -> StreamRef:
    """Return the stream of an encounter."""
    return StreamRef("clinic", clinic_id, "encounter", encounter_id)


def period_stream(billing_entity_id: UUID) -> StreamRef:
    """Return the stream on which the months of a billing entity are closed."""
    return StreamRef("billing_entity", billing_entity_id, "period", derived_id("period", str(billing_entity_id)))


def rules_stream(organization_id: UUID, billing_entity_id: UUID) -> StreamRef:
    """Return the stream on which the rules of a billing entity are set."""
    return StreamRef("organization", organization_id, "rules", derived_id("rules", str(billing_entity_id)))


class BalanceMoved(Local, frozen=True, kw_only=True):
    """Encounter to account: claims moved money to or from the patient."""

    guarantor_id: UUID
    transfer: Transfer
    email_known: bool


class EncounterReleased(Local, frozen=True, kw_only=True):
    """Encounter to account: it will not take place; what waits for it is free."""

    encounter_id: UUID


class CoverageShown(Local, frozen=True, kw_only=True):
    """Encounter to account: a coverage was shown; ask nothing for this encounter for a while."""

    encounter_id: UUID
    presented_on: date


class InsuranceAsked(Local, frozen=True, kw_only=True):
    """Account to encounter: money was paid ahead for it; say when insurance opens or closes."""

    billing_entity_id: UUID
    account_id: UUID


class InsuranceTurned(Local, frozen=True, kw_only=True):
    """Encounter to account: insurance is open on it, or no longer."""

    encounter_id: UUID
    insurance_open: bool


class PostToEncounter(Local, frozen=True, kw_only=True):
    """Account to encounter: what its ledger has to take."""

    account_id: UUID
    postings: tuple[Posting, ...]


class MonthClosed(Local, frozen=True, kw_only=True):
    """Period to rules: nothing is posted on or before this day any more."""

    billing_entity_id: UUID
    through: date


class AccountMorning(Timer, frozen=True, kw_only=True):
    """The account wakes to what waited for this day."""


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """Who a letter comes from."""

    name: str
    address: tuple[str, ...] = ()
    phone: str = ""


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """The mail partner has the letter."""


class SendStatement(Effect[Delivered], frozen=True, kw_only=True):
    """A statement is to be rendered and sent."""

    document: str = "statement"
    document_id: UUID
    sender: Sender
    statement: Statement


class SendReminder(Effect[Delivered], frozen=True, kw_only=True):
    """The guarantor is to be reminded of a statement."""

    document: str = "reminder"
    document_id: UUID
    sender: Sender
    channel: Channel
    number: int
    balance_cents: Cents
    clinic_id: UUID
    encounter_id: UUID
    sealed: str


Letter = SendStatement | SendReminder
"""Something that is rendered and sent to the guarantor."""

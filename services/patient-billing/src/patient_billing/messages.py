"""Commands, local messages, timers and effects of patient billing, and the streams they go to."""

from datetime import date
from uuid import UUID

from patient_billing.domain.balance import Transfer
from patient_billing.domain.contact import Channel
from patient_billing.domain.dispute import DisputeKind, DisputeOutcome
from patient_billing.domain.hold import HoldReason
from patient_billing.domain.ledger import WriteOffClass
from patient_billing.domain.payment import PaymentMethod, PaymentPurpose
from patient_billing.domain.policy import BillingPolicy
from patient_billing.domain.posting import Posting
from patient_billing.domain.statement import Statement
from revcycle_kit.delivery.messages import Command, Effect, Local, StreamRef, Timer
from revcycle_kit.ids import derived_id
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import Value

# streams


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


# commands


class AccountState(Value, kw_only=True):
    """The answer to a command on an account: where the account stands, and the id of what was made."""

    account_id: UUID
    created_id: UUID | None
    due_cents: Cents
    credit_cents: Cents
    unapplied_cents: Cents
    held: bool
    settled: bool


class EncounterRef(Value, kw_only=True):
    """An encounter as the edge found it: enough to give a prepayment a home."""

    encounter_id: UUID
    clinic_id: UUID
    guarantor_id: UUID
    service_on: date


class TakePayment(Command, frozen=True, kw_only=True):
    """Take money from or for the patient; the account is opened if this is the first that is heard of it."""

    amount_cents: Cents
    method: PaymentMethod
    purpose: PaymentPurpose
    received_on: date | None = None
    encounter: EncounterRef | None = None
    reference: str = ""
    statement_encounter_ids: tuple[UUID, ...] = ()
    """The encounters of the statement that it answers, as the edge read them."""


class ReturnPayment(Command, frozen=True, kw_only=True):
    """A payment bounced or was charged back."""

    payment_id: UUID
    reason: str


class TakeRecovery(Command, frozen=True, kw_only=True):
    """An agency collected; `fee_cents` is what it kept, None for its agreed rate."""

    placement_id: UUID
    amount_cents: Cents
    fee_cents: Cents | None = None
    received_on: date | None = None
    reference: str = ""


class RefundCredit(Command, frozen=True, kw_only=True):
    """Send a credit back to the guarantor now."""

    encounter_id: UUID
    amount_cents: Cents


class WriteOff(Command, frozen=True, kw_only=True):
    """Give up part or all of what an encounter owes; the tier was checked at the edge."""

    encounter_id: UUID
    write_off_class: WriteOffClass
    amount_cents: Cents


class StartPlan(Command, frozen=True, kw_only=True):
    """Agree on monthly installments over everything due, or over the encounters named."""

    installments: int
    first_due_on: date
    autopay: bool = False
    encounter_ids: tuple[UUID, ...] = ()


class CancelPlan(Command, frozen=True, kw_only=True):
    """End the running plan by agreement."""


class PlaceHold(Command, frozen=True, kw_only=True):
    """Stop asking."""

    reason: HoldReason


class ReleaseHold(Command, frozen=True, kw_only=True):
    """Ask again."""

    reason: HoldReason


class OpenDispute(Command, frozen=True, kw_only=True):
    """The guarantor disputes a balance."""

    encounter_id: UUID
    kind: DisputeKind
    amount_cents: Cents


class ResolveDispute(Command, frozen=True, kw_only=True):
    """Decide a dispute."""

    dispute_id: UUID
    outcome: DisputeOutcome
    adjusted_cents: Cents = ZERO


class ApplyForAssistance(Command, frozen=True, kw_only=True):
    """The guarantor applies for financial assistance."""


class DecideAssistance(Command, frozen=True, kw_only=True):
    """Decide an application; 10000 basis points forgive everything."""

    application_id: UUID
    percent_basis_points: int


class PlaceWithAgency(Command, frozen=True, kw_only=True):
    """Let an agency collect in the provider's name."""

    encounter_ids: tuple[UUID, ...]


class RecallPlacement(Command, frozen=True, kw_only=True):
    """Take balances back from the agency."""

    placement_id: UUID


class SetContactPreference(Command, frozen=True, kw_only=True):
    """Keep what the guarantor allows: e-mail until opted out, text messages with consent."""

    email_opted_out: bool
    sms_consented: bool


class PresentInsurance(Command, frozen=True, kw_only=True):
    """On the encounter's stream: the patient showed a coverage after the bill."""

    payer_name: str


class SetPolicy(Command, frozen=True, kw_only=True):
    """On the rules' stream: state how patients are billed from a day on."""

    billing_entity_id: UUID
    policy: BillingPolicy


class ClosePeriod(Command, frozen=True, kw_only=True):
    """On the period's stream: close the books through the end of a month."""

    organization_id: UUID
    period: str


# local messages


class BalanceMoved(Local, frozen=True, kw_only=True):
    """Encounter to account: claims moved money to or from the patient."""

    guarantor_id: UUID
    transfer: Transfer
    email_known: bool


class EncounterReleased(Local, frozen=True, kw_only=True):
    """Encounter to account: it will not take place; what waits for it is free."""

    encounter_id: UUID


class CoveragePresented(Local, frozen=True, kw_only=True):
    """Encounter to account: a coverage was shown; ask nothing for this encounter for a while."""

    encounter_id: UUID
    presented_on: date


class WatchInsurance(Local, frozen=True, kw_only=True):
    """Account to encounter: money was paid ahead for it; say when insurance opens or closes."""

    billing_entity_id: UUID
    account_id: UUID


class InsuranceChanged(Local, frozen=True, kw_only=True):
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


# timers


class AccountMorning(Timer, frozen=True, kw_only=True):
    """The account wakes to what waited for this day."""


# effects


class Sender(Value, kw_only=True):
    """The payee, as a letter names it."""

    name: str
    address: tuple[str, ...] = ()
    phone: str = ""


class Delivered(Value, kw_only=True):
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

"""What claims tells itself: messages between its streams, timers, effects and commands."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from claims.domain.batches import ClaimRef, batch_id
from claims.domain.charging import LineCoding
from claims.domain.claims import Finding
from claims.domain.corrections import Change
from claims.domain.facts import Undelivered
from claims.domain.posting import Unpostable
from claims.domain.pricing import Price, Rate
from claims.domain.remittance_advice import ClaimPayment, RemittanceAdvice
from claims.domain.status import StatusCode
from revcycle_kit.delivery.messages import Command, Effect, Local, StreamRef, Timer
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents

# -- on the encounter's stream ---------------------------------------------------------------------------------------


class BillingDue(Timer, frozen=True, kw_only=True):
    """The bill hold of the encounter is over."""


class RecheckDue(Timer, frozen=True, kw_only=True):
    """What a held claim waited for may have come, or need not be waited for any more."""


class AnswerDue(Timer, frozen=True, kw_only=True):
    """Somebody should have answered about the claim by now."""

    claim_id: UUID


class ClaimSent(Local, frozen=True, kw_only=True):
    """The interchange with this claim is at the clearinghouse."""

    claim_id: UUID
    control_number: int
    sent_at: datetime


class ClaimNotSent(Local, frozen=True, kw_only=True):
    """The interchange with this claim is not sent again by itself."""

    claim_id: UUID
    undelivered: Undelivered


class ClaimAnswered(Local, frozen=True, kw_only=True):
    """An acknowledgment speaks about a claim."""

    patient_control_number: str
    level: Literal["interchange", "syntax", "clearinghouse", "payer"]
    codes: tuple[StatusCode, ...]
    sender: str = ""
    control_number: str = ""
    payer_claim_control_number: str | None = None


class StatusAnswered(Local, frozen=True, kw_only=True):
    """A 277 speaks about a claim, asked or unasked."""

    patient_control_number: str
    codes: tuple[StatusCode, ...]


class PaymentsReceived(Local, frozen=True, kw_only=True):
    """A remittance speaks about claims of the encounter: all of them at once, in the file's order."""

    remittance_id: UUID
    billing_entity_id: UUID
    payer_id: UUID | None
    trace_number: str
    produced_on: date
    deposited_on: date | None = None
    item_id: UUID | None = None
    """The item set aside earlier that is tried again."""
    payments: tuple[ClaimPayment, ...]


class StatusAnswer(Local, frozen=True, kw_only=True):
    """What a status inquiry came back with; no codes where the payer could not say."""

    codes: tuple[StatusCode, ...] = ()


class AskStatus(Effect[StatusAnswer], frozen=True, kw_only=True):
    """Ask the payer where a claim stands (276)."""

    claim_id: UUID
    encounter_id: UUID
    clinic_id: UUID
    organization_id: UUID
    asked_at: datetime


# -- on the payee's streams ------------------------------------------------------------------------------------------


class ClaimQueued(Local, frozen=True, kw_only=True):
    """A claim passed its edits and waits for the next interchange."""

    claim: ClaimRef
    organization_id: UUID
    send_at: datetime


class SendingDue(Timer, frozen=True, kw_only=True):
    """The next interchange of the payee is due."""


class BatchMade(Local, frozen=True, kw_only=True):
    """These claims go out together."""

    organization_id: UUID
    control_number: int
    kind: str
    claims: tuple[ClaimRef, ...]


class ClaimExcluded(Local, frozen=True, kw_only=True):
    """A claim that may not leave with its interchange, and why."""

    claim_id: UUID
    finding: Finding


class BatchSent(Local, frozen=True, kw_only=True):
    """What became of an interchange at the clearinghouse's door: which claims left, and which stayed behind."""

    sent: tuple[UUID, ...] = ()
    refused: tuple[ClaimExcluded, ...] = ()


class SubmitBatch(Effect[BatchSent], frozen=True, kw_only=True):
    """Write an 837 of these claims and hand it to the clearinghouse."""

    batch_id: UUID
    billing_entity_id: UUID
    organization_id: UUID
    control_number: int
    kind: str
    created_at: datetime
    claims: tuple[ClaimRef, ...]


def submission_key(billing_entity_id: UUID, control_number: int) -> str:
    """Return the key under which an interchange is handed over."""
    return f"{billing_entity_id}:{control_number:09}"


class BatchAnswered(Local, frozen=True, kw_only=True):
    """A TA1 or a 999 speaks about an interchange."""

    control_number: int
    level: Literal["interchange", "syntax"]
    accepted: bool
    code: str = ""
    sender: str = ""


class RoutedPayments(Local, frozen=True, kw_only=True):
    """Where the claims of a remittance belong, as far as their numbers are known."""

    clinic_id: UUID
    encounter_id: UUID
    positions: tuple[int, ...]


class RemittanceArrived(Local, frozen=True, kw_only=True):
    """One 835 transaction, with the way to each of its encounters."""

    advice: RemittanceAdvice
    payer_id: UUID | None
    routes: tuple[RoutedPayments, ...]
    file_id: UUID


class PaymentsPosted(Local, frozen=True, kw_only=True):
    """What an encounter took of a remittance, and what it could not take."""

    remittance_id: UUID
    clinic_id: UUID
    encounter_id: UUID
    posted: int
    applied_cents: Cents
    set_aside: tuple[Unpostable, ...] = ()
    again: bool = False
    """True: the answer to an item that had been set aside."""


# -- commands --------------------------------------------------------------------------------------------------------


class CompleteCoding(Command, frozen=True, kw_only=True):
    """A coder's answer."""

    lines: tuple[LineCoding, ...] = ()
    diagnoses: tuple[str, ...] = ()
    rendering_provider_id: UUID | None = None


class RecheckClaim(Command, frozen=True, kw_only=True):
    """Run the edits of a held claim again; those overridden are left out."""

    claim_id: UUID
    override: tuple[str, ...] = ()
    reason: str = ""


class CorrectClaim(Command, frozen=True, kw_only=True):
    """Change a held or rejected claim and send it."""

    claim_id: UUID
    changes: tuple[Change, ...]


class VoidClaim(Command, frozen=True, kw_only=True):
    """Take a claim back: before it left, or with a void (8)."""

    claim_id: UUID


class SetPolicy(Command, frozen=True, kw_only=True):
    """Set a clinic's billing days."""

    clinic_id: UUID
    bill_hold_days: int


class LoadPrices(Command, frozen=True, kw_only=True):
    """Add rows to the chargemaster and the contracts of a payee."""

    billing_entity_id: UUID
    prices: tuple[Price, ...] = ()
    rates: tuple[Rate, ...] = ()


class TakeInterchange(Command, frozen=True, kw_only=True):
    """A file came in: keep it, and pass on what it says."""

    file_id: UUID
    sender: str
    control_number: str
    sha256: str
    sets: tuple[str, ...]
    content: bytes
    refusal: str = ""
    accept: bool = False
    """True: somebody decided that a file held or refused before is to be taken now."""
    batches: tuple[tuple[UUID, BatchAnswered], ...] = ()
    """(payee, answer)."""
    answers: tuple[tuple[UUID, UUID, ClaimAnswered], ...] = ()
    """(clinic, encounter, answer)."""
    statuses: tuple[tuple[UUID, UUID, StatusAnswered], ...] = ()
    remittances: tuple[tuple[UUID, RemittanceArrived], ...] = ()
    unmatched: int = 0

    SEALED: ClassVar[bool] = True


class InterchangeTaken(Command, frozen=True, kw_only=True):
    """What became of a file."""

    file_id: UUID
    state: Literal["accepted", "repeated", "held", "refused"]
    reason: str = ""
    acknowledgments: int = 0
    remittances: int = 0
    unmatched: int = 0


class RecordDeposit(Command, frozen=True, kw_only=True):
    """The bank received money."""

    deposit_id: UUID
    trace_number: str
    amount_cents: Cents
    deposited_on: date


class PostSetAside(Command, frozen=True, kw_only=True):
    """Post a payment that was set aside: corrected, or to the encounter where it belongs."""

    item_id: UUID
    payment: ClaimPayment | None = None
    clinic_id: UUID | None = None
    encounter_id: UUID | None = None


class CloseSetAside(Command, frozen=True, kw_only=True):
    """Take a payment off the worklist without posting it: the money goes back to the payer."""

    item_id: UUID


class ClosePeriod(Command, frozen=True, kw_only=True):
    """Close a month of a payee's ledger."""

    billing_entity_id: UUID
    period: str


# -- streams ---------------------------------------------------------------------------------------------------------


def encounter_stream(clinic_id: UUID, encounter_id: UUID) -> StreamRef:
    """Return an encounter's stream."""
    return StreamRef("clinic", clinic_id, "encounter", encounter_id)


def submission_stream(billing_entity_id: UUID) -> StreamRef:
    """Return the stream on which a payee's claims queue for their interchange."""
    queue = derived_id("submission", str(billing_entity_id))
    return StreamRef("billing_entity", billing_entity_id, "submission", queue)


def batch_stream(billing_entity_id: UUID, control_number: int) -> StreamRef:
    """Return the stream of an interchange."""
    return StreamRef("billing_entity", billing_entity_id, "batch", batch_id(billing_entity_id, control_number))


def remittance_stream(billing_entity_id: UUID, trace_number: str) -> StreamRef:
    """Return the stream on which a payee's remittance and its deposit meet: that of the trace number."""
    remittance = derived_id("remittance", str(billing_entity_id), trace_number)
    return StreamRef("billing_entity", billing_entity_id, "remittance", remittance)

"""What is said of the patient's part: transfers, statements, payments, refunds, and the patient ledger."""

from msgspec.structs import replace

from analytics import consumed
from analytics.figures.deadlines import STATEMENT_DAYS, due_in
from analytics.figures.money import PATIENT_BILLING
from analytics.handlers.concluding import conclude, moved_figures
from analytics.handlers.ledgers import post
from analytics.messages import EncounterOnAccount, StatementSent, account_stream
from analytics.storage import Account, AnalyticsWork
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import NotYet

# on the encounter


async def note_balance(told: consumed.PatientBalanceDue, work: AnalyticsWork) -> None:
    """Let the patient's account know where the encounter was: its statements name encounters, not clinics."""
    encounter = work.encounter(work.stream.id).told(transferred=told.amount_cents)
    if told.cause == "self_pay":
        encounter = encounter.done("submission")
    here = EncounterOnAccount(encounter_id=work.stream.id, clinic_id=work.stream.tenant_id)
    work.send(here, to=account_stream(told.billing_entity_id, told.guarantor_id), key=str(work.stream.id))
    conclude(encounter, work)


async def note_withdrawal(told: consumed.PatientBalanceWithdrawn, work: AnalyticsWork) -> None:
    """Remember that money moved back from the patient."""
    conclude(work.encounter(work.stream.id).told(transferred=-told.amount_cents), work)


async def post_patient(told: consumed.PatientLedgerPosted, work: AnalyticsWork) -> None:
    """Add the patient ledger's entries: a new balance wants a statement, a settled one does not."""
    owed_before = work.encounter(work.stream.id).money.patient_open_cents
    encounter = post(PATIENT_BILLING, told.entries, work)
    owed = encounter.money.patient_open_cents
    if owed > 0 >= owed_before:
        due_at = due_in(max(entry.posted_on for entry in told.entries), STATEMENT_DAYS)
        encounter = encounter.expecting("statement", work.stream.id, due_at)
    elif owed <= 0:
        encounter = encounter.done("statement")
    conclude(moved_figures(encounter, work), work)


async def note_payment_applied(told: consumed.PatientPaymentApplied, work: AnalyticsWork) -> None:
    """Remember that a payment was applied here (or, below zero, taken back)."""
    conclude(work.encounter(work.stream.id).told(patient_paid=told.amount_cents), work)


async def note_refund(told: consumed.RefundIssued, work: AnalyticsWork) -> None:
    """Remember that money went back to the guarantor."""
    conclude(work.encounter(work.stream.id).told(patient_paid=-told.amount_cents), work)


async def note_statement(_: StatementSent, work: AnalyticsWork) -> None:
    """Wait no longer for a statement: the guarantor has been told."""
    conclude(work.encounter(work.stream.id).done("statement"), work)


# on the account


async def learn_where(told: EncounterOnAccount, work: AnalyticsWork) -> None:
    """Remember in which clinic an encounter of this account was."""
    account = _account(work)
    clinics = {**account.clinics, str(told.encounter_id): told.clinic_id}
    work.accounts.put(replace(account, clinics=clinics))


async def spread_statement(told: consumed.StatementIssued, work: AnalyticsWork) -> None:
    """Tell every encounter on the statement. Raises NotYet while one of them is not known to have a balance."""
    clinics = _account(work).clinics
    for encounter_id in told.encounter_ids:
        clinic_id = clinics.get(str(encounter_id))
        if clinic_id is None:
            raise NotYet(f"patient balance of encounter {encounter_id}")
        to = StreamRef("clinic", clinic_id, "encounter", encounter_id)
        work.send(StatementSent(), to=to, key=str(work.message_id))


async def note_payment(told: consumed.PatientPaymentReceived, work: AnalyticsWork) -> None:
    """Count what came in; where it goes is said on the encounters."""
    _received(told.amount_cents, work)


async def note_payment_returned(told: consumed.PaymentReturned, work: AnalyticsWork) -> None:
    """Count a bounced payment as not received."""
    _received(-told.amount_cents, work)


def _received(cents: int, work: AnalyticsWork) -> None:
    account = _account(work)
    work.accounts.put(replace(account, received_cents=account.received_cents + cents))


def _account(work: AnalyticsWork) -> Account:
    return work.accounts.find(work.stream.id) or Account(account_id=work.stream.id)

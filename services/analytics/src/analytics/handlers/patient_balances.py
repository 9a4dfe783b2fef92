"""The patient's part: transfers, statements, payments, refunds, and the patient ledger."""

from analytics import consumed
from analytics.figures.deadlines import STATEMENT_DAYS, due_in
from analytics.figures.money import PATIENT_BILLING
from analytics.handlers.concluding import conclude, moved_figures
from analytics.handlers.ledgers import post
from analytics.messages import EncounterOnAccount, StatementSent, account_stream
from analytics.storage import Account, AnalyticsWork
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import NotYet
from revcycle_kit.money import Cents
from revcycle_kit.values import replace

# on the encounter


async def record_balance_due(event: consumed.PatientBalanceDue, work: AnalyticsWork) -> None:
    """Let the patient's account know where the encounter was: its statements name encounters, not clinics."""
    encounter = work.encounter(work.stream.id).announcing(transferred=event.amount_cents)
    if event.cause == "self_pay":
        encounter = encounter.done("submission")
    here = EncounterOnAccount(encounter_id=work.stream.id, clinic_id=work.stream.tenant_id)
    work.send(here, to=account_stream(event.billing_entity_id, event.guarantor_id), key=str(work.stream.id))
    conclude(encounter, work)


async def record_withdrawal(event: consumed.PatientBalanceWithdrawn, work: AnalyticsWork) -> None:
    """Remember that money moved back from the patient."""
    conclude(work.encounter(work.stream.id).announcing(transferred=-event.amount_cents), work)


async def post_patient(event: consumed.PatientLedgerPosted, work: AnalyticsWork) -> None:
    """Add the patient ledger's entries: a new balance wants a statement, a settled one does not."""
    owed_before = work.encounter(work.stream.id).money.patient_open_cents
    encounter = post(PATIENT_BILLING, event.entries, work)
    owed = encounter.money.patient_open_cents
    if owed > 0 >= owed_before:
        due_at = due_in(max(entry.posted_on for entry in event.entries), STATEMENT_DAYS)
        encounter = encounter.expecting("statement", work.stream.id, due_at)
    elif owed <= 0:
        encounter = encounter.done("statement")
    conclude(moved_figures(encounter, work), work)


async def record_payment_applied(event: consumed.PatientPaymentApplied, work: AnalyticsWork) -> None:
    """Remember that a payment was applied here (or, below zero, taken back)."""
    conclude(work.encounter(work.stream.id).announcing(patient_paid=event.amount_cents), work)


async def record_refund(event: consumed.RefundIssued, work: AnalyticsWork) -> None:
    """Remember that money went back to the guarantor."""
    conclude(work.encounter(work.stream.id).announcing(patient_paid=-event.amount_cents), work)


async def record_statement(_: StatementSent, work: AnalyticsWork) -> None:
    """Wait no longer for a statement: the guarantor has been told."""
    conclude(work.encounter(work.stream.id).done("statement"), work)


# on the account


async def record_encounter(message: EncounterOnAccount, work: AnalyticsWork) -> None:
    """Remember in which clinic an encounter of this account was."""
    account = _account(work)
    clinics = {**account.clinics, str(message.encounter_id): message.clinic_id}
    work.accounts.put(replace(account, clinics=clinics))


async def distribute_statement(event: consumed.StatementIssued, work: AnalyticsWork) -> None:
    """Tell every encounter on the statement. Raises NotYet while one of them is not known to have a balance."""
    clinics = _account(work).clinics
    for encounter_id in event.encounter_ids:
        clinic_id = clinics.get(str(encounter_id))
        if clinic_id is None:
            raise NotYet(f"patient balance of encounter {encounter_id}")
        to = StreamRef("clinic", clinic_id, "encounter", encounter_id)
        work.send(StatementSent(), to=to, key=str(work.message_id))


async def record_payment(event: consumed.PatientPaymentReceived, work: AnalyticsWork) -> None:
    """Count what came in; where it goes is said on the encounters."""
    _received(event.amount_cents, work)


async def return_payment(event: consumed.PaymentReturned, work: AnalyticsWork) -> None:
    """Count a bounced payment as not received."""
    _received(Cents(-event.amount_cents), work)


def _received(amount_cents: Cents, work: AnalyticsWork) -> None:
    account = _account(work)
    work.accounts.put(replace(account, received_cents=Cents(account.received_cents + amount_cents)))


def _account(work: AnalyticsWork) -> Account:
    return work.accounts.find(work.stream.id) or Account(account_id=work.stream.id)

"""What patient billing does when something happens. One function per event, local message, timer or reply."""

from dataclasses import replace
from typing import cast, get_args

from patient_billing.addressee import address_lines, seal_addressee
from patient_billing.concluding import conclude, enter, moment_of, post, posting_day, the_account
from patient_billing.consumed import (
    BillingEntityUpdated,
    ClinicUpdated,
    EncounterCancelled,
    EncounterIdentity,
    EncounterRegistered,
    EncounterUpdated,
    EstimatePrepared,
    LedgerPosted,
    PatientBalanceDue,
    PatientBalanceWithdrawn,
)
from patient_billing.domain.account import PatientAccount
from patient_billing.domain.balance import BalanceLine, Cause, Transfer
from patient_billing.domain.encounter import BilledEncounter
from patient_billing.domain.helping import pause_billing
from patient_billing.domain.ledger import insurance_moved
from patient_billing.domain.morning import wake
from patient_billing.domain.posting import entries_for_transfer
from patient_billing.domain.receiving import release_encounter, take_transfer, turn_insurance
from patient_billing.messages import (
    AccountMorning,
    BalanceMoved,
    CoverageShown,
    Delivered,
    EncounterReleased,
    InsuranceAsked,
    InsuranceTurned,
    Letter,
    MonthClosed,
    PostToEncounter,
    account_id_of,
    account_stream,
)
from patient_billing.storage import BillingEntity, BillingWork, Clinic, DeliveryRow, EntityRules
from revcycle_kit.delivery.messages import Reply, StreamRef
from revcycle_kit.money import Cents

# the directory


async def learn_clinic(heard: ClinicUpdated, work: BillingWork) -> None:
    """Know the clinic's name and time zone."""
    work.clinics.put(Clinic(heard.clinic_id, work.stream.tenant_id, heard.name, heard.time_zone))


async def learn_billing_entity(heard: BillingEntityUpdated, work: BillingWork) -> None:
    """Know who statements come from."""
    lines = address_lines(heard.address)
    known = BillingEntity(heard.billing_entity_id, work.stream.tenant_id, heard.name, lines, heard.contact_phone)
    work.billing_entities.put(known)


async def close_month(closed: MonthClosed, work: BillingWork) -> None:
    """Let later postings fall after the closed month."""
    rules = work.rules.find(closed.billing_entity_id) or EntityRules(closed.billing_entity_id)
    work.rules.put(replace(rules, closed_through=closed.through))


# the encounter


async def register_encounter(heard: EncounterRegistered | EncounterUpdated, work: BillingWork) -> None:
    """Know whose encounter it is; once something was billed, its account stays."""
    identity = work.open_identity(heard.identity, EncounterIdentity) if heard.identity else EncounterIdentity()
    known = work.encounters.find(heard.encounter_id)
    encounter = BilledEncounter(
        encounter_id=heard.encounter_id,
        clinic_id=work.stream.tenant_id,
        billing_entity_id=heard.billing_entity_id,
        guarantor_id=heard.guarantor_id,
        patient_id=heard.patient_id,
        account_id=account_id_of(heard.billing_entity_id, heard.guarantor_id),
        service_on=heard.service_on,
        sealed=seal_addressee(identity, heard.encounter_id, work),
        email_known=bool(identity.guarantor.email or identity.patient.email),
    )
    work.encounters.put(encounter.after(known) if known else encounter)


async def remember_estimate(estimate: EstimatePrepared, work: BillingWork) -> None:
    """Keep the good-faith estimate: a bill far above it may be disputed."""
    if estimate.kind == "good_faith":
        encounter = work.encounters.get(estimate.encounter_id)
        work.encounters.put(replace(encounter, estimate_cents=estimate.patient_cents))


async def release_prepayments(cancelled: EncounterCancelled, work: BillingWork) -> None:
    """Free what was paid ahead for an encounter that will not take place."""
    encounter = work.encounters.get(cancelled.encounter_id)
    work.encounters.put(replace(encounter, cancelled=True))
    released = EncounterReleased(encounter_id=encounter.encounter_id)
    work.send(released, _account_of(encounter), key=str(work.message_id))


async def bill_patient(due: PatientBalanceDue, work: BillingWork) -> None:
    """Take over what claims moved to the patient, and let the account decide what follows."""
    known = work.encounters.get(due.encounter_id)
    account_id = account_id_of(due.billing_entity_id, due.guarantor_id)
    encounter = known.billed_to(due.billing_entity_id, due.guarantor_id, account_id)
    cause: Cause = due.cause if due.cause in get_args(Cause) else "patient_responsibility"  # type: ignore[assignment]
    lines = tuple(_line(line) for line in due.lines)
    _move(encounter, due, due.amount_cents, work, cause=cause, lines=lines)


async def withdraw_from_patient(withdrawn: PatientBalanceWithdrawn, work: BillingWork) -> None:
    """Give back what claims took back from the patient."""
    encounter = work.encounters.get(withdrawn.encounter_id)
    _move(encounter, withdrawn, Cents(-withdrawn.amount_cents), work)


async def follow_insurance(posted: LedgerPosted, work: BillingWork) -> None:
    """Follow what is open with payers; tell the accounts that have money here when that opens or closes."""
    known = work.encounters.get(posted.encounter_id)
    encounter = known.insured(insurance_moved(posted.entries))
    work.encounters.put(encounter)
    if encounter.insurance_open != known.insurance_open:
        for billing_entity_id, account_id in encounter.watchers:
            _tell_insurance(encounter, account_stream(billing_entity_id, account_id), work)


async def watch_insurance(asked: InsuranceAsked, work: BillingWork) -> None:
    """Tell an account from which money was paid ahead whether insurance is open, and each time that changes."""
    encounter = work.encounters.get(work.stream.id).watched_by(asked.billing_entity_id, asked.account_id)
    work.encounters.put(encounter)
    _tell_insurance(encounter, account_stream(asked.billing_entity_id, asked.account_id), work)


async def post_to_encounter(order: PostToEncounter, work: BillingWork) -> None:
    """Post what the account decided on the encounter's ledger, and say so."""
    post(work.encounters.get(work.stream.id), order.postings, order.account_id, work)


# the account


async def take_balance(moved: BalanceMoved, work: BillingWork) -> None:
    """Bill, discount, apply waiting payments, or owe back."""
    account = work.accounts.find(work.stream.id) or _opened(moved, work)
    known = replace(account.preference, email_known=account.preference.email_known or moved.email_known)
    account = replace(account, preference=known)
    conclude(take_transfer(account, moved.transfer, moment_of(account, work)), work)


async def release_payments(released: EncounterReleased, work: BillingWork) -> None:
    """Let payments that waited for a cancelled encounter serve others, or go back."""
    account = work.accounts.find(work.stream.id)
    if account is not None:
        conclude(release_encounter(account, released.encounter_id, moment_of(account, work)), work)


async def take_insurance(turned: InsuranceTurned, work: BillingWork) -> None:
    """Hold what was paid for an encounter while insurance is open on it."""
    account = work.accounts.find(work.stream.id)
    if account is not None:
        moment = moment_of(account, work)
        conclude(turn_insurance(account, turned.encounter_id, moment, insurance_open=turned.insurance_open), work)


async def pause_encounter(shown: CoverageShown, work: BillingWork) -> None:
    """Ask nothing for an encounter while the coverage that was shown is verified and billed."""
    account = work.accounts.find(work.stream.id)
    if account is not None:
        conclude(pause_billing(account, shown.encounter_id, shown.presented_on, moment_of(account, work)), work)


async def wake_account(_: AccountMorning, work: BillingWork) -> None:
    """Do what waited for this morning: credits, plan, placement, statement, reminder."""
    account = the_account(work)
    conclude(wake(account, moment_of(account, work)), work)


async def record_delivery(reply: Reply[Delivered], work: BillingWork) -> None:
    """Keep the proof that a letter was handed over."""
    letter = cast("Letter", reply.effect)
    row = DeliveryRow(work.new_id(), letter.document, letter.document_id, work.now)
    work.deliveries.add(row)


def _move(
    encounter: BilledEncounter,
    moved: PatientBalanceDue | PatientBalanceWithdrawn,
    amount: Cents,
    work: BillingWork,
    *,
    cause: Cause = "patient_responsibility",
    lines: tuple[BalanceLine, ...] = (),
) -> None:
    transfer = Transfer(
        transfer_id=moved.transfer_id,
        encounter_id=encounter.encounter_id,
        clinic_id=encounter.clinic_id,
        amount_cents=amount,
        cause=cause,
        service_on=encounter.service_on,
        posted_on=moved.posted_on,
        lines=lines,
        estimate_cents=encounter.estimate_cents,
        insurance_open=encounter.insurance_open,
        sealed=encounter.sealed,
    )
    encounter = encounter.watched_by(encounter.billing_entity_id, encounter.account_id)
    on = posting_day(encounter.billing_entity_id, moved.posted_on, work)
    enter(encounter, entries_for_transfer(amount, encounter.service_on, on), work)
    told = BalanceMoved(guarantor_id=encounter.guarantor_id, transfer=transfer, email_known=encounter.email_known)
    work.send(told, _account_of(encounter), key=str(work.message_id))


def _tell_insurance(encounter: BilledEncounter, account: StreamRef, work: BillingWork) -> None:
    turned = InsuranceTurned(encounter_id=encounter.encounter_id, insurance_open=encounter.insurance_open)
    work.send(turned, account, key=str(work.message_id))


def _line(line: object) -> BalanceLine:
    return BalanceLine(**{name: getattr(line, name) for name in BalanceLine.__slots__})


def _account_of(encounter: BilledEncounter) -> StreamRef:
    return account_stream(encounter.billing_entity_id, encounter.account_id)


def _opened(moved: BalanceMoved, work: BillingWork) -> PatientAccount:
    clinic = work.clinics.get(moved.transfer.clinic_id)
    return PatientAccount(work.stream.id, work.stream.tenant_id, moved.guarantor_id, clinic.time_zone)

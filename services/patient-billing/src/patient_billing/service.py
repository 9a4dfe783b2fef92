"""The table of contents: everything that can happen to patient billing, and who handles it."""

from collections.abc import Callable

from patient_billing import consumed, messages
from patient_billing.handlers import (
    accounts,
    assistance,
    balances,
    deliveries,
    directory,
    disputes,
    encounters,
    holds,
    ledger,
    payments,
    placements,
    plans,
    rules,
    write_offs,
)
from patient_billing.partners.mail import Mail
from patient_billing.partners.mail_sender import MailSender
from patient_billing.settings import Form
from patient_billing.storage import BillingWork, metadata
from revcycle_kit.delivery.service import Service
from revcycle_kit.sealing import Sealer


def build(mail: Mail, sealer: Callable[[], Sealer], form: Form = "pdf") -> Service[BillingWork]:
    """Return the service; `sealer` is asked for when a letter is written."""
    service = Service("patient_billing", BillingWork, metadata)
    _events(service)
    _commands(service)
    _messages(service)
    sender = MailSender(mail, sealer, form)
    then, given_up = deliveries.record_delivery, deliveries.give_up_letter
    service.effect(messages.SendStatement, call=sender.send_statement, then=then, partner=mail, given_up=given_up)
    service.effect(messages.SendReminder, call=sender.send_reminder, then=then, partner=mail, given_up=given_up)
    return service


def _events(service: Service[BillingWork]) -> None:
    service.on(consumed.ClinicUpdated, directory.record_clinic)
    service.on(consumed.BillingEntityUpdated, directory.record_billing_entity)
    service.on(consumed.EncounterRegistered, encounters.register_encounter)
    service.on(consumed.EncounterUpdated, encounters.register_encounter)
    service.on(consumed.EncounterCancelled, encounters.cancel_encounter)
    service.on(consumed.EstimatePrepared, encounters.record_estimate)
    service.on(consumed.PatientBalanceDue, balances.bill_patient)
    service.on(consumed.PatientBalanceWithdrawn, balances.withdraw_balance)
    service.on(consumed.LedgerPosted, encounters.track_insurance)


def _commands(service: Service[BillingWork]) -> None:
    service.command(messages.TakePayment, payments.take_payment)
    service.command(messages.ReturnPayment, payments.return_payment)
    service.command(messages.RefundCredit, payments.refund_credit)
    service.command(messages.WriteOff, write_offs.write_off)
    service.command(messages.StartPlan, plans.start_plan)
    service.command(messages.CancelPlan, plans.cancel_plan)
    service.command(messages.PlaceHold, holds.place_hold)
    service.command(messages.ReleaseHold, holds.release_hold)
    service.command(messages.OpenDispute, disputes.open_dispute)
    service.command(messages.ResolveDispute, disputes.resolve_dispute)
    service.command(messages.ApplyForAssistance, assistance.apply_for_assistance)
    service.command(messages.DecideAssistance, assistance.decide_assistance)
    service.command(messages.PlaceWithAgency, placements.place_with_agency)
    service.command(messages.RecallPlacement, placements.recall_placement)
    service.command(messages.TakeRecovery, placements.take_recovery)
    service.command(messages.SetContactPreference, accounts.set_contact_preference)
    service.command(messages.PresentInsurance, encounters.present_insurance)
    service.command(messages.SetPolicy, rules.set_policy)
    service.command(messages.ClosePeriod, rules.close_period)


def _messages(service: Service[BillingWork]) -> None:
    service.local(messages.WatchInsurance, encounters.watch_insurance)
    service.local(messages.InsuranceChanged, payments.hold_payments)
    service.local(messages.BalanceMoved, balances.take_balance)
    service.local(messages.EncounterReleased, payments.release_payments)
    service.local(messages.CoveragePresented, balances.pause_balance)
    service.local(messages.PostToEncounter, ledger.post_to_encounter)
    service.local(messages.MonthClosed, rules.record_closed_month)
    service.timer(messages.AccountMorning, accounts.wake_account)

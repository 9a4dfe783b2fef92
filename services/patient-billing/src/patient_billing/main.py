"""Composition root: `python -m patient_billing.main api|worker|relay|migrate`."""

from collections.abc import Callable

import httpx

from patient_billing import consumed, deeds, handlers, messages
from patient_billing.http import build_app
from patient_billing.partners import HttpMail, Mail
from patient_billing.postman import Form, Postman
from patient_billing.settings import BillingSettings
from patient_billing.storage import BillingWork, metadata
from revcycle_kit.delivery.service import Service
from revcycle_kit.program import Program, key_ring_of
from revcycle_kit.sealing import Sealer


def build(mail: Mail, sealer: Callable[[], Sealer], form: Form = "pdf") -> Service[BillingWork]:
    """Return the table of contents of patient billing; `sealer` is asked when a letter is written."""
    service = Service("patient_billing", BillingWork, metadata)
    service.on(consumed.ClinicUpdated, handlers.learn_clinic)
    service.on(consumed.BillingEntityUpdated, handlers.learn_billing_entity)
    service.on(consumed.EncounterRegistered, handlers.register_encounter)
    service.on(consumed.EncounterUpdated, handlers.register_encounter)
    service.on(consumed.EncounterCancelled, handlers.release_prepayments)
    service.on(consumed.EstimatePrepared, handlers.remember_estimate)
    service.on(consumed.PatientBalanceDue, handlers.bill_patient)
    service.on(consumed.PatientBalanceWithdrawn, handlers.withdraw_from_patient)
    service.on(consumed.LedgerPosted, handlers.follow_insurance)
    service.local(messages.InsuranceAsked, handlers.watch_insurance)
    service.local(messages.InsuranceTurned, handlers.take_insurance)
    service.local(messages.BalanceMoved, handlers.take_balance)
    service.local(messages.EncounterReleased, handlers.release_payments)
    service.local(messages.CoverageShown, handlers.pause_encounter)
    service.local(messages.PostToEncounter, handlers.post_to_encounter)
    service.local(messages.MonthClosed, handlers.close_month)
    service.timer(messages.AccountMorning, handlers.wake_account)
    postman = Postman(mail, sealer, form)
    for letter, send in (
        (messages.SendStatement, postman.send_statement),
        (messages.SendReminder, postman.send_reminder),
    ):
        service.effect(letter, call=send, then=handlers.record_delivery, idempotent=True)
    for command, deed in deeds.TABLE:
        service.command(command, deed)
    return service


def _live(settings: BillingSettings) -> Service[BillingWork]:
    sealer = Sealer(key_ring_of(settings, "patient_billing"))
    return build(HttpMail(httpx.AsyncClient(timeout=30), settings.mail), lambda: sealer, settings.statement_form)


PROGRAM = Program(package="patient_billing", settings=BillingSettings, build=_live, app=build_app)

if __name__ == "__main__":
    PROGRAM.run()
